# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Death and withdrawal call off appointments and home visits (I-12, D-20)."""

from odoo import fields, models

from .followup_appointment import OPEN_STATES


class FollowupPatient(models.Model):
    _inherit = "followup.patient"

    appointment_ids = fields.One2many(
        "followup.appointment", "patient_id", string="Appointments"
    )
    visit_ids = fields.One2many(
        "followup.home.visit", "patient_id", string="Home Visits"
    )
    has_visit_consent = fields.Boolean(
        string="Agreed to Home Visits", compute="_compute_has_visit_consent"
    )

    def _compute_has_visit_consent(self):
        for patient in self:
            patient.has_visit_consent = patient._has_consent("home_visit")

    def _stop_follow_up(self, reason=None):
        result = super()._stop_follow_up(reason)
        for text, patients in self._by_stop_reason(reason).items():
            patients._call_off_bookings(text)
        return result

    def _stop_methods(self, scope, methods):
        result = super()._stop_methods(scope, methods)
        if scope == "home_visit":
            self._call_off_bookings(
                self.env._("The patient has withdrawn his consent."), kinds=("home",)
            )
        return result

    def _call_off_bookings(self, reason, kinds=None):
        """Call off what is open, without a word to the patient."""
        # sudo: bookings of every department fall, whoever heard of it
        visits = self.env["followup.home.visit"].sudo()
        open_visits = visits.search(
            [("patient_id", "in", self.ids), ("state", "=", "planned")]
        )
        open_visits._cancel_engine(reason)
        rows = self.env["followup.appointment"].sudo()
        domain = [("patient_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        if kinds:
            domain.append(("kind", "in", kinds))
        for row in rows.search(domain):
            row._cancel(reason)

    # ------------------------------------------------------------
    # TIMELINE
    # ------------------------------------------------------------

    def _get_timeline(self):
        return [
            *super()._get_timeline(),
            *self._get_booking_entries("appointment_ids", self.env._("Appointment")),
            *self._get_booking_entries("visit_ids", self.env._("Home visit")),
        ]

    def _get_booking_entries(self, name, title):
        rows = self._readable(name)
        states = dict(rows._fields["state"]._description_selection(self.env))
        return [
            self._entry(
                row.starts_at or row.create_date,
                "appointment",
                f"{title} {row.name}",
                states[row.state],
                row.department_id.name,
            )
            for row in rows
        ]
