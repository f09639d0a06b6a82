import { ActivityMenu } from "@mail/core/web/activity_menu";
import { patch } from "@web/core/utils/patch";

patch(ActivityMenu.prototype, {
    /** Routine calls open the call board itself, with its address (D-15). */
    executeActivityAction(group, domain, views, context, newWindow) {
        if (group.model !== "followup.task") {
            return super.executeActivityAction(...arguments);
        }
        return this.action.doAction("patient_followup.followup_task_action", {
            newWindow,
            clearBreadcrumbs: true,
            additionalContext: { ...context, search_default_filter_soon: 0 },
        });
    },
});
