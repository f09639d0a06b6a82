# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class FollowupTimeBand(models.Model):
    """A part of the day in which a call counts as one try (P-2).

    Hours are local to the hospital, the end does not belong to the band.
    Access: every role reads, centre managers and administrators edit.
    """

    _name = "followup.time.band"
    _description = "Time Band"
    _inherit = ["followup.shared.mixin"]
    _order = "hour_from, id"

    name = fields.Char(required=True, translate=True)
    hour_from = fields.Float(string="From", required=True)
    hour_to = fields.Float(string="To", required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )

    _hours_ordered = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_from < hour_to AND hour_to <= 24)",
        "A time band begins and ends within one day, and ends after it begins.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        bands = super().create(vals_list)
        self.env["followup.attempt.policy"]._on_rules_changed()
        return bands

    def write(self, vals):
        result = super().write(vals)
        if not {"hour_from", "hour_to", "active"}.isdisjoint(vals):
            self.env["followup.attempt.policy"]._on_rules_changed(self)
        return result

    def unlink(self):
        policies = self.env["followup.attempt.policy"]._find_using(self)
        result = super().unlink()
        policies._on_rules_changed()
        return result
