# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class FollowupAppointmentSlip(models.AbstractModel):
    """What a patient takes along who has an appointment (B-4).

    It says what his own page says: a sensitive department is not named.
    Access: whoever reads the appointment.
    """

    _name = "report.patient_followup.followup_appointment_slip"
    _description = "Appointment Slip"
    _inherit = ["followup.document"]

    _document_model = "followup.appointment"

    @api.model
    def _prepare_document(self, docs, words):
        return {
            "sheets": [self._slip_words(row, words) for row in docs],
            "printed_by": False,
        }

    @api.model
    def _slip_words(self, row, words):
        # sudo: the ward of an appointment that may be read
        ward = row.sudo().department_id
        sheet = self._handout_words(row, self.env["followup.task"], ward, words)
        return {**sheet, "number": row.name, **row._get_public_words()}
