# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class HrDepartment(models.Model):
    """A named manager has those of his departments below him (D-8)."""

    _inherit = "hr.department"

    @api.model_create_multi
    def create(self, vals_list):
        departments = super().create(vals_list)
        self.env["complaint.case"]._refresh_conflicts()
        return departments

    def write(self, vals):
        result = super().write(vals)
        if not {"manager_id", "parent_id"}.isdisjoint(vals):
            self.env["complaint.case"]._refresh_conflicts()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["complaint.case"]._refresh_conflicts()
        return result
