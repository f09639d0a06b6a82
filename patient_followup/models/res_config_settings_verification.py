# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    followup_verify_days = fields.Integer(
        related="company_id.followup_verify_days", readonly=False
    )
    followup_check_days = fields.Integer(
        related="company_id.followup_check_days", readonly=False
    )
    followup_review_days = fields.Integer(
        related="company_id.followup_review_days", readonly=False
    )
    followup_signal_days = fields.Integer(
        related="company_id.followup_signal_days", readonly=False
    )
    followup_signal_seconds = fields.Integer(
        related="company_id.followup_signal_seconds", readonly=False
    )
    followup_signal_texts = fields.Integer(
        related="company_id.followup_signal_texts", readonly=False
    )
    followup_signal_text_length = fields.Integer(
        related="company_id.followup_signal_text_length", readonly=False
    )
    followup_signal_density = fields.Integer(
        related="company_id.followup_signal_density", readonly=False
    )
