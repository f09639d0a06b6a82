# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The spoken word beside the to-do: what to say, whom to ring, who was told (X-2)."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.checked import checked

SPOKEN = ("phone", "in_person")


class FollowupConcern(models.Model):
    _inherit = "followup.concern"

    say_now = fields.Text(compute="_compute_say_now")
    hotline = fields.Char(string="Hotline of the Ward", compute="_compute_say_now")
    oncall_ids = fields.Many2many(
        "followup.oncall", string="On Call Now", compute="_compute_say_now"
    )
    handover_ids = fields.One2many(
        "followup.concern.notice",
        "concern_id",
        string="Handed Over by Word",
        domain=[("kind", "=", "handover")],
        readonly=True,
    )

    @api.depends("concern_type", "handler_department_id", "company_id")
    @api.depends_context("lang")
    def _compute_say_now(self):
        guides = self.env["followup.concern.guide"]
        for concern in self:
            concern.say_now = guides._say_now(concern.company_id, concern.concern_type)
            team = concern.handler_department_id.followup_team_ids[:1]
            concern.hotline = team.hotline
            concern.oncall_ids = concern._on_call()

    @checked
    def action_hand_over(
        self, user_id=None, person=None, method="phone", at=None, note=None
    ):
        """Write down that somebody was told by word: whom, when, how (X-2).

        It does not acknowledge for him: he does that himself.

        :param user_id: a colleague, or
        :param person: the name of somebody without an account
        :param at: moment in UTC, not ahead; without it now
        :return: the notice
        """
        self.ensure_one()
        if self.env.user != self.raised_by_id:
            self.check_access("write")
        self.check_access("read")
        if method not in SPOKEN:
            raise UserError(self.env._("Say whether by phone or in person."))
        person, user_id = self._clean(person), self._get_id(user_id)
        if not user_id and not person:
            raise UserError(self.env._("Say who was told."))
        now = fields.Datetime.now()
        moment = self.env["followup.task"]._parse_moment(at) or now
        if moment > now or moment < self.raised_at.replace(microsecond=0):
            raise UserError(
                self.env._("It was handed over between raising it and now.")
            )
        users = self.env["res.users"].browse(user_id or []).exists()
        notice = self._note(
            "handover",
            users,
            person=False if user_id else person,
            method=method,
            at=moment,
            note=self._clean(note),
        )
        return notice._unguarded().with_env(self.env)

    def action_open_handover(self):
        """Open the dialog with what to say and whom to ring."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Say Now, Ring Now"),
            "res_model": "followup.concern.handover",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_concern_id": self.id},
        }
