# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupTimeBand(models.Model):
    """A part of the day in which a call counts as one try (P-2)."""

    _name = "followup.time.band"
    _description = "Time Band"
    _order = "hour_from, id"

    name = fields.Char(required=True, translate=True)
    hour_from = fields.Float(required=True)
    hour_to = fields.Float(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
