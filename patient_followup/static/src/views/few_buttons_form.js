import { registry } from "@web/core/registry";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { StatusBarButtons } from "@web/views/form/status_bar_buttons/status_bar_buttons";

const SHOWN = 4;

/** The first buttons stand in the header of a form, the others behind “More”. */
export class FewButtons extends StatusBarButtons {
    static template = "patient_followup.FewButtons";

    get shown() {
        const names = this.visibleSlotNames;
        // "More" with a single button behind it would save no room
        const all = names.length === SHOWN + 1 && !this.env.isSmall;
        return names.slice(0, this.env.isSmall ? 1 : all ? SHOWN + 1 : SHOWN);
    }
    get others() {
        return this.visibleSlotNames.slice(this.shown.length);
    }
}

export class FewButtonsRenderer extends FormRenderer {
    static components = { ...FormRenderer.components, StatusBarButtons: FewButtons };
}

registry.category("views").add("followup_few_buttons", {
    ...formView,
    Renderer: FewButtonsRenderer,
});
