# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    followup_backfill_days = fields.Integer(
        string="Days of Backlog",
        default=0,
        help="Days by which a generated task may already be overdue.",
    )
    followup_horizon_days = fields.Integer(string="Planning Horizon", default=400)
    followup_list_hour = fields.Float(string="List Due at", default=10.0)
    followup_list_alarm_day = fields.Date(
        copy=False, help="Day the managers were last told that a list is missing."
    )
    followup_claim_minutes = fields.Integer(string="Minutes per Call", default=30)
    followup_late_entry_hours = fields.Integer(string="Hours to Record", default=24)
    followup_default_policy_id = fields.Many2one(
        "followup.attempt.policy", string="Attempt Policy"
    )
    followup_reveal_limit = fields.Integer(
        string="Numbers per Hour",
        default=120,
        help="Numbers one user may reveal within an hour; 0 = no limit.",
    )

    @api.constrains(
        "followup_backfill_days",
        "followup_horizon_days",
        "followup_list_hour",
        "followup_claim_minutes",
        "followup_late_entry_hours",
        "followup_reveal_limit",
    )
    def _check_followup_settings(self):
        for company in self:
            amounts = (
                company.followup_backfill_days,
                company.followup_late_entry_hours,
                company.followup_reveal_limit,
            )
            if min(amounts) < 0 or not 0 <= company.followup_list_hour < 24:
                raise ValidationError(
                    self.env._("Settings are not negative and hours end at 24.")
                )
            if company.followup_horizon_days < 1 or company.followup_claim_minutes < 1:
                raise ValidationError(
                    self.env._("Horizon and minutes per call are at least 1.")
                )
