# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What was answered never changes; a change is a new version (D-1, Q-14)."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .survey_common import FollowupSurveyCase


@tagged("post_install", "-at_install")
class TestFollowupSurveyVersion(FollowupSurveyCase):
    def _new_version(self):
        action = self.survey.with_user(self.manager).action_new_version()
        return self.env["survey.survey"].browse(action["res_id"])

    def test_a_questionnaire_without_answers_is_edited_freely(self):
        survey = self.survey.with_user(self.manager)
        survey.title = "Better Questions"
        question = self.questions["temperature"].with_user(self.manager)
        question.title = "How warm?"
        question.unlink()
        self.choices["condition", "bad"].with_user(self.administrator).value = "Ill"

    def test_after_the_first_answer_nothing_that_is_asked_changes(self):
        self._save(temperature=37)
        question, choice = self.questions["temperature"], self.choices["doctor", "yes"]
        changes = {
            "title": lambda env: self.survey.with_env(env).write({"title": "x"}),
            "question": lambda env: question.with_env(env).write({"title": "x"}),
            "limit": lambda env: question.with_env(env).write(
                {"followup_alert_max": 50}
            ),
            "choice": lambda env: choice.with_env(env).write({"followup_score": 1}),
            "translation": lambda env: question.with_env(env).update_field_translations(
                "title", {"en_US": "x"}
            ),
            "new question": lambda env: question.with_env(env).create(
                {"survey_id": self.survey.id, "title": "x"}
            ),
            "new choice": lambda env: choice.with_env(env).create(
                {"question_id": choice.question_id.id, "value": "x"}
            ),
            "no question": lambda env: question.with_env(env).unlink(),
            "no choice": lambda env: choice.with_env(env).unlink(),
            "no survey": lambda env: self.survey.with_env(env).unlink(),
        }
        for user in (self.manager, self.env.user):
            env = self.env(user=user, su=user == self.env.user)
            for name, change in changes.items():
                with (
                    self.subTest(change=name, user=user.login),
                    self.assertRaisesRegex(UserError, "new version"),
                    self.env.cr.savepoint(),
                ):
                    change(env)

    def test_no_question_moves_into_an_answered_questionnaire(self):
        self._save(temperature=37)
        loose = self.env["survey.question"].create({"title": "Loose"})
        with self.assertRaisesRegex(UserError, "new version"):
            loose.survey_id = self.survey

    def test_an_answered_questionnaire_is_archived_and_retired(self):
        self._save(temperature=37)
        survey = self.survey.with_user(self.manager)
        survey.action_archive()
        survey.action_unarchive()
        survey.action_followup_retire()
        self.assertEqual(survey.followup_state, "retired")
        self.assertFalse(self._asked()._get_survey())

    def test_a_questionnaire_of_a_protocol_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "belongs to a protocol"):
            self.survey.with_user(self.manager).unlink()

    def test_a_new_version_asks_the_same_with_the_same_conditions(self):
        self._save(temperature=37)
        draft = self._new_version()
        self.assertEqual(draft.followup_version, 2)
        self.assertEqual(draft.followup_state, "draft")
        self.assertEqual(draft.title, "Test Questions")
        old = self.survey._followup_definition()["questions"]
        new = draft._followup_definition()["questions"]
        plain = ("title", "type", "mandatory", "metric", "unit", "alert_max", "max")
        self.assertEqual(
            [[row[name] for name in plain] for row in new],
            [[row[name] for name in plain] for row in old],
        )
        symptom = new[1]
        self.assertEqual(symptom["trigger"]["question_id"], new[0]["id"])
        self.assertEqual(symptom["trigger"]["answer_ids"], [new[0]["choices"][1]["id"]])
        codes = [[c["code"] for c in row["choices"]] for row in new]
        self.assertEqual(codes, [[c["code"] for c in row["choices"]] for row in old])

    def test_asking_twice_for_a_new_version_opens_the_same_draft(self):
        self._save(temperature=37)
        self.assertEqual(self._new_version(), self._new_version())

    def test_calls_take_the_version_in_use_and_keep_the_one_they_began(self):
        self._save(temperature=37)
        draft = self._new_version()
        later = self._asked()
        self.assertEqual(later._get_survey(), self.survey)
        draft.with_user(self.manager).action_followup_use()
        self.assertEqual(self.survey.followup_state, "retired")
        self.assertEqual(later._get_survey(), draft)
        self.assertEqual(self.task._get_survey(), self.survey)
        # the protocol still names the first version: its steps never change
        self.assertEqual(later.step_id.survey_id, self.survey)

    def test_a_draft_is_edited_while_the_old_version_is_answered(self):
        self._save(temperature=37)
        draft = self._new_version().with_user(self.manager)
        draft.question_ids[2].title = "How warm?"
        self._save(temperature=38)
        self.assertEqual(
            self.survey._followup_definition()["questions"][2]["title"], "Temperature"
        )
        self.assertEqual(
            draft._followup_definition()["questions"][2]["title"], "How warm?"
        )

    def test_versions_are_no_fields_to_write(self):
        for name, value in (
            ("followup_version", 7),
            ("followup_state", "retired"),
            ("followup_family_id", False),
        ):
            with self.assertRaisesRegex(UserError, "cannot be edited directly"):
                self.survey.with_user(self.manager).write({name: value})

    def test_a_copy_is_a_questionnaire_of_its_own(self):
        copy = self.survey.with_user(self.manager).copy()
        self.assertEqual(copy.followup_family_id, copy)
        self.assertEqual(copy.followup_version, 1)

    def test_tables_are_refused(self):
        with self.assertRaisesRegex(UserError, "no tables"):
            self._question(self.survey, "grid", "matrix")

    def test_the_definition_follows_the_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        question = self.questions["temperature"]
        self.survey._followup_definition()
        question.with_context(lang="fr_FR").title = "Température"
        french = self.survey.with_context(lang="fr_FR")._followup_definition()
        self.assertEqual(french["questions"][2]["title"], "Température")
        english = self.survey.with_context(lang="en_US")._followup_definition()
        self.assertEqual(english["questions"][2]["title"], "Temperature")

    def test_the_definition_costs_nothing_the_second_time(self):
        survey = self.survey.with_user(self.ward_a)
        survey._followup_definition()
        with self.assertQueryCount(1):  # may he read it?
            self.env.invalidate_all()
            survey._followup_definition()

    def test_a_patient_is_not_shown_what_alarms(self):
        for question in self.survey._followup_definition(public=True)["questions"]:
            self.assertNotIn("alert_max", question)
            for choice in question["choices"]:
                self.assertEqual(set(choice), {"id", "label", "exclusive"})

    def test_handing_out_a_definition_keeps_the_remembered_one(self):
        self.survey._followup_definition()["questions"].clear()
        self.assertEqual(len(self.survey._followup_definition()["questions"]), 7)
