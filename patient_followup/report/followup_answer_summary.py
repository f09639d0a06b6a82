# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..models.survey_question import METRICS

# a published figure stands for so many patients at least (I-11)
LEAST = 5
# measures as a quotient of two sums, so that figures of several rows are right
QUOTIENTS = {
    "score:avg": ("score_sum", "scored_count"),
    "satisfied_rate:avg": ("satisfied_sum", "scored_count"),
    "value:avg": ("value_sum", "value_count"),
}


def sql_key(*columns):
    """Return the id of a group: a hash of what it is grouped by.

    The same group has the same id in every query; it is the id of no row behind it.
    """
    return SQL(
        "('x' || substr(md5(ROW(%s)::text), 1, 13))::bit(52)::bigint",
        SQL(", ").join(columns),
    )


class FollowupAnswerSummary(models.Model):
    """Answers of a month and department, of at least five patients (I-11, V-14).

    Only of months that are over: they never change, as an answer counts on the day
    it is finished. Whoever looked twice at a running month would learn from the
    difference what one patient said.

    Counted are answers with a score or a number; refused ones have neither. One
    row is a group that was added up already, and groups of fewer patients are
    not there at all: no filter, count or group shows one of them, and no
    difference of two figures does.

    Access: leaders, all of their hospitals; nobody sees patients here.
    """

    _name = "followup.answer.summary"
    _description = "Summary of Answers"
    _auto = False
    _order = "month desc, id desc"
    _rec_name = "question_id"
    _depends = {
        "survey.user_input.line": [
            "followup_day",
            "followup_company_id",
            "followup_department_id",
            "followup_is_satisfied",
            "followup_is_scored",
            "followup_level",
            "followup_metric",
            "followup_patient_id",
            "followup_score",
            "question_id",
            "value_numerical_box",
            "value_scale",
        ]
    }

    month = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", string="Hospital", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    level = fields.Selection([("1", "Level 1"), ("2", "Level 2")], readonly=True)
    question_id = fields.Many2one("survey.question", string="Wording", readonly=True)
    metric = fields.Selection(METRICS, string="Measures", readonly=True)
    answer_count = fields.Integer(string="Answers", readonly=True)
    scored_count = fields.Integer(string="Scored", readonly=True)
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
            SELECT summed.*,
                   score_sum / NULLIF(scored_count, 0) AS score,
                   satisfied_sum / NULLIF(scored_count, 0) AS satisfied_rate,
                   value_sum / NULLIF(value_count, 0) AS value
              FROM (
            SELECT %(key)s AS id,
                   date_trunc('month', followup_day)::date AS month,
                   followup_company_id AS company_id,
                   followup_department_id AS department_id,
                   followup_level AS level,
                   question_id,
                   min(followup_metric) AS metric,
                   count(*) AS answer_count,
                   count(*) FILTER (WHERE followup_is_scored) AS scored_count,
                   sum(followup_score) FILTER (WHERE followup_is_scored)
                       ::float8 AS score_sum,
                   100 * count(*) FILTER (
                       WHERE followup_is_scored AND followup_is_satisfied)
                       ::float8 AS satisfied_sum,
                   count(%(value)s) AS value_count,
                   sum(%(value)s)::float8 AS value_sum
              FROM survey_user_input_line
             WHERE followup_day < %(running)s
               AND (followup_is_scored OR %(value)s IS NOT NULL)
          GROUP BY date_trunc('month', followup_day)::date, followup_company_id,
                   followup_department_id, followup_level, question_id
            HAVING count(DISTINCT COALESCE(followup_patient_id, -id)) >= %(least)s
                   ) summed
            """,
            value=SQL(
                "CASE answer_type WHEN 'numerical_box' THEN value_numerical_box"
                " WHEN 'scale' THEN value_scale END"
            ),
            key=sql_key(
                SQL("date_trunc('month', followup_day)::date"),
                SQL("followup_company_id"),
                SQL("followup_department_id"),
                SQL("followup_level"),
                SQL("question_id"),
            ),
            least=LEAST,
            running=self._get_running_month(),
        )

    def _get_running_month(self):
        """Return the first day of the month that is not over yet."""
        today = self.env["followup.clock"]._today(self.env.company)
        return today.replace(day=1)

    def _read_group_select(self, aggregate_spec, query):
        """Weigh the figures of several groups by the answers in them."""
        if aggregate_spec not in QUOTIENTS:
            return super()._read_group_select(aggregate_spec, query)
        over, under = (
            SQL.identifier(self._table, name) for name in QUOTIENTS[aggregate_spec]
        )
        return SQL("SUM(%s) / NULLIF(SUM(%s), 0)", over, under)
