# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupImport(models.Model):
    """One discharge list brought in, with its result (A-14, K-1, I-7)."""

    _name = "followup.import"
    _description = "Discharge List Import"
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    profile_id = fields.Many2one("followup.import.profile", required=True)
    line_ids = fields.One2many("followup.import.line", "import_id")
