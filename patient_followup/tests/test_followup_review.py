# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .concern_common import ConcernCase


@tagged("post_install", "-at_install")
class TestFollowupReview(ConcernCase):
    """Results reach the doctor; what he agrees reaches the next caller (X-6)."""

    def _finish(self, user=None, task=None):
        task = (task or self.task).with_user(user or self.ward_a)
        task.log_attempt("reached")
        task.action_complete("Eats well")
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["followup.review.inbox"].browse(task.id)

    def _inbox(self, user):
        return self.env["followup.review.inbox"].with_user(user).search([])

    def test_the_result_of_another_caller_stands_in_the_doctors_list(self):
        result = self._finish()
        self.assertEqual(self._inbox(self.doctor), result)
        self.assertEqual(result.with_user(self.doctor).outcome_note, "Eats well")
        self.assertEqual(result.state, "pending")

    def test_his_own_calls_need_no_review(self):
        self._finish(self.doctor)
        self.assertFalse(self._inbox(self.doctor))

    def test_level_2_results_reach_the_treating_doctor(self):
        """He cannot open the call of the centre, but reads what came of it."""
        task = self._task(self.stay, level="2")
        result = self._finish(self.centre, task)
        self.assertEqual(self._inbox(self.doctor), result)

    def test_others_do_not_see_it(self):
        self._finish()
        for user in (self.ward_a, self.ward_b, self.expert):
            self.assertFalse(self._inbox(user))
        self.assertTrue(self._inbox(self.head_a))
        self.assertTrue(self._inbox(self.inspector))

    def test_one_click_reviews(self):
        self._finish()
        self._inbox(self.doctor).action_reviewed()
        row = self._inbox(self.doctor)
        self.assertEqual(row.state, "reviewed")
        self.assertEqual(row.reviewed_by_id, self.doctor)

    def test_the_agreed_measure_is_shown_to_the_next_caller(self):
        self._finish()
        self._inbox(self.doctor).action_reviewed("Blood pressure again in a week")
        following = self._task(self.stay, level="2").with_user(self.centre)
        self.assertIn("Blood pressure again in a week", following.agreed_measures)
        self.assertIn("User doctor", following.agreed_measures)

    def test_reviewing_again_keeps_the_measure_unless_it_is_changed(self):
        self._finish()
        row = self._inbox(self.doctor)
        row.action_reviewed("Less salt")
        row.action_reviewed()
        self.assertEqual(row.measure, "Less salt")
        row.action_reviewed("No salt")
        self.assertEqual(row.measure, "No salt")
        self.assertEqual(self.env["followup.review"].search_count([]), 1)

    def test_a_red_flag_or_a_question_comes_first(self):
        calm = self._finish(task=self._task(self.stay))
        self._ask()
        result = self._finish()
        self.assertEqual(self._inbox(self.doctor), result + calm)
        self.assertEqual(self._inbox(self.doctor)[0], result)
        self.assertTrue(result.needs_attention)

    def test_an_inspector_reads_but_does_not_review(self):
        self._finish()
        with self.assertRaises(AccessError):
            self._inbox(self.inspector).action_reviewed()

    def test_nobody_writes_reviews_by_hand(self):
        self._finish()
        self._inbox(self.doctor).action_reviewed("Less salt")
        review = self.env["followup.review"].search([])
        with self.assertRaises(AccessError):
            review.with_user(self.doctor).write({"measure": "x"})
        with self.assertRaises(AccessError):
            review.with_user(self.manager).unlink()

    def test_the_dialog_writes_the_measure(self):
        result = self._finish().with_user(self.doctor)
        action = result.action_agree()
        dialog = self.env["followup.review.agree"].with_user(self.doctor)
        dialog = dialog.with_context(**action["context"])
        dialog.create({"measure": "Less salt"}).action_confirm()
        self.assertEqual(result.measure, "Less salt")
        stranger = self.env["followup.review.agree"].with_user(self.ward_b)
        with self.assertRaises(AccessError):
            stranger.create({"task_id": result.id, "measure": "x"}).action_confirm()
