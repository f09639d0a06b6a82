import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component } from "@odoo/owl";

/**
 * The registration slip: number, tracking code and its QR, shown once and
 * printed from here. The code stands in no address and in no file.
 */
export class ComplaintSlip extends Component {
    static template = "patient_complaint.Slip";
    static props = { ...standardActionServiceProps };

    get slip() {
        return this.props.action.params || {};
    }
    print() {
        window.print();
    }
}

registry.category("actions").add("patient_complaint.slip", ComplaintSlip);
