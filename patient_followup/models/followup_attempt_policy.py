# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupAttemptPolicy(models.Model):
    """How often and when a patient who does not answer is tried again (P-2)."""

    _name = "followup.attempt.policy"
    _description = "Attempt Policy"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    band_ids = fields.Many2many("followup.time.band")
    max_attempts = fields.Integer(default=3, required=True)
    distinct_bands = fields.Boolean(default=True)
    min_gap_minutes = fields.Integer(default=60)
