# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..tools.choices import choices_of


class FollowupTaskFlag(models.TransientModel):
    """Raise a red flag before the call is finished (X-2)."""

    _name = "followup.task.flag"
    _description = "Red Flag"

    task_id = fields.Many2one("followup.task", required=True, ondelete="cascade")
    concern_type = fields.Selection(
        selection=choices_of("followup.concern", "concern_type"),
        string="What It Is About",
        default="condition",
        required=True,
    )
    text = fields.Text(string="What the patient says", required=True)

    def action_confirm(self):
        self.ensure_one()
        self.task_id.action_red_flag(self.text, self.concern_type)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The doctor and the head of department know."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
