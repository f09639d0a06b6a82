# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .survey_survey import TYPE


class SurveyQuestionAnswer(models.Model):
    """One answer to choose. Access: like its questionnaire."""

    _inherit = "survey.question.answer"

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

    @api.model_create_multi
    def create(self, vals_list):
        answers = super().create(vals_list)
        answers._check_followup_editable()
        return answers

    def write(self, vals):
        self.check_access("write")
        self._check_followup_editable()
        result = super().write(vals)
        if not {"question_id", "matrix_question_id"}.isdisjoint(vals):
            self._check_followup_editable()
        return result

    def _update_field_translations(self, field_name, *args, **kwargs):
        """Words of another language are words that were asked, too (D-1)."""
        self.check_access("write")
        self._check_followup_editable()
        return super()._update_field_translations(field_name, *args, **kwargs)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_followup_answered(self):
        self._check_followup_editable()

    def _check_followup_editable(self):
        questions = self.question_id | self.matrix_question_id
        if TYPE in questions.survey_id.mapped("survey_type"):
            questions._check_followup_editable()

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
