# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    followup_slot_horizon_days = fields.Integer(
        related="company_id.followup_slot_horizon_days", readonly=False
    )
    followup_offer_hours = fields.Integer(
        related="company_id.followup_offer_hours", readonly=False
    )
    followup_remind_hours = fields.Integer(
        related="company_id.followup_remind_hours", readonly=False
    )
    followup_no_show_days = fields.Integer(
        related="company_id.followup_no_show_days", readonly=False
    )
    followup_visit_team_size = fields.Integer(
        related="company_id.followup_visit_team_size", readonly=False
    )
