# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import html2plaintext

from ..tools.answers import READERS
from ..tools.choices import choices_of
from .survey_survey import TYPE

METRICS = [
    ("satisfaction_overall", "Satisfaction: Overall"),
    ("satisfaction_doctor", "Satisfaction: Doctors"),
    ("satisfaction_nurse", "Satisfaction: Nurses"),
    ("satisfaction_skill", "Satisfaction: Professional Skill"),
    ("satisfaction_treatment", "Satisfaction: Treatment Plan"),
    ("satisfaction_environment", "Satisfaction: Environment"),
    ("satisfaction_facility", "Satisfaction: Facilities"),
    ("satisfaction_management", "Satisfaction: Organisation"),
    ("satisfaction_food", "Satisfaction: Food"),
    ("satisfaction_guidance", "Satisfaction: Discharge Guidance"),
    ("satisfaction_communication", "Satisfaction: Way of Communication"),
    ("satisfaction_followup", "Satisfaction: Follow-up Itself"),
    ("temperature", "Temperature"),
    ("systolic", "Blood Pressure, Upper"),
    ("diastolic", "Blood Pressure, Lower"),
    ("heart_rate", "Heart Rate"),
    ("respiration", "Breathing Rate"),
    ("glucose_fasting", "Fasting Blood Glucose"),
    ("glucose_meal", "Blood Glucose after Meals"),
    ("weight", "Weight"),
    ("pain", "Pain"),
    ("condition", "General Condition"),
    ("complaint", "Chief Complaint"),
    ("symptom", "Symptoms"),
    ("wound", "Wound"),
    ("effect", "Effect of Treatment"),
    ("recovery", "Recovery of Function"),
    ("adherence", "Medicine Taken as Ordered"),
    ("adverse_effect", "Adverse Effects"),
    ("order_execution", "Orders Carried Out"),
    ("diet", "Diet"),
    ("sleep", "Sleep"),
    ("bowels", "Bowels and Urine"),
    ("activity", "Activity"),
    ("smoking", "Smoking"),
    ("alcohol", "Alcohol"),
    ("mood", "Mood"),
    ("self_harm", "Thoughts of Self-Harm"),
    ("feeding", "Feeding of the Baby"),
    ("newborn", "Newborn"),
    ("need", "Need for Knowledge or Guidance"),
    ("difficulty", "Difficulties"),
    ("question", "Questions"),
    ("opinion", "Opinions and Suggestions"),
    ("policy_known", "Services for Patients Known"),
    ("recheck", "Re-check"),
    ("communication_understood", "Communication: Understood"),
    ("communication_cooperation", "Communication: Co-operation"),
    ("education_awareness", "Education: Awareness"),
    ("education_behaviour", "Education: Behaviour Changed"),
    ("education_control", "Education: Disease under Control"),
    ("overtreatment", "Unneeded Examination or Treatment"),
    ("verification_called", "Verification: Was Called"),
    ("verification_when", "Verification: When"),
    ("verification_by", "Verification: By Whom"),
    ("verification_helpful", "Verification: Helpful"),
    ("revisit", "Seen Again Elsewhere"),
    ("revisit_when", "Seen Again: When"),
    ("revisit_where", "Seen Again: Where"),
    ("revisit_why", "Seen Again: Why"),
    ("revisit_treatment", "Seen Again: Treatment"),
    ("other", "Other"),
]


class SurveyQuestion(models.Model):
    """What a questionnaire asks, measured in the same way everywhere.

    Access: like its questionnaire; frozen once that was answered.
    """

    _name = "survey.question"
    _inherit = ["survey.question", "followup.asked.mixin"]

    _asked_parents = frozenset({"survey_id"})

    followup_metric = fields.Selection(
        METRICS, string="Measures", help="Answers to it are compared over all calls."
    )
    followup_unit = fields.Char(string="Unit", translate=True)
    followup_alert_min = fields.Float(
        string="Alert Below", help="A lower value is a red flag. 0: no limit."
    )
    followup_alert_max = fields.Float(
        string="Alert Above", help="A higher value is a red flag. 0: no limit."
    )
    followup_concern_type = fields.Selection(
        selection=choices_of("followup.concern", "concern_type"),
        string="Red Flag About",
        default="condition",
    )
    followup_allow_refused = fields.Boolean(
        string="May Be Refused", default=True, help="“Does not want to say”."
    )
    followup_allow_unknown = fields.Boolean(
        string="May Be Unknown", default=True, help="“Does not know”."
    )
    followup_satisfied_from = fields.Float(
        string="Satisfied From",
        default=75,
        help="Scores from this one on count as satisfied, of 100.",
    )

    @api.constrains("question_type", "survey_id")
    def _check_followup_question_type(self):
        for question in self._filter_followup():
            if question.question_type and question.question_type not in READERS:
                raise ValidationError(
                    self.env._(
                        "“%(title)s”: ask one question per row, a call has no tables.",
                        title=question.title,
                    )
                )

    def _filter_followup(self):
        return self.filtered(lambda question: question.survey_id.survey_type == TYPE)

    def _get_followup_surveys(self):
        return self._filter_followup().survey_id

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _followup_question(self):
        """Return one question of `survey.survey._followup_definition()`."""
        self.ensure_one()
        choices = [answer._followup_choice() for answer in self.suggested_answer_ids]
        return {
            "id": self.id,
            "sequence": self.sequence,
            "page_id": self.page_id.id,
            "title": self.title,
            "hint": html2plaintext(self.description or "").strip(),
            "placeholder": self.question_placeholder or "",
            "type": self.question_type,
            "mandatory": self.constr_mandatory,
            "choices": choices,
            "trigger": self._followup_trigger(),
            "metric": self.followup_metric or None,
            "unit": self.followup_unit or "",
            "allow_refused": self.followup_allow_refused,
            "allow_unknown": self.followup_allow_unknown,
            "concern_type": self.followup_concern_type or "condition",
            "scored": self._followup_is_scored(choices),
            "satisfied_from": self.followup_satisfied_from,
            **self._followup_limits(),
        }

    def _followup_trigger(self):
        answers = self.triggering_answer_ids
        if not answers:
            return None
        return {
            "question_id": answers.question_id[:1].id,
            "answer_ids": answers.ids,
        }

    def _followup_is_scored(self, choices):
        if self.question_type == "scale":
            return (self.followup_metric or "").startswith("satisfaction_")
        if self.question_type != "simple_choice":
            return False
        return any(choice["score"] for choice in choices)

    def _followup_limits(self):
        """Return what a plausible value is, and which one is a red flag (F-4)."""
        checked = self.validation_required
        limits = {
            "min": self.validation_min_float_value if checked else None,
            "max": self.validation_max_float_value if checked else None,
            "date_min": None,
            "date_max": None,
            "length_min": self.validation_length_min if checked else 0,
            "length_max": self.validation_length_max if checked else 0,
            "scale_labels": [],
            "alert_min": self.followup_alert_min or None,
            "alert_max": self.followup_alert_max or None,
            "error": self.validation_error_msg or "",
        }
        if self.question_type == "scale":
            labels = self.scale_min_label, self.scale_mid_label, self.scale_max_label
            limits.update(
                min=self.scale_min,
                max=self.scale_max,
                scale_labels=[label or "" for label in labels],
            )
        if checked and self.question_type in ("date", "datetime"):
            for key in ("min", "max"):
                value = self[f"validation_{key}_{self.question_type}"]
                limits[f"date_{key}"] = str(value) if value else None
        return limits
