# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Final scores are sealed with their marks (I-5, V-8)."""

from odoo import api, fields, models
from odoo.fields import Domain


class FollowupCallScore(models.Model):
    _name = "followup.call.score"
    _inherit = ["followup.call.score", "followup.sealed.mixin"]

    _seal_fields = (
        "task_id",
        "sample_line_id",
        "company_id",
        "department_id",
        "caller_id",
        "scored_by_id",
        "scored_at",
        "state",
        "total",
        "complete_score",
        "timely_score",
        "accurate_score",
        "manner_score",
    )
    _seal_texts = ("note",)

    # what is sealed is never emptied by a deletion elsewhere
    department_id = fields.Many2one(ondelete="restrict")
    caller_id = fields.Many2one(ondelete="restrict")

    def write(self, vals):
        if vals.get("state") != "done":
            return super().write(vals)
        for record in self:
            super(FollowupCallScore, record).write(
                {**vals, **record._prepare_seal(vals)}
            )
        return True

    def _read_seal(self, vals=None):
        plain, texts = super()._read_seal(vals)
        lines = self.line_ids.sorted("id")
        plain["lines"] = [[line.criterion_id.id, line.mark or None] for line in lines]
        notes = [line.note or None for line in lines]
        texts["lines"] = notes if any(notes) else []
        return plain, texts

    @api.model
    def _get_complete_domain(self):
        return Domain("state", "=", "done")
