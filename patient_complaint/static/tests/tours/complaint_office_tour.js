import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** The last sheet of a box is registered and the round closed. */
tours.add("complaint_box_round", {
    steps: () => [
        {
            content: "Open the round",
            trigger: ".o_data_row .o_data_cell[name='box_id']",
            run: "click",
        },
        {
            content: "Register the sheet",
            trigger: "button[name='action_register_sheet']",
            run: "click",
        },
        {
            content: "Write what stands on it",
            trigger: "[name='description'] textarea",
            run: "edit The soup is cold",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It has a number now; go back to the round",
            trigger: ".o_form_saved, .o_form_view:has(button[name='action_triage'])",
        },
        {
            content: "Back",
            trigger: ".o_breadcrumb .o_back_button",
            run: "click",
        },
        {
            content: "All are registered: close the round",
            trigger: "button[name='action_close']",
            run: "click",
        },
        {
            content: "It is done",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('All Registered')",
        },
    ],
});

/** A step of the checklist of disputes is ticked. */
tours.add("complaint_dispute_step", {
    steps: () => [
        {
            content: "Open the checklist",
            trigger: ".o_notebook .nav-link[name='dispute']",
            run: "click",
        },
        {
            content: "Write down what was done",
            trigger: ".o_data_row:eq(0) .o_data_cell[name='note']",
            run: "click",
        },
        {
            content: "With whom",
            trigger: ".o_data_row:eq(0) [name='note'] input",
            run: "edit Both sides signed",
        },
        {
            content: "Done",
            trigger: ".o_data_row:eq(0) button[name='action_done']",
            run: "click",
        },
        {
            content: "It stands as done",
            trigger: ".o_data_row:eq(0) [name='state']:contains('Done')",
        },
    ],
});

/** Rare steps stand behind “More”: a complainant withdraws. */
tours.add("complaint_more_withdraw", {
    steps: () => [
        {
            content: "Four buttons, the others behind More",
            trigger: ".o_statusbar_buttons .o_followup_more",
            run: "click",
        },
        {
            content: "Withdraw",
            trigger: ".o-dropdown--menu button:contains('Withdraw')",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal [name='reason'] textarea",
            run: "edit A misunderstanding",
        },
        {
            content: "Confirm",
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "The case is over",
            trigger: "body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current:contains('Withdrawn')",
        },
    ],
});
