# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Calling together with a senior (P-15)."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.checked import checked


class FollowupTask(models.Model):
    _inherit = "followup.task"

    participant_ids = fields.Many2many(
        "res.users",
        "followup_task_participant_rel",
        "task_id",
        "user_id",
        string="Took Part",
        readonly=True,
        copy=False,
    )

    @checked
    def invite_senior(self, user_id):
        """Ask a colleague to join the call and note that he was asked.

        Only who reads the task anyway can be asked: an invitation gives no right.

        :return: the call screen
        """
        self.ensure_one()
        self._check_caller()
        senior = self._get_seniors().filtered(lambda user: user.id == user_id)
        if not senior:
            raise UserError(
                self.env._("Choose a colleague who may open calls of this department.")
            )
        # sudo: rights were checked before; it is a guarded field
        self.sudo()._guarded().write({"participant_ids": [(4, senior.id)]})
        self._notify_senior(senior)
        return self.get_call_screen()

    @checked
    def remove_participant(self, user_id):
        """Take a name off the call again.

        :return: the call screen
        """
        self.ensure_one()
        self._check_caller()
        # sudo: rights were checked before; it is a guarded field
        self.sudo()._guarded().write({"participant_ids": [(3, user_id or 0)]})
        return self.get_call_screen()

    def _get_seniors(self):
        """Return who may be asked: the team and head of the ward, or the centre."""
        # sudo: names of colleagues; users are hidden from callers by other rules
        department = self.sudo().department_id
        team = department.followup_team_ids[:1]
        users = team.member_ids.user_id | team.head_user_id
        if self.level == "2":
            users |= self.env["followup.concern"]._centre_managers(self.company_id)
        users = users.sudo().filtered("active") - self.env.user
        return users.filtered(lambda user: self.company_id in user.company_ids)

    def _notify_senior(self, senior):
        """A to-do without a document: it names no patient (I-3)."""
        env = self.with_context(lang=senior.lang).env
        # sudo: a to-do for somebody else has no document to take its rights from
        self.env["mail.activity"].sudo().create(
            {
                "user_id": senior.id,
                "date_deadline": fields.Date.context_today(self),
                "summary": env._(
                    "%(name)s asks you to join a follow-up call",
                    name=self.env.user.name,
                ),
                "note": env._("Open the call: %(link)s", link=self._get_call_link()),
            }
        )

    def _get_call_link(self):
        return f"{self.get_base_url()}/odoo/follow-up-calls/{self.id}"
