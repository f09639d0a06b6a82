# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models


class FollowupTaskSnooze(models.TransientModel):
    """Put a call off for a while; rights are those of `action_snooze`."""

    _name = "followup.task.snooze"
    _description = "Put Off a Call"

    task_id = fields.Many2one("followup.task", required=True, ondelete="cascade")
    date_deadline = fields.Datetime(related="task_id.date_deadline")
    until = fields.Datetime(
        required=True,
        default=lambda self: fields.Datetime.now() + timedelta(hours=1),
    )

    def action_confirm(self):
        self.ensure_one()
        self.task_id.action_snooze(self.until)
        return {"type": "ir.actions.act_window_close"}
