# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupAttempt(models.Model):
    _inherit = "followup.attempt"

    patient_name_masked = fields.Char(
        related="patient_id.name_masked", string="Masked Patient Name"
    )
