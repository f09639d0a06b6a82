# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    followup_link_days = fields.Integer(
        related="company_id.followup_link_days", readonly=False
    )
    followup_link_max_days = fields.Integer(
        related="company_id.followup_link_max_days", readonly=False
    )
    followup_emergency_number = fields.Char(
        related="company_id.followup_emergency_number", readonly=False
    )
