import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/**
 * One dot per time band of the day: filled where a call counted. The tooltip
 * says why calls in one band are still one attempt (P-2). Reads `board_card`.
 */
export class AttemptDots extends Component {
    static template = "patient_followup.AttemptDots";
    static props = { ...standardFieldProps };

    get card() {
        return this.props.record.data.board_card || { dots: [], calls: [] };
    }
    dotClass(dot) {
        if (this.card.reached) {
            return "fa-check-circle text-success";
        }
        return dot.tried ? "fa-circle text-warning" : "fa-circle-thin text-muted";
    }
    get tooltip() {
        const bands = this.card.dots.map((dot) =>
            dot.tried ? _t("%s: called", dot.name) : _t("%s: not yet", dot.name)
        );
        const calls = this.card.calls.map(
            (call) => `${formatDateTime(deserializeDateTime(call.at))} ${call.result}`
        );
        return [this.card.explanation, ...bands, ...calls].filter(Boolean).join("\n");
    }
}

registry.category("fields").add("followup_attempt_dots", {
    component: AttemptDots,
    displayName: _t("Attempts"),
    supportedTypes: ["integer"],
    fieldDependencies: [{ name: "board_card", type: "json" }],
});
