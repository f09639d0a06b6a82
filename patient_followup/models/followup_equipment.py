# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupEquipment(models.Model):
    """Something a team takes along on home visits (M-5).

    Access: every role reads; centre managers and administrators edit.
    """

    _name = "followup.equipment"
    _description = "Equipment for Home Visits"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    department_ids = fields.Many2many(
        "hr.department", string="Only for", help="Empty: every department."
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )

    def _for_visit(self, company, department):
        """Return what a team of this department takes along."""
        rows = self.search([("company_id", "in", [company.id, False])])
        return rows.filtered(
            lambda row: not row.department_ids or department in row.department_ids
        )
