# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupPolicyDecide(models.TransientModel):
    """The words of an objection or a decision about the rules (C-26).

    Access: heads object, leaders decide; the version checks who may.
    """

    _name = "followup.policy.decide"
    _description = "Words about a Policy Version"

    version_id = fields.Many2one(
        "followup.policy.version", required=True, ondelete="cascade"
    )
    step = fields.Selection(
        [
            ("object", "Object"),
            ("approve", "Put in Force"),
            ("return", "Return"),
        ],
        required=True,
    )
    reason = fields.Text()

    def action_confirm(self):
        """Do what was chosen."""
        self.ensure_one()
        if self.step == "object":
            self.version_id._answer("object", self.reason)
        elif self.step == "approve":
            self.version_id._approve(self.reason)
        else:
            self.version_id._return(self.reason)
        return {"type": "ir.actions.act_window_close"}
