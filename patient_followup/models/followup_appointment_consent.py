# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Nobody is promised a visit at home who has not agreed to visits (M-4)."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class FollowupAppointment(models.Model):
    _inherit = "followup.appointment"

    needs_consent = fields.Boolean(
        string="Consent Missing",
        compute="_compute_needs_consent",
        help="A visit at home, and no consent to home visits is on record.",
    )

    @api.depends("kind", "patient_id", "state")
    def _compute_needs_consent(self):
        for row in self:
            # sudo: consent is asked for by whoever books
            patient = row.patient_id.sudo()
            row.needs_consent = (
                row.kind == "home"
                and patient
                and not patient._has_consent("home_visit")
            )

    def action_ask_consent(self):
        """Open the consents of the patient, with one to home visits begun."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Consent to Home Visits"),
            "res_model": "followup.consent",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_patient_id": self.patient_id.id,
                "default_scope": "home_visit",
            },
        }

    def _check_visit_consent(self):
        """Refuse to confirm a visit at home without consent on record."""
        if any(row.needs_consent for row in self):
            raise UserError(
                self.env._(
                    "The patient has not agreed to home visits: ask him and"
                    " record his consent first."
                )
            )

    def _confirm(self):
        self._check_visit_consent()
        return super()._confirm()

    def action_book(self, slot):
        self._check_visit_consent()
        return super().action_book(slot)

    # ------------------------------------------------------------
    # PATIENT'S PAGE
    # ------------------------------------------------------------

    def _patient_confirm(self, consent=False):
        """The patient agrees to be visited with the tick on his page."""
        self.ensure_one()
        if self.needs_consent and self._can_patient_confirm():
            if not consent:
                raise UserError(
                    self.env._("Please tick that you agree to a visit at home.")
                )
            self._record_page_consent()
        return super()._patient_confirm()

    def _record_page_consent(self):
        today = self.env["followup.clock"]._today(self.company_id)
        # sudo: what the patient himself says, after his token was checked
        self.env["followup.consent"].sudo().create(
            {
                "patient_id": self.patient_id.id,
                "scope": "home_visit",
                "date": today,
                "evidence": self.env._("Given on the patient's own page"),
            }
        )
        self.invalidate_recordset(["needs_consent"])
