import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

const LIGHTS = {
    done: { css: "text-bg-light", icon: "fa-check" },
    late_done: { css: "text-bg-light text-danger", icon: "fa-check" },
    frozen: { css: "text-bg-info", icon: "fa-pause" },
    red: { css: "text-bg-danger", icon: "fa-exclamation" },
    amber: { css: "text-bg-warning", icon: "fa-clock-o" },
    green: { css: "text-bg-success", icon: "fa-clock-o" },
};

/**
 * One light per clock of a case: green, amber, red, frozen, done. The tooltip
 * says which clock it is and when it ends. Reads `clock_strip`.
 */
export class ClockStrip extends Component {
    static template = "patient_complaint.ClockStrip";
    static props = { ...standardFieldProps, labels: { type: Boolean, optional: true } };

    get clocks() {
        const clocks = this.props.record.data[this.props.name] || [];
        return this.props.labels ? clocks : clocks.filter((clock) => !clock.stopped);
    }
    light(clock) {
        return LIGHTS[clock.colour];
    }
    words(clock) {
        return {
            done: _t("done"),
            late_done: _t("done late"),
            frozen: _t("frozen"),
            red: _t("late"),
            amber: _t("soon due"),
            green: _t("in time"),
        }[clock.colour];
    }
    tooltip(clock) {
        const until = formatDateTime(deserializeDateTime(clock.deadline));
        const parts = [`${clock.label}: ${this.words(clock)}`, until];
        if (clock.legal) {
            parts.push(_t("set by law"));
        }
        if (clock.extended) {
            parts.push(_t("extended"));
        }
        return parts.join("\n");
    }
}

registry.category("fields").add("complaint_clock_strip", {
    component: ClockStrip,
    displayName: _t("Clocks"),
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ labels: Boolean(options.labels) }),
});
