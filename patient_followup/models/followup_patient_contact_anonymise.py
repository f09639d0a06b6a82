# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class FollowupPatientContact(models.Model):
    """Nothing is written about a patient who was anonymised."""

    _inherit = "followup.patient.contact"

    @api.constrains("patient_id", "name", "phone_masked", "note")
    def _check_not_anonymised(self):
        self.patient_id._check_not_anonymised()
