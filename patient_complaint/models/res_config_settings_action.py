# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    complaint_action_days = fields.Integer(
        related="company_id.complaint_action_days", readonly=False
    )
    complaint_check_days = fields.Integer(
        related="company_id.complaint_check_days", readonly=False
    )
    complaint_remind_days = fields.Integer(
        related="company_id.complaint_remind_days", readonly=False
    )
    complaint_escalate_days = fields.Integer(
        related="company_id.complaint_escalate_days", readonly=False
    )
    complaint_recur_days = fields.Integer(
        related="company_id.complaint_recur_days", readonly=False
    )
    complaint_recur_count = fields.Integer(
        related="company_id.complaint_recur_count", readonly=False
    )
