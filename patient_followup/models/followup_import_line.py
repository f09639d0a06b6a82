# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupImportLine(models.Model):
    """A row of a list with what became of it (I-7)."""

    _name = "followup.import.line"
    _description = "Discharge List Row"
    _order = "row, id"

    import_id = fields.Many2one(
        "followup.import", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    row = fields.Integer(required=True)
