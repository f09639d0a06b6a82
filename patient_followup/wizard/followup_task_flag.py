# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

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
    say_now = fields.Text(compute="_compute_say_now")
    hotline = fields.Char(string="Hotline of the Ward", compute="_compute_oncall")
    oncall_ids = fields.Many2many(
        "followup.oncall", string="On Call Now", compute="_compute_oncall"
    )

    @api.depends("concern_type", "task_id")
    def _compute_say_now(self):
        guides = self.env["followup.concern.guide"]
        for wizard in self:
            wizard.say_now = guides._say_now(
                wizard.task_id.company_id, wizard.concern_type
            )

    @api.depends("task_id")
    def _compute_oncall(self):
        duties = self.env["followup.oncall"]
        for wizard in self:
            task = wizard.task_id
            wizard.hotline = task.department_id.followup_team_ids[:1].hotline
            wizard.oncall_ids = duties._on_duty(task.company_id, task.department_id)

    def action_confirm(self):
        """Tell doctor and head at once, then show whom to ring."""
        self.ensure_one()
        concern = self.task_id.action_red_flag(self.text, self.concern_type)
        return concern.action_open_handover()
