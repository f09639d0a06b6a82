# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupAccessLog(models.Model):
    """Who saw or took out protected data, and why (append-only)."""

    _name = "followup.access.log"
    _description = "Access Log"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, index=True)
    user_id = fields.Many2one("res.users", required=True, index=True)
    action = fields.Selection(
        [
            ("reveal", "Reveal"),
            ("search", "Search by number"),
            ("export", "Export"),
            ("takeover", "Take-over"),
            ("role", "Role change"),
        ],
        required=True,
    )
    res_model = fields.Char()
    res_id = fields.Many2oneReference(model_field="res_model")
    field_name = fields.Char()
    reason = fields.Char()
    count = fields.Integer(default=1)
