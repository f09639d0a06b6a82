# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupCallCriterion(models.Model):
    """What a call is scored by: complete, timely, accurate, kind (V-8, V-9).

    Access: roles read; centre managers and administrators edit. Without a
    hospital it is for all.
    """

    _name = "followup.call.criterion"
    _description = "Call Quality Criterion"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", index=True)
    dimension = fields.Selection(
        [
            ("complete", "Completeness"),
            ("timely", "Timeliness"),
            ("accurate", "Accuracy"),
            ("manner", "Manner"),
        ],
        required=True,
        default="complete",
    )
    weight = fields.Integer(string="Weighting", default=1, required=True)
    description = fields.Char(string="Full Points For", translate=True)

    _weight_positive = models.Constraint(
        "CHECK (weight > 0)", "A weight is greater than zero."
    )
