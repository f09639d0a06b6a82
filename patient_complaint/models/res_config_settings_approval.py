# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    complaint_direct_limit = fields.Float(
        related="company_id.complaint_direct_limit", readonly=False
    )
    complaint_president_id = fields.Many2one(
        related="company_id.complaint_president_id", readonly=False
    )
    complaint_vice_president_ids = fields.Many2many(
        related="company_id.complaint_vice_president_ids", readonly=False
    )
    complaint_quality_user_ids = fields.Many2many(
        related="company_id.complaint_quality_user_ids", readonly=False
    )
