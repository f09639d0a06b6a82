# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .appointment_common import AppointmentCase


@tagged("post_install", "-at_install", "patient_followup_http")
class TestFollowupAppointmentTour(AppointmentCase, HttpCase):
    """Booking in a real browser: from the board and from a call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.later = cls._slot(
            starts_at=cls.slot.starts_at + timedelta(hours=1), place="Room 14"
        )

    def test_booking_from_the_board(self):
        row = self._ask(wish_from=fields.Date.today())
        row.wish = "Mornings"
        url = "/odoo/followup-appointments"
        self.start_tour(url, "followup_appointment_board", login="ward_a")
        self.assertEqual((row.state, row.slot_id), ("confirmed", self.later))

    def test_booking_from_a_call(self):
        """P-8: the outcome is recorded with it."""
        policy = self.env["followup.attempt.policy"].create(
            {"name": "Any time", "quiet_from": 0, "quiet_to": 0}
        )
        task = self._task(
            self._encounter(self._patient(phone="13800000001")),
            attempt_policy_id=policy.id,
            date_due=fields.Datetime.now() + timedelta(hours=1),
        )
        url = "/odoo/follow-up-calls"
        self.start_tour(url, "followup_appointment_call", login="ward_a")
        self.assertEqual(task.call_outcome, "recheck")
        self.assertEqual(task.appointment_ids.slot_id, self.slot)
        self.assertEqual(task.state, "done")
