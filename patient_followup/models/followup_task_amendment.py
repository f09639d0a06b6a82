# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Corrections of closed calls (I-5)."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .followup_task import CLOSED_STATES


class FollowupTask(models.Model):
    _inherit = "followup.task"

    amendment_ids = fields.One2many("followup.amendment", "task_id", readonly=True)
    can_amend = fields.Boolean(compute="_compute_can_amend")

    @api.depends_context("uid")
    @api.depends("state", "completed_by_id", "closed_by_id", "department_id")
    def _compute_can_amend(self):
        for task in self:
            task.can_amend = task.state in CLOSED_STATES and task._may_amend()

    def _may_amend(self):
        """Whether the user made the call, or answers for those who did."""
        user = self.env.user
        if self.env.su or user in self.completed_by_id | self.closed_by_id:
            return True
        if user.has_group("patient_followup.followup_group_centre_manager"):
            return True
        return (
            user.has_group("patient_followup.followup_group_department_head")
            and self.department_id in user.followup_department_ids
        )

    def _check_amendable(self):
        """Raise unless the user may add a correction to this closed call."""
        self.ensure_one()
        if self.state not in CLOSED_STATES:
            raise UserError(self.env._("This call is open: correct it on its form."))
        if not self._may_amend():
            raise UserError(
                self.env._(
                    "Who made the call, the head of the department or the manager of"
                    " the centre adds corrections."
                )
            )

    def action_amend(self):
        """Open the form of a new correction."""
        self._check_amendable()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "patient_followup.followup_amendment_action_new"
        )
        return {**action, "context": {"default_task_id": self.id}}
