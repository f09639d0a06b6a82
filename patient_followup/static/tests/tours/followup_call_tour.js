import { registry } from "@web/core/registry";

/** Claim, call, record, next: the day of a caller (design section 8). */
registry.category("web_tour.tours").add("followup_call", {
    steps: () => [
        {
            content: "Take the next patient",
            trigger: ".o_followup_call_next",
            run: "click",
        },
        {
            content: "The call form says whom to call and shows no number in full",
            trigger: ".o_followup_call .o_followup_contact .font-monospace:contains('****')",
        },
        {
            content: "Call the main number",
            trigger: ".o_followup_contact:first .o_followup_call_button",
            run: "click",
        },
        {
            content: "The number is revealed while the call is recorded",
            trigger: ".modal .o_followup_revealed:contains('13800000001')",
        },
        {
            content: "Nobody answers",
            trigger: ".modal .o_selection_badge:contains('No Answer')",
            run: "click",
        },
        {
            content: "Save and take the next",
            trigger: ".modal button[name='action_save_next']",
            run: "click",
        },
        {
            content: "The next patient stands in place of the first",
            trigger: "body:not(:has(.modal)) .o_followup_contact .font-monospace:contains('138****0002')",
        },
        {
            content: "Call him",
            trigger: ".o_followup_contact:first .o_followup_call_button",
            run: "click",
        },
        {
            content: "He answers",
            trigger: ".modal .o_selection_badge:contains('Reached'):first",
            run: "click",
        },
        {
            content: "Write how he is",
            trigger: ".modal [name='outcome_note'] textarea",
            run: "edit Wound dry, no pain",
        },
        {
            content: "Finish and take the next",
            trigger: ".modal button[name='action_save_complete']",
            run: "click",
        },
        {
            content: "Nobody is left",
            trigger: ".o_notification:contains('Nobody to call right now')",
        },
    ],
});

/** The activity menu opens the call board with the calls of the user (D-15). */
registry.category("web_tour.tours").add("followup_activity_menu", {
    steps: () => [
        {
            content: "Open the activity menu",
            trigger: ".o_menu_systray i[aria-label='Activities']",
            run: "click",
        },
        {
            content: "Open the calls",
            trigger: ".o-mail-ActivityGroup[data-model_name='followup.task']",
            run: "click",
        },
        {
            content: "The board shows them, filtered",
            trigger: ".o_followup_board .o_kanban_record:not(.o_kanban_ghost) .o_followup_due",
        },
        {
            content: "Its filters are the ones the menu asked for",
            trigger: ".o_searchview_facet:contains('Mine')",
        },
    ],
});
