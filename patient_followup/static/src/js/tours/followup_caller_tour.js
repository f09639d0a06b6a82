import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * The guided tour of a caller: take a patient, call, say what happened, take the next.
 * Who gets no answer finds himself at the call of the next patient again.
 */
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
            trigger: ".o_followup_fact:not(.btn-success)",
            content: _t("Nobody answers? Say so above. Else ask for two details and tick them."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_followup_fact.btn-success ~ .o_followup_fact:not(.btn-success)",
            content: _t("Nobody answers? Say so above. Else ask for two details and tick them."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_followup_confirm",
            content: _t("Two right details: confirm, and the questions appear."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_followup_outcome_note",
            content: _t("Answer with the number keys; everything is saved as you type."),
            tooltipPosition: "top",
            run: "click",
        },
        {
            trigger: ".o_followup_finish",
            content: _t("Finish, and the next patient is there."),
            tooltipPosition: "top",
            run: "click",
        },
    ],
});
