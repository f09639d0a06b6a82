# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ComplaintReason(models.TransientModel):
    """The reason of a step that needs one: withdrawn, not accepted, reopened.

    Rights are those of the case: its methods check them.
    """

    _name = "complaint.reason"
    _description = "Reason of a Step"

    case_id = fields.Many2one("complaint.case", required=True, ondelete="cascade")
    step = fields.Selection(
        [
            ("withdraw", "Withdrawn by the Complainant"),
            ("not_accept", "Not Accepted"),
            ("reopen", "Reopen"),
        ],
        required=True,
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Take the step with its reason."""
        self.ensure_one()
        steps = {
            "withdraw": self.case_id.action_withdraw,
            "not_accept": self.case_id.action_not_accept,
            "reopen": self.case_id.action_reopen,
        }
        steps[self.step](self.reason)
        return {"type": "ir.actions.act_window_close"}
