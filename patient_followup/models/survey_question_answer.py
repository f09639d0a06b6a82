# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class SurveyQuestionAnswer(models.Model):
    """One answer to choose. Access: like its questionnaire."""

    _name = "survey.question.answer"
    _inherit = ["survey.question.answer", "followup.asked.mixin"]

    _asked_parents = frozenset({"question_id", "matrix_question_id"})

    followup_is_red_flag = fields.Boolean(
        string="Red Flag", help="Choosing it calls for the doctor at once."
    )
    followup_score = fields.Float(
        string="Score of 100", help="From 0 (worst) to 100 (best)."
    )
    followup_code = fields.Char(
        string="Code", help="What the answer means, whatever its words: yes, no, ..."
    )
    followup_is_exclusive = fields.Boolean(
        string="Alone", help="Stands alone, as in “none of these”."
    )

    _followup_score_range = models.Constraint(
        "CHECK (followup_score IS NULL OR followup_score BETWEEN 0 AND 100)",
        "A score lies between 0 and 100.",
    )

    def _get_followup_surveys(self):
        return (self.question_id | self.matrix_question_id)._get_followup_surveys()

    def _followup_choice(self):
        """Return one choice of `survey.survey._followup_definition()`."""
        return {
            "id": self.id,
            "label": self.value or "",
            "exclusive": self.followup_is_exclusive,
            "red_flag": self.followup_is_red_flag,
            "code": self.followup_code or "",
            "score": self.followup_score,
        }
