# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from ..tools.guard import is_open
from .followup_plan import OPEN_PLAN_STATES
from .followup_task import OPEN_STATES

SETTLED_CONCERNS = ("told", "closed")


class FollowupPatient(models.Model):
    """Archiving hides a patient, so nothing may be left to do for him (I-7)."""

    _inherit = "followup.patient"

    def write(self, vals):
        if "active" in vals and not is_open(self.env):
            changed = self.filtered(lambda p: p.active != bool(vals["active"]))
            if vals["active"]:
                changed._check_not_merged()
            else:
                changed._check_no_open_work()
        return super().write(vals)

    def _check_not_merged(self):
        if self.filtered("merged_into_id"):
            raise UserError(
                self.env._("This record was merged: use the one that was kept.")
            )

    def _check_no_open_work(self):
        """Refuse where calls, plans or concerns wait, of whichever ward."""
        calls = self._count_open("followup.task", "in", OPEN_STATES)
        plans = self._count_open("followup.plan", "in", OPEN_PLAN_STATES)
        concerns = self._count_open("followup.concern", "not in", SETTLED_CONCERNS)
        if calls or plans or concerns:
            raise UserError(
                self.env._(
                    "There is work to do for this patient: %(calls)s open calls,"
                    " %(plans)s open plans, %(concerns)s open concerns. Finish or"
                    " cancel it before you archive the record.",
                    calls=calls,
                    plans=plans,
                    concerns=concerns,
                )
            )

    def _count_open(self, model, operator, states):
        # sudo: work of a ward the user does not see counts as well; a number leaves
        return (
            self.env[model]
            .sudo()
            .search_count([("patient_id", "in", self.ids), ("state", operator, states)])
        )
