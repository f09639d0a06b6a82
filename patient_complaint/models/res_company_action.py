# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

SETTINGS = (
    "complaint_action_days",
    "complaint_check_days",
    "complaint_remind_days",
    "complaint_escalate_days",
    "complaint_recur_days",
    "complaint_recur_count",
)


class ResCompany(models.Model):
    """How long rectification takes, and what counts as recurring (C-19, S-7)."""

    _inherit = "res.company"

    complaint_action_days = fields.Integer(
        string="Days for a Rectification",
        default=14,
        help="Proposed as the deadline of a new one, or of one that is returned.",
    )
    complaint_check_days = fields.Integer(
        string="Days until the Effect Is Checked",
        default=14,
        help="After it was done; then the check is late.",
    )
    complaint_remind_days = fields.Integer(
        string="Days to Remind ahead",
        default=3,
        help="So many days before the deadline the responsible is reminded.",
    )
    complaint_escalate_days = fields.Integer(
        string="Days between Superiors",
        default=3,
        help="A late rectification climbs to the next superior after so many days.",
    )
    complaint_recur_days = fields.Integer(
        string="Days Searched for Repeated Complaints", default=90
    )
    complaint_recur_count = fields.Integer(
        string="Cases that Make a Campaign",
        default=3,
        help="So many complaints of one category about one department propose a"
        " special campaign; 0 proposes none.",
    )

    @api.constrains(*SETTINGS)
    def _check_complaint_action_settings(self):
        for company in self:
            if any(company[name] < 0 for name in SETTINGS):
                raise ValidationError(self.env._("Settings are not negative."))

    @api.model
    def _followup_number_series(self):
        """Number rectification, rounds and campaigns (D-7)."""
        series = super()._followup_number_series()
        return {
            **series,
            "complaint.action": ("Rectification", "R%(year)s-", 4),
            "complaint.round": ("Service Round", "Q%(year)s-", 4),
            "complaint.campaign": ("Campaign", "Z%(year)s-", 3),
        }
