# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every way to "done" asks who heard it and what he said (P-9, Q-14)."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, warmup

from .survey_common import FollowupSurveyCase


@tagged("post_install", "-at_install")
class TestFollowupRecorded(FollowupSurveyCase):
    def setUp(self):
        super().setUp()
        self.company.followup_identity_items = 2
        self.task = self._asked().with_user(self.ward_a)

    def _reach(self, task=None, result="reached", **vals):
        task = self.task if task is None else task
        vals.setdefault("contact_id", task.patient_id.contact_ids[:1].id)
        task.log_attempt(result, **vals)
        return task

    def _identify(self, task=None):
        task = self.task if task is None else task
        task.confirm_identity(["name", "mrn"])

    def _dialog(self, task=None, **vals):
        task = self.task if task is None else task
        return (
            self.env["followup.task.log"]
            .with_user(task.env.user)
            .create({"task_id": task.id, "result": "reached", **vals})
        )

    # ------------------------------------------------------------
    # ANSWERS THAT WERE BEGUN
    # ------------------------------------------------------------

    def test_answers_that_were_begun_are_completed(self):
        self._reach()
        self._identify()
        self._save(temperature=37, task=self.task)
        ways = {
            "method": self.task.action_complete,
            "with words": lambda: self.task.action_complete("well"),
            "next": self.task.action_complete_next,
            "dialog": self._dialog(outcome_note="well").action_save_complete,
        }
        for way, call in ways.items():
            with (
                self.subTest(way=way),
                self.assertRaisesRegex(UserError, "1 questions must still be asked"),
                self.env.cr.savepoint(),
            ):
                call()
        self.env.invalidate_all()
        self._save(condition="good", task=self.task)
        self.task.action_complete("well")
        self.assertEqual(self.task.user_input_id.followup_open_count, 0)

    def test_nobody_ends_them_without_knowing_who_listens(self):
        self._reach()
        self._save(condition="good", task=self.task)
        with self.assertRaisesRegex(UserError, "whom you are speaking to"):
            self.task.action_complete("well")
        self._identify()
        self.task.action_complete("well")
        self.assertEqual(self.task.state, "done")

    def test_who_hung_up_is_finished_on_the_screen_all_the_same(self):
        self._reach()
        self._identify()
        self._save(temperature=37, task=self.task)
        self.assertTrue(self.task.finish_call()["missing"])
        self.task.finish_call(next_call=False, force=True)
        self.assertEqual(self.task.state, "done")
        self.assertEqual(self.task.user_input_id.followup_open_count, 1)

    # ------------------------------------------------------------
    # A RECORD IN WORDS
    # ------------------------------------------------------------

    def test_a_wards_record_in_three_taps_needs_words(self):
        """Call, what happened, save: what the patient said stands in words."""
        self._reach()
        for note in (None, "", "  ", "\x00"):
            with self.assertRaisesRegex(UserError, "write down how the patient is"):
                self.task.action_complete(note)
        with self.assertRaisesRegex(UserError, "write down"), self.env.cr.savepoint():
            self._dialog().action_save_complete()
        self.env.invalidate_all()
        self._dialog(outcome_note="Eats well").action_save_complete()
        self.assertEqual(self.task.state, "done")

    def test_the_centre_asks_its_questions(self):
        """V-1: level 2 checks level 1, a sentence does not."""
        task = self._asked(level="2").with_user(self.centre)
        self._reach(task)
        with self.assertRaisesRegex(UserError, "ask the questions"):
            task.action_complete("well")
        self._identify(task)
        self._save(condition="good", task=task, user=self.centre)
        task.action_complete("well")
        self.assertEqual(task.state, "done")

    def test_what_is_entered_later_stands_in_words(self):
        """A call from a paper list, of the centre too."""
        before = fields.Datetime.now() - timedelta(hours=11)
        task = self._asked(level="2").with_user(self.centre)
        self.company.followup_late_entry_hours = 2
        self._reach(task, started_at=before, ended_at=before + timedelta(minutes=3))
        self.assertTrue(task.attempt_ids.is_late_entry)
        task.action_complete("well")
        self.assertEqual(task.state, "done")

    def test_a_relative_who_may_not_hear_it_ends_no_call(self):
        child = self.env["followup.patient.contact"].create(
            {
                "patient_id": self.task.patient_id.id,
                "name": "Zhang Li",
                "relation": "child",
                "phone": "13800000009",
            }
        )
        self._reach(result="reached_relative", contact_id=child.id)
        with self.assertRaisesRegex(AccessError, "may not be told"):
            self.task.action_complete("well")
        child.may_receive_medical_info = True
        self.task.action_complete("well")

    def test_a_plain_step_asks_nothing(self):
        task = self._task().with_user(self.ward_a)
        self._reach(task)
        task.action_complete()
        self.assertEqual(task.state, "done")

    @warmup
    def test_a_record_in_words_costs_at_most_six_queries(self):
        """Goal: at most 6 queries for the call and its completion."""
        self._reach()
        self.task.action_complete("well")
        task = self._asked().with_user(self.ward_a)
        contact = task.patient_id.contact_ids
        contact.validity = "valid"
        task.action_claim()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            task.log_attempt("reached", contact_id=contact.id)
            task.action_complete("well")
            self.env.flush_all()
