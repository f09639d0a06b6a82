# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupPatientErase(models.TransientModel):
    """Ask why a patient is to be forgotten; a second person then approves it."""

    _name = "followup.patient.erase"
    _description = "Ask for Anonymisation"

    patient_id = fields.Many2one(
        "followup.patient",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    reason = fields.Char(required=True)

    def action_propose(self):
        self.ensure_one()
        runs = self.env["followup.retention.run"]
        return runs._propose_request(self.patient_id, self.reason)._get_action()
