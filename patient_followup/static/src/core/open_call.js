import { registry } from "@web/core/registry";

/**
 * Shows the call form of a task without piling up breadcrumbs: from the board
 * or from another call it replaces the form, from elsewhere it opens the board.
 */
async function openCall(env, action) {
    const { action: actionService } = env.services;
    const { task_id: resId, fallback } = action.params;
    await actionService.doAction({ type: "ir.actions.act_window_close" });
    const current = actionService.currentController?.action;
    const hasForm = current?.views?.some(([, type]) => type === "form");
    if (current?.res_model === "followup.task" && hasForm) {
        return actionService.switchView("form", { resId });
    }
    return actionService.doAction(fallback);
}

registry.category("actions").add("followup_open_call", openCall);
