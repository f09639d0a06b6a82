import { reactive } from "@odoo/owl";

/**
 * Numbers revealed since the page was loaded, by contact. They live in this
 * window only: nothing is stored, and a reload forgets them.
 */
export const revealedNumbers = reactive({});
