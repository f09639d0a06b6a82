# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which notice of an appointment is one and the same, and when it is stale (B-4)."""

from odoo import fields, models

# the moment that makes a notice another one
VERSION_OF_CODE = {
    "appointment_offered": "offered_at",
    "appointment_confirmed": "confirmed_at",
    "appointment_reminder": "starts_at",
}
# the states in which a notice is still true
STATES_OF_CODE = {
    "appointment_received": ("requested", "waitlist"),
    "appointment_offered": ("offered",),
    "appointment_confirmed": ("confirmed",),
    "appointment_reminder": ("offered", "confirmed"),
    "appointment_refused": ("refused",),
    "appointment_cancelled": ("cancelled",),
    "appointment_waitlist": ("waitlist",),
}


class FollowupAppointment(models.Model):
    _inherit = "followup.appointment"

    written_message_ids = fields.One2many(
        "followup.message", "appointment_id", string="Messages"
    )

    def _get_message_version(self, code):
        moment = self[VERSION_OF_CODE[code]] if code in VERSION_OF_CODE else False
        return moment and moment.strftime("%Y%m%d%H%M%S")

    def _message_still_applies(self, code):
        if self.state not in STATES_OF_CODE.get(code, (self.state,)):
            return False
        is_ahead = code in VERSION_OF_CODE and self.starts_at
        return not is_ahead or self.starts_at > fields.Datetime.now()
