# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from itertools import cycle

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.followup_task import OPEN_STATES


class FollowupTaskAssign(models.TransientModel):
    """Hand out calls to one or several people, or back to the team (P-14).

    For heads and the centre manager; `followup.task._assign` checks each task.
    """

    _name = "followup.task.assign"
    _description = "Assign Calls"

    mode = fields.Selection(
        [
            ("share", "Share among people"),
            ("deputy", "Give to the deputies of absent people"),
            ("pool", "Give back to the team"),
        ],
        default="share",
        required=True,
    )
    task_ids = fields.Many2many(
        "followup.task", default=lambda self: self._default_task_ids()
    )
    task_count = fields.Integer(compute="_compute_task_count", string="Calls")
    candidate_ids = fields.Many2many("res.users", compute="_compute_candidate_ids")
    user_ids = fields.Many2many(
        "res.users", string="People", domain="[('id', 'in', candidate_ids)]"
    )

    def _default_task_ids(self):
        if self.env.context.get("active_model") != "followup.task":
            return []
        tasks = self.env["followup.task"].browse(self.env.context.get("active_ids", []))
        return tasks.filtered(lambda task: task.state in OPEN_STATES).ids

    @api.depends("task_ids")
    def _compute_task_count(self):
        for wizard in self:
            wizard.task_count = len(wizard.task_ids)

    @api.depends("task_ids")
    def _compute_candidate_ids(self):
        """People of the teams concerned; for level 2 the people of the centre."""
        for wizard in self:
            wizard.candidate_ids = wizard._get_candidates()

    def _get_candidates(self):
        teams = self.env["followup.team.member"].search(
            [("department_id", "in", self.task_ids.department_id.ids)]
        )
        candidates = teams.user_id
        if "2" in self.task_ids.mapped("level"):
            group = self.env.ref("patient_followup.followup_group_centre_caller")
            # sudo: callers cannot read groups; only the people of one are used
            candidates |= group.sudo().all_user_ids.sudo(False)
        companies = self.task_ids.company_id
        return candidates.filtered(
            lambda user: user.active and companies <= user.company_ids
        )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_confirm(self):
        self.ensure_one()
        if not self.task_ids:
            raise UserError(self.env._("Choose open calls first."))
        count = getattr(self, f"_{self.mode}")()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(count)s calls handed out.", count=count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _share(self):
        """Deal the calls out like cards, those due first going round first."""
        if not self.user_ids:
            raise UserError(self.env._("Choose who shall call."))
        hands = {user: self.env["followup.task"] for user in self.user_ids}
        for task, user in zip(
            self.task_ids.sorted("date_due"), cycle(self.user_ids), strict=False
        ):
            hands[user] |= task
        for user, tasks in hands.items():
            tasks._assign(user)
        return len(self.task_ids)

    def _deputy(self):
        pairs = self.task_ids.grouped(lambda task: (task.user_id, task.department_id))
        deputies = self.env["followup.delegation"]._deputies_of(pairs)
        count = 0
        for pair, tasks in pairs.items():
            if deputy := deputies.get(pair):
                tasks._assign(deputy)
                count += len(tasks)
        return count

    def _pool(self):
        self.task_ids._assign(self.env["res.users"])
        return len(self.task_ids)
