# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .survey_common import FollowupSurveyCase


@tagged("post_install", "-at_install", "patient_followup_http")
class TestCallScreenTour(FollowupSurveyCase, HttpCase):
    """A complete call by keyboard in a real browser (design 8.2)."""

    @classmethod
    def _questionnaire(cls, **vals):
        survey = cls.env["survey.survey"].create(
            {"title": "By Keyboard", "survey_type": "followup"}
        )
        cls.questions, cls.choices = {}, {}
        answers = [("better", {}), ("worse", {"followup_is_red_flag": True})]
        cls._question(survey, "condition", "simple_choice", answers)
        trigger = cls.choices["condition", "worse"]
        cls._question(
            survey,
            "since when",
            "char_box",
            triggering_answer_ids=[(6, 0, trigger.ids)],
        )
        cls._question(survey, "pain", "numerical_box")
        return survey

    @classmethod
    def _asked(cls, **vals):
        policy = cls.env["followup.attempt.policy"].create(
            {"name": "Any time", "quiet_from": 0, "quiet_to": 0}
        )
        stay = cls._encounter(
            cls._patient(phone="13800000001", birthdate="1956-03-01"),
            discharge_diagnosis="Fracture of the left hip",
        )
        return cls._task(
            stay,
            step_id=cls.protocol.step_ids.id,
            attempt_policy_id=policy.id,
            date_due=fields.Datetime.now() + timedelta(hours=1),
        )

    def test_a_complete_call_by_keyboard(self):
        """Call, identify, answer, raise a red flag, finish: no mouse needed."""
        url = "/odoo/follow-up-calls"
        self.start_tour(url, "followup_call_keyboard", login="ward_a")
        task = self.task
        self.assertEqual(task.state, "done")
        self.assertEqual(task.attempt_ids.result, "reached")
        self.assertTrue(task.red_flag)
        self.assertEqual(
            task.user_input_id._followup_values(),
            {
                self._id("condition"): self._id("condition", "worse"),
                self._id("since when"): "yesterday",
                self._id("pain"): 4.0,
            },
        )
