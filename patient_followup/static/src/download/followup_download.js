import { downloadFile } from "@web/core/network/download";
import { registry } from "@web/core/registry";

/**
 * Saves a file that an action brought along: its content never had an address.
 */
export async function followupDownload(env, action) {
    const { content, mimetype, name } = action.params;
    const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
    downloadFile(new Blob([bytes], { type: mimetype }), name, mimetype);
    return { type: "ir.actions.client", tag: "soft_reload" };
}

registry.category("actions").add("followup_download", followupDownload);
