# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Who holds the offices that approve, and what may be settled directly."""

    _inherit = "res.company"

    complaint_direct_limit = fields.Float(
        string="Direct Settlement up to",
        digits=(16, 2),
        default=10000,
        help="In a dispute, higher amounts need mediation, an appraisal or a court.",
    )
    complaint_president_id = fields.Many2one("res.users", string="President")
    complaint_vice_president_ids = fields.Many2many(
        "res.users",
        "complaint_vice_president_rel",
        "company_id",
        "user_id",
        string="Vice Presidents",
    )
    complaint_quality_user_ids = fields.Many2many(
        "res.users",
        "complaint_quality_office_rel",
        "company_id",
        "user_id",
        string="Quality Office",
    )

    @api.constrains("complaint_direct_limit")
    def _check_complaint_direct_limit(self):
        for company in self:
            if company.complaint_direct_limit < 0:
                raise ValidationError(self.env._("Settings are not negative."))
