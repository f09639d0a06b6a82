# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupPatientCategory(models.Model):
    """Key group of patients: surgery, chemotherapy, elderly ... (E-2, E-7).

    Access: every follow-up role reads; centre managers and administrators edit.
    """

    _name = "followup.patient.category"
    _description = "Patient Category"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short name used by imports.")
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    description = fields.Char(translate=True)

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "This code is already used by another category.",
    )
