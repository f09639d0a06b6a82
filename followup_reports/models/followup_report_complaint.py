# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the complaint analysis counts (K-12, C-22, C-23)."""

from odoo import models
from odoo.tools import SQL

OVER = ("closed", "withdrawn", "not_accepted")


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    def _sql_case(self):
        """Return the statement of all complaints that touch the period.

        Columns: id, department_id, received (in the period), closed (in it),
        still_open (at its end), days to close, satisfaction, category_id, repeated.
        """
        _start, end = self._get_bounds()
        return SQL(
            """
            SELECT row.id, row.department_id, row.severity, row.satisfaction,
                   %(received)s AS received,
                   row.state = 'closed' AND %(closed)s AS closed,
                   row.received_at < %(end)s AND NOT (row.state IN %(over)s
                       AND COALESCE(row.closed_at, row.write_date) < %(end)s)
                       AS still_open,
                   EXTRACT(epoch FROM row.closed_at - row.received_at) / 86400 AS days,
                   EXISTS (SELECT FROM complaint_dispute step
                            WHERE step.case_id = row.id) AS disputed
              FROM complaint_case row
             WHERE row.company_id = %(company)s AND row.kind = 'complaint'
               AND row.received_at < %(end)s AND %(department)s
            """,
            received=self._within(SQL("row.received_at")),
            closed=self._within(SQL("row.closed_at")),
            end=end,
            over=OVER,
            company=self.company_id.id,
            department=self._of_department(SQL("row.department_id")),
        )

    def _sql_complaints(self):
        """How many, how long, how content: hospital and departments."""
        return SQL(
            """
            SELECT 'complaints', department_id, NULL, NULL, NULL::jsonb, kpi.code,
                   kpi.num, kpi.den
              FROM (
            SELECT department_id,
                   count(*) FILTER (WHERE received) AS received,
                   count(*) FILTER (WHERE closed) AS closed,
                   count(*) FILTER (WHERE still_open) AS open,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY days)
                       FILTER (WHERE closed) AS median,
                   percentile_cont(0.9) WITHIN GROUP (ORDER BY days)
                       FILTER (WHERE closed) AS ninety,
                   count(*) FILTER (WHERE closed AND satisfaction IS NOT NULL) AS asked,
                   count(*) FILTER (WHERE closed AND satisfaction IN ('4', '5'))
                       AS content,
                   count(*) FILTER (WHERE received AND repeated) AS repeated,
                   count(*) FILTER (WHERE received AND disputed) AS disputed,
                   sum(judged) FILTER (WHERE received) AS judged,
                   sum(upheld) FILTER (WHERE received) AS upheld
              FROM (%(rows)s) row
          GROUP BY GROUPING SETS ((), (department_id))
            HAVING GROUPING(department_id) = 1 OR department_id IS NOT NULL) summed
        CROSS JOIN LATERAL (VALUES
                   ('complaints', received::float8, NULL::float8),
                   ('closed', closed, NULL), ('open_cases', open, NULL),
                   ('disputes', disputed, NULL),
                   ('close_median', median, closed), ('close_ninety', ninety, closed),
                   ('upheld', upheld, judged), ('recurrence', repeated, received),
                   ('complaint_satisfaction', content, asked)) AS kpi (code, num, den)
             WHERE received + closed + open > 0
            """,
            rows=self._sql_case_with_issues(),
        )

    def _sql_case_with_issues(self):
        """Return the complaints with what was found, and whether they recur."""
        return SQL(
            """
            SELECT found.*, issue.judged, issue.upheld, found.received AND EXISTS (
                       SELECT FROM complaint_case earlier
                         JOIN complaint_issue old ON old.case_id = earlier.id
                         JOIN complaint_issue new ON new.case_id = found.id
                          AND new.category_id = old.category_id
                         JOIN complaint_case now ON now.id = found.id
                        WHERE earlier.company_id = now.company_id
                          AND earlier.kind = 'complaint' AND earlier.id != now.id
                          AND earlier.department_id = now.department_id
                          AND earlier.received_at < now.received_at
                          AND earlier.received_at
                              >= now.received_at - make_interval(days => %(days)s))
                       AS repeated
              FROM (%(cases)s) found
         LEFT JOIN LATERAL (
            SELECT count(*) FILTER (WHERE finding IS NOT NULL) AS judged,
                   count(*) FILTER (WHERE finding IN ('upheld', 'partly')) AS upheld
              FROM complaint_issue WHERE case_id = found.id) issue ON TRUE
            """,
            cases=self._sql_case(),
            days=self.env["followup.kpi"]._get_days("recurrence"),
        )

    def _sql_cases(self):
        """Cases by kind, complaints by severity."""
        return SQL(
            """
            SELECT section, NULL::int, NULL, key, NULL::jsonb, kpi, count(*),
                   NULL::bigint
              FROM (
            SELECT 'cases' AS section, row.kind AS key, 'cases' AS kpi
              FROM complaint_case row
             WHERE row.company_id = %(company)s AND %(within)s AND %(department)s
         UNION ALL
            SELECT 'severity', COALESCE(row.severity, 'none'), 'complaints'
              FROM complaint_case row
             WHERE row.company_id = %(company)s AND %(within)s AND %(department)s
               AND row.kind = 'complaint') found
          GROUP BY section, key, kpi
            """,
            company=self.company_id.id,
            within=self._within(SQL("row.received_at")),
            department=self._of_department(SQL("row.department_id")),
        )

    def _sql_issues(self):
        """Issues of complaints by category: hospital and departments."""
        return SQL(
            """
            SELECT 'issues', found.department_id, NULL, category.id::text,
                   category.name, 'issues', count(*), NULL::bigint
              FROM (%(cases)s) found
              JOIN complaint_issue issue ON issue.case_id = found.id
              JOIN complaint_category category ON category.id = issue.category_id
             WHERE found.received
          GROUP BY GROUPING SETS ((category.id, category.name),
                   (category.id, category.name, found.department_id))
            HAVING GROUPING(found.department_id) = 1
                OR found.department_id IS NOT NULL
            """,
            cases=self._sql_case(),
        )

    def _sql_clocks(self):
        """Punctuality of each kind of clock whose deadline lies in the period."""
        return SQL(
            """
            SELECT 'clocks', NULL::int, NULL, clock.kind, NULL::jsonb, 'punctual',
                   count(*) FILTER (WHERE clock.stopped_at IS NOT NULL
                                    AND clock.breached IS NOT TRUE), count(*)
              FROM complaint_clock clock
              JOIN complaint_case row ON row.id = clock.case_id
             WHERE row.company_id = %(company)s AND row.kind = 'complaint'
               AND %(within)s AND clock.deadline <= %(cutoff)s AND %(department)s
          GROUP BY GROUPING SETS ((), (clock.kind))
            HAVING count(*) > 0
            """,
            company=self.company_id.id,
            within=self._within(SQL("clock.deadline")),
            cutoff=self.cutoff,
            department=self._of_department(SQL("row.department_id")),
        )

    def _sql_causes(self):
        """Causes from the most frequent down, with their cumulated share."""
        return SQL(
            """
            SELECT 'causes', NULL::int, NULL, cause.key, cause.name, kpi.code, kpi.num,
                   kpi.den
              FROM (
            SELECT cause.id::text AS key, cause.name, count(*) AS total,
                   sum(count(*)) OVER (ORDER BY count(*) DESC, cause.id) AS cumulated,
                   sum(count(*)) OVER () AS every
              FROM (%(cases)s) found
              JOIN complaint_issue issue ON issue.case_id = found.id
              JOIN complaint_cause_complaint_issue_rel rel
                ON rel.complaint_issue_id = issue.id
              JOIN complaint_cause cause ON cause.id = rel.complaint_cause_id
             WHERE found.received
          GROUP BY cause.id, cause.name) cause
        CROSS JOIN LATERAL (VALUES
                   ('causes', cause.total::float8, NULL::float8),
                   ('pareto', cause.cumulated, cause.every)) AS kpi (code, num, den)
            """,
            cases=self._sql_case(),
        )

    def _sql_actions(self):
        """Rectifications of complaints due in the period, done and effective."""
        return SQL(
            """
            SELECT 'actions', department_id, NULL, NULL, NULL::jsonb, kpi.code,
                   kpi.num, kpi.den
              FROM (
            SELECT action.department_id, count(*) AS total,
                   count(*) FILTER (WHERE action.done_day <= action.deadline) AS done,
                   count(*) FILTER (WHERE action.state IN ('effective', 'returned'))
                       AS checked,
                   count(*) FILTER (WHERE action.state = 'effective') AS good
              FROM (
            SELECT row.*, (row.done_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                       AS done_day
              FROM complaint_action row
             WHERE row.company_id = %(company)s AND row.source = 'case'
               AND row.state != 'cancelled'
               AND row.deadline BETWEEN %(first)s AND %(last)s AND %(department)s
                   ) action
          GROUP BY GROUPING SETS ((), (action.department_id))
            HAVING count(*) > 0 AND (GROUPING(action.department_id) = 1
                OR action.department_id IS NOT NULL)) summed
        CROSS JOIN LATERAL (VALUES
                   ('actions', total, NULL::bigint), ('actions_done', done, total),
                   ('actions_effective', good, checked)) AS kpi (code, num, den)
            """,
            zone=self._get_zone(),
            company=self.company_id.id,
            first=self.date_from,
            last=self.date_to,
            department=self._of_department(SQL("row.department_id")),
        )

    def _get_zone(self):
        """Return the name of the hospital's time zone (D-11)."""
        company = self.company_id
        zone = company.resource_calendar_id.tz or company.partner_id.tz
        return zone or "Asia/Shanghai"

    def _sql_campaigns(self):
        """Latent problems: what recurred so often that a campaign was proposed."""
        return SQL(
            """
            SELECT 'campaigns', row.department_id, NULL, category.id::text,
                   category.name, 'campaigns', count(*), NULL::bigint
              FROM complaint_campaign row
              JOIN complaint_category category ON category.id = row.category_id
             WHERE row.company_id = %(company)s AND %(within)s AND %(department)s
          GROUP BY GROUPING SETS ((category.id, category.name),
                   (category.id, category.name, row.department_id))
            """,
            company=self.company_id.id,
            within=self._within(SQL("row.proposed_at")),
            department=self._of_department(SQL("row.department_id")),
        )
