# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupPatientResume(models.TransientModel):
    """Ask why a patient may be contacted again."""

    _name = "followup.patient.resume"
    _description = "Allow Contact Again"

    patient_id = fields.Many2one(
        "followup.patient",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    reason = fields.Char(required=True)

    def action_resume(self):
        self.ensure_one()
        return self.patient_id.action_resume(self.reason)
