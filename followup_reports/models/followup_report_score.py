# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The five dimensions of the assessment, by department and caller (V-11, W-7)."""

from odoo import models
from odoo.tools import SQL

from ..report.figure_mixin import COUNTED_KINDS, EFFECTIVE
from ..report.followup_report_attempt import REACHED


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    def _sql_score(self):
        """Plan made and executed, record complete, on time: both levels together."""
        return SQL(
            """
            SELECT 'score', department_id, NULL, NULL, NULL::jsonb, kpi.code, kpi.num,
                   kpi.den
              FROM (
            SELECT department_id,
                   sum(times * (level = '1' AND bucket != 'excluded')::int)
                       AS stays,
                   sum(times * (level = '1'
                       AND bucket NOT IN ('excluded', 'unplanned'))::int) AS planned,
                   sum(times * (bucket = 'base')::int) AS base,
                   sum(times * (bucket = 'base' AND tried)::int) AS tried,
                   sum(times * (bucket = 'base' AND effective AND in_time)::int)
                       AS in_time,
                   sum(times * (bucket = 'base' AND state = 'done')::int) AS done,
                   sum(times * (bucket = 'base' AND effective)::int) AS complete
              FROM (%(fact)s) fact
          GROUP BY GROUPING SETS ((), (department_id))) summed
        CROSS JOIN LATERAL (VALUES ('planned', planned, stays),
                   ('coverage', tried, base), ('complete', complete, done),
                   ('on_time', in_time, base)) AS kpi (code, num, den)
             WHERE stays > 0
            """,
            fact=self._sql_counted(),
        )

    def _sql_concerns(self):
        """Feedback handled by its deadline, and praise (O-3, O-6, W-6)."""
        return SQL(
            """
            SELECT 'score', department_id, NULL, NULL, NULL::jsonb, kpi.code, kpi.num,
                   kpi.den
              FROM (
            SELECT department_id,
                   count(*) FILTER (WHERE %(due)s AND deadline <= %(cutoff)s) AS due,
                   count(*) FILTER (WHERE %(due)s AND deadline <= %(cutoff)s
                       AND answered_at <= deadline) AS in_time,
                   count(*) FILTER (WHERE %(raised)s AND kind = 'praise') AS praise
              FROM followup_concern
             WHERE company_id = %(company)s AND (%(due)s OR %(raised)s)
               AND %(department)s
          GROUP BY GROUPING SETS ((), (department_id))
            HAVING count(*) > 0
               AND (GROUPING(department_id) = 1 OR department_id IS NOT NULL)) summed
        CROSS JOIN LATERAL (VALUES ('answered_in_time', in_time, due),
                   ('praise', praise, NULL)) AS kpi (code, num, den)
            """,
            due=self._within(SQL("deadline")),
            raised=self._within(SQL("raised_at")),
            cutoff=self.cutoff,
            company=self.company_id.id,
            department=self._of_department(SQL("department_id")),
        )

    def _sql_call_quality(self):
        """Points of checked calls, by department and by caller (V-8, V-9)."""
        return SQL(
            """
            SELECT CASE WHEN by_user THEN 'employees' ELSE 'score' END, department_id,
                   NULL, person::text, NULL::jsonb, 'call_quality', points,
                   100.0 * total
              FROM (
            SELECT department_id, caller_id AS person, GROUPING(caller_id) = 0
                       AS by_user, count(*) AS total, sum(total)::float8 AS points
              FROM followup_call_score
             WHERE company_id = %(company)s AND state = 'done' AND %(within)s
               AND %(department)s
          GROUP BY GROUPING SETS ((), (department_id), (caller_id))
            HAVING count(*) > 0 AND (GROUPING(department_id) = 1
                OR department_id IS NOT NULL)
               AND (GROUPING(caller_id) = 1 OR caller_id IS NOT NULL)) summed
            """,
            company=self.company_id.id,
            within=self._within(SQL("scored_at")),
            department=self._of_department(SQL("department_id")),
        )

    def _sql_employees(self):
        """What each caller completed in the period, complete and on time (W-7)."""
        return SQL(
            """
            SELECT 'employees', NULL::int, NULL, caller.id::text,
                   jsonb_build_object('en_US', caller.name), kpi.code, kpi.num, kpi.den
              FROM (
            SELECT row.completed_by_id, count(*) AS total,
                   count(*) FILTER (WHERE %(effective)s) AS complete,
                   count(*) FILTER (WHERE row.completed_at <= row.date_deadline)
                       AS in_time
              FROM followup_task row
             WHERE row.company_id = %(company)s AND row.kind IN %(kinds)s
               AND row.state = 'done' AND row.completed_by_id IS NOT NULL
               AND row.completed_day BETWEEN %(first)s AND %(last)s AND %(department)s
          GROUP BY row.completed_by_id) summed
              JOIN (SELECT person.id, partner.name FROM res_users person
                      JOIN res_partner partner ON partner.id = person.partner_id
                   ) caller ON caller.id = summed.completed_by_id
        CROSS JOIN LATERAL (VALUES ('completed', total, NULL::bigint),
                   ('complete', complete, total), ('on_time', in_time, total)
                   ) AS kpi (code, num, den)
            """,
            effective=EFFECTIVE,
            company=self.company_id.id,
            kinds=COUNTED_KINDS,
            first=self.date_from,
            last=self.date_to,
            department=self._of_department(SQL("row.department_id")),
        )

    def _sql_hours(self):
        """Attempts by the hour of the hospital's clock at which they began (V-14)."""
        return SQL(
            """
            SELECT 'hours', NULL::int, NULL, hour, NULL::jsonb, kpi.code, kpi.num,
                   kpi.den
              FROM (
            SELECT to_char(tried.started_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s,
                           'HH24') AS hour, count(*) AS total,
                   count(*) FILTER (WHERE tried.result IN %(reached)s) AS reached
              FROM followup_attempt tried
              JOIN followup_task task ON task.id = tried.task_id
             WHERE tried.company_id = %(company)s AND tried.direction = 'out'
               AND task.kind != 'verification' AND %(within)s AND %(department)s
          GROUP BY 1) summed
        CROSS JOIN LATERAL (VALUES ('attempts', total, NULL::bigint),
                   ('connect', reached, total)) AS kpi (code, num, den)
            """,
            zone=self._get_zone(),
            reached=REACHED,
            company=self.company_id.id,
            within=self._within(SQL("tried.started_at")),
            department=self._of_department(SQL("tried.department_id")),
        )
