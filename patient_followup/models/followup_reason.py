# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupReason(models.Model):
    """Listed reason for refusing, cancelling, reopening or not reaching (P-12).

    Access: every role reads, centre managers and administrators edit. A reason
    in use is archived, never deleted.
    """

    _name = "followup.reason"
    _description = "Outcome Reason"
    _inherit = ["followup.shared.mixin"]
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
            ("unreachable", "Unreachable"),
            ("reopened", "Reopened"),
            ("plan_change", "Plan Changed"),
        ],
        required=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )
