# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    complaint_form_open = fields.Boolean(
        related="company_id.complaint_form_open", readonly=False
    )
    complaint_receiver_id = fields.Many2one(
        related="company_id.complaint_receiver_id", readonly=False
    )
    complaint_alias_name = fields.Char(
        related="company_id.complaint_alias_name", readonly=False
    )
    complaint_office_phone = fields.Char(
        related="company_id.complaint_office_phone", readonly=False
    )
    complaint_office_place = fields.Char(
        related="company_id.complaint_office_place", readonly=False
    )
    complaint_office_hours = fields.Char(
        related="company_id.complaint_office_hours", readonly=False
    )
