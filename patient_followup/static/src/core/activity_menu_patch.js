import { ActivityMenu } from "@mail/core/web/activity_menu";
import { patch } from "@web/core/utils/patch";

patch(ActivityMenu.prototype, {
    /** Routine calls open the call board itself, with its address (D-15). */
    async executeActivityAction(group, domain, views, context, newWindow) {
        if (group.model !== "followup.task") {
            return super.executeActivityAction(...arguments);
        }
        const board = await this.action.loadAction("patient_followup.followup_task_action");
        return this.action.doAction(
            { ...board, context: { ...context, search_default_filter_open: 1 } },
            { newWindow, clearBreadcrumbs: true }
        );
    },
});
