# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Digest mails count what their recipient may read (section 1)."""

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .hospital_common import SmallHospitalCase


@tagged("post_install", "-at_install")
class TestDigest(SmallHospitalCase):
    def _value(self, user, name):
        digest = self.env["digest.digest"].create(
            {"name": "Figures", "company_id": self.company.id, name: True}
        )
        start, end = self._moment("2026-03-01"), self._moment("2026-03-31")
        digest = digest.with_user(user).with_company(self.company)
        digest = digest.sudo(False).with_context(start_datetime=start, end_datetime=end)
        with freeze_time(end):
            return digest[f"{name}_value"]

    def test_a_head_counts_his_department_and_the_manager_all(self):
        self.assertEqual(self._value(self.manager, "kpi_followup_done"), 4)
        self.assertEqual(self._value(self.head_b, "kpi_followup_done"), 2)

    def test_who_has_no_role_for_a_figure_does_not_get_it(self):
        with self.assertRaises(AccessError):
            self._value(self.leader, "kpi_followup_done")
        with self.assertRaises(AccessError):
            self._value(self.manager, "kpi_complaints")
