# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .action_common import ActionCommon


@tagged("post_install", "-at_install")
class TestComplaintRevisit(ActionCommon):
    """Somebody asks after a complaint was closed (C-20, D-3, D-13)."""

    def _closed(self, **vals):
        vals.setdefault("patient_id", self._patient().id)
        case = self._answered(**vals)
        case.action_close()
        return case

    def _call(self, case, **codes):
        """Make the return visit as the centre does; `codes` of question: answer."""
        task = case.sudo().revisit_plan_id.task_ids
        with freeze_time(task.date_due - timedelta(hours=6)):
            call = task.with_user(self.centre)
            call.confirm_identity(["name", "mrn"])
            call.log_attempt("reached")
            answers = call._start_user_input()
            questions = answers.sudo().survey_id.question_ids
            sent = {}
            for choice in questions.suggested_answer_ids:
                if choice.followup_code in codes.values():
                    sent[choice.question_id.id] = choice.ids
            answers._followup_save(sent)
            call.action_complete("Thanked")
        return task

    def test_closing_plans_a_call_of_the_centre(self):
        """One week after, three days before to seven after; level 2."""
        with freeze_time("2026-05-04 02:00:00"):
            case = self._closed()
        plan = case.sudo().revisit_plan_id
        self.assertEqual(plan.origin_key, f"case:{case.id}")
        task = plan.task_ids
        self.assertEqual((task.level, task.kind), ("2", "event"))
        self.assertEqual(str(task.date_due), "2026-05-11 15:59:59")
        self.assertEqual(str(task.date_earliest), "2026-05-07 16:00:00")
        self.assertEqual(str(task.date_deadline), "2026-05-18 15:59:59")
        self.assertFalse(case.revisit_note)

    def test_nobody_to_ask_is_said(self):
        """D-3, I-7"""
        dead = self._patient(deceased_date=fields.Date.today())
        silent = self._patient(contact_ids=[])
        table = [
            ({"patient_id": False}, "no patient"),
            ({"anonymous": True}, "anonymous"),
            ({"patient_id": dead.id}, "has died"),
            ({"patient_id": silent.id}, "No number"),
        ]
        for vals, words in table:
            case = self._closed(**vals)
            with self.subTest(words=words):
                self.assertIn(words, case.revisit_note)
                self.assertFalse(case.revisit_plan_id)
        gap = self.env["followup.plan.gap"].search([("reason", "=", "no_patient")])
        self.assertTrue(gap.filtered(lambda row: row.origin_key.startswith("case:")))

    def test_praise_is_not_asked_about(self):
        case = self._closed(kind="praise")
        self.assertFalse(case.revisit_plan_id or case.revisit_note)

    def test_a_relative_is_asked_though_the_patient_has_died(self):
        """I-12"""
        patient = self._patient()
        case = self._closed(patient_id=patient.id, complainant_relation="child")
        patient.deceased_date = fields.Date.today()
        task = case.sudo().revisit_plan_id.task_ids
        self.assertEqual(task.state, "planned")
        self._call(case, satisfaction="handling_satisfied")
        self.assertEqual(case.revisit_satisfaction, "4")

    def test_the_call_falls_with_the_complainant(self):
        patient = self._patient()
        case = self._closed(patient_id=patient.id)
        patient.deceased_date = fields.Date.today()
        self.assertEqual(case.sudo().revisit_plan_id.task_ids.state, "cancelled")

    def test_answers_come_back_to_the_case(self):
        case = self._closed()
        task = self._call(
            case, satisfaction="handling_very_satisfied", effect="rectified_partly"
        )
        self.assertEqual(task.state, "done")
        self.assertEqual(case.revisit_satisfaction, "5")
        self.assertEqual(case.revisit_effect, "partly")
        self.assertEqual(case.revisit_at, task.completed_at)
        self.assertFalse(case.sudo().activity_ids)

    def test_who_is_dissatisfied_still_is_put_before_the_handler(self):
        for codes in (
            {"satisfaction": "handling_dissatisfied"},
            {"satisfaction": "handling_fair", "effect": "not_rectified"},
        ):
            case = self._closed()
            self._call(case, **codes)
            todo = case.sudo().activity_ids
            with self.subTest(codes=codes):
                self.assertEqual(todo.user_id, self.specialist)
                self.assertEqual(case.state, "closed")

    def test_a_reopened_case_is_asked_about_again(self):
        case = self._closed()
        first = case.revisit_plan_id
        case.action_reopen("Not true")
        self._tell(case)
        case.action_close()
        self.assertEqual(case.sudo().revisit_plan_id.origin_key, f"case:{case.id}:1")
        self.assertNotEqual(case.revisit_plan_id, first)

    def test_without_a_protocol_the_case_says_so(self):
        protocol = self.env.ref("patient_complaint.followup_protocol_complaint_return")
        protocol.action_retire()
        case = self._closed()
        self.assertIn("No protocol", case.revisit_note)

    def test_other_calls_cost_no_query_more(self):
        task = self._task()
        task.flush_recordset()
        task.invalidate_recordset()
        task.fetch(["kind", "step_id"])
        with self.assertQueryCount(0):
            self.assertFalse(task._filter_revisits())
