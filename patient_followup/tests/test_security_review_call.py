# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ways around the rules of calls, samples, questionnaires and seals, found closed."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .survey_common import FollowupSurveyCase
from .test_followup_call_screen import CallScreenCase
from .test_followup_sample import NOW, SampleCase

# of core, which the guard of answered questionnaires keeps from being deleted
CORE = ("survey.user_input", "survey_id")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestSecurityReviewSample(SampleCase):
    def test_centre_caller_sees_no_verification_of_his_call(self):
        """Nobody of the centre reads on the board whom the lot fell on (V-6)."""
        self._stays(3)
        sample = self._draw(percent=100)
        calls = sample.line_ids.verification_task_id
        self.assertTrue(calls)
        seen = self.env["followup.task"].with_user(self.centre)
        self.assertFalse(seen.search([("kind", "=", "verification")]))
        verifier = self.env["followup.task"].with_user(self.inspector)
        self.assertEqual(verifier.search([("id", "in", calls.ids)]), calls)

    def test_who_rang_for_the_checked_call_does_not_judge_it(self):
        """Trying the patient counts as performing, whoever completed it (V-6)."""
        task = self._stays(1)
        with freeze_time(task.date_due):
            mine = task.with_user(self.manager)
            mine.log_attempt("no_answer", contact_id=task.patient_id.contact_ids.id)
            mine.action_release()
        self._finish(task, self.ward_a)
        line = self._draw(percent=100).line_ids.with_user(self.manager)
        with self.assertRaises(AccessError):
            line.action_verdict("confirmed")
        self.assertFalse(line.can_judge)

    def test_a_score_closes_only_the_line_of_its_call(self):
        """No line is closed without verdict by the score of another call (V-8)."""
        tasks = self._stays(2)
        self._finish(tasks, self.ward_a)
        lines = self._draw(percent=100).line_ids
        scores = self.env["followup.call.score"].with_user(self.inspector)
        score = scores.create({"task_id": tasks[0].id})
        other = lines.filtered(lambda line: line.task_id == tasks[1])
        with self.assertRaises(UserError):
            score.sample_line_id = other.id
            score.line_ids.mark = "5"
            score.action_done()

    def test_a_mark_never_moves_to_a_final_score(self):
        tasks = self._stays(2)
        self._finish(tasks, self.ward_a)
        scores = self.env["followup.call.score"].with_user(self.inspector)
        final, draft = scores.create([{"task_id": task.id} for task in tasks])
        final.line_ids.mark = "5"
        final.action_done()
        draft.line_ids.unlink()
        extra = self.env["followup.call.criterion"].create(
            {"name": "Extra", "dimension": "manner", "weight": 1}
        )
        draft.line_ids = [(0, 0, {"criterion_id": extra.id})]
        with self.assertRaises(UserError):
            draft.line_ids.score_id = final.id

    def test_the_appeal_period_of_a_drawn_sample_is_fixed(self):
        """Nobody takes the time to appeal away after the draw (V-6)."""
        self._stays(1)
        sample = self._draw(percent=100)
        with self.assertRaises(UserError):
            sample.appeal_days = 0

    def test_only_who_can_open_it_becomes_verifier(self):
        self._stays(1)
        line = self._draw(percent=100).line_ids
        with self.assertRaises(UserError):
            line.with_user(self.inspector).action_assign_verifier(self.plain.id)

    def test_shared_campaigns_are_the_administrators(self):
        """The manager of one hospital changes no check of the others (D-17)."""
        self._company("Other Hospital")
        campaign = self.env["followup.sample.campaign"].create(
            {"name": "Of all", "percent": 10, "company_id": False}
        )
        with self.assertRaises(AccessError):
            campaign.with_user(self.manager).percent = 1
        campaign.with_user(self.administrator).percent = 20
        own = campaign.with_user(self.manager).copy()
        self.assertEqual(own.company_id, self.company)


@tagged("post_install", "-at_install")
class TestSecurityReviewSurvey(FollowupSurveyCase):
    def test_no_word_that_was_asked_changes_by_translation(self):
        """The dialog of translations goes round `write` (D-1)."""
        self._save(temperature=37)
        question, choice = self.questions["temperature"], self.choices["doctor", "yes"]
        for record, name in (
            (question, "description"),
            (question, "followup_unit"),
            (choice, "value"),
            (self.survey, "title"),
        ):
            with (
                self.subTest(field=name),
                self.assertRaisesRegex(UserError, "new version"),
                self.env.cr.savepoint(),
            ):
                record.with_user(self.manager).update_field_translations(
                    name, {"en_US": "something else"}
                )

    def test_no_step_in_use_changes_by_translation(self):
        """Scripts of an active protocol change as a new version only (T-20)."""
        with self.assertRaises(UserError):
            self.protocol.step_ids.with_user(self.manager).update_field_translations(
                "name", {"en_US": "something else"}
            )


@tagged("post_install", "-at_install")
class TestSecurityReviewCall(CallScreenCase):
    def _join_second_form(self):
        step = self._protocol([{"survey_id": self._survey("Heart").id}]).step_ids
        other = self._task(self.stay, step_id=step.id).with_user(self.ward_a)
        self._call()
        self.task.join_calls(other.ids)
        self._identify()
        return other

    def test_no_answers_are_sealed_while_questions_of_the_call_are_open(self):
        """One of two joined forms is complete: both stay open (I-5)."""
        other = self._join_second_form()
        remark = other._get_survey().question_ids.filtered(
            lambda row: row.question_type == "text_box"
        )
        self.task.save_answers({self.questions["Pain"].id: 2, remark.id: "steady"})
        values = {self.questions["Condition"].id: [self._choice("Better")]}
        self.task._save_own_answers(values, set(values), self._result())
        answer = self.task.finish_call(next_call=False)
        self.assertTrue(answer["missing"])
        self.assertEqual(self.task.sudo().user_input_id.state, "in_progress")
        self.task.save_answers(
            {self.questions["Condition"].id: [self._choice("Worse")]}
        )
        self.assertFalse(self.task.finish_call(next_call=False)["missing"])

    def _result(self):
        return {"saved": 0, "alerts": [], "errors": {}}

    def test_a_colleagues_call_is_not_joined_by_the_way(self):
        """Taking a call out of somebody's hands is logged, with a reason (I-4)."""
        other = self._task(self.stay)
        other.with_user(self.ward_a).action_claim()
        mine = self.task.with_user(self.head_a)
        mine.action_take_over("he is in theatre")
        with self.assertRaises(UserError):
            mine.join_calls(other.ids)
        self.assertEqual(other.claimed_by_id, self.ward_a)

    def test_what_was_asked_of_the_person_is_sealed(self):
        """Who listened and what followed cannot be changed behind Odoo's back."""
        self._call()
        self._identify()
        self.task.save_notes({"call_outcome": "solved"})
        self.task.finish_call(next_call=False, force=True)
        task = self.task.sudo()
        self.assertEqual(task._check_seal(), "intact")
        for column, value in (
            ("call_outcome", "recheck"),
            ("identity_speaker", "relative"),
            ("identity_items", "name"),
        ):
            with self.subTest(column=column), self.env.cr.savepoint() as point:
                self.env.cr.execute(
                    f"UPDATE followup_task SET {column} = %s WHERE id = %s",
                    [value, task.id],
                )
                self.env.invalidate_all()
                self.assertEqual(task._check_seal(), "altered")
                point.rollback()
                self.env.invalidate_all()

    def test_no_deletion_empties_a_sealed_column(self):
        """Links of sealed rows hold what they point to in the database (I-5)."""
        for name in self.env["followup.seal"]._sealed_models():
            model = self.env[name]
            for column in model._seal_fields:
                field = model._fields[column]
                if field.type == "many2one" and (name, column) != CORE:
                    with self.subTest(model=name, column=column):
                        self.assertEqual(field.ondelete, "restrict")

    def test_contacts_are_deleted_without_reading_every_call(self):
        """Links to contacts are indexed: a million calls are not scanned."""
        fields_ = self.env["followup.task"]._fields
        for name in ("call_contact_id", "identity_contact_id"):
            self.assertTrue(fields_[name].index, name)
