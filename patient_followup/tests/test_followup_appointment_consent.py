# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A visit at home is confirmed with consent only, in the patient's own hospital."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .appointment_common import AppointmentCase


@tagged("post_install", "-at_install")
class TestAppointmentConsent(AppointmentCase):
    def setUp(self):
        super().setUp()
        self.patient = self._encounter().patient_id
        self.home = self._ask(self.patient, kind="home").with_user(self.ward_a)
        self.time = self._slot(kind="home")

    def _agree(self, granted=True):
        self.env["followup.consent"].create(
            {
                "patient_id": self.patient.id,
                "scope": "home_visit",
                "granted": granted,
            }
        )

    def test_no_confirmation_without_consent_on_record(self):
        """M-4: neither in a call nor on an offer."""
        self.assertTrue(self.home.needs_consent)
        with self.assertRaises(UserError):
            self.home.action_book(self.time)
        self.home.action_offer(self.time)
        with self.assertRaises(UserError):
            self.home.action_confirm()
        self.assertEqual(self.home.state, "offered")
        action = self.home.action_ask_consent()
        self.assertEqual(action["context"]["default_scope"], "home_visit")
        self._agree()
        self.home.invalidate_recordset()
        self.home.action_confirm()
        self.assertEqual(self.home.state, "confirmed")

    def test_withdrawn_consent_is_none(self):
        self._agree(granted=False)
        again = self._ask(self.patient, kind="home")
        self.assertTrue(again.needs_consent)

    def test_other_kinds_need_none(self):
        row = self._ask(self.patient)
        self.assertFalse(row.needs_consent)
        row.action_book(self.slot)
        self.assertEqual(row.state, "confirmed")

    def test_the_patient_agrees_on_his_page(self):
        """M-4: with a tick of his own, which stands on record."""
        self.home.action_offer(self.time)
        row = self.home.sudo()
        with self.assertRaises(UserError):
            row._patient_confirm()
        row._patient_confirm(consent=True)
        self.assertEqual(row.state, "confirmed")
        consent = self.patient._get_consent("home_visit")
        self.assertTrue(consent.granted and consent.evidence)

    def test_a_request_belongs_to_the_hospital_of_the_patient(self):
        """Whatever hospital is open on the screen (D-17)."""
        other = self._company("Other Hospital")
        patient = self._patient(company_id=other.id)
        self.assertNotEqual(self.env.company, other)
        row = self.env["followup.appointment"]._request(patient, "clinic", "soon")
        self.assertEqual(row.company_id, other)
        plain = self.env["followup.appointment"].create({"patient_id": patient.id})
        self.assertEqual(plain.company_id, other)
        self.assertTrue(plain.name)
