# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Calls are sealed when they are recorded (I-5, R-4)."""

from odoo import api, fields, models
from odoo.fields import Domain


class FollowupAttempt(models.Model):
    _name = "followup.attempt"
    _inherit = ["followup.attempt", "followup.sealed.mixin"]

    _seal_fields = (
        "task_id",
        "company_id",
        "department_id",
        "level",
        "direction",
        "method",
        "started_at",
        "ended_at",
        "duration",
        "result",
        "callback_at",
        "user_id",
        "entered_at",
        "is_late_entry",
    )
    _seal_texts = ("note",)

    @api.model_create_multi
    def create(self, vals_list):
        now = fields.Datetime.now()
        sealed = []
        for vals in vals_list:
            row = {"entered_at": now, **vals}
            sealed.append({**row, **self._prepare_seal(row)})
        return super().create(sealed)

    @api.model
    def _get_complete_domain(self):
        return Domain.TRUE
