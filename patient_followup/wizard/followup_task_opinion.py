# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupTaskOpinion(models.TransientModel):
    """Write down what the patient thinks of the hospital (O-1, O-2, W-6).

    Rights are those of the task: `action_opinion` checks them.
    """

    _name = "followup.task.opinion"
    _description = "Opinion, Suggestion or Praise"
    _inherit = ["followup.heard.mixin"]

    kind = fields.Selection(
        [
            ("opinion", "Opinion"),
            ("suggestion", "Suggestion"),
            ("praise", "Praise"),
        ],
        default="opinion",
        required=True,
    )
    text = fields.Text(string="In the patient's words", required=True)
    department_id = fields.Many2one(string="It Is About")
    wants_reply = fields.Boolean(string="Wants an Answer", default=True)

    def action_confirm(self):
        self.ensure_one()
        concern = self.task_id.action_opinion(
            self.kind,
            self.text,
            department_id=self.department_id.id,
            wants_reply=self.wants_reply,
        )
        return concern._action_notify_raised()
