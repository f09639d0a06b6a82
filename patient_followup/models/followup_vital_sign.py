# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class FollowupVitalSign(models.Model):
    """A measurement of a home visit with its unit and range (M-5).

    Outside the plausible range is a slip of the pen and refused; outside the
    usual range is shown in red.

    Access: every role reads; centre managers and administrators edit.
    """

    _name = "followup.vital.sign"
    _description = "Vital Sign"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    unit = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    low = fields.Float(string="Lowest Plausible", required=True)
    high = fields.Float(string="Highest Plausible", required=True)
    usual_low = fields.Float(string="Usual from")
    usual_high = fields.Float(string="Usual to")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )

    @api.constrains("low", "high", "usual_low", "usual_high")
    def _check_ranges(self):
        for sign in self:
            if not 0 <= sign.low < sign.high:
                raise ValidationError(self.env._("The plausible range is empty."))
            if sign.usual_high and sign.usual_low >= sign.usual_high:
                raise ValidationError(self.env._("The usual range is empty."))

    def _is_unusual(self, value):
        if not value or not self.usual_high:
            return False
        return not self.usual_low <= value <= self.usual_high
