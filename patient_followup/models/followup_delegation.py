# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupDelegation(models.Model):
    """A deputy who does a person's follow-up while he is away."""

    _name = "followup.delegation"
    _description = "Deputy"
    _order = "date_from desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one("res.users", required=True, index=True)
    deputy_id = fields.Many2one("res.users", required=True, index=True)
    date_from = fields.Date(required=True)
    date_to = fields.Date(required=True)
