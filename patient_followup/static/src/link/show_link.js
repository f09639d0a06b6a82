import { Component } from "@odoo/owl";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** The link to a patient's page, to be photographed or copied; kept nowhere. */
export class ShowLink extends Component {
    static template = "patient_followup.ShowLink";
    static components = { CopyButton };
    static props = { ...standardActionServiceProps };

    get copied() {
        return _t("Copied");
    }

    get params() {
        return this.props.action.params || {};
    }

    get picture() {
        return `data:image/png;base64,${this.params.qr || ""}`;
    }
}

registry.category("actions").add("followup_show_link", ShowLink);
