import { _t } from "@web/core/l10n/translation";
import { formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

const { DateTime } = luxon;
const OPEN_STATES = ["planned", "ready", "in_progress", "waiting", "unreachable"];

/** A chip that says in two words how urgent the due date of a call is. */
export class DueChip extends Component {
    static template = "patient_followup.DueChip";
    static props = { ...standardFieldProps };

    get due() {
        return this.props.record.data[this.props.name];
    }
    get isOpen() {
        return OPEN_STATES.includes(this.props.record.data.state);
    }
    /** Counts from the local day of the hospital, wherever the browser is. */
    get days() {
        const due = (this.props.record.data.due_day || this.due).startOf("day");
        return Math.round(due.diff(DateTime.local().startOf("day"), "days").days);
    }
    get isMissed() {
        const deadline = this.props.record.data.date_deadline;
        return Boolean(deadline) && deadline < DateTime.local();
    }
    get text() {
        if (this.days < 0) {
            return this.days === -1 ? _t("1 day late") : _t("%s days late", -this.days);
        }
        if (this.days === 0) {
            return _t("Today");
        }
        return this.days === 1 ? _t("Tomorrow") : _t("In %s days", this.days);
    }
    get className() {
        if (this.isMissed || this.days < 0) {
            return "text-bg-danger";
        }
        return this.days === 0 ? "text-bg-warning" : "text-bg-light border";
    }
    get tooltip() {
        const deadline = this.props.record.data.date_deadline;
        const lines = [_t("Due: %s", formatDateTime(this.due))];
        if (deadline) {
            lines.push(_t("Latest: %s", formatDateTime(deadline)));
        }
        return lines.join("\n");
    }
}

registry.category("fields").add("followup_due", {
    component: DueChip,
    displayName: _t("Due"),
    supportedTypes: ["datetime"],
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "date_deadline", type: "datetime" },
        { name: "due_day", type: "date" },
    ],
});

/** The moment the patient asked to be called again. */
export class CallbackChip extends Component {
    static template = "patient_followup.CallbackChip";
    static props = { ...standardFieldProps };

    get at() {
        return this.props.record.data[this.props.name];
    }
    get isDue() {
        return this.at <= DateTime.local();
    }
    get text() {
        const format = this.at.hasSame(DateTime.local(), "day") ? "HH:mm" : "MM-dd HH:mm";
        return this.at.toFormat(format);
    }
    get tooltip() {
        return _t("Call back at %s", formatDateTime(this.at));
    }
}

registry.category("fields").add("followup_callback", {
    component: CallbackChip,
    displayName: _t("Call-back"),
    supportedTypes: ["datetime"],
});
