# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Upgrades bring what they promise."""

from odoo.tests import tagged

from odoo.addons.patient_followup.tests.upgrade_common import UpgradeMixin

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintUpgrade(UpgradeMixin, ComplaintCommon):
    module = "patient_complaint"

    def test_labels_are_renewed_and_own_words_stay(self):
        self._check_renewed(
            "complaint_menu_root",
            "complaint_case_view_search",
            "complaint_category_medical",
            "Mine",
        )
