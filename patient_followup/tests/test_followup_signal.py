# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Signals: what deserves a look, shown to inspectors only (V-7)."""

from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import FollowupCase


@tagged("post_install", "-at_install")
class TestFollowupSignal(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # yesterday at 10:00 in Shanghai, whatever today is: the query asks the clock
        today = datetime.now().replace(hour=2, minute=0, second=0, microsecond=0)
        cls.day = today - timedelta(days=1)
        while cls.day.weekday() > 4:
            cls.day -= timedelta(days=1)

    def _call(self, at, seconds=120, result="reached", note="well", task=None):
        """Record one call of ward A at a moment, and finish it."""
        task = task or self._task(
            date_earliest=self.day - timedelta(days=1),
            date_due=self.day + timedelta(days=3),
            date_deadline=self.day + timedelta(days=3),
        )
        end = at + timedelta(seconds=seconds)
        with freeze_time(end):
            task.with_user(self.ward_a).log_attempt(
                result,
                contact_id=task.patient_id.contact_ids.id,
                started_at=at,
                ended_at=end,
            )
            if result == "reached":
                task.with_user(self.ward_a).action_complete(note)
        return task

    def _signals(self, kind):
        self.env.flush_all()
        signals = self.env["followup.signal"].with_user(self.inspector)
        return signals.search([("kind", "=", kind)])

    def _at(self, hours=0, minutes=0, seconds=0):
        return self.day + timedelta(hours=hours, minutes=minutes, seconds=seconds)

    def test_an_ordinary_day_raises_nothing(self):
        for minutes in range(0, 50, 10):
            self._call(self._at(minutes=minutes), note=f"Ordinary note {minutes}")
        self.assertFalse(self.env["followup.signal"].search([]))

    def test_a_call_of_seconds_is_a_signal(self):
        self._call(self._at(), seconds=120)
        quick = self._call(self._at(minutes=10), seconds=5)
        signal = self._signals("quick_call")
        self.assertEqual(signal.task_id, quick)
        self.assertEqual((signal.user_id, signal.amount), (self.ward_a, 5))
        self.assertIn("5 seconds", signal.explanation)
        self.assertEqual(signal.department_id, self.department_a)

    def test_calls_completed_one_after_the_other_are_a_signal(self):
        self._call(self._at())
        second = self._call(self._at(seconds=4))
        self.assertEqual(self._signals("quick_series").task_id, second)

    def test_the_same_note_for_many_patients_is_a_signal(self):
        note = "The patient recovers well, no complaints"
        tasks = self.env["followup.task"]
        for minutes in range(0, 50, 10):
            tasks += self._call(self._at(minutes=minutes), note=note)
        self._call(self._at(hours=1), note="Something else altogether")
        self.assertEqual(self._signals("same_text").task_id, tasks)

    def test_a_call_outside_any_shift_is_a_signal(self):
        night = self._call(self._at(hours=16))  # 02:00 in Shanghai
        self._call(self._at(hours=5))  # 15:00
        self.assertEqual(self._signals("off_shift").task_id, night)

    def test_impossible_density_is_a_signal(self):
        self.company.followup_signal_density = 3
        tasks = [self._call(self._at(minutes=5 * n), note=f"{n}") for n in range(5)]
        found = self._signals("dense")
        self.assertEqual(found.task_id, tasks[3] + tasks[4])
        self.assertEqual(sorted(found.mapped("amount")), [4, 5])

    def test_two_conversations_at_once_are_a_signal(self):
        self._call(self._at(), seconds=300)
        second = self._call(self._at(seconds=240))
        signal = self._signals("overlap")
        self.assertEqual((signal.task_id, signal.amount), (second, 60))

    def test_a_number_that_reached_and_was_wrong_is_a_signal(self):
        task = self._call(self._at())
        contact = task.patient_id.contact_ids
        self.assertFalse(self._signals("wrong_later"))
        later = self._task(
            task.encounter_id,
            date_earliest=self.day,
            date_due=self.day + timedelta(days=3),
            date_deadline=self.day + timedelta(days=3),
        )
        with freeze_time(self._at(hours=1)):
            later.with_user(self.ward_a).log_attempt(
                "wrong_number", contact_id=contact.id
            )
        self.assertEqual(self._signals("wrong_later").task_id, task)

    def test_old_calls_are_not_searched(self):
        self.company.followup_signal_days = 0
        self._call(self._at(), seconds=1)
        self.assertFalse(self._signals("quick_call"))

    def test_only_inspectors_see_signals(self):
        self._call(self._at(), seconds=1)
        for login in ("ward_a", "head_a", "centre", "manager", "leader", "plain"):
            with self.subTest(login=login), self.assertRaises(AccessError):
                self.env["followup.signal"].with_user(getattr(self, login)).search([])
