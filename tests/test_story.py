# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One patient's way through the three addons, by the people who work with them."""

import base64
from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from odoo.addons.patient_complaint.tests.action_common import ActionCommon
from odoo.addons.patient_complaint.tests.approval_common import ApprovalCase

LIST = (
    "住院号,住院次数,病案号,姓名,性别,出生日期,出院科室,入院日期,出院日期,出院诊断,"
    "离院方式,联系电话\r\n"
    "ZY9001,1,B9001,病人甲,男,1960-05-17,Ward A,2026-03-01,2026-03-09,肺炎,"
    "医嘱离院,13800009001\r\n"
)


@tagged("post_install", "-at_install")
class TestStory(ApprovalCase, ActionCommon):
    """March 2026: from the discharge list to the reports of the month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._protocol([{"offset_target": 3}], encounter_class="inpatient")
        cls._only_rules(
            ("department_head", {}), ("vice_president", {}), ("president", {})
        )

    def test_from_the_discharge_list_to_the_monthly_report(self):
        with freeze_time("2026-03-10 01:00:00"):
            task = self._discharge_list_becomes_a_call()
        with freeze_time("2026-03-12 02:00:00"):
            case = self._call_becomes_a_complaint(task)
        with freeze_time("2026-03-13 02:00:00"):
            self._three_people_approve_its_resolution(case)
        with freeze_time("2026-03-14 02:00:00"):
            self._its_cause_is_put_right(case)
        visit = self._somebody_asks_again(case)
        with freeze_time("2026-04-03 02:00:00"):
            self._the_reports_of_march_count_them(task, case, visit)

    def _discharge_list_becomes_a_call(self):
        """A-14, T-10: the list goes in, the call comes out on the right day."""
        record = (
            self.env["followup.import"]
            .with_user(self.manager)
            .create(
                {
                    "file": base64.b64encode(LIST.encode()),
                    "file_name": "list.csv",
                    "profile_id": self.env.ref(
                        "patient_followup.followup_import_profile_inpatient"
                    ).id,
                }
            )
        )
        record.action_check()
        record.action_import()
        self.assertEqual(record.created_count, 1)
        task = self.env["followup.task"].search([("company_id", "=", self.company.id)])
        self.assertEqual(task.patient_id.name, "病人甲")
        self.assertEqual(task.department_id, self.department_a)
        self.assertEqual(str(task.due_day), "2026-03-12")
        return task

    def _call_becomes_a_complaint(self, task):
        """C-2: whoever calls hands the complaint over and sees nothing of the case."""
        call = task.with_user(self.ward_a)
        call.action_claim()
        call.confirm_identity(["name", "mrn"])
        call.log_attempt("reached")
        self.env["complaint.intake"].with_user(self.ward_a).create(
            {"task_id": task.id, "text": "Waited three hours for the ultrasound"}
        ).action_confirm()
        call.action_complete("Well, complains of waiting")
        self.assertEqual(task.state, "done")
        case = task.complaint_case_ids.with_user(self.specialist)
        self.assertEqual((case.state, case.channel_id.code), ("received", "followup"))
        return case

    def _three_people_approve_its_resolution(self, case):
        """C-14, C-15: department head, vice president and president in turn."""
        self._ready(case)
        cause = self.env["complaint.cause"].search([], limit=1)
        case.issue_ids.write(
            {
                "finding": "upheld",
                "cause_ids": [(6, 0, cause.ids)],
                "lesson": "Open a second room at noon",
            }
        )
        case.action_triage()
        case.action_start_investigation()
        case.action_propose()
        self._resolve(case)
        case.action_submit()
        for approver in (self.head_a, self.vice, self.president):
            self._turn(case, approver).action_approve()
        self.assertEqual(case.resolution_id.state, "approved")
        self._tell(case, satisfaction="4")

    def _its_cause_is_put_right(self, case):
        """C-19: it closes only when the rectification is done and checked."""
        action = self._action(case_id=case.id, deadline=self._today(5))
        self._settle(action)
        case.action_close()
        self.assertEqual(case.state, "closed")

    def _somebody_asks_again(self, case):
        """C-20: the centre calls back, the answers come to the case."""
        visit = case.sudo().revisit_plan_id.task_ids
        with freeze_time(visit.date_due - timedelta(hours=6)):
            call = visit.with_user(self.centre)
            call.action_claim()
            call.confirm_identity(["name", "mrn"])
            call.log_attempt("reached")
            answers = call._start_user_input()
            chosen = (
                answers.sudo().survey_id.question_ids.suggested_answer_ids.filtered(
                    lambda row: row.followup_code == "handling_very_satisfied"
                )
            )
            answers._followup_save({chosen.question_id.id: chosen.ids})
            call.action_complete("Thanked")
        self.assertEqual(case.revisit_satisfaction, "5")
        return visit

    def _the_reports_of_march_count_them(self, task, case, visit):
        """K-4, K-12: each number leads back to what happened above."""
        runs = self.env["followup.report.run"].with_company(self.company)
        day = fields.Date.to_date("2026-03-15")
        bulletin = runs.with_user(self.manager)._produce("bulletin", "month", day)
        figures = self._get_figures(bulletin, "follow_up", task)
        self.assertEqual(figures["discharged"], (1, 0))
        self.assertEqual(figures["effective"], (1, 1))
        figures = self._get_figures(bulletin, "attempts", visit)
        self.assertEqual(figures["connect"], (1, 1))
        complaints = runs.with_user(self.officer)._produce("complaints", "quarter", day)
        figures = self._get_figures(complaints, "complaints", case)
        self.assertEqual(
            {name: figures[name] for name in ("complaints", "upheld", "close_median")},
            {"complaints": (1, 0), "upheld": (1, 1), "close_median": (2, 1)},
        )
        figures = self._get_figures(complaints, "actions", case)
        self.assertEqual(figures["actions_effective"], (1, 1))

    def _get_figures(self, run, section, record):
        """Return {key figure: (numerator, denominator)} of the record's department."""
        lines = run.sudo().line_ids.filtered(
            lambda line: (
                line.section == section
                and line.department_id == record.sudo().department_id
                and not line.key
                and (line.level or "1") == getattr(record, "level", "1")
            )
        )
        return {line.kpi: (line.numerator, line.denominator) for line in lines}
