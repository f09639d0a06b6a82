import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { listView } from "@web/views/list/list_view";
import { ListController } from "@web/views/list/list_controller";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { useEffect, useState } from "@odoo/owl";

/** Gives a board the button that hands out the next patient. */
function useCallNext() {
    const orm = useService("orm");
    const action = useService("action");
    const state = useState({ busy: false });
    const callNext = async () => {
        if (state.busy) {
            return;
        }
        state.busy = true;
        try {
            await action.doAction(await orm.call("followup.task", "action_call_next", []));
        } finally {
            state.busy = false;
        }
    };
    useHotkey("alt+n", callNext, { bypassEditableProtection: true });
    return { state, callNext, label: _t("Call Next Patient") };
}

export class CallBoardController extends KanbanController {
    static template = "patient_followup.CallBoard";
    setup() {
        super.setup();
        this.nextCall = useCallNext();
        useEffect(
            (isReady) => {
                if (isReady) {
                    this.showReadyColumn();
                }
            },
            () => [this.model.isReady]
        );
    }
    /** On a phone one column is seen at a time: begin with what can be called. */
    showReadyColumn() {
        if (this.env.isSmall) {
            const columns = this.rootRef.el?.querySelectorAll(".o_kanban_group");
            columns?.[1]?.scrollIntoView({ inline: "start", block: "nearest" });
        }
    }
}

export class CallListController extends ListController {
    static template = "patient_followup.CallList";
    setup() {
        super.setup();
        this.nextCall = useCallNext();
    }
}

registry.category("views").add("followup_call_board", {
    ...kanbanView,
    Controller: CallBoardController,
});
registry.category("views").add("followup_call_list", {
    ...listView,
    Controller: CallListController,
});
