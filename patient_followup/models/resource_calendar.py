# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        if not self._get_followup_clock_fields().isdisjoint(vals):
            self.env["followup.clock"]._forget_calendars()
        return result

    def unlink(self):
        # its days and attendances go by cascade, past their own unlink
        result = super().unlink()
        self.env["followup.clock"]._forget_calendars()
        return result

    def _get_followup_clock_fields(self):
        """Return the fields on which deadlines depend."""
        return {"tz", "two_weeks_calendar", "attendance_ids", "schedule_type"}
