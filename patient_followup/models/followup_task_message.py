# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages about a call: by hand, or where calls went unanswered (P-2)."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.checked import checked
from .followup_message import PAST
from .followup_message_plan import INVITATION, REMINDER
from .followup_task import OPEN_STATES

# what an attempt policy says after a day of unanswered calls, and the way
AFTER_DAY = {"message": None, "letter": "letter"}


class FollowupTask(models.Model):
    _inherit = "followup.task"

    written_message_ids = fields.One2many(
        "followup.message", "task_id", string="Messages"
    )
    written_message_count = fields.Integer(
        string="Messages Sent", compute="_compute_written_message_count"
    )

    def _compute_written_message_count(self):
        """Count what the reader may see of it."""
        counts = dict(
            self.env["followup.message"]._read_group(
                [("task_id", "in", self.ids)], ["task_id"], ["__count"]
            )
        )
        for task in self:
            task.written_message_count = counts.get(task._origin, 0)

    # ------------------------------------------------------------
    # BY HAND
    # ------------------------------------------------------------

    @checked
    def action_send_link(self, method=None):
        """Queue the link to the patient's page for each of these calls.

        :param method: `sms`, `email` or `letter`; without it the patient's wish
        :return: a notice that says when it goes out, or why it does not
        :raises UserError: closed, another's call, or nothing may be sent
        """
        self._check_caller()
        self._check_contactable()
        if method not in (None, False, "sms", "email", "letter"):
            raise UserError(self.env._("There is no such way to send a message."))
        queued = self.env["followup.message"]
        refusals = []
        for task in self:
            message, refusal = task._send_link(method or None)
            queued |= message
            refusals += [refusal] if refusal else []
        if not queued:
            raise UserError("\n".join(dict.fromkeys(refusals)))
        return queued._notify_queued(len(refusals))

    def _send_link(self, method):
        """Return (message, why not) of one call."""
        # sudo: messages of colleagues about the same call count as well
        messages = self.sudo().written_message_ids
        if messages.filtered(lambda row: row.state in ("queued", "sending")):
            return messages.browse(), self.env._("A message is waiting already.")
        clock = self.env["followup.clock"]
        today = clock._today(self.company_id)
        sent = messages.filtered(lambda row: row.sent_at and row.state in PAST)
        days = {clock._local_date(self.company_id, row.sent_at) for row in sent}
        if today in days and method != "letter":
            return messages.browse(), self.env._("A message went out today already.")
        number = len(messages.filtered(lambda row: row.code == INVITATION))
        message = messages._queue(
            self, INVITATION, link=True, method=method, version=number or None
        )
        return message, not message and messages._why_not(self, method)

    # ------------------------------------------------------------
    # BY THE ATTEMPT POLICY
    # ------------------------------------------------------------

    def _apply_attempt(self, attempt, seen, day):
        """After a day of unanswered calls the policy may ask for a message (P-2)."""
        days = self.exhausted_days
        result = super()._apply_attempt(attempt, seen, day)
        if self.exhausted_days > days:
            self._write_after_day()
        return result

    def _write_after_day(self):
        rules = self._get_rules()[0]
        if rules.after_day in AFTER_DAY and self.state in OPEN_STATES:
            # sudo: the policy asks for it, whoever made the last call
            messages = self.env["followup.message"].sudo()
            way = AFTER_DAY[rules.after_day]
            messages._queue(
                self.sudo(), INVITATION, link=True, method=way, keep_refused=True
            )

    # ------------------------------------------------------------
    # LIMITS
    # ------------------------------------------------------------

    def _get_loads(self):
        """Messages count as contacts of the day, as calls do."""
        loads = super()._get_loads()
        # sudo: the limit counts the messages of every department
        messages = self.env["followup.message"].sudo()
        for company, tasks in self.grouped("company_id").items():
            calendar = self.env["followup.clock"]._for_company(company)
            day = calendar.day_bounds(calendar.local_date(fields.Datetime.now()))
            counts = messages._read_group(
                [
                    ("patient_id", "in", tasks.patient_id.ids),
                    ("sent_at", ">=", day[0]),
                    ("sent_at", "<=", day[1]),
                    ("state", "in", PAST),
                    ("method", "!=", "letter"),
                ],
                ["patient_id"],
                ["__count"],
            )
            for patient, count in counts:
                load = loads[patient.id]
                loads[patient.id] = load._replace(count=load.count + count)
        return loads

    def _message_still_applies(self, code):
        """An invitation goes out while the call is open and in time."""
        if self.state not in OPEN_STATES or self.on_hold:
            return False
        late = self.date_deadline and self.date_deadline <= fields.Datetime.now()
        if late:
            return False
        return code != REMINDER or not self.reached_at
