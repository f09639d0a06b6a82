# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A small questionnaire with every kind of question, and a call that asks it."""

from odoo import fields

from .common import FollowupCase


class FollowupSurveyCase(FollowupCase):
    """`survey`, its `questions` by name, `choices` by (question, code), `task`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.questions, cls.choices = {}, {}
        cls.survey = cls._questionnaire()
        cls.protocol = cls._protocol([{"survey_id": cls.survey.id}])
        cls.task = cls._asked()

    @classmethod
    def _questionnaire(cls, **vals):
        """Create it; the first one stands in `questions` and `choices`."""
        if cls.questions:
            return cls.survey.copy(vals)
        survey = cls.env["survey.survey"].create(
            {
                "title": "Test Questions",
                "survey_type": "followup",
                "followup_company_id": cls.company.id,
                **vals,
            }
        )
        cls._question(
            survey,
            "condition",
            "simple_choice",
            [("good", {}), ("worse", {}), ("bad", {"followup_is_red_flag": True})],
            constr_mandatory=True,
            followup_metric="condition",
        )
        cls._question(
            survey,
            "symptom",
            "multiple_choice",
            [
                ("cough", {}),
                ("fever", {}),
                ("bleeding", {"followup_is_red_flag": True}),
                ("none", {"followup_is_exclusive": True}),
            ],
            triggering_answer_ids=[
                (6, 0, cls.choices["condition", "worse"].ids),
            ],
            constr_mandatory=True,
            followup_metric="symptom",
        )
        cls._question(
            survey,
            "temperature",
            "numerical_box",
            validation_required=True,
            validation_min_float_value=34,
            validation_max_float_value=43,
            followup_unit="℃",
            followup_alert_max=38.5,
            followup_metric="temperature",
        )
        cls._scored_questions(survey)
        return survey

    @classmethod
    def _scored_questions(cls, survey):
        scores = [("very", 100), ("yes", 75), ("fair", 50), ("no", 25), ("never", 0)]
        cls._question(
            survey,
            "doctor",
            "simple_choice",
            [(code, {"followup_score": score}) for code, score in scores],
            followup_metric="satisfaction_doctor",
        )
        cls._question(survey, "pain", "scale", followup_alert_max=6)
        cls._question(survey, "day", "date", followup_allow_unknown=False)
        cls._question(survey, "words", "text_box")

    @classmethod
    def _question(cls, survey, name, kind, choices=(), **vals):
        question = cls.env["survey.question"].create(
            {
                "survey_id": survey.id,
                "title": name.capitalize(),
                "question_type": kind,
                "sequence": 10 * len(cls.questions) + 10,
                "suggested_answer_ids": [
                    (0, 0, {"value": code.capitalize(), "followup_code": code, **more})
                    for code, more in choices
                ],
                **vals,
            }
        )
        cls.questions[name] = question
        for answer in question.suggested_answer_ids:
            cls.choices[name, answer.followup_code] = answer

    @classmethod
    def _asked(cls, **vals):
        """Return a call of ward A that asks the questionnaire."""
        step = cls.protocol.step_ids
        return cls._task(step_id=step.id, **vals)

    def _answers(self, task=None, user=None):
        """Return the answers of a call, as its caller holds them."""
        task = (task or self.task).with_user(user or self.ward_a)
        return task._start_user_input()

    def _id(self, name, *codes):
        """Return the id of a question, or [ids] of choices."""
        if not codes:
            return self.questions[name].id
        return [self.choices[name, code].id for code in codes]

    def _save(self, answers=None, who=None, task=None, user=None, **values):
        """Save by names: `temperature=38`, `condition="worse"`."""
        sent = dict(answers or {})
        for name, value in values.items():
            codes = (value,) if isinstance(value, str) else value
            if name in ("condition", "symptom", "doctor") and not isinstance(
                value, dict | None
            ):
                value = self._id(name, *codes)
            sent[self._id(name)] = value
        inputs = self._answers(task, user)
        return inputs._followup_save(sent, who)

    def _today(self):
        return self.env["followup.clock"]._today(self.company) or fields.Date.today()
