# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the patient is told of his appointment, once each, while it is so (B-4)."""

from odoo import fields, models

from .followup_appointment import OPEN_STATES

# a notice is sent only while the appointment is still in these states
STATES_OF_NOTICE = {
    "appointment_received": OPEN_STATES,
    "appointment_offered": ("offered",),
    "appointment_confirmed": ("confirmed",),
    "appointment_reminder": ("confirmed",),
    "appointment_waitlist": ("waitlist",),
    "appointment_refused": ("refused",),
    "appointment_cancelled": ("cancelled",),
}
TIMED = ("appointment_offered", "appointment_confirmed", "appointment_reminder")


class FollowupAppointment(models.Model):
    _inherit = "followup.appointment"

    def _notify(self, code, link=False, version=None):
        """Tell the patients what became of their wish (B-4); never raises.

        :param code: code of the text of a `followup.message`
        :param link: whether the words carry the link to the patient's page
        :param version: tells apart two notices of one kind
        """
        # sudo: messages are the engine's; who took the step was checked
        messages = self.env["followup.message"].sudo()
        messages._queue(self.sudo(), code, link=link, version=version)

    def _get_message_version(self, code):
        """Return what makes a second notice of this kind another one: the time."""
        if code not in TIMED:
            return str(self.waiting_since or "")
        return f"{self.starts_at}/{self.offered_at or self.confirmed_at or ''}"

    def _message_still_applies(self, code):
        """Tell whether a queued notice is still true when its turn comes."""
        if self.state not in STATES_OF_NOTICE.get(code, ()):
            return False
        passed = self.starts_at and self.starts_at <= fields.Datetime.now()
        return not (code in TIMED and passed)
