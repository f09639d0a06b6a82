# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupConcernForward(models.TransientModel):
    """Hand a question on; the clock and the promise stay (X-1).

    Rights are those of the concern: `action_forward` checks them.
    """

    _name = "followup.concern.forward"
    _description = "Forward a Question"
    _inherit = ["followup.specialist.mixin"]

    concern_id = fields.Many2one("followup.concern", required=True, ondelete="cascade")
    department_id = fields.Many2one("hr.department", required=True, ondelete="cascade")
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.concern_id.action_forward(
            self.reason,
            department_id=self.department_id.id,
            specialist_id=self.specialist_id.id,
        )
        return {"type": "ir.actions.act_window_close"}
