# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class FollowupTaskTakeover(models.TransientModel):
    """Take a call out of somebody's hands, with a reason that is logged (I-4).

    Rights are those of `action_take_over`: heads and centre managers.
    """

    _name = "followup.task.takeover"
    _description = "Take Over a Call"

    task_id = fields.Many2one("followup.task", required=True, ondelete="cascade")
    holder_id = fields.Many2one(
        "res.users", compute="_compute_holder_id", string="On the Call"
    )
    reason = fields.Char(required=True)

    @api.depends("task_id")
    def _compute_holder_id(self):
        for wizard in self:
            task = wizard.task_id
            wizard.holder_id = task and (
                task._get_holder() or task._get_patient_holder()
            )

    def action_confirm(self):
        self.ensure_one()
        self.task_id.action_take_over(self.reason)
        return {"type": "ir.actions.act_window_close"}
