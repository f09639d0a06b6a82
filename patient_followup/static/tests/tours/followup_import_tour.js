import { registry } from "@web/core/registry";

const LIST = [
    "就诊流水号,姓名,性别,出院科室,入院日期,出院日期,出院诊断,联系电话",
    "T1,病人一,男,Ward A,2026-11-10,2026-11-20,肺炎,13800000001",
    "T2,病人二,女,Nowhere,2026-11-11,2026-11-20,肺炎,13800000002",
].join("\r\n");

registry.category("web_tour.tours").add("followup_import_tour", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        {
            content: "choose the list",
            trigger: ".o_field_widget[name=file] .o_input_file:not(:visible)",
            run({ anchor }) {
                const transfer = new DataTransfer();
                transfer.items.add(new File([LIST], "list.csv", { type: "text/csv" }));
                anchor.files = transfer.files;
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { trigger: "button[name=action_check]:contains(Check):not(:contains(Again))", run: "click" },
        {
            content: "one new, one rejected, nothing written",
            trigger: ".o_field_widget[name=created_count]:contains(1)",
        },
        { trigger: ".o_field_widget[name=rejected_count]:contains(1)" },
        { trigger: ".o_data_row:contains(Nowhere)" },
        { trigger: "button[name=action_import]", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Imported)" },
        {
            content: "correct the rejected row",
            trigger: ".o_data_row:contains(Nowhere) .o_data_cell[name=correction]",
            run: "click",
        },
        {
            trigger: ".o_data_row .o_field_widget[name=correction] input",
            run: "edit Ward A",
        },
        { trigger: "button[name=action_retry]", run: "click" },
        {
            content: "both are in",
            trigger: ".o_field_widget[name=created_count]:contains(2)",
        },
        { trigger: ".o_field_widget[name=rejected_count]:contains(0)" },
        { trigger: "button[name=action_open_stays]", run: "click" },
        { trigger: ".o_breadcrumb:contains(Discharge Register)" },
        {
            trigger: ".o_list_view:not(:has(.o_form_view)) .o_data_cell[name=number]:contains(T2)",
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name=discharge_diagnosis]" },
    ],
});
