# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Quality of calls and the monthly checks (V-8, V-9, V-12, A-6, A-8)."""

from datetime import date, datetime
from unittest import TestCase

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..tools.scores import Points, score
from .common import FollowupCase


class TestScores(TestCase):
    def test_marks_weigh_as_their_criteria(self):
        points = [
            Points("complete", 3, 1.0),
            Points("complete", 1, 0.2),
            Points("accurate", 4, 0.5),
        ]
        self.assertEqual(score(points), (65.0, {"complete": 80.0, "accurate": 50.0}))
        self.assertEqual(score([]), (0.0, {}))


@tagged("post_install", "-at_install")
class TestFollowupCallScore(FollowupCase):
    def _done(self, user=None):
        task = self._task().with_user(user or self.ward_a)
        task.log_attempt("reached", contact_id=task.patient_id.contact_ids.id)
        task.action_complete("well")
        return task

    def _score(self, task, user=None):
        scores = self.env["followup.call.score"].with_user(user or self.inspector)
        return scores.create({"task_id": task.id})

    def test_a_score_has_a_line_for_each_criterion_and_three_sub_scores(self):
        """V-9: complete, timely, accurate."""
        record = self._score(self._done())
        criteria = self.env["followup.call.criterion"].search([])
        self.assertEqual(record.line_ids.criterion_id, criteria)
        with self.assertRaisesRegex(UserError, "mark"):
            record.action_done()
        for line in record.line_ids:
            line.mark = "5" if line.dimension != "accurate" else "0"
        record.line_ids.filtered(lambda line: line.dimension == "manner").mark = "na"
        record.action_done()
        self.assertEqual(
            (record.complete_score, record.timely_score, record.accurate_score),
            (100, 100, 0),
        )
        self.assertEqual(record.caller_id, self.ward_a)
        self.assertEqual(record.department_id, self.department_a)

    def test_a_final_score_never_changes(self):
        record = self._score(self._done())
        record.line_ids.write({"mark": "4"})
        record.action_done()
        for change in (
            lambda: record.write({"note": "x"}),
            lambda: record.line_ids.write({"mark": "5"}),
            record.unlink,
        ):
            with self.assertRaises(UserError):
                change()

    def test_the_caller_sees_his_score_once_it_is_final(self):
        record = self._score(self._done())
        for user in (self.ward_a, self.head_a):
            scores = self.env["followup.call.score"].with_user(user)
            self.assertFalse(scores.search([]))
        record.line_ids.write({"mark": "4"})
        record.action_done()
        for user in (self.ward_a, self.head_a):
            scores = self.env["followup.call.score"].with_user(user)
            self.assertEqual(scores.search([]).total, 80)
        others = self.env["followup.call.score"].with_user(self.ward_b)
        self.assertFalse(others.search([]))

    def test_a_score_closes_the_line_that_was_drawn_for_it(self):
        """V-8: a random spot-check of call quality; nobody is called."""
        task = self._done()
        sample = (
            self.env["followup.sample"]
            .with_user(self.inspector)
            .create(
                {
                    "name": "Quality",
                    "purpose": "quality",
                    "population": "called",
                    "percent": 100,
                    "date_from": task.completed_day,
                    "date_to": task.completed_day,
                    "call_until": task.completed_day,
                    "company_id": self.company.id,
                    "verifier_ids": [(6, 0, self.inspector.ids)],
                }
            )
        )
        sample.action_draw()
        line = sample.line_ids
        self.assertEqual((line.task_id, line.state), (task.sudo(), "open"))
        self.assertFalse(line.verification_task_id)
        scores = self.env["followup.call.score"].with_user(self.inspector)
        record = scores.create({"task_id": task.id, "sample_line_id": line.id})
        record.line_ids.write({"mark": "5"})
        record.action_done()
        self.assertEqual(line.state, "judged")
        sample.action_close()

    def test_only_others_score_and_only_what_is_done(self):
        with self.assertRaises(AccessError):
            self._score(self._done(), self.ward_a)
        with self.assertRaisesRegex(AccessError, "himself"):
            self._score(self._done(self.manager), self.manager)
        with self.assertRaisesRegex(UserError, "completed"):
            self._score(self._task())


@tagged("post_install", "-at_install")
@freeze_time("2026-03-05 02:00:00")
class TestFollowupMonthlyCheck(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dates = {
            "date_earliest": datetime(2026, 2, 9),
            "date_due": datetime(2026, 2, 10, 4),
            "date_deadline": datetime(2026, 2, 12, 4),
        }
        with freeze_time("2026-02-10 02:00:00"):
            tasks = cls._tasks([{**dates} for _index in range(3)])
            tasks[:2]._guarded().write({"user_id": cls.ward_a.id})
            one = tasks[0].with_user(cls.ward_a)
            one.log_attempt("reached", direction="in")
            one.action_complete("well")
        cls.checks = cls.env["followup.monthly.check"]._prepare(
            cls.company, date(2026, 2, 14)
        )
        cls.of_head = cls.checks.filtered(lambda check: check.kind == "head")

    def test_each_doctor_and_each_department_is_checked_every_month(self):
        """V-12: the head each doctor; A-8: both offices each department."""
        found = {
            (row.kind, row.doctor_id.login, row.due_count, row.done_count)
            for row in self.checks
        }
        self.assertEqual(
            found,
            {
                ("head", "ward_a", 2, 1),
                ("medical", False, 3, 1),
                ("nursing", False, 3, 1),
            },
        )
        again = self.env["followup.monthly.check"]._prepare(
            self.company, date(2026, 2, 1)
        )
        self.assertFalse(again)

    def test_a_check_not_written_up_in_time_is_late(self):
        """Ten days after the month, without anything having to run."""
        self.assertEqual(self.of_head.date_deadline, date(2026, 3, 10))
        self.assertFalse(self.of_head.is_late)
        with freeze_time("2026-03-11 02:00:00"):
            self.checks.invalidate_recordset()
            late = self.of_head.search(
                [("is_late", "=", True), ("company_id", "=", self.company.id)]
            )
            self.assertEqual(
                late, self.checks.sorted(lambda row: late.ids.index(row.id))
            )

    def test_the_head_writes_up_his_own_checks_only(self):
        check = self.of_head.with_user(self.head_a)
        with self.assertRaisesRegex(UserError, "found"):
            check.action_done()
        check.write({"findings": "One call was late", "checked_count": 2})
        check.action_done()
        self.assertEqual((check.state, check.checked_by_id), ("done", self.head_a))
        with self.assertRaises(UserError):
            check.write({"findings": "x"})
        of_office = (self.checks - self.of_head)[0].with_user(self.head_a)
        with self.assertRaises(AccessError):
            of_office.write({"findings": "x"})

    def test_offices_write_up_theirs(self):
        check = self.checks.filtered(lambda row: row.kind == "nursing")
        check = check.with_user(self.inspector)
        check.write({"findings": "Registers complete"})
        check.action_done()
        self.assertEqual(check.checked_by_id, self.inspector)
        head = self.of_head.with_user(self.inspector)
        head.write({"findings": "x"})
        with self.assertRaisesRegex(AccessError, "office"):
            head.action_done()
