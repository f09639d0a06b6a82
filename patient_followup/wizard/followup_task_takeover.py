# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupTaskTakeover(models.TransientModel):
    """Take a call out of somebody's hands, with a reason that is logged (I-4).

    Rights are those of `action_take_over`: heads and centre managers.
    """

    _name = "followup.task.takeover"
    _description = "Take Over a Call"

    task_id = fields.Many2one("followup.task", required=True, ondelete="cascade")
    holder_id = fields.Many2one(related="task_id.claimed_by_id", string="On the Call")
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.task_id.action_take_over(self.reason)
        return {"type": "ir.actions.act_window_close"}
