import { registry } from "@web/core/registry";

const { DateTime } = luxon;

/** The first question without an answer among those that must be asked. */
const MUST_ASK =
    ".o_followup_question:not(.o_followup_answered):has(span.text-danger):first";

/** A discharge list as a Chinese hospital system exports it; the second ward is unknown. */
function dischargeList() {
    const day = (ago) => DateTime.now().minus({ days: ago }).toFormat("yyyy-MM-dd");
    return [
        "就诊流水号,姓名,性别,出生日期,出院科室,入院日期,出院日期,出院诊断,联系电话,离院方式",
        `TOUR1,测试甲,男,1961-03-04,心血管内科,${day(9)},${day(2)},慢性心力衰竭,13899990001,回家`,
        `TOUR2,测试乙,女,1971-03-04,无此科室,${day(9)},${day(2)},高血压病,13899990002,回家`,
    ].join("\r\n");
}

/** The morning of the follow-up centre: the list of the day comes in. */
registry.category("web_tour.tours").add("followup_chinese_import", {
    steps: () => [
        { trigger: ".o_list_button_add:contains('新建')", run: "click" },
        {
            content: "choose the list",
            trigger: ".o_field_widget[name=file] .o_input_file:not(:visible)",
            run({ anchor }) {
                const transfer = new DataTransfer();
                transfer.items.add(
                    new File([dischargeList()], "出院名单.csv", { type: "text/csv" })
                );
                anchor.files = transfer.files;
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { trigger: "button[name=action_check]:contains('检查')", run: "click" },
        { trigger: ".o_field_widget[name=created_count]:contains('1')" },
        { trigger: ".o_data_row:contains('未知科室')" },
        { trigger: "button[name=action_import]:contains('导入')", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains('已导入')" },
        {
            content: "give the ward of the rejected row",
            trigger: ".o_data_row:contains('无此科室') .o_data_cell[name=correction]",
            run: "click",
        },
        {
            trigger: ".o_data_row .o_field_widget[name=correction] input",
            run: "edit 心血管内科",
        },
        { trigger: "button[name=action_retry]:contains('重试被拒绝的行')", run: "click" },
        { trigger: ".o_field_widget[name=created_count]:contains('2')" },
        { trigger: ".o_field_widget[name=rejected_count]:contains('0')" },
    ],
});

/** The ward calls them: one does not answer, one is reached, then nobody is left. */
registry.category("web_tour.tours").add("followup_chinese_call", {
    steps: () => [
        { trigger: ".o_followup_call_next:contains('呼叫下一位')", run: "click" },
        {
            content: "the first patient of the list, her number masked",
            trigger: ".o_followup_contact .font-monospace:contains('138****0001')",
        },
        { trigger: ".o_followup_contact:first .o_followup_call_button", run: "click" },
        { trigger: ".o_followup_calling .o_followup_revealed:contains('13899990001')" },
        {
            content: "nobody answers, the next one comes",
            trigger: ".o_followup_result[data-result='no_answer']:contains('无人接听')",
            run: "click",
        },
        { trigger: ".o_followup_contact .font-monospace:contains('138****0002')" },
        { trigger: ".o_followup_contact:first .o_followup_call_button", run: "click" },
        { trigger: ".o_followup_fact:eq(0)", run: "click" },
        { trigger: ".o_followup_fact:eq(1)", run: "click" },
        { trigger: ".o_followup_confirm:enabled", run: "click" },
        { trigger: ".o_followup_outcome_note", run: "edit 恢复良好，按时服药。" },
        // what must be asked: how he is, complaints (the last: none), medicine
        { trigger: `${MUST_ASK} .o_followup_option:eq(0)`, run: "click" },
        { trigger: `${MUST_ASK} .o_followup_option:last`, run: "click" },
        { trigger: `${MUST_ASK} .o_followup_option:eq(1)`, run: "click" },
        { trigger: ".o_followup_finish:enabled", run: "click" },
        { trigger: ".o_notification:contains('目前没有可拨打的患者')" },
    ],
});
