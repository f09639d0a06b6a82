# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Answers to patients in writing (P-7, O-2): the call stays until one arrived."""

from odoo import models
from odoo.exceptions import UserError

ANSWER = "concern_answer"
# patients who wish to read rather than to be rung up
READERS = ("sms", "wechat", "web")


class FollowupConcern(models.Model):
    _inherit = "followup.concern"

    def action_send_answer(self):
        """Queue the answer as a message; the call to tell it stays planned.

        :raises UserError: nothing to tell, or nothing may be sent
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "answered" or not self.wants_reply:
            raise UserError(self.env._("%(name)s has nothing to tell.", name=self.name))
        messages = self.env["followup.message"]
        message = messages._queue(self, ANSWER, version=self._get_answer_version())
        if not message:
            why = messages._why_not(self) or self.env._("It was sent already.")
            raise UserError(why)
        return message._notify_queued()

    def _plan_telling(self):
        """Whoever wishes to read gets the answer as a message, too."""
        result = super()._plan_telling()
        for concern in self._untold():
            # sudo: a specialist of another ward answers; the patient's wish counts
            row = concern.sudo()
            if row.patient_id.preferred_method in READERS:
                version = row._get_answer_version()
                row.env["followup.message"]._queue(row, ANSWER, version=version)
        return result

    def _get_answer_version(self):
        """Another answer is another message."""
        return self.answered_at and self.answered_at.strftime("%Y%m%d%H%M%S")

    def _message_still_applies(self, code):
        return code != ANSWER or (self.state == "answered" and self.wants_reply)
