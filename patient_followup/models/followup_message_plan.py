# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Invitations and the one reminder, by themselves (M-2, P-2)."""

from datetime import timedelta

from odoo import api, fields, models

from ..tools import one_by_one
from .followup_message_queue import WAY_OF_METHOD
from .followup_task import PENDING_STATES

# steps that begin with a message, and what it is
WRITTEN_METHODS = ("sms", "wechat", "web", "mail")
INVITATION, REMINDER = "task_invitation", "task_reminder"
BATCH = 500
# older ones are the callers' to deal with
MAX_AGE = timedelta(days=60)


class FollowupMessage(models.Model):
    _inherit = "followup.message"

    @api.model
    def _cron_plan(self):
        """Queue what is due, in batches; each task is looked at once."""
        cron = self.env["ir.cron"]
        for company in self._get_writing_companies():
            for find, queue in (
                (self._find_uninvited, self._invite),
                (self._find_unanswered, self._remind),
            ):
                last = 0
                while found := find(company, last):
                    one_by_one.attempt(found, queue)
                    last = max(found.ids)
                    if not cron._commit_progress(len(found)):
                        return

    @api.model
    def _get_writing_companies(self):
        companies = self.env["res.company"].search([])  # pylint: disable=no-search-all
        return companies

    # ------------------------------------------------------------
    # INVITATIONS
    # ------------------------------------------------------------

    @api.model
    def _find_uninvited(self, company, last_id):
        """Return due tasks of written methods that have no message yet."""
        now = fields.Datetime.now()
        methods = [name for name in WRITTEN_METHODS if self._is_possible(company, name)]
        return self.env["followup.task"].search(
            [
                ("id", ">", last_id),
                ("company_id", "=", company.id),
                ("method", "in", methods),
                ("state", "in", ("planned", "ready", "waiting")),
                ("next_at", "<=", now),
                ("next_at", ">", now - MAX_AGE),
                ("on_hold", "!=", True),
                "|",
                ("date_deadline", "=", False),
                ("date_deadline", ">", now),
                ("written_message_ids", "not any", [("code", "=", INVITATION)]),
            ],
            order="id",
            limit=BATCH,
        )

    @api.model
    def _is_possible(self, company, method):
        """Whether the hospital sends anything for steps of this method."""
        if method in WAY_OF_METHOD:
            return True
        return any(map(company._followup_can_send, ("sms", "email")))

    @api.model
    def _invite(self, tasks):
        """Queue one invitation each; what cannot be sent is listed with why (I-7)."""
        for method, some in tasks.grouped("method").items():
            way = WAY_OF_METHOD.get(method)
            self._queue(some, INVITATION, link=True, method=way, keep_refused=True)

    # ------------------------------------------------------------
    # REMINDERS
    # ------------------------------------------------------------

    @api.model
    def _find_unanswered(self, company, last_id):
        """Return invitations whose patient has not answered in the set days."""
        days = company.followup_reminder_days
        if not days:
            return self.browse()
        now = fields.Datetime.now()
        return self.search(
            [
                ("id", ">", last_id),
                ("company_id", "=", company.id),
                ("code", "=", INVITATION),
                ("state", "in", ("sent", "delivered")),
                ("method", "!=", "letter"),
                ("sent_at", "<=", now - timedelta(days=days)),
                ("sent_at", ">", now - MAX_AGE),
                ("task_id.state", "in", PENDING_STATES),
                ("task_id.on_hold", "!=", True),
                ("task_id.reached_at", "=", False),
                "|",
                ("task_id.date_deadline", "=", False),
                ("task_id.date_deadline", ">", now),
                ("task_id.written_message_ids", "not any", [("code", "=", REMINDER)]),
            ],
            order="id",
            limit=BATCH,
        )

    @api.model
    def _remind(self, invitations):
        """Queue one reminder each, by the way the invitation went."""
        for method, some in invitations.grouped("method").items():
            tasks = some.task_id
            self._queue(tasks, REMINDER, link=True, method=method, keep_refused=True)
