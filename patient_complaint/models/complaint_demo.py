# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

# description, kind, channel, category, harm, department, days ago, then what was done
ROWS = (
    (
        "急诊等了四个小时没人解释原因。",
        "complaint",
        "phone",
        "process_waiting",
        "none",
        "cardiology",
        0.1,
        "",
    ),
    (
        "护士换药时态度生硬，大声训斥老人。",
        "complaint",
        "onsite",
        "service_attitude",
        "none",
        "general_surgery",
        0.2,
        "",
    ),
    (
        "同一项检查被收了两次费。",
        "complaint",
        "hotline",
        "cost_charge",
        "none",
        "outpatient",
        0.5,
        "",
    ),
    (
        "希望住院部增加开水房。",
        "suggestion",
        "box",
        "environment_facility",
        "none",
        "oncology",
        0.9,
        "",
    ),
    (
        "感谢产科夜班团队的细心照顾。",
        "praise",
        "letter",
        "other_other",
        "none",
        "obstetrics",
        1.2,
        "",
    ),
    (
        "出院带药与医嘱不一致，回家后头晕。",
        "complaint",
        "followup",
        "medical_medication",
        "minor",
        "cardiology",
        1.4,
        "",
    ),
    (
        "病房卫生间连续两天没有打扫。",
        "complaint",
        "web",
        "environment_hygiene",
        "none",
        "neurosurgery",
        1.6,
        "triage",
    ),
    (
        "术前没有说明手术风险。",
        "complaint",
        "phone",
        "service_communication",
        "minor",
        "general_surgery",
        2.5,
        "triage",
    ),
    (
        "病历复印窗口中午无人。",
        "complaint",
        "onsite",
        "process_discharge",
        "none",
        "outpatient",
        3,
        "triage",
    ),
    (
        "请问医保结算需要哪些材料？",
        "inquiry",
        "email",
        "cost_insurance",
        "none",
        "outpatient",
        3,
        "triage",
    ),
    (
        "术后切口感染，认为处理不及时。",
        "complaint",
        "authority",
        "medical_treatment",
        "moderate",
        "general_surgery",
        4,
        "investigate",
    ),
    (
        "输液外渗，手背肿胀一周。",
        "complaint",
        "phone",
        "medical_nursing",
        "moderate",
        "cardiology",
        4.5,
        "investigate",
    ),
    (
        "多人病房里公开谈论病情。",
        "complaint",
        "letter",
        "service_privacy",
        "none",
        "obstetrics",
        5,
        "plan",
    ),
    (
        "检查报告延误，影响化疗安排。",
        "complaint",
        "onsite",
        "medical_diagnosis",
        "minor",
        "oncology",
        6,
        "plan",
    ),
    (
        "老人在走廊滑倒，地面湿滑无警示。",
        "complaint",
        "hotline",
        "environment_facility",
        "severe",
        "neurosurgery",
        6,
        "freeze",
    ),
    (
        "体检报告邮寄到错误地址。",
        "complaint",
        "phone",
        "service_privacy",
        "none",
        "checkup",
        8,
        "answer",
    ),
    (
        "食堂饭菜太凉。",
        "complaint",
        "box",
        "environment_food",
        "none",
        "cardiology",
        9,
        "answer",
    ),
    (
        "预约号被取消没有通知。",
        "complaint",
        "web",
        "process_appointment",
        "none",
        "outpatient",
        12,
        "close",
    ),
    (
        "医生耐心解答，非常满意。",
        "praise",
        "social",
        "other_other",
        "none",
        "endocrinology",
        15,
        "close",
    ),
    (
        "投诉护工索要红包，后家属澄清系误会。",
        "complaint",
        "phone",
        "integrity_gift",
        "none",
        "general_surgery",
        20,
        "withdraw",
    ),
)
STEPS = ("triage", "investigate", "plan", "freeze", "answer", "close")


class ComplaintDemo(models.AbstractModel):
    """Fills the demo hospital with cases over all states, relative to today.

    Called by the demo data only.
    """

    _name = "complaint.demo"
    _description = "Demo Cases"

    @api.model
    def _generate(self):
        """Register the cases as the demo's office did, and play what followed."""
        chinese = "zh_CN" in dict(self.env["res.lang"].get_installed())
        demo = self.with_context(lang="zh_CN") if chinese else self
        for number, row in enumerate(ROWS, start=1):
            demo._play(number, *row)

    def _office(self):
        user = self.env.ref("patient_complaint.demo_user_specialist")
        company = self.env.ref("patient_followup.demo_company_main")
        return (
            self.env["complaint.case"]
            .with_user(user)
            .with_context(
                lang=self.env.lang,
                allowed_company_ids=company.ids,
                mail_notify_force_send=False,
                tracking_disable=True,
            )
        )

    def _play(self, number, text, kind, channel, category, harm, department, ago, end):
        received = fields.Datetime.now() - timedelta(days=ago)
        department = self.env.ref(f"patient_followup.demo_department_{department}")
        category = self.env.ref(f"patient_complaint.complaint_category_{category}")
        case = self._office().create(
            {
                "description": text,
                "kind": kind,
                "channel_id": self.env.ref(
                    f"patient_complaint.complaint_channel_{channel}"
                ).id,
                "received_at": received,
                "department_id": department.id,
                "complainant_name": "张先生" if number % 2 else "李女士",
                "complainant_phone": f"1390000{number % 17:04d}",
                "safety_risk": harm == "severe",
                "issue_ids": [
                    (
                        0,
                        0,
                        {
                            "category_id": category.id,
                            "department_id": department.id,
                            "harm": harm,
                        },
                    )
                ],
            }
        )
        self._follow(case, end)

    def _follow(self, case, end):
        """Take the steps up to the one named."""
        if end == "withdraw":
            case.action_withdraw("家属来电说明系误会。")
        if end not in STEPS:
            return
        for step in STEPS[: STEPS.index(end) + 1]:
            if step not in ("freeze", "close") or step == end:
                getattr(self, f"_do_{step}")(case, end)

    def _do_triage(self, case, end):
        quick = end in ("answer", "close") or case.kind != "complaint"
        case.write(
            {
                "track": "fast" if quick else "full",
                "owner_id": case.env.uid,
                "immediate_action": case.safety_risk and "已放置警示牌并清理地面。",
            }
        )
        case.action_triage()

    def _do_investigate(self, case, end):
        if case.track == "full":
            case.action_start_investigation()

    def _do_plan(self, case, end):
        self._tell(case, "plan", "已告知调查安排和预计答复时间。")

    def _do_freeze(self, case, end):
        reason = self.env.ref("patient_complaint.complaint_freeze_reason_expert")
        case.env["complaint.freeze"].create(
            {"case_id": case.id, "reason_id": reason.id, "note": "伤情鉴定"}
        )

    def _do_answer(self, case, end):
        self._tell(case, "answer", "已说明情况并致歉，落实改进。", satisfaction="4")

    def _do_close(self, case, end):
        case.action_close()

    def _tell(self, case, kind, words, **vals):
        case.env["complaint.feedback"].create(
            {"case_id": case.id, "kind": kind, "content": words, **vals}
        )
