# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    followup_identity_items = fields.Integer(
        related="company_id.followup_identity_items", readonly=False
    )
