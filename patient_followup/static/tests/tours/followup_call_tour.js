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
            content: "The number is revealed while the call lasts",
            trigger: ".o_followup_calling .o_followup_revealed:contains('13800000001')",
        },
        {
            content: "Nobody answers: saved, and the next patient comes",
            trigger: ".o_followup_result[data-result='no_answer']",
            run: "click",
        },
        {
            content: "The next patient stands in place of the first",
            trigger: ".o_followup_contact .font-monospace:contains('138****0002')",
        },
        {
            content: "Call him",
            trigger: ".o_followup_contact:first .o_followup_call_button",
            run: "click",
        },
        {
            content: "He says his name",
            trigger: ".o_followup_fact:eq(0)",
            run: "click",
        },
        {
            content: "And his ward",
            trigger: ".o_followup_fact:eq(1)",
            run: "click",
        },
        {
            content: "He is who he should be",
            trigger: ".o_followup_confirm:enabled",
            run: "click",
        },
        {
            content: "Write how he is",
            trigger: ".o_followup_outcome_note",
            run: "edit Wound dry, no pain",
        },
        {
            content: "Finish and take the next",
            trigger: ".o_followup_finish:enabled",
            run: "click",
        },
        {
            content: "Nobody is left",
            trigger: ".o_notification:contains('Nobody to call right now')",
        },
    ],
});

/** A complete call without the mouse (design 8.2): the keys stand on the screen. */
registry.category("web_tour.tours").add("followup_call_keyboard", {
    steps: () => [
        {
            content: "Take the next patient",
            trigger: ".o_followup_call_next",
            run: "press Alt+n",
        },
        {
            content: "Call the main number",
            trigger: ".o_followup_contact .o_followup_call_button",
            run: "press Alt+c",
        },
        {
            content: "No diagnosis is seen before it is known who listens",
            trigger: "body:not(:contains('Fracture')) .o_followup_identity",
        },
        {
            content: "Somebody says one detail",
            trigger: ".o_followup_identity:focus",
            run: "press 1",
        },
        {
            content: "The line was bad: dial again, by mouse",
            trigger: "body:has(.o_followup_fact.btn-success) .o_followup_contact .o_followup_call_button:enabled",
            run: "click",
        },
        {
            content: "The questions start anew, and the keys work",
            trigger: ".o_followup_identity:focus:not(:has(.btn-success))",
        },
        {
            content: "First detail",
            trigger: ".o_followup_identity:focus",
            run: "press 1",
        },
        {
            content: "Second detail",
            trigger: ".o_followup_fact.btn-success",
            run: "press 2",
        },
        {
            content: "Confirm",
            trigger: ".o_followup_confirm:enabled",
            run: "press Enter",
        },
        {
            content: "The first question has the focus: answer it by number",
            trigger: ".o_followup_question.o_followup_current:contains('Condition'):focus",
            run: "press 2",
        },
        {
            content: "The answer is alarming and the screen says so",
            trigger: ".o_followup_question .alert-danger",
            run: "press Alt+f",
        },
        {
            content: "Say what it is",
            trigger: ".modal [name='text'] textarea",
            run: "edit He cannot stand",
        },
        {
            content: "Raise the red flag",
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "Doctor and head know: go on",
            trigger: ".modal .btn-close, .modal .o_form_button_cancel, .modal [special='cancel']",
            run: "click",
        },
        {
            content: "It stands beside the form",
            trigger: "body:not(:has(.modal)) .o_followup_concern",
        },
        {
            content: "Go on with the questions",
            trigger: ".o_followup_question:contains('Condition')",
            run: "click",
        },
        {
            content: "Enter moves on",
            trigger: ".o_followup_question:contains('Condition')",
            run: "press Enter",
        },
        {
            content: "A conditional question has appeared",
            trigger: ".o_followup_question.o_followup_current:contains('Since when'):has(input:focus) input",
            run: "edit yesterday",
        },
        {
            content: "Enter moves on to the number",
            trigger: ".o_followup_question:contains('Since when') input",
            run: "press Enter",
        },
        {
            content: "Type the number",
            trigger: ".o_followup_question:contains('Pain') input:focus",
            run: "edit 4",
        },
        {
            content: "Everything is saved without a button",
            trigger: ".o_followup_saved",
        },
        {
            content: "One key finishes and takes the next",
            trigger: ".o_followup_finish:enabled",
            run: "press Alt+n",
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

/** The guided tour, and what it promises at its end. */
registry.category("web_tour.tours").add("followup_caller_to_the_end", {
    steps: () => [
        ...registry.category("web_tour.tours").get("followup_caller").steps(),
        {
            content: "The next patient is there",
            trigger: ".o_followup_contact .font-monospace:contains('138****0002')",
        },
    ],
});
