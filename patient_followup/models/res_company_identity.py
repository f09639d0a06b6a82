# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import ormcache


class ResCompany(models.Model):
    _inherit = "res.company"

    followup_identity_items = fields.Integer(
        string="Identity Details",
        default=2,
        help="So many details the person on the phone must state rightly before"
        " health is spoken of. 0: none.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "followup_identity_items" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    @ormcache("company_id")
    def _followup_identity_items(self, company_id):
        # sudo: callers may not read the settings; a number leaves here
        return max(self.sudo().browse(company_id).followup_identity_items, 0)
