# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is asked about a version of the rules, and answers (C-26)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.policy import clean
from .followup_policy_version import HEAD, LEADER

REVIEW_TODO = "followup_reports.mail_activity_type_policy_review"
DECIDE_TODO = "followup_reports.mail_activity_type_policy_decide"


class FollowupPolicyVersion(models.Model):
    _inherit = "followup.policy.version"

    def _get_waiting(self):
        """Return the open reviews; a department that was closed is not waited for."""
        # sudo: what all departments said
        rows = self.sudo().review_ids
        return rows.filtered(lambda row: not row.answer and row.department_id.active)

    def _get_own_reviews(self):
        """Return the open reviews of departments the user heads, or stands in for."""
        if not self.env.user.has_group(HEAD):
            return self.env["followup.policy.review"]
        waiting = self._get_waiting()
        asked = self._get_asked(waiting.department_id)
        return waiting.filtered(lambda row: self.env.user in asked[row.department_id])

    @api.model
    def _get_asked(self, units):
        """Return {department: its head and the deputies of these days}."""
        heads = units._followup_heads()
        deputies = self.env["followup.delegation"]._deputies_of(
            (head, unit) for unit, head in heads.items() if head
        )
        none = self.env["res.users"]
        return {
            unit: head | deputies.get((head, unit), none)
            for unit, head in heads.items()
        }

    def _get_leaders(self):
        """Return who may put rules of this hospital in force."""
        # sudo: names of colleagues by role
        users = self.env.ref(LEADER).sudo().all_user_ids.filtered("active")
        return users.filtered(lambda user: self.company_id in user.company_ids)

    def action_agree(self):
        """Agree for the departments one heads."""
        self._answer("agree", "")

    def _answer(self, answer, remark):
        """Record what the user's departments say.

        :raises AccessError: none of them is asked
        :raises UserError: an objection without words
        """
        self.ensure_one()
        self.check_access("read")
        if not self.can_answer:
            raise AccessError(self.env._("The heads of departments asked answer here."))
        remark = clean(remark)
        if answer == "object" and not remark:
            raise UserError(self.env._("Say what your department objects to."))
        self._lock("review")
        # sudo: role and department were checked; written by this method only
        self._get_own_reviews().sudo()._guarded().write(
            {
                "answer": answer,
                "remark": remark,
                "answered_by_id": self.env.uid,
                "answered_at": fields.Datetime.now(),
                "rules_digest": self.rules_digest,
            }
        )
        self._drop_answered()
        if not self._get_waiting():
            self._put_todo(DECIDE_TODO, self._get_leaders() - self.proposed_by_id)

    def _ask(self, units):
        heads = units._followup_heads()
        self._put_todo(REVIEW_TODO, self.env["res.users"].union(*heads.values()))

    def _drop_answered(self):
        """Take the to-do from everybody who has nothing left to answer."""
        asked = self._get_asked(self._get_waiting().department_id)
        still = self.env["res.users"].union(*asked.values())
        kind = self.env.ref(REVIEW_TODO)
        # sudo: to-dos of others
        self.sudo().activity_ids.filtered(
            lambda todo: todo.activity_type_id == kind and todo.user_id not in still
        ).unlink()

    def _put_todo(self, kind, users):
        # sudo: to-dos of others are neither seen nor made by most
        row = self.sudo().with_context(mail_activity_automation_skip=False)
        for user in users:
            row.activity_schedule(kind, user_id=user.id)

    def action_ask_again(self):
        """Ask those who head the open departments today, as a maker."""
        self.ensure_one()
        self.check_access("read")
        if not self.can_withdraw:
            raise AccessError(self.env._("Whoever makes versions asks again."))
        # sudo: to-dos of others
        reviews = self.sudo().activity_ids.filtered(
            lambda todo: todo.activity_type_id == self.env.ref(REVIEW_TODO)
        )
        reviews.unlink()
        self._ask(self._get_waiting().department_id)

    def _check_heads(self, units):
        """Refuse what could never be answered or decided."""
        heads = units._followup_heads()
        company = self.company_id
        # sudo: the hospitals a colleague works for
        able = units.filtered(
            lambda unit: (
                unit.active
                and heads[unit]
                and heads[unit].has_group(HEAD)
                and company in heads[unit].sudo().company_ids
            )
        )
        lacking = units - able
        if lacking:
            raise UserError(
                self.env._(
                    "No department head answers for %(departments)s: name one first.",
                    departments=", ".join(lacking.mapped("name")),
                )
            )
        if not self._get_leaders() - self.env.user:
            raise UserError(self.env._("There is no other leader to put it in force."))
