# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ResCompany(models.Model):
    """Neutral numbers of concerns, appointments, visits: one series a hospital."""

    _inherit = "res.company"

    @api.model
    def _followup_number_series(self):
        """Return {code: (name, prefix, digits)} of what each hospital numbers (D-7)."""
        return {
            "followup.concern": ("Concern", "F%(year)s-", 6),
            "followup.appointment": ("Appointment", "A%(year)s-", 6),
            "followup.home.visit": ("Home Visit", "H%(year)s-", 6),
        }

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # sudo: whoever adds hospitals need not administer sequences
        companies.sudo()._followup_make_series()
        return companies

    @api.model
    def _followup_make_sequences(self):
        """Make the series of the hospitals that were there first."""
        # every hospital, of which there are few
        self.search([])._followup_make_series()  # pylint: disable=no-search-all

    def _followup_make_series(self):
        for company in self:
            for code in self._followup_number_series():
                company._followup_sequence(code)

    def _followup_sequence(self, code):
        """Return the hospital's own series of a code of `_followup_number_series`."""
        self.ensure_one()
        name, prefix, digits = self._followup_number_series()[code]
        sequences = self.env["ir.sequence"]
        return sequences.search(
            [("code", "=", code), ("company_id", "=", self.id)], limit=1
        ) or sequences.create(
            {
                "name": f"{name} ({self.name})",
                "code": code,
                "prefix": prefix,
                "padding": digits,
                "company_id": self.id,
            }
        )

    def _followup_next_number(self, code):
        """Return the hospital's next number of a code, such as A2026-000123."""
        # sudo: sequences are not readable for callers
        sequence = self.sudo()._followup_sequence(code)
        zone = self.env["followup.clock"]._for_company(self).tz
        return sequence.with_context(tz=str(zone)).next_by_id()
