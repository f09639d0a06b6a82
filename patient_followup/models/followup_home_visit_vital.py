# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain


class FollowupHomeVisitVital(models.Model):
    """One value measured at a patient's home (FHIR Observation, M-5).

    Sealed with its visit. Access: like the visit.
    """

    _name = "followup.home.visit.vital"
    _description = "Vital Sign at a Home Visit"
    _erase_fields = ()
    _erase_link = "visit_id"
    _inherit = ["followup.sealed.mixin"]
    _order = "visit_id, sequence, id"

    _seal_fields = ("visit_id", "sign_id", "value")
    _seal_texts = ()

    visit_id = fields.Many2one(
        "followup.home.visit", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="visit_id.company_id", store=True, index=True, precompute=True
    )
    sign_id = fields.Many2one(
        "followup.vital.sign", string="Measurement", required=True, ondelete="restrict"
    )
    sequence = fields.Integer(related="sign_id.sequence", store=True, precompute=True)
    unit = fields.Char(related="sign_id.unit")
    value = fields.Float(digits=(8, 1), help="Empty: not measured.")
    is_unusual = fields.Boolean(compute="_compute_is_unusual")

    _sign_uniq = models.UniqueIndex(
        "(visit_id, sign_id)", "This was measured already in this visit."
    )

    @api.depends("value", "sign_id")
    def _compute_is_unusual(self):
        for vital in self:
            vital.is_unusual = vital.sign_id._is_unusual(vital.value)

    @api.constrains("value")
    def _check_value(self):
        for vital in self:
            sign = vital.sign_id
            if vital.value and not sign.low <= vital.value <= sign.high:
                raise ValidationError(
                    self.env._(
                        "%(name)s %(value)s %(unit)s is hardly possible:"
                        " between %(low)s and %(high)s is expected.",
                        name=sign.name,
                        value=f"{vital.value:g}",
                        unit=sign.unit,
                        low=f"{sign.low:g}",
                        high=f"{sign.high:g}",
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        ids = {vals.get("visit_id") for vals in vals_list} - {None, False}
        visits = self.env["followup.home.visit"].browse(ids)
        # before the row is there: only whoever records the visit adds to it
        visits.check_access("write")
        if any(visit.state != "planned" for visit in visits):
            raise UserError(self.env._("This visit is over: add an amendment."))
        return super().create(vals_list)

    def write(self, vals):
        if "visit_id" in vals and self.visit_id.ids != [vals["visit_id"]]:
            raise AccessError(self.env._("A measurement stays with its visit."))
        return super().write(vals)

    @api.model
    def _get_complete_domain(self):
        return Domain("visit_id.state", "=", "done")
