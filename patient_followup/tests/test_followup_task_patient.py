# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A patient has one caller at a time, whichever of his calls it is (I-4)."""

from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import FollowupCase

NOON = datetime(2026, 11, 18, 4, 0)  # Wednesday 12:00 in China


@tagged("post_install", "-at_install")
class TestFollowupTaskPatient(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ward_a2 = cls._user("ward_a2", "ward_caller")
        cls._join(cls.ward_a2, cls.department_a)

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOON))
        self.patient = self._patient()
        self.held = self._task(self._encounter(self.patient))
        self.held.with_user(self.ward_a).action_claim()
        self.other = self._task(self._encounter(self.patient))

    def test_nobody_claims_another_call_of_who_is_on_the_phone(self):
        """The error names the colleague, and until when he has the patient."""
        with self.assertRaisesRegex(UserError, f"{self.ward_a.name}.*12:30"):
            self.other.with_user(self.ward_a2).action_claim()
        self.assertFalse(self.other.claimed_by_id)

    def test_nobody_is_named_from_another_ward_but_the_caller(self):
        """A ward that treats the patient too is told who calls, and no more."""
        stay = self._encounter(self.patient, department_id=self.department_b.id)
        task = self._task(stay).with_user(self.ward_b)
        with self.assertRaisesRegex(UserError, self.ward_a.name):
            task.action_claim()

    def test_call_button_gives_no_number_meanwhile(self):
        contact = self.patient.contact_ids
        with self.assertRaisesRegex(UserError, self.ward_a.name):
            self.other.with_user(self.ward_a2).action_call(contact.id)
        self.assertFalse(
            self.env["followup.access.log"].search([("user_id", "=", self.ward_a2.id)])
        )

    def test_call_button_asks_again_when_the_own_claim_has_expired(self):
        """A colleague may have the patient by then."""
        with freeze_time(NOON + timedelta(minutes=31)):
            self.other.with_user(self.ward_a2).action_claim()
            with self.assertRaisesRegex(UserError, self.ward_a2.name):
                self.held.with_user(self.ward_a).action_call(
                    self.patient.contact_ids.id
                )

    def test_his_own_caller_takes_both(self):
        self.other.with_user(self.ward_a).action_claim()
        self.assertEqual(self.other.claimed_by_id, self.ward_a)

    def test_expired_claim_holds_nobody_up(self):
        with freeze_time(NOON + timedelta(minutes=31)):
            self.other.with_user(self.ward_a2).action_claim()
        self.assertEqual(self.other.claimed_by_id, self.ward_a2)

    def test_unreachable_patient_is_claimed_when_he_rings_back(self):
        """The lock is also for a task that no longer waits for its turn."""
        self.held.with_user(self.ward_a).action_release()
        self.other._guarded().write({"state": "unreachable"})
        self.other.with_user(self.ward_a2).action_claim()
        self.assertEqual(self.other.claimed_by_id, self.ward_a2)

    def test_head_takes_over_with_a_reason_and_the_log_says_so(self):
        head = self.other.with_user(self.head_a)
        self.assertTrue(head.can_take_over)
        self.assertFalse(self.other.with_user(self.ward_a2).can_take_over)
        dialog = self.env["followup.task.takeover"].with_user(self.head_a)
        dialog = dialog.create({"task_id": self.other.id, "reason": "urgent"})
        self.assertEqual(dialog.holder_id, self.ward_a)
        dialog.action_confirm()
        self.assertEqual(self.other.claimed_by_id, self.head_a)
        self.assertEqual(self.held.claimed_by_id, self.ward_a)
        log = self.env["followup.access.log"].search([], limit=1)
        self.assertEqual((log.action, log.reason), ("takeover", "urgent"))

    def test_caller_does_not_take_over_by_himself(self):
        with self.assertRaises(UserError):
            self.other.with_user(self.ward_a2).action_take_over("faster")
        self.assertFalse(self.other.claimed_by_id)

    def test_closed_call_is_not_taken_over(self):
        self.other.action_refuse("no")
        self.assertFalse(self.other.with_user(self.head_a).can_take_over)
