# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, models


class FollowupEncounter(models.Model):
    """Lists and interfaces do not bring an anonymised patient back (Y-1)."""

    _inherit = "followup.encounter"

    @api.model
    def _lookup_stays(self, stays):
        """Find also the rows of stays whose patients were anonymised."""
        super()._lookup_stays(stays)
        keys = defaultdict(list)
        for stay in stays:
            if not stay.was_known:
                keys[self._get_erased_key(stay.source, stay.number)].append(stay)
        if not keys:
            return
        # sudo: stays of every ward; only that one was erased is told
        erased = self.sudo().search_fetch(
            [
                ("company_id", "=", self.env.company.id),
                ("erased_key", "in", list(keys)),
            ],
            ["erased_key"],
        )
        for row in erased:
            for stay in keys[row.erased_key]:
                stay.fail("number", "anonymised")

    def _check_new(self, stay):
        return None if stay.errors else super()._check_new(stay)
