# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A dissatisfied answer of a call becomes a rectification (S-5)."""

from odoo import models


class SurveyUserInputLine(models.Model):
    _inherit = "survey.user_input.line"

    def action_complaint_rectify(self):
        """Open the form of a rectification that answers this survey result."""
        self.ensure_one()
        self.check_access("read")
        self.followup_task_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rectification"),
            "res_model": "complaint.action",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_task_id": self.followup_task_id.id,
                "default_department_id": self.followup_department_id.id,
                "default_kind": "improvement",
            },
        }
