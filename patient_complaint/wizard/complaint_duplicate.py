# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ComplaintDuplicate(models.TransientModel):
    """Asks which earlier case is the same matter.

    Access: specialists of the complaint office.
    """

    _name = "complaint.duplicate"
    _description = "Same Matter"

    case_id = fields.Many2one("complaint.case", required=True, readonly=True)
    # as the user sees them: he may be in conflict with one of them
    similar_ids = fields.Many2many(related="case_id.similar_ids", related_sudo=False)
    first_id = fields.Many2one(
        "complaint.case",
        string="Same Matter as",
        required=True,
        domain="[('id', '!=', case_id), ('state', 'not in', ('closed', 'withdrawn',"
        " 'not_accepted'))]",
    )

    def action_confirm(self):
        """Link the two; rights are checked by the case itself."""
        self.ensure_one()
        self.case_id.action_link_duplicate(self.first_id.id)
