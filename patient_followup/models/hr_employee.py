# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class HrEmployee(models.Model):
    """A manager who gets or loses his account gets or loses his departments."""

    _inherit = "hr.employee"

    def write(self, vals):
        result = super().write(vals)
        if not {"user_id", "active"}.isdisjoint(vals):
            self.env["res.users"]._followup_refresh_departments()
        return result
