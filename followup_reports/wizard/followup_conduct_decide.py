# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupConductDecide(models.TransientModel):
    """The words of a decision about praise or a sanction (W-5).

    Access: leaders.
    """

    _name = "followup.conduct.decide"
    _description = "Decision about Praise or a Sanction"

    conduct_id = fields.Many2one("followup.conduct", required=True, ondelete="cascade")
    step = fields.Selection(
        [("approve", "Approve"), ("reject", "Reject")],
        string="Decision",
        required=True,
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Do what was chosen; the record checks who may."""
        self.ensure_one()
        if self.step == "approve":
            self.conduct_id.action_decide(self.reason)
        else:
            self.conduct_id.action_reject(self.reason)
        return {"type": "ir.actions.act_window_close"}
