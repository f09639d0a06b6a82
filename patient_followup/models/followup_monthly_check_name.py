# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class FollowupMonthlyCheck(models.Model):
    """A month is said as a month, not as its first day."""

    _inherit = "followup.monthly.check"

    month_name = fields.Char(string="Month", compute="_compute_month_name")

    @api.depends("month")
    def _compute_month_name(self):
        for check in self:
            check.month_name = f"{check.month:%Y-%m}" if check.month else False

    @api.depends("month_name", "department_id")
    def _compute_display_name(self):
        for check in self:
            # sudo: the name of a department of a check that may be read
            parts = (check.month_name, check.sudo().department_id.name)
            check.display_name = " ".join(part for part in parts if part)
