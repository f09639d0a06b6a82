# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ComplaintDecision(models.TransientModel):
    """The words of a decision: questions, or why it is rejected.

    Rights are those of the approval: its methods check them.
    """

    _name = "complaint.decision"
    _description = "Decide an Approval"
    _inherit = ["complaint.dialog.mixin"]

    approval_id = fields.Many2one(
        "complaint.approval", required=True, ondelete="cascade"
    )
    decision = fields.Selection(
        [
            ("approved", "Approve"),
            ("returned", "Return with Questions"),
            ("rejected", "Reject"),
        ],
        required=True,
        default="returned",
    )
    reason = fields.Text(string="Comment")

    def action_confirm(self):
        """Take the decision."""
        self.ensure_one()
        approval = self.approval_id
        decide = {
            "approved": approval.action_approve,
            "returned": approval.action_return,
            "rejected": approval.action_reject,
        }
        decide[self.decision](self.reason)
        return self._close()
