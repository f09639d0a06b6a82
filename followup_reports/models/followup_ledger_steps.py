# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the reader may do next with an entry; screens offer nothing else."""

from odoo import api, fields, models

from .followup_ledger import HEAD, LEADER


class FollowupLedger(models.Model):
    _inherit = "followup.ledger"

    can_decide = fields.Boolean(compute="_compute_steps")
    can_appeal = fields.Boolean(compute="_compute_steps")
    can_judge = fields.Boolean(compute="_compute_steps")

    @api.depends("state", "kind", "user_id", "department_id")
    @api.depends("proposed_by_ids", "decided_by_id", "appealed_by_id")
    @api.depends_context("uid")
    def _compute_steps(self):
        for row in self:
            row.can_decide = row._may_decide()
            row.can_appeal = row._may_appeal()
            row.can_judge = row._may_judge()

    def _may_decide(self):
        """Tell whether the user approves or rejects it; extension point."""
        user = self.env.user
        is_new = user not in self._get_proposers() | self.user_id
        return self.state == "proposed" and is_new and user.has_group(LEADER)

    def _may_appeal(self):
        user = self.env.user
        if self.state != "approved" or self.kind == "reward":
            return False
        is_head = self.department_id in user.followup_department_ids
        return self.user_id == user or (is_head and user.has_group(HEAD))

    def _may_judge(self):
        """Tell whether the user decides the appeal: a leader not yet involved."""
        user = self.env.user
        known = self._get_proposers() | self.decided_by_id | self.appealed_by_id
        is_new = user not in known | self.user_id
        return self.state == "appealed" and is_new and user.has_group(LEADER)
