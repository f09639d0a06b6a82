import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const CARD = ".o_kanban_record:not(.o_kanban_ghost)";

/** Words are asked for, the decision is taken, nothing waits any more. */
function decide(button, words) {
    return [
        {
            content: "A resolution waits",
            trigger: `${CARD} button:contains(${button})`,
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal [name='reason'] textarea",
            run: `edit ${words}`,
        },
        {
            content: "Confirm",
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "The dialog is gone, and the card with it",
            trigger: "body:not(:has(.modal)) .o_kanban_view .o_view_nocontent",
        },
    ];
}

/** An approver sends a resolution back with questions. */
tours.add("complaint_approval_return", {
    steps: () => decide("Questions", "What did the witness see"),
});

/** An approver refuses a resolution. */
tours.add("complaint_approval_reject", {
    steps: () => decide("Reject", "The sum is not explained"),
});

/** A head approves simple resolutions together. */
tours.add("complaint_approval_bulk", {
    steps: () => [
        {
            content: "Two wait; show them as a list",
            trigger: `.o_kanban_view:has(${CARD}:eq(1)) .o_switch_view.o_list, .o_switch_view.o_list`,
            run: "click",
        },
        {
            content: "Choose all",
            trigger: ".o_list_view:has(.o_data_row:eq(1)) th.o_list_record_selector input",
            run: "click",
        },
        {
            content: "Approve them together",
            trigger: ".o_control_panel button[name='action_approve']",
            run: "click",
        },
        {
            content: "Nothing waits any more",
            trigger: ".o_list_view .o_view_nocontent",
        },
    ],
});
