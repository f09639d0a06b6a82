# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    followup_backfill_days = fields.Integer(
        default=0, help="Days by which a generated task may already be overdue."
    )
    followup_horizon_days = fields.Integer(default=400)
    followup_list_hour = fields.Float(default=10.0)
    followup_claim_minutes = fields.Integer(default=30)
    followup_late_entry_hours = fields.Integer(default=24)
    followup_default_policy_id = fields.Many2one("followup.attempt.policy")
