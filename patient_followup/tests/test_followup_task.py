# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import FollowupCase


@tagged("post_install", "-at_install")
class TestFollowupTask(FollowupCase):
    def test_the_hospital_of_the_tests_stands(self):
        task = self._task()
        self.assertEqual(task.company_id, self.company)
        self.assertTrue(self._protocol([{"offset_target": 3}]).step_ids)
        self.assertIn(self.department_a, self.head_a.followup_department_ids)
        self.assertTrue(task.with_user(self.ward_a).has_access("read"))
        self.assertFalse(task.with_user(self.ward_b).has_access("read"))
        self.assertFalse(task.with_user(self.plain).has_access("read"))

    def test_a_call_from_claim_to_completion(self):
        task = self._task().with_user(self.ward_a)
        task.action_claim()
        self.assertEqual(task.claimed_by_id, self.ward_a)
        attempt = task.log_attempt("reached", note="well")
        self.assertEqual(task.state, "in_progress")
        task.action_complete("recovers well")
        self.assertEqual(attempt.user_id, self.ward_a)
        self.assertRecordValues(
            task,
            [
                {
                    "state": "done",
                    "completed_by_id": self.ward_a.id,
                    "outcome_note": "recovers well",
                    "attempt_count": 1,
                }
            ],
        )
