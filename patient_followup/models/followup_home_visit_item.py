# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupHomeVisitItem(models.Model):
    """One thing on the checklist of a home visit (M-5).

    Access: like the visit.
    """

    _name = "followup.home.visit.item"
    _description = "Checklist of a Home Visit"
    _erase_fields = ("name",)
    _erase_link = "visit_id"
    _order = "visit_id, sequence, id"

    visit_id = fields.Many2one(
        "followup.home.visit", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="visit_id.company_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    packed = fields.Boolean()
