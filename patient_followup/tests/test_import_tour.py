# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged

from .common import FollowupCase


@tagged("post_install", "-at_install", "patient_followup_http")
class TestImportTour(FollowupCase, HttpCase):
    def test_a_list_is_checked_imported_and_corrected(self):
        """Design section 8, screen 3"""
        self.manager.password = "manager"
        self.start_tour(
            "/odoo/followup-imports", "followup_import_tour", login="manager"
        )
        stays = self.env["followup.encounter"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(set(stays.mapped("number")), {"T1", "T2"})
        self.assertEqual(stays.department_id, self.department_a)
