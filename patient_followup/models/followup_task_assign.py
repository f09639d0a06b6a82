# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Handing out calls, and taking them back from who leaves (P-14)."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.checked import checked
from .followup_task import OPEN_STATES


class FollowupTask(models.Model):
    _inherit = "followup.task"

    may_assign = fields.Boolean(
        string="Hand Out",
        compute="_compute_may_assign",
        search="_search_may_assign",
    )

    def _compute_may_assign(self):
        allowed = self._filtered_access("write")
        for task in self:
            task.may_assign = task in allowed

    @api.model
    def _search_may_assign(self, operator, value):
        """A head reads level 2 of his ward, but hands out level 1 only."""
        if operator != "in":
            return NotImplemented
        domain = self.env["ir.rule"]._compute_domain(self._name, "write")
        return domain if True in value else ~Domain(domain)

    @checked
    def action_assign(self, user_id):
        """Give these tasks to one person, or to the team with an empty value."""
        user = self.env["res.users"].browse(user_id or []).exists()
        self._assign(user)

    def _assign(self, user):
        """Write the person after every check: one write for all tasks (P-14)."""
        self.check_access("write")
        reasons = {
            reason for task in self if (reason := task._get_assign_refusal(user))
        }
        if reasons:
            raise UserError("\n".join(sorted(reasons)))
        # sudo: rights were checked above; the person is a guarded field
        tasks = self.sudo()._guarded()
        tasks.write({"user_id": user.id, "assignment_note": False})
        handed = tasks.filtered(
            lambda task: task.state == "in_progress" and task.claimed_by_id != user
        )
        for task in handed:
            task.write({"state": task._get_resting_state(), **self._prepare_unclaim()})

    def _get_assign_refusal(self, user):
        """Return why the task cannot be given to this person by this user."""
        self.ensure_one()
        if self.state not in OPEN_STATES:
            return self.env._("This task is closed.")
        if not (self.env.su or self._is_supervisor()):
            return self.env._("Only the head or the centre manager hands out calls.")
        holder = self._get_holder()
        if holder and holder != user:
            return self._held_sentence(holder)
        return user and self._get_person_refusal(user)

    def _get_person_refusal(self, user):
        may_call = self.env["followup.team"]._may_call(
            user, self.department_id, self.level
        )
        # sudo: who is handed a call may belong to another hospital
        person = user.sudo()
        if not may_call or self.company_id not in person.company_ids:
            return self.env._(
                "%(name)s may not call for %(department)s.",
                name=person.name,
                # sudo: callers may not read every department
                department=self.department_id.sudo().name,
            )
        return self._get_role_refusal(person)

    @api.model
    def _return_to_pool(self, users):
        """Free the open work of people who leave or are away, with a note."""
        # sudo: whoever archives a user need not see his tasks
        tasks = self.sudo()._guarded()
        open_work = Domain("state", "in", OPEN_STATES)
        # sudo: the name of who leaves
        for user in users.sudo():
            held = tasks.search(open_work & Domain("claimed_by_id", "=", user.id))
            for task in held:
                task.write(
                    {
                        "state": task._get_pool_state(),
                        **self._prepare_unclaim(),
                    }
                )
            owned = tasks.search(open_work & Domain("user_id", "=", user.id))
            note = self.env._("Back to the team: %(name)s left.", name=user.name)
            (owned + held).write({"assignment_note": note})
            owned.write({"user_id": False})

    def _get_pool_state(self):
        return self._get_resting_state() if self.state == "in_progress" else self.state
