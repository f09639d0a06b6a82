# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    complaint_page_reopen_days = fields.Integer(
        related="company_id.complaint_page_reopen_days", readonly=False
    )
    complaint_link_days = fields.Integer(
        related="company_id.complaint_link_days", readonly=False
    )
