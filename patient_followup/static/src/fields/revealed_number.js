import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { revealedNumbers } from "@patient_followup/core/revealed_numbers";
import { Component, useState } from "@odoo/owl";

/** Shows, while the result is recorded, the number that was just revealed. */
export class RevealedNumber extends Component {
    static template = "patient_followup.RevealedNumber";
    static props = { ...standardWidgetProps };

    setup() {
        this.revealed = useState(revealedNumbers);
    }
    get number() {
        const contact = this.props.record.data.contact_id;
        return contact && this.revealed[contact.id];
    }
}

registry.category("view_widgets").add("followup_revealed_number", {
    component: RevealedNumber,
    fieldDependencies: [{ name: "contact_id", type: "many2one" }],
});
