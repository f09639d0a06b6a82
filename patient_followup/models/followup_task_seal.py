# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Closed calls are sealed in the transaction that closes them (I-5, R-4)."""

from odoo import api, models
from odoo.fields import Domain

from .followup_sealed_mixin import ERASER, ERASER_KEY
from .followup_task import CLOSED_STATES

# written in the same statement by the buttons; what the engine cancels in bulk is
# sealed by the cron soon after
SEALED_AT_ONCE = ("done", "refused")


class FollowupTask(models.Model):
    _name = "followup.task"
    _inherit = ["followup.task", "followup.sealed.mixin"]

    _seal_fields = (
        "company_id",
        "plan_id",
        "step_id",
        "occurrence",
        "kind",
        "level",
        "method",
        "encounter_id",
        "department_id",
        "date_earliest",
        "date_due",
        "date_deadline",
        "state",
        "reason_id",
        "reached_at",
        "attempt_count",
        "completed_at",
        "completed_day",
        "completed_by_id",
        "closed_at",
        "closed_by_id",
        "proxy",
        "next_visit_date",
        "call_outcome",
        "identity_checked_at",
        "identity_items",
        "identity_speaker",
        "reopened_from_id",
    )
    _seal_texts = ("outcome_note", "advice_note", "closing_reason")

    def write(self, vals):
        if vals.get("state") not in SEALED_AT_ONCE:
            return super().write(vals)
        for task in self:
            super(FollowupTask, task).write({**vals, **task._prepare_seal(vals)})
        return True

    def _check_frozen(self, vals):
        if self.env.context.get(ERASER_KEY) is ERASER:
            return None
        return super()._check_frozen(vals)

    def _check_sealed(self, vals):
        # open calls have no seal: no look at it, which would cost a query
        closed = self.filtered(lambda task: task.state in CLOSED_STATES)
        return super(FollowupTask, closed)._check_sealed(vals)

    @api.model
    def _get_complete_domain(self):
        return Domain("state", "in", CLOSED_STATES)
