import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";
import { Component } from "@odoo/owl";

/**
 * The registration slip: number, tracking code and its QR, shown once and
 * printed from here. The code stands in no address and in no file.
 */
export class ComplaintSlip extends Component {
    static template = "patient_complaint.Slip";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
    }

    get slip() {
        return this.props.action.params || {};
    }
    print() {
        window.print();
    }
    // The code travels in the body of a post and comes back in a file only.
    async save() {
        const { id, code, number } = this.slip;
        const file = await this.orm.call("complaint.case", "print_slip", [[id], code]);
        const bytes = Uint8Array.from(atob(file), (char) => char.charCodeAt(0));
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
        link.download = `${number}.pdf`;
        link.click();
        URL.revokeObjectURL(link.href);
    }
}

registry.category("actions").add("patient_complaint.slip", ComplaintSlip);
