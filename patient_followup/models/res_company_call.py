# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.tools import ormcache

SETTINGS = {
    "followup_claim_minutes",
    "followup_late_entry_hours",
    "followup_default_policy_id",
}


class CallSettings(NamedTuple):
    """What every recorded call asks of its hospital."""

    claim: timedelta
    late_entry: timedelta
    policy_id: int | bool


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if not SETTINGS.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    @api.model
    @ormcache("company_id")
    def _followup_call_settings(self, company_id):
        """Return the settings of a hospital, remembered until they change."""
        # sudo: callers may not read the settings; hours and an id leave here
        company = self.sudo().browse(company_id)
        return CallSettings(
            timedelta(minutes=max(company.followup_claim_minutes, 1)),
            timedelta(hours=company.followup_late_entry_hours),
            company.followup_default_policy_id.id,
        )
