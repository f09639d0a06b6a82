# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Telling the doctor that an important patient cannot be reached (P-12)."""

from odoo import api, fields, models


class FollowupConcern(models.Model):
    _inherit = "followup.concern"

    kind = fields.Selection(
        selection_add=[("unreachable", "Not Reachable")],
        ondelete={"unreachable": "cascade"},
    )

    @api.model
    def _report_unreachable(self, task):
        """Put it before doctor and head; the words stay neutral (D-7)."""
        # sudo: the engine reports, whoever made the last call
        concern = (
            self.sudo()
            ._plain()
            ._guarded()
            .create(
                {
                    "kind": "unreachable",
                    "concern_type": "other",
                    "text": self.env._("Nobody answered until the latest date."),
                    "task_id": task.id,
                    "patient_id": task.patient_id.id,
                    "company_id": task.company_id.id,
                }
            )
        )
        concern = concern._unguarded()
        concern._alert()
        return concern

    def _alert_words(self):
        words = super()._alert_words()
        if self.kind == "unreachable":
            words["summary"] = self.env._("Could not be reached: please decide")
        return words
