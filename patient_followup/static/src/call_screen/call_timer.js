import { deserializeDateTime } from "@web/core/l10n/dates";
import { Component, onWillDestroy, useState } from "@odoo/owl";

const { DateTime } = luxon;

/** How long the call has lasted, by the clock of the server. */
export class CallTimer extends Component {
    static template = "patient_followup.CallTimer";
    static props = { startedAt: String, offset: Number };

    setup() {
        this.state = useState({ text: "" });
        this.tick();
        const timer = setInterval(() => this.tick(), 1000);
        onWillDestroy(() => clearInterval(timer));
    }
    tick() {
        const start = deserializeDateTime(this.props.startedAt);
        const passed = DateTime.now().toMillis() + this.props.offset - start.toMillis();
        const seconds = Math.max(0, Math.floor(passed / 1000));
        const rest = String(seconds % 60).padStart(2, "0");
        this.state.text = `${Math.floor(seconds / 60)}:${rest}`;
    }
}
