# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.model
    def _followup_roles(self):
        """Roles of complaints are logged as those of follow-up (D-18)."""
        # sudo: external ids are not readable for user administrators
        rows = (
            self.env["ir.model.data"]
            .sudo()
            .search(
                [
                    ("model", "=", "res.groups"),
                    ("module", "=", "patient_complaint"),
                    ("name", "=like", "complaint_group_%"),
                ]
            )
        )
        return super()._followup_roles() | self.browse(rows.mapped("res_id")).exists()
