# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ComplaintIssue(models.Model):
    """Naming an employee closes the case for him and for all below him (I-8)."""

    _inherit = "complaint.issue"

    @api.model_create_multi
    def create(self, vals_list):
        issues = super().create(vals_list)
        # sudo: who is named counts, not who asks
        if issues.sudo().employee_ids:
            self.env["complaint.case"]._refresh_conflicts()
        return issues

    def write(self, vals):
        result = super().write(vals)
        if not {"employee_ids", "case_id"}.isdisjoint(vals):
            self.env["complaint.case"]._refresh_conflicts()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["complaint.case"]._refresh_conflicts()
        return result
