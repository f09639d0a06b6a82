# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ComplaintPublicationReason(models.TransientModel):
    """Why a text goes back, or is not to be published.

    Rights are those of the publication: its methods check them.
    """

    _name = "complaint.publication.reason"
    _description = "Reason of a Publication"
    _inherit = ["complaint.dialog.mixin"]

    publication_id = fields.Many2one(
        "complaint.publication", required=True, ondelete="cascade"
    )
    step = fields.Selection(
        [("return", "Send Back"), ("withdraw", "Do Not Publish")], required=True
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Take the step with its reason."""
        self.ensure_one()
        steps = {
            "return": self.publication_id.action_return,
            "withdraw": self.publication_id.action_withdraw,
        }
        steps[self.step](self.reason)
        return self._close()
