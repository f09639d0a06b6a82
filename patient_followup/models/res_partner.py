# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals and self._is_of_company():
            self.env["followup.clock"]._forget_calendars()
        return result

    def _is_of_company(self):
        """Tell whether a hospital takes its time zone from here (D-11)."""
        # sudo: also the companies this user does not see keep their clock
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        return bool(companies.search_count([("partner_id", "in", self.ids)], limit=1))
