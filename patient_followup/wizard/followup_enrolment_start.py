# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError


class FollowupEnrolmentStart(models.TransientModel):
    """Enrol one patient or a whole list in a programme (G-4)."""

    _name = "followup.enrolment.start"
    _description = "Enrol in Programme"

    patient_ids = fields.Many2many(
        "followup.patient",
        string="Patients",
        default=lambda self: self._default_patient_ids(),
    )
    patient_count = fields.Integer(compute="_compute_patient_count")
    programme_id = fields.Many2one("followup.programme", required=True)
    description = fields.Text(related="programme_id.description")
    enrolled_on = fields.Date(
        required=True,
        default=lambda self: self.env["followup.enrolment"]._default_enrolled_on(),
    )
    department_id = fields.Many2one(
        "hr.department",
        help="Empty: the one that treated each patient.",
    )
    doctor_id = fields.Many2one("res.users", string="Responsible Doctor")
    nurse_id = fields.Many2one(
        "res.users", string="Responsible Nurse", help="Gets the calls of the programme."
    )
    consent_given = fields.Boolean(string="Patient Agreed")
    consent_note = fields.Char(string="Where It Is Noted")

    def _default_patient_ids(self):
        if self.env.context.get("active_model") == "followup.patient":
            return self.env.context.get("active_ids") or []
        return []

    def _compute_patient_count(self):
        for wizard in self:
            wizard.patient_count = len(wizard.patient_ids)

    def action_confirm(self):
        """Enrol whoever may be enrolled, and say who was left out."""
        self.ensure_one()
        if not self.consent_given:
            raise UserError(
                self.env._("Ask first: a programme needs the patient's agreement.")
            )
        if not self.patient_ids:
            raise UserError(self.env._("Choose the patients to enrol."))
        enrolments, left_out = self.programme_id._enrol(
            self.patient_ids, self._prepare_vals()
        )
        return self._tell(enrolments, left_out)

    def _prepare_vals(self):
        return {
            "enrolled_on": self.enrolled_on,
            "department_id": self.department_id.id,
            "doctor_id": self.doctor_id.id,
            "nurse_id": self.nurse_id.id,
            "consent_given": self.consent_given,
            "consent_note": self.consent_note,
        }

    def _tell(self, enrolments, left_out):
        message = self.env._(
            "%(new)s enrolled, %(left)s left out (enrolled already, or not to be"
            " contacted).",
            new=len(enrolments),
            left=len(left_out),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if enrolments else "warning",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
