# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupExclusionReason(models.Model):
    """Why a stay may stay out of follow-up (E-6).

    Access: every role reads the list; centre managers and administrators edit it.
    """

    _name = "followup.exclusion.reason"
    _description = "Exclusion Reason"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
