import { registry } from "@web/core/registry";

/** A nurse books the first free time for a patient who waits, from the board. */
registry.category("web_tour.tours").add("followup_appointment_board", {
    steps: () => [
        {
            content: "The request stands on the board",
            trigger: ".o_followup_appointments .o_kanban_record:contains('Mornings')",
        },
        {
            content: "Find a time",
            trigger: ".o_followup_appointments .o_kanban_record button:contains('Find a Time')",
            run: "click",
        },
        {
            content: "Free times are read out, the first is proposed",
            trigger: ".modal .o_followup_book [name='slot_id'] input:checked",
        },
        {
            content: "The second one suits better",
            trigger: ".modal .o_followup_book [name='slot_id'] .o_radio_item:eq(1) input",
            run: "click",
        },
        {
            content: "Book it",
            trigger: ".modal button[name='action_book']",
            run: "click",
        },
        {
            content: "It is confirmed and says so",
            trigger: ".o_notification:contains('Confirmed')",
        },
    ],
});

/** A caller books a re-check in the middle of a call. */
registry.category("web_tour.tours").add("followup_appointment_call", {
    steps: () => [
        {
            content: "Take the next patient",
            trigger: ".o_followup_call_next",
            run: "click",
        },
        {
            content: "Call",
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
            content: "Book a re-check",
            trigger: ".o_followup_book",
            run: "click",
        },
        {
            content: "A free time is proposed",
            trigger: ".modal .o_followup_book [name='slot_id'] input:checked",
        },
        {
            content: "Book it by keyboard",
            trigger: ".modal button[name='action_book']",
            run: "press Alt+q",
        },
        {
            content: "It stands beside the call",
            trigger: "body:not(:has(.modal)) .o_followup_booked",
        },
        {
            content: "Finish the call",
            trigger: ".o_followup_finish:enabled",
            run: "click",
        },
        {
            content: "Nobody is left",
            trigger: ".o_notification:contains('Nobody to call right now')",
        },
    ],
});
