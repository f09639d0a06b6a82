import { useEffect } from "@odoo/owl";
import { registry } from "@web/core/registry";
import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";

const INTERVAL = 2000;

/** The progress of a list on its way; it reloads itself until the list is in. */
export class ListProgressField extends ProgressBarField {
    setup() {
        super.setup();
        useEffect(
            (state) => {
                if (state !== "running") {
                    return;
                }
                const timer = setInterval(() => this.props.record.load(), INTERVAL);
                return () => clearInterval(timer);
            },
            () => [this.props.record.data.state]
        );
    }
}

registry.category("fields").add("followup_list_progress", {
    ...progressBarField,
    component: ListProgressField,
});
