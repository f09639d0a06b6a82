import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { x2ManyField } from "@web/views/fields/x2many/x2many_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { dial } from "@patient_followup/core/dial";
import { revealedNumbers } from "@patient_followup/core/revealed_numbers";
import { Component, useState } from "@odoo/owl";

/**
 * The numbers of a patient, each with a Call button: it takes the task, reveals
 * the number (logged), opens the `tel:` link and then the dialog of the result.
 */
export class FollowupContacts extends Component {
    static template = "patient_followup.Contacts";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ busy: false });
        this.revealed = useState(revealedNumbers);
    }
    get contacts() {
        return this.props.record.data[this.props.name].records;
    }
    get canCall() {
        return this.props.record.data.can_call;
    }
    label(contact, field) {
        const selection = contact.fields[field].selection;
        return Object.fromEntries(selection)[contact.data[field]];
    }
    async call(contact) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this.props.record.save();
            const taskId = this.props.record.resId;
            const answer = await this.orm.call("followup.task", "action_call", [
                [taskId],
                contact.resId,
            ]);
            this.revealed[contact.resId] = answer.phone;
            dial(answer.tel);
            await this.openResult(taskId, contact.resId, answer.started_at);
        } finally {
            this.state.busy = false;
        }
    }
    async openResult(taskId, contactId, startedAt) {
        await this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Record Call"),
                res_model: "followup.task.log",
                views: [[false, "form"]],
                target: "new",
                context: {
                    default_task_id: taskId,
                    default_contact_id: contactId,
                    default_started_at: startedAt,
                    default_timed: true,
                },
            },
            { onClose: () => this.props.record.load() }
        );
    }
}

registry.category("fields").add("followup_contacts", {
    ...x2ManyField,
    component: FollowupContacts,
    displayName: _t("Numbers with call buttons"),
    supportedTypes: ["one2many", "many2many"],
    extractProps: () => ({}),
    fieldDependencies: [{ name: "can_call", type: "boolean" }],
});
