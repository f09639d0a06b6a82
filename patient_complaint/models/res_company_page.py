# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    complaint_page_reopen_days = fields.Integer(
        string="Days to Reopen",
        default=30,
        help="How long after closure the complainant may write and reopen.",
    )
    complaint_link_days = fields.Integer(
        string="Days of a Rating Link",
        default=14,
        help="How long a link to rate the handling is valid.",
    )

    @api.constrains("complaint_page_reopen_days", "complaint_link_days")
    def _check_complaint_page_settings(self):
        for company in self:
            if (
                company.complaint_page_reopen_days < 0
                or company.complaint_link_days < 1
                or company.complaint_link_days > 366
            ):
                raise ValidationError(self.env._("Settings are not negative."))
