# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Answers that cannot wait (X-2, X-4, X-5)."""

from odoo.tests import tagged

from .survey_common import FollowupSurveyCase


@tagged("post_install", "-at_install")
class TestFollowupSurveyAlert(FollowupSurveyCase):
    def test_a_red_flag_answer_comes_back_as_alert(self):
        result = self._save(condition="bad", temperature=36.5)
        self.assertEqual(
            result["alerts"],
            [
                {
                    "question_id": self._id("condition"),
                    "kind": "red_flag",
                    "label": "Condition: Bad",
                    "concern_type": "condition",
                }
            ],
        )

    def test_a_value_out_of_range_comes_back_as_alert(self):
        table = [(38.5, None), (38.6, "Temperature: 38.6 ℃"), (34, None)]
        for value, label in table:
            with self.subTest(value=value):
                alerts = self._save(temperature=value)["alerts"]
                self.assertEqual([a["label"] for a in alerts], [label] if label else [])
        alerts = self._save(pain=7)["alerts"]
        self.assertEqual(alerts[0]["label"], "Pain: 7")
        self.assertFalse(self._save(pain=6)["alerts"])

    def test_only_alerts_of_this_save_come_back(self):
        self._save(condition="bad")
        self.assertFalse(self._save(temperature=36.5)["alerts"])
        self.assertEqual(len(self._answers()._followup_alerts()), 1)

    def test_refused_and_unknown_alarm_nobody(self):
        result = self._save(condition={"refused": True}, temperature={"unknown": True})
        self.assertFalse(result["alerts"])

    def test_a_caller_decides_himself(self):
        self._save(condition="bad")
        self.assertFalse(self.task.concern_ids)

    def test_a_patient_alone_raises_the_red_flag_by_his_answer(self):
        public = self.env.ref("base.public_user")
        task = self.task.with_user(public).sudo()
        answers = task._start_user_input(self_entry=True)
        for _turn in range(2):
            result = answers._followup_save(
                {
                    self._id("condition"): self._id("condition", "bad"),
                    self._id("temperature"): 39.5,
                },
                "patient",
            )
        self.assertEqual(len(result["alerts"]), 2)
        self.assertEqual(self.task.concern_ids.mapped("kind"), ["red_flag", "red_flag"])
        self.assertEqual(
            set(self.task.concern_ids.mapped("text")),
            {"Condition: Bad", "Temperature: 39.5 ℃"},
        )
        self.assertTrue(self.task.red_flag)
        self.assertIn(self.head_a, self.task.concern_ids.alerted_user_ids)

    def test_raising_by_hand_happens_once_per_question(self):
        self._save(condition="bad")
        answers = self._answers()
        concern = answers._followup_raise_alerts()
        self.assertEqual(len(concern), 1)
        self.assertEqual(concern.raised_by_id, self.ward_a)
        self.assertFalse(answers._followup_raise_alerts())
        self._save(condition="good")
        self._save(condition="bad")
        self.assertFalse(answers._followup_raise_alerts())

    def test_the_kind_of_red_flag_is_that_of_the_question(self):
        self.questions["condition"].followup_concern_type = "wound"
        self._save(condition="bad")
        concern = self._answers()._followup_raise_alerts()
        self.assertEqual(concern.concern_type, "wound")

    def test_measures_are_codes_and_values(self):
        self._save(condition="worse", symptom=["cough", "fever"], temperature=37.5)
        self._save(doctor={"refused": True})
        self.assertEqual(
            self._answers()._followup_measures(),
            {
                "condition": "worse",
                "symptom": ["cough", "fever"],
                "temperature": 37.5,
                "satisfaction_doctor": None,
            },
        )
