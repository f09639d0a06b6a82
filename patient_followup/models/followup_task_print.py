# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class FollowupTask(models.Model):
    """Which papers of a call are worth a button (F-1, M-1)."""

    _inherit = "followup.task"

    has_questionnaire = fields.Boolean(compute="_compute_has_questionnaire")

    @api.depends("step_id", "user_input_id", "kind")
    def _compute_has_questionnaire(self):
        for task in self:
            task.has_questionnaire = bool(task._get_survey())
