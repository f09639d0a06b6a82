# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the bulletin counts of attempts, answers, checks and opinions."""

from odoo import models
from odoo.tools import SQL

from ..report.followup_report_attempt import REACHED


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    def _sql_attempts(self):
        """Outgoing attempts that began in the period; no verification calls."""
        return SQL(
            """
            SELECT 'attempts', department_id, level, NULL, NULL::jsonb, kpi.code,
                   kpi.num, kpi.den
              FROM (
            SELECT tried.level, tried.department_id, count(*) AS total,
                   count(*) FILTER (WHERE result IN %(reached)s) AS reached,
                   count(*) FILTER (WHERE result = 'wrong_number') AS wrong
              FROM followup_attempt tried
              JOIN followup_task task ON task.id = tried.task_id
             WHERE tried.company_id = %(company)s AND tried.direction = 'out'
               AND task.kind != 'verification' AND %(within)s AND %(department)s
          GROUP BY GROUPING SETS ((tried.level), (tried.level, tried.department_id))
            HAVING GROUPING(tried.department_id) = 1
                OR tried.department_id IS NOT NULL
                   ) summed
        CROSS JOIN LATERAL (VALUES
                   ('attempts', total, NULL::bigint), ('connect', reached, total),
                   ('wrong_number', wrong, total)) AS kpi (code, num, den)
            """,
            reached=REACHED,
            company=self.company_id.id,
            within=self._within(SQL("tried.started_at")),
            department=self._of_department(SQL("tried.department_id")),
        )

    def _sql_satisfaction(self):
        """Points reached over points possible, over all and for each question."""
        return SQL(
            """
            SELECT 'satisfaction', department_id, NULL, metric, NULL::jsonb, kpi.code,
                   kpi.num, kpi.den
              FROM (
            SELECT followup_department_id AS department_id,
                   CASE WHEN GROUPING(followup_metric) = 0 THEN followup_metric END
                       AS metric,
                   count(*) AS total, sum(followup_score)::float8 AS points
              FROM survey_user_input_line
             WHERE followup_company_id = %(company)s AND followup_is_scored
               AND followup_day BETWEEN %(first)s AND %(last)s
               AND followup_metric LIKE 'satisfaction%%' AND %(department)s
          GROUP BY GROUPING SETS ((), (followup_metric), (followup_department_id),
                   (followup_metric, followup_department_id))
            HAVING GROUPING(followup_department_id) = 1
                OR followup_department_id IS NOT NULL
                   ) summed
        CROSS JOIN LATERAL (VALUES
                   ('answers', total::float8, NULL::float8),
                   ('satisfaction', points, 100.0 * total)) AS kpi (code, num, den)
             WHERE total > 0
            """,
            company=self.company_id.id,
            first=self.date_from,
            last=self.date_to,
            department=self._of_department(SQL("followup_department_id")),
        )

    def _sql_verification(self):
        """Final verdicts on calls drawn in the period (V-6); pending ones apart."""
        return SQL(
            """
            SELECT 'verification', department_id, NULL, NULL, NULL::jsonb, kpi.code,
                   kpi.num, kpi.den
              FROM (
            SELECT department_id,
                   count(*) FILTER (WHERE is_final AND verdict = 'confirmed') AS good,
                   count(*) FILTER (WHERE is_final
                       AND verdict IN ('contradicted', 'no_call')) AS bad,
                   count(*) FILTER (WHERE state = 'missed') AS missed,
                   count(*) FILTER (WHERE state != 'missed' AND NOT is_final)
                       AS undecided
              FROM (
            SELECT line.department_id, line.state, line.verdict,
                   line.state = 'decided'
                   OR (line.state = 'judged' AND line.final_at <= %(cutoff)s)
                       AS is_final
              FROM followup_sample_line line
              JOIN followup_sample sample ON sample.id = line.sample_id
             WHERE sample.company_id = %(company)s AND %(within)s
               AND sample.state IN ('drawn', 'closed')
               AND line.state IN ('open', 'judged', 'appealed', 'decided', 'missed')
               AND %(department)s) judged
          GROUP BY GROUPING SETS ((), (department_id))
            HAVING GROUPING(department_id) = 1 OR department_id IS NOT NULL
                   ) summed
        CROSS JOIN LATERAL (VALUES
                   ('sampled', good + bad + missed, NULL::bigint),
                   ('undecided', undecided, NULL), ('truth', good, good + bad),
                   ('not_followed', bad + missed, good + bad + missed)
                   ) AS kpi (code, num, den)
             WHERE good + bad + missed + undecided > 0
            """,
            cutoff=self.cutoff,
            company=self.company_id.id,
            within=self._within(SQL("sample.drawn_at")),
            department=self._of_department(SQL("line.department_id")),
        )

    def _sql_opinions(self):
        """Opinions, suggestions, praise, questions, red flags raised (K-6, O-4)."""
        return SQL(
            """
            SELECT 'opinions', department_id, NULL, kind, NULL::jsonb, 'opinions',
                   count(*), NULL::bigint
              FROM (
            SELECT department_id, kind FROM followup_concern
             WHERE company_id = %(company)s AND %(within)s AND %(department)s) raised
          GROUP BY GROUPING SETS ((), (kind), (kind, department_id))
            HAVING count(*) > 0
               AND (GROUPING(department_id) = 1 OR department_id IS NOT NULL)
            """,
            company=self.company_id.id,
            within=self._within(SQL("raised_at")),
            department=self._of_department(SQL("department_id")),
        )

    def _sql_hand_in(self):
        """Half-month tables of the period: handed in, and on time (V-13, K-17)."""
        return SQL(
            """
            SELECT 'hand_in', department_id, NULL, NULL, NULL::jsonb, kpi.code,
                   kpi.num, kpi.den
              FROM (
            SELECT sheet.department_id, count(*) AS total,
                   count(receipt.id) AS given,
                   count(*) FILTER (WHERE receipt.is_late IS FALSE) AS in_time
              FROM (
            SELECT DISTINCT line.run_id, line.department_id
              FROM followup_report_run run
              JOIN followup_report_line line ON line.run_id = run.id
             WHERE run.company_id = %(company)s AND run.code = 'half_month'
               AND run.date_from >= %(first)s AND run.date_to <= %(last)s
               AND run.state = 'done' AND line.department_id IS NOT NULL
               AND NOT EXISTS (
                   SELECT FROM followup_report_run newer
                    WHERE newer.company_id = run.company_id AND newer.code = run.code
                      AND newer.period_kind = run.period_kind
                      AND newer.date_from = run.date_from
                      AND newer.version > run.version)) sheet
         LEFT JOIN followup_report_receipt receipt ON receipt.run_id = sheet.run_id
               AND receipt.department_id = sheet.department_id
             WHERE %(department)s
          GROUP BY GROUPING SETS ((), (sheet.department_id))
            HAVING count(*) > 0) summed
        CROSS JOIN LATERAL (VALUES ('hand_in', given, total),
                   ('hand_in_on_time', in_time, total)) AS kpi (code, num, den)
            """,
            company=self.company_id.id,
            first=self.date_from,
            last=self.date_to,
            department=self._of_department(SQL("sheet.department_id")),
        )
