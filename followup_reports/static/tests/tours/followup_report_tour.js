import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** A centre manager makes a report and opens the rows behind a figure. */
tours.add("followup_report_make", {
    steps: () => [
        {
            content: "The period is chosen; make the report",
            trigger: ".modal footer button[name='action_produce']",
            run: "click",
        },
        {
            content: "The report is there; open the rows behind a figure",
            trigger: "body:not(:has(.modal)) [name='matrix_html'] a[href*='figure-follow-ups']:first",
            run({ anchor }) {
                // rows open in a tab of their own, out of sight of the tour
                anchor.target = "_self";
                anchor.click();
            },
        },
        {
            content: "The follow-ups it counts",
            trigger: ".o_list_view .o_data_row",
        },
    ],
});

/** A department head says what his department will do. */
tours.add("followup_report_answer", {
    steps: () => [
        {
            content: "Answer for the department",
            trigger: ".o_statusbar_buttons button:contains('Answer for the Department')",
            run: "click",
        },
        {
            content: "What it will do",
            trigger: ".modal [name='measure'] textarea",
            run: "edit Calls in the evening",
        },
        {
            content: "Hand in",
            trigger: ".modal footer button[name='action_acknowledge']",
            run: "click",
        },
        {
            content: "Look at the answers",
            trigger: "body:not(:has(.modal)) .o_notebook .nav-link[name='answers']",
            run: "click",
        },
        {
            content: "It stands there",
            trigger: "[name='receipt_ids'] .o_data_row:contains('Calls in the evening')",
        },
    ],
});

/** A leader signs a report. */
tours.add("followup_report_sign", {
    steps: () => [
        {
            content: "Sign",
            trigger: ".o_statusbar_buttons button[name='action_sign']",
            run: "click",
        },
        {
            content: "It cannot be signed twice",
            trigger: ".o_form_view:not(:has(button[name='action_sign'])) .o_notebook .nav-link[name='answers']",
            run: "click",
        },
        {
            content: "The signature stands there",
            trigger: "[name='signature_ids'] .o_data_row",
        },
    ],
});

/** A leader releases what was proposed. */
tours.add("followup_report_release", {
    steps: () => [
        {
            content: "Open what was proposed",
            trigger: ".o_data_row .o_data_cell[name='title']",
            run: "click",
        },
        {
            content: "Release it",
            trigger: ".o_statusbar_buttons button[name='action_release']",
            run: "click",
        },
        {
            content: "It is released",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Released')",
        },
    ],
});
