import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** Any of the results will do: the tour shows the way, the caller knows what happened. */
const ANY_RESULT = [...Array(9).keys()]
    .map((index) => `.modal .o_followup_results .o_selection_badge:eq(${index})`)
    .join(", ");

/** The guided tour of a caller: take a patient, call, say what happened, take the next. */
registry.category("web_tour.tours").add("followup_caller", {
    url: "/odoo/follow-up-calls",
    steps: () => [
        {
            trigger: ".o_followup_call_next",
            content: _t("Start here: the most urgent patient is chosen and is yours alone."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_followup_contact .o_followup_call_button",
            content: _t("Read who he is, then call: the number is shown and your look is logged."),
            tooltipPosition: "left",
            run: "click",
        },
        {
            trigger: ANY_RESULT,
            content: _t("Say what happened."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger:
                ".modal [name='outcome_note'] textarea, .modal [name='note'] textarea, .modal [name='note'] input",
            content: _t("Write down what matters to those who read it after you."),
            tooltipPosition: "bottom",
            run: "edit ...",
        },
        {
            trigger:
                ".modal button[name='action_save_complete'], .modal button[name='action_save_next']",
            content: _t("Save, and the next patient is there."),
            tooltipPosition: "top",
            run: "click",
        },
    ],
});
