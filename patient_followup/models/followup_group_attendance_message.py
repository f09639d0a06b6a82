# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an invitation to a lecture says (G-5)."""

from odoo import fields, models


class FollowupGroupAttendance(models.Model):
    _inherit = "followup.group.attendance"

    def _get_public_words(self):
        """Return title, when and where of the event, for its message."""
        # sudo: the event names no patient, and is told to who is invited
        event = self.sudo().event_id
        clock = self.env["followup.clock"]
        local = clock._for_company(event.company_id).to_local(event.date_start)
        return {
            "title": event.name,
            "when": clock._format_moment(local),
            "where": event.place or "",
        }

    def _message_still_applies(self, code):
        # sudo: as above
        event = self.sudo().event_id
        ahead = event.date_start and event.date_start > fields.Datetime.now()
        return bool(ahead and event.state == "planned")
