# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    # deadlines are computed from remembered working hours (`followup.clock`)

    @api.model_create_multi
    def create(self, vals_list):
        attendances = super().create(vals_list)
        self.env["followup.clock"]._forget_calendars()
        return attendances

    def write(self, vals):
        result = super().write(vals)
        self.env["followup.clock"]._forget_calendars()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["followup.clock"]._forget_calendars()
        return result
