# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.model
    def _followup_roles(self):
        """Roles of complaints are logged as those of follow-up (D-18)."""
        own = self._followup_find_groups("patient_complaint", "complaint_group_")
        return super()._followup_roles() | own

    @api.model
    def _load_role_names(self):
        """Load the words of our roles before they are given to anybody.

        Odoo does it after all data; the access log keeps words (D-18).
        """
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        self.env["ir.module.module"]._load_module_terms(
            ["patient_complaint"], [code for code in installed if code != "en_US"]
        )
