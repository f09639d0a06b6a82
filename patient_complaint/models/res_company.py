# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    complaint_repeat_days = fields.Integer(
        string="Days of Earlier Cases",
        default=365,
        help="How far back earlier cases of a complainant are shown.",
    )

    @api.constrains("complaint_repeat_days")
    def _check_complaint_settings(self):
        for company in self:
            if company.complaint_repeat_days < 0:
                raise ValidationError(self.env._("Settings are not negative."))

    @api.model
    def _followup_number_series(self):
        """Number complaints too: C2026-0001 (D-7)."""
        series = super()._followup_number_series()
        return {**series, "complaint.case": ("Complaint", "C%(year)s-", 4)}

    def _complaint_series(self):
        """Return the hospital's series of case numbers, in its own time zone."""
        # sudo: sequences are not readable for callers
        series = self.sudo()._followup_sequence("complaint.case")
        zone = self.env["followup.clock"]._for_company(self).tz
        return series.with_context(tz=str(zone))
