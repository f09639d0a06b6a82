# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from .followup_plan import OPEN_PLAN_STATES


class FollowupPlan(models.Model):
    """Moving, withdrawing and reviving the tasks of plans."""

    _inherit = "followup.plan"

    def _on_encounter_changed(self):
        """Bring plans in line with their stays, whatever changed of them."""
        # sudo: who may change the stay moves its tasks, whoever is to call
        plans = self.sudo()
        plans.encounter_id._sync_withdrawal()
        plans._realign()

    def _realign(self):
        """Move the open tasks to where the stays say now; done ones stay."""
        plans = self.filtered(lambda plan: plan.state in OPEN_PLAN_STATES)
        tasks = plans._get_open_tasks().filtered(lambda task: not task.moved_by_hand)
        moves, lost = tasks._get_moves()
        if lost:
            lost._withdraw(self.env._("The date it counts from was removed."))
        if moves:
            self.env["followup.task"]._move_engine(moves)
        plans._revive_tasks()
        for company, some in plans.grouped("company_id").items():
            some._generate_tasks(backfill=company.followup_backfill_days)

    def _revive(self):
        """Bring back plans that were withdrawn with the discharge."""
        plans = self._guarded()
        plans.write(
            {
                "state": "active",
                "withdrawn": False,
                "closing_reason": False,
                "closed_at": False,
            }
        )
        plans._unguarded()._realign()

    def _revive_tasks(self):
        """Reopen the tasks withdrawn with a date that is known again."""
        tasks = self.env["followup.task"].search(
            [("plan_id", "in", self.ids), ("withdrawn", "=", True)]
        )
        moves, lost = tasks._get_moves(all_slots=True)
        (tasks - lost)._reopen_withdrawn(moves)

    def _sync_doctors(self, roles):
        """Hand open tasks to the new doctor unless somebody else was chosen."""
        plans = self.filtered(lambda plan: plan.state in OPEN_PLAN_STATES)
        tasks = plans._get_open_tasks().filtered(
            lambda task: (
                task.responsible in roles
                and task.user_id in (task.plan_id.responsible_id, task.browse().user_id)
                and not task.claimed_by_id
            )
        )
        items = [
            (task.id, task.responsible, task.encounter_id, task.browse().user_id)
            for task in tasks
        ]
        users = self.env["followup.team"]._resolve_responsibles(items) if items else {}
        for task in tasks:
            task._guarded().write({"user_id": users[task.id]})
        for plan, some in tasks.grouped("plan_id").items():
            plan.responsible_id = some[:1].user_id
