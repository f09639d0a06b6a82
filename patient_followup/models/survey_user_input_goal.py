# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SurveyUserInput(models.Model):
    """Finished answers decide on the goals of their patient (G-4)."""

    _inherit = "survey.user_input"

    def _followup_close(self, pointless, missing, at=None):
        result = super()._followup_close(pointless, missing, at)
        # sudo: the answers decide, whoever asked for them
        goals = self.env["followup.goal"].sudo()
        goals.search(
            [
                ("patient_id", "=", self.followup_patient_id.id),
                ("metric", "!=", False),
                ("state", "in", ("active", "achieved")),
            ]
        )._evaluate()
        return result
