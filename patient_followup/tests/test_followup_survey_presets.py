# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The library of questionnaires covers what the policies ask (Q-1 to Q-16)."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from odoo.tests import tagged

from ..tools.answers import CHOICES, visible_ids
from .common import FollowupCase

LIBRARY = Path(__file__).parents[1]
# {questionnaire: metrics it must ask, by the policy's code}
COVERED = {
    "discharge": "condition effect adherence adverse_effect smoking mood need"
    " satisfaction_guidance opinion temperature systolic diastolic heart_rate"
    " respiration symptom recheck satisfaction_followup",  # F-4
    "level_two": "verification_called verification_when verification_by complaint"
    " adherence order_execution diet sleep difficulty policy_known recheck"
    " satisfaction_doctor satisfaction_nurse satisfaction_environment revisit"
    " revisit_when revisit_where revisit_why revisit_treatment temperature"
    " overtreatment",  # F-6
    "visit": "overtreatment satisfaction_skill satisfaction_management",
    "checkup": "recheck satisfaction_overall",
    "obstetrics_early": "diet sleep bowels wound pain activity adherence question"
    " newborn feeding",
    "obstetrics_late": "mood self_harm recheck wound newborn",
    "neurosurgery_early": "symptom recovery wound adherence systolic",
    "neurosurgery_late": "recovery revisit order_execution satisfaction_overall",
    "chronic": "systolic glucose_fasting weight adherence diet smoking alcohol",
    "tumour": "pain weight diet mood",
    "long_term": "revisit activity recheck effect",
    "satisfaction": "satisfaction_doctor satisfaction_nurse satisfaction_skill"
    " satisfaction_treatment satisfaction_environment satisfaction_facility"
    " satisfaction_management satisfaction_food satisfaction_overall",
    "followup_satisfaction": "satisfaction_followup",
    "communication": "communication_understood satisfaction_communication"
    " communication_cooperation",
    "education": "education_awareness education_behaviour education_control",
}
# {step of a protocol: questionnaire}, different per point of time
ASKED = {
    "obstetrics_day_3": "obstetrics_early",
    "obstetrics_day_14": "obstetrics_late",
    "neurosurgery_phone_1w": "neurosurgery_early",
    "neurosurgery_home_6m": "neurosurgery_late",
    "two_level_level_1": "discharge",
    "two_level_level_2": "level_two",
    "outpatient_3wd_call": "visit",
    "checkup_5wd_call": "checkup",
}


@tagged("post_install", "-at_install")
class TestFollowupSurveyPresets(FollowupCase):
    def _survey(self, key):
        return self.env.ref(f"patient_followup.survey_{key}")

    def _step(self, key):
        return self.env.ref(f"patient_followup.followup_protocol_{key}")

    def test_each_questionnaire_asks_what_its_clause_names(self):
        for key, metrics in COVERED.items():
            with self.subTest(questionnaire=key):
                questions = self._survey(key)._followup_definition()["questions"]
                asked = {question["metric"] for question in questions}
                self.assertFalse(set(metrics.split()) - asked)

    def _choice(self, question, code):
        return next(row["id"] for row in question["choices"] if row["code"] == code)

    def test_the_core_of_level_two_is_short(self):
        """Q-10: whoever has no time for more is asked a dozen questions."""
        questions = self._survey("level_two")._followup_definition()["questions"]
        more = next(
            row for row in questions if row["title"].startswith("Do you have s")
        )
        called = next(r for r in questions if r["metric"] == "verification_called")
        values = {
            called["id"]: [self._choice(called, "yes")],
            more["id"]: [self._choice(more, "no")],
        }
        asked = set(visible_ids(questions, values))
        core = [row for row in questions if row["id"] in asked]
        self.assertLessEqual(len(core), 12)
        self.assertLessEqual(sum(row["mandatory"] for row in questions), 12)
        metrics = {row["metric"] for row in core}
        self.assertLessEqual(
            {"verification_called", "verification_when", "condition", "adherence"},
            metrics,
        )
        values[more["id"]] = [self._choice(more, "yes")]
        self.assertGreater(len(visible_ids(questions, values)), 25)

    def test_every_step_of_the_library_has_its_questionnaire(self):
        steps = self.env["followup.protocol.step"].search([])
        steps = steps.filtered(lambda step: step.get_external_id()[step.id])
        library = [
            step
            for step in steps
            if step.get_external_id()[step.id].startswith(
                "patient_followup.followup_protocol_"
            )
        ]
        self.assertGreater(len(library), 30)
        self.assertFalse([step.name for step in library if not step.survey_id])
        for step, survey in ASKED.items():
            self.assertEqual(self._step(step).survey_id, self._survey(survey))

    def test_each_questionnaire_can_be_asked_through(self):
        """Conditions name earlier questions; every question can come up."""
        for key in COVERED:
            questions = self._survey(key)._followup_definition()["questions"]
            reached = set()
            everything = {
                question["id"]: [choice["id"] for choice in question["choices"]]
                for question in questions
                if question["type"] in CHOICES
            }
            reached.update(visible_ids(questions, everything))
            with self.subTest(questionnaire=key):
                self.assertEqual(reached, {question["id"] for question in questions})
                codes = [c["code"] for q in questions for c in q["choices"]]
                self.assertTrue(all(codes))

    def test_numbers_have_a_unit_and_a_plausible_range(self):
        for key in COVERED:
            for question in self._survey(key)._followup_definition()["questions"]:
                if question["type"] != "numerical_box":
                    continue
                with self.subTest(questionnaire=key, question=question["title"]):
                    self.assertTrue(question["unit"])
                    self.assertLess(question["min"], question["max"])
                    low, high = question["alert_min"], question["alert_max"]
                    self.assertTrue(low is None or question["min"] < low)
                    self.assertTrue(high is None or high < question["max"])

    def test_an_upgrade_gives_steps_their_questionnaire_and_overwrites_none(self):
        bare, own = self._step("tumour_3w_call"), self._step("general_1w_call")
        guarded = self.env["followup.task"]._guarded().env.context
        chosen = self._survey("satisfaction")
        bare.with_context(**guarded).survey_id = False
        own.with_context(**guarded).survey_id = chosen
        self._migration().attach(self.env)
        self.assertEqual(bare.survey_id, self._survey("tumour"))
        self.assertEqual(own.survey_id, chosen)

    def _migration(self):
        path = LIBRARY / "migrations" / "19.0.1.1.0" / "post-questionnaires.py"
        spec = spec_from_file_location("post_questionnaires", path)
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
