# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..models.survey_question import METRICS
from ..models.survey_user_input import ANSWERED_BY
from ..models.survey_user_input_line import MISSING


class FollowupAnswerReport(models.Model):
    """Answers of finished questionnaires as figures (Q-1, Q-11, Q-12, Q-16, V-14).

    One row is one answer, without patient, call or words. It reads the rows of the
    answers as they are: no join, one index.

    Access: heads their departments; managers and inspectors all. Leaders read
    `followup.answer.summary`, where no single answer is.
    """

    _name = "followup.answer.report"
    _description = "Answers"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "question_id"

    day = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", string="Hospital", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    level = fields.Selection([("1", "Level 1"), ("2", "Level 2")], readonly=True)
    survey_id = fields.Many2one("survey.survey", string="Questionnaire", readonly=True)
    question_id = fields.Many2one("survey.question", string="Wording", readonly=True)
    metric = fields.Selection(METRICS, string="Measures", readonly=True)
    answer_id = fields.Many2one("survey.question.answer", readonly=True)
    answered_by = fields.Selection(ANSWERED_BY, readonly=True)
    missing = fields.Selection(MISSING, string="Without Answer", readonly=True)
    alert = fields.Selection(
        [("red_flag", "Red Flag"), ("range", "Out of Range")], readonly=True
    )
    is_scored = fields.Boolean(string="Scored", readonly=True)
    score = fields.Float(string="Score of 100", aggregator="avg", readonly=True)
    satisfied_rate = fields.Float(
        string="Satisfied (%)",
        aggregator="avg",
        readonly=True,
        help="Scored answers that count as satisfied, of all scored answers.",
    )
    value = fields.Float(string="Measured Value", aggregator="avg", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT id, followup_day AS day, followup_company_id AS company_id,
                   followup_department_id AS department_id, followup_level AS level,
                   survey_id, question_id, followup_metric AS metric,
                   suggested_answer_id AS answer_id,
                   followup_answered_by AS answered_by, followup_missing AS missing,
                   followup_alert AS alert, followup_is_scored AS is_scored,
                   CASE WHEN followup_is_scored THEN followup_score END AS score,
                   CASE WHEN NOT followup_is_scored THEN NULL
                        WHEN followup_is_satisfied THEN 100 ELSE 0
                    END::float8 AS satisfied_rate,
                   CASE answer_type WHEN 'numerical_box' THEN value_numerical_box
                        WHEN 'scale' THEN value_scale END AS value
              FROM survey_user_input_line
             WHERE followup_day IS NOT NULL
            """
        )
