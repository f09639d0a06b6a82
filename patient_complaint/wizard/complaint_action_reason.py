# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ComplaintActionReason(models.TransientModel):
    """The reason of a step of a rectification or campaign that needs one.

    Rights are those of the rectification or campaign: their methods check them.
    """

    _name = "complaint.action.reason"
    _description = "Reason of a Decision"
    _inherit = ["complaint.dialog.mixin"]

    action_id = fields.Many2one("complaint.action", ondelete="cascade")
    campaign_id = fields.Many2one("complaint.campaign", ondelete="cascade")
    step = fields.Selection(
        [
            ("return", "Not Effective"),
            ("cancel", "Cancel"),
            ("dismiss", "No Campaign"),
        ],
        required=True,
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Take the step with its reason."""
        self.ensure_one()
        steps = {
            "return": self.action_id.action_return,
            "cancel": self.action_id.action_cancel,
            "dismiss": self.campaign_id.action_dismiss,
        }
        steps[self.step](self.reason)
        return self._close()
