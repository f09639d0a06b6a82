# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import FollowupCase


@tagged("post_install", "-at_install")
class TestFollowupTask(FollowupCase):
    def test_fixture(self):
        task = self._task()
        self.assertEqual(task.company_id, self.company)
        self.assertTrue(self._protocol([{"offset_target": 3}]).step_ids)
        self.assertIn(self.department_a, self.head_a.followup_department_ids)
        self.assertTrue(task.with_user(self.ward_a).has_access("read"))
