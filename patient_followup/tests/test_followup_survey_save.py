# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Saving answers: merged, checked, said in words, the same for staff and patient."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .survey_common import FollowupSurveyCase


@tagged("post_install", "-at_install")
class TestFollowupSurveySave(FollowupSurveyCase):
    """`_followup_save`, `_followup_values`, `_followup_finish` (P-9, D-2)."""

    def _values(self):
        return self._answers()._followup_values()

    def test_answers_are_given_back_as_they_were_saved(self):
        answers = {
            self._id("condition"): self._id("condition", "worse"),
            self._id("symptom"): self._id("symptom", "cough", "fever"),
            self._id("temperature"): 37.2,
            self._id("doctor"): {"refused": True},
            self._id("pain"): 0,
            self._id("day"): "2026-03-01",
            self._id("words"): "Thanks 谢谢 😀",
        }
        result = self._save(answers)
        self.assertEqual(result, {"saved": 7, "alerts": [], "errors": {}})
        self.assertEqual(self._values(), answers)

    def test_each_save_adds_to_the_earlier_ones(self):
        self._save(condition="good")
        self._save(temperature=36.6)
        self._save(condition="worse")
        self.assertEqual(
            self._values(),
            {
                self._id("condition"): self._id("condition", "worse"),
                self._id("temperature"): 36.6,
            },
        )

    def test_none_takes_an_answer_back(self):
        self._save(temperature=36.6, condition="good")
        self._save(temperature=None)
        self.assertEqual(list(self._values()), [self._id("condition")])

    def test_saving_the_same_again_writes_nothing(self):
        self._save(temperature=36.6, symptom=["cough"], doctor={"unknown": True})
        rows = self._answers().user_input_line_ids.ids
        self._save(temperature="36.6", symptom=["cough"], doctor={"unknown": True})
        self.assertEqual(self._answers().user_input_line_ids.ids, rows)

    def test_wrong_values_are_told_in_words_and_the_rest_is_saved(self):
        table = [
            ("temperature", "hot", "This is not a number."),
            ("temperature", 99, "Possible is 34 to 43 ℃: please check."),
            ("temperature", float("nan"), "This is not a number."),
            ("temperature", True, "This is not a number."),
            ("day", "2026-02-30", "This is not a date."),
            ("day", "0001-01-01", "This is not a date."),
            ("day", {"unknown": True}, "Please ask for an answer."),
            ("pain", 11, "Possible is 0 to 10: please check."),
            ("pain", 3.5, "This is not a number."),
            ("words", "a\x00b", "This answer cannot be read."),
            ("words", "x" * 4001, "This text is too long."),
            ("words", ["x"], "This answer cannot be read."),
        ]
        for name, value, message in table:
            with self.subTest(name=name, value=str(value)[:20]):
                answers = {self._id(name): value, self._id("doctor"): None}
                result = self._save(answers)
                self.assertEqual(result["errors"], {self._id(name): message})
                self.assertEqual(result["saved"], 1)
        self.assertEqual(self._values(), {})

    def test_choices_of_other_questions_are_refused(self):
        foreign = self._id("doctor", "very")
        result = self._save({self._id("condition"): foreign})
        self.assertEqual(
            result["errors"][self._id("condition")],
            "Choose one of the answers offered.",
        )
        both = self._id("condition", "good", "bad")
        result = self._save({self._id("condition"): both})
        self.assertEqual(
            result["errors"][self._id("condition")], "Choose one answer only."
        )
        result = self._save(symptom=["none", "cough"])
        self.assertEqual(
            result["errors"][self._id("symptom")],
            "“None” cannot stand beside other answers.",
        )

    def test_questions_of_other_questionnaires_are_refused(self):
        other = self.env["survey.question"].create({"title": "Foreign"})
        result = self._save({other.id: "x", "junk": 1})
        self.assertEqual(result["saved"], 0)
        self.assertEqual(set(result["errors"]), {other.id, "junk"})

    def test_who_answered_is_kept_with_each_answer(self):
        self._save(temperature=36.6, who="relative")
        self._save(condition="good", who="patient")
        lines = self._answers().user_input_line_ids
        self.assertEqual(
            {line.followup_metric: line.followup_answered_by for line in lines},
            {"temperature": "relative", "condition": "patient"},
        )
        self.assertEqual(self._answers().followup_answered_by, "patient")
        with self.assertRaises(UserError):
            self._save(temperature=36.6, who="dog")

    def test_full_width_digits_are_numbers(self):
        self._save(temperature="３６．５")
        self.assertEqual(self._values(), {self._id("temperature"): 36.5})

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def test_only_the_caller_of_the_task_saves(self):
        self._answers()
        self.task.with_user(self.ward_a).action_claim()
        for user in (self.ward_b, self.plain, self.inspector, self.leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                inputs = self.task.user_input_id.with_user(user)
                inputs._followup_save({self._id("temperature"): 37})

    def test_nobody_writes_answers_directly(self):
        self._save(temperature=37)
        inputs = self.task.user_input_id
        line = inputs.user_input_line_ids
        for rows, vals in (
            (inputs, {"followup_answered_by": "staff"}),
            (line, {"value_numerical_box": 40}),
        ):
            for records in (rows.with_user(self.manager), rows.sudo()):
                with self.assertRaises(AccessError):
                    records.write(vals)
                with self.assertRaises(AccessError):
                    records.copy()
                with self.assertRaises(AccessError):
                    records.unlink()

    # ------------------------------------------------------------
    # FINISH
    # ------------------------------------------------------------

    def test_finishing_names_what_must_still_be_asked(self):
        self._save(condition="worse")
        inputs = self._answers()
        missing = {"missing": [self._id("symptom")]}
        self.assertEqual(inputs._followup_finish(), missing)
        self.assertEqual(inputs.state, "in_progress")
        self._save(symptom={"refused": True})
        self.assertEqual(inputs._followup_finish(), {"missing": []})
        self.assertEqual(inputs.state, "done")
        self.assertEqual(inputs.followup_day, self._today())
        self.assertEqual(
            set(inputs.user_input_line_ids.mapped("followup_day")), {self._today()}
        )
        with self.assertRaisesRegex(UserError, "complete"):
            self._save(condition="good")

    def test_answers_to_questions_no_longer_asked_go_at_the_end(self):
        self._save(condition="worse", symptom=["bleeding"])
        self._save(condition="good")
        inputs = self._answers()
        self.assertIn(self._id("symptom"), self._values())
        inputs._followup_finish()
        self.assertNotIn(self._id("symptom"), inputs._followup_values())

    def test_finishing_the_call_finishes_its_answers(self):
        self._save(temperature=37)
        task = self.task.with_user(self.ward_a)
        task.log_attempt("reached", contact_id=task.patient_id.contact_ids.id)
        task.confirm_identity(["name", "mrn"])
        task.finish_call(next_call=False, force=True)
        self.assertEqual(self.task.user_input_id.state, "done")
        self.assertEqual(self.task.user_input_id.followup_open_count, 1)
        with self.assertRaisesRegex(UserError, "closed"):
            self._save(temperature=38)
