# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The language of the demo hospital, before its people come."""

from odoo import api, models

from ..demo import hospital


class FollowupDemo(models.AbstractModel):
    _inherit = "followup.demo"

    @api.model
    def _speak(self, module="patient_followup"):
        """Load the words of an addon: Odoo does it after the demo data only.

        What is written down from now on, such as who gained which role in the
        access log, is written in the language of the hospital.
        """
        languages = self._installed_languages()
        self.env["ir.module.module"]._load_module_terms([module], languages)
        if "zh_CN" in languages:
            # tasks are named in the language of their hospital
            self._companies().partner_id.lang = "zh_CN"

    @api.model
    def _name_departments(self):
        """Name the departments in every language, before anything names them."""
        for key, names in hospital.DEPARTMENT_NAMES.items():
            self._translate(self._ref(f"department_{key}"), names)

    def _installed_languages(self):
        installed = dict(self.env["res.lang"].get_installed())
        return [code for code in ("zh_CN", "zh_TW") if code in installed]
