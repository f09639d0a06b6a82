# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Budgets in queries, not in seconds (speed goals)."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged, warmup

from .common import FollowupCase


@tagged("post_install", "-at_install")
class TestFollowupTaskSpeed(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stay = cls._encounter(department_id=cls.department_a.id)
        cls.now = fields.Datetime.now()

    def _rows(self, number):
        return [
            {
                "company_id": self.company.id,
                "kind": "adhoc",
                "origin_key": f"speed:{next(self._numbers)}",
                "name": "Call",
                "patient_id": self.stay.patient_id.id,
                "encounter_id": self.stay.id,
                "department_id": self.department_a.id,
                "level": "1",
                "date_earliest": self.now - timedelta(hours=1),
                "date_due": self.now + timedelta(days=index % 30),
                "date_deadline": self.now + timedelta(days=index % 30 + 1),
            }
            for index in range(number)
        ]

    @warmup
    def test_a_thousand_tasks_cost_few_queries(self):
        """Goal: at most 20 queries per 1,000 tasks."""
        rows = self._rows(1000)
        self.env.flush_all()
        with self.assertQueryCount(6):
            tasks = self.env["followup.task"]._create_generated(rows)
            self.env.flush_all()
        self.assertEqual(len(tasks), 1000)

    @warmup
    def test_recording_a_result_costs_at_most_six_queries(self):
        """Goal: at most 6 queries for the call and its completion."""
        task = self._task(self.stay).with_user(self.ward_a)
        task.log_attempt("reached", direction="in")
        self.env.flush_all()
        task = self._task(self._encounter()).with_user(self.ward_a)
        contact_id = task.patient_id.contact_ids.id
        task.patient_id.contact_ids.validity = "valid"
        task.action_claim()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            task.log_attempt("reached", contact_id=contact_id)
            task.action_complete("well")
            self.env.flush_all()

    @warmup
    def test_recording_a_result_of_a_plan_costs_at_most_six_queries(self):
        """The plan goes on, and level 2 of the stay, within the same six."""
        protocol = self._protocol(
            steps=[{"offset_target": month, "offset_unit": "month"} for month in (1, 2)]
        )
        stays = self._encounter() + self._encounter()
        protocol.start_plan(stays)
        first, task = (stay.plan_ids.task_ids[:1] for stay in stays)
        (first + task)._guarded().write({"state": "ready"})
        first, task = first.with_user(self.ward_a), task.with_user(self.ward_a)
        first.log_attempt("reached")
        first.action_complete("well")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            task.log_attempt("reached")
            task.action_complete("well")
            self.env.flush_all()

    @warmup
    def test_recording_no_answer_costs_at_most_six_queries(self):
        task = self._task(self._encounter()).with_user(self.ward_a)
        contact_id = task.patient_id.contact_ids.id
        task.action_claim()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            task.log_attempt("no_answer", contact_id=contact_id)
            self.env.flush_all()

    @warmup
    def test_a_board_of_eighty_cards_costs_at_most_ten_queries(self):
        self.env["followup.task"]._create_generated(self._rows(100))
        self.env.flush_all()
        self.env.invalidate_all()
        fields_ = [
            "name",
            "state",
            "date_due",
            "priority",
            "attempt_count",
            "attempt_dots",
            "attempt_state",
            "attempt_explanation",
            "is_overdue",
            "is_claimable",
            "is_mine",
        ]
        Task = self.env["followup.task"].with_user(self.ward_a)
        with self.assertQueryCount(10):
            rows = Task.search_read([("state", "=", "ready")], fields_, limit=80)
        self.assertEqual(len(rows), 80)
