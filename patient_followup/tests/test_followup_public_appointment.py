# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Appointments on the patient's page: asked for, confirmed, declined (B-1)."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .public_common import FollowupPublicCase


@tagged("post_install", "-at_install", "patient_followup_http")
class TestFollowupPublicAppointment(FollowupPublicCase):
    def _appointment(self):
        return self.env["followup.appointment"].search(
            [("patient_id", "=", self.patient.id)]
        )

    def _offered(self, kind="clinic"):
        """Return an appointment of the patient that was offered to him."""
        row = self.env["followup.appointment"]._request(
            self.patient, kind, "In the morning", task=self.task
        )
        start = fields.Datetime.now() + timedelta(days=3)
        slot = self.env["followup.slot"].create(
            {
                "company_id": self.company.id,
                "department_id": self.department_a.id,
                "kind": kind,
                "starts_at": start,
                "ends_at": start + timedelta(minutes=30),
                "capacity": 1,
            }
        )
        row.action_offer(slot)
        return row

    def test_a_request_reaches_the_hospital_once(self):
        self._open()
        for _time in range(2):
            page = self._post("request", {"kind": "clinic", "wish": "Next week"})
        self.assertIn("Your request has reached the hospital", page.text)
        self.assertRecordValues(
            self._appointment(),
            [
                {
                    "kind": "clinic",
                    "wish": "Next week",
                    "origin": "patient",
                    "state": "requested",
                    "task_id": self.task.id,
                }
            ],
        )

    def test_an_unknown_kind_is_refused_in_words(self):
        self._open()
        answer = self._post("request", {"kind": "surgery", "wish": "x"})
        self.assertEqual(answer.status_code, 422)
        self.assertFalse(self._appointment())

    def test_an_offer_is_confirmed(self):
        row = self._offered()
        page = self._open(self._issue(row))
        self.assertIn("Yes, I am coming", page.text)
        self.assertNotIn("Fracture", page.text)
        self._post("appointment", {"answer": "confirm"})
        self.env.invalidate_all()
        self.assertEqual(row.state, "confirmed")

    def test_an_offer_is_declined_with_a_wish(self):
        row = self._offered()
        self._open(self._issue(row))
        self._post("appointment", {"answer": "decline", "wish": "Only on Fridays"})
        self.env.invalidate_all()
        self.assertEqual(row.state, "requested")
        self.assertIn("Only on Fridays", row.wish)

    def test_calling_it_off_leaves_a_last_word(self):
        row = self._offered()
        self._open(self._issue(row))
        self._post("appointment", {"answer": "decline"})
        page = self._post("appointment", {"answer": "decline"})
        self.env.invalidate_all()
        if row.state == "cancelled":
            self.assertIn("called off", page.text)

    def test_the_link_of_an_appointment_opens_no_follow_up(self):
        row = self._offered()
        self._open(self._issue(row))
        for route in ("save", "finish", "hours", "withdraw", "request"):
            with self.subTest(route):
                self.assertEqual(self._post(route, {"text": "x"}).status_code, 404)
        self.task.invalidate_recordset()
        self.assertFalse(self.task.user_input_id)

    def test_a_visit_at_home_is_confirmed_with_a_tick(self):
        """M-4: the page asks for the consent that is not on record."""
        row = self._offered("home")
        page = self._open(self._issue(row))
        self.assertIn('name="consent"', page.text)
        answer = self._post("appointment", {"answer": "confirm"})
        self.assertEqual(answer.status_code, 422)
        self.env.invalidate_all()
        self.assertEqual(row.state, "offered")
        self._post("appointment", {"answer": "confirm", "consent": "yes"})
        self.env.invalidate_all()
        self.assertEqual(row.state, "confirmed")
        self.assertTrue(self.patient._has_consent("home_visit"))
