import { deserializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { dial } from "@patient_followup/core/dial";
import { revealedNumbers } from "@patient_followup/core/revealed_numbers";
import { Component, useState } from "@odoo/owl";

/**
 * While a result is recorded: the number that was just revealed, or the button
 * that calls the chosen one, as after a wrong number.
 */
export class RevealedNumber extends Component {
    static template = "patient_followup.RevealedNumber";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ busy: false });
        this.revealed = useState(revealedNumbers);
    }
    get data() {
        return this.props.record.data;
    }
    get number() {
        return this.data.contact_id && this.revealed[this.data.contact_id.id];
    }
    get canCall() {
        return this.data.contact_id && this.data.direction === "out" && !this.data.result;
    }
    async call() {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const contactId = this.data.contact_id.id;
            const answer = await this.orm.call("followup.task", "action_call", [
                [this.data.task_id.id],
                contactId,
            ]);
            this.revealed[contactId] = answer.phone;
            dial(answer.tel);
            await this.props.record.update({
                started_at: deserializeDateTime(answer.started_at),
                timed: true,
            });
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("view_widgets").add("followup_revealed_number", {
    component: RevealedNumber,
    fieldDependencies: [
        { name: "contact_id", type: "many2one" },
        { name: "direction", type: "selection" },
        { name: "result", type: "selection" },
        { name: "started_at", type: "datetime" },
        { name: "task_id", type: "many2one" },
        { name: "timed", type: "boolean" },
    ],
});
