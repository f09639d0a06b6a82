# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Verdicts are sealed once they are final (I-5, V-6).

Most become final by time alone, so the cron of the seals does it.
"""

from odoo import api, fields, models


class FollowupSampleLine(models.Model):
    _name = "followup.sample.line"
    _inherit = ["followup.sample.line", "followup.sealed.mixin"]

    _seal_fields = (
        "sample_id",
        "company_id",
        "subject",
        "stratum_key",
        "rank",
        "is_reserve",
        "department_id",
        "encounter_id",
        "task_id",
        "performer_id",
        "is_recorded",
        "verifier_id",
        "state",
        "verdict",
        "verdict_by_id",
        "verdict_at",
        "final_at",
        "first_verdict",
        "appealed_by_id",
        "appealed_at",
        "decided_by_id",
        "decided_at",
        "replaces_id",
    )
    _seal_texts = ("verdict_note", "verdict_log", "appeal_text", "decision_note")

    # what is sealed is never emptied by a deletion elsewhere
    department_id = fields.Many2one(ondelete="restrict")
    encounter_id = fields.Many2one(ondelete="restrict")
    task_id = fields.Many2one(ondelete="restrict")
    replaces_id = fields.Many2one(ondelete="restrict")

    @api.model
    def _get_complete_domain(self):
        return self._final_domain()
