# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the follow-up bulletin counts of stays and follow-ups (V-1 ... V-5, K-4)."""

from datetime import timedelta

from odoo import models
from odoo.tools import SQL

from ..report.figure_mixin import COUNTED_KINDS, EFFECTIVE

SECTIONS = {
    "bulletin": (
        "follow_up",
        "reasons",
        "attempts",
        "satisfaction",
        "verification",
        "opinions",
        "readmission",
        "hand_in",
        "hours",
    ),
    "half_month": ("follow_up", "reasons", "attempts"),
    "satisfaction": ("satisfaction",),
    "feedback": ("opinions", "cases", "satisfaction"),
    "scorecard": ("score", "concerns", "call_quality", "employees"),
    "complaints": (
        "complaints",
        "cases",
        "issues",
        "clocks",
        "causes",
        "actions",
        "campaigns",
    ),
}
INSERT = SQL(
    "INSERT INTO followup_report_line (run_id, company_id, code, section,"
    " department_id, level, key, key_names, kpi, numerator, denominator, value,"
    " has_data, department_names)"
)


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    def _compute_lines(self):
        """Insert all figures: one statement for each section, no row in Python."""
        self.env.flush_all()
        self._count_facts()
        for name in self._get_sections():
            self._insert_lines(getattr(self, f"_sql_{name}")())
        self._finish_lines()

    def _get_sections(self):
        """Return the names of the statements of this report; extension point."""
        return SECTIONS.get(self.code, ())

    def _insert_lines(self, figures):
        """Insert what a statement counts, with the names departments have now.

        :param SQL figures: a query of (section, department_id, level, key,
            key_names, kpi, numerator, denominator)
        """
        self.env.cr.execute(
            SQL(
                """
                %(insert)s
                SELECT %(run)s, %(company)s, %(code)s, figure.section,
                       figure.department_id, figure.level, figure.key,
                       figure.key_names, figure.kpi, figure.numerator,
                       figure.denominator,
                       CASE WHEN kpi.unit = 'percent'
                                 AND figure.denominator IS NOT NULL THEN
                                100.0 * figure.numerator / NULLIF(figure.denominator, 0)
                            ELSE figure.numerator END,
                       CASE WHEN figure.numerator IS NULL THEN FALSE
                            ELSE figure.denominator IS NULL
                                 OR figure.denominator > 0 END,
                       ward.name
                  FROM (%(figures)s) AS figure (section, department_id, level, key,
                       key_names, kpi, numerator, denominator)
                  JOIN followup_kpi kpi ON kpi.code = figure.kpi
             LEFT JOIN hr_department ward ON ward.id = figure.department_id
                """,
                insert=INSERT,
                run=self.id,
                company=self.company_id.id,
                code=self.code,
                figures=figures,
            )
        )

    # ------------------------------------------------------------
    # PARTS
    # ------------------------------------------------------------

    def _get_bounds(self):
        """Return the moments (UTC) from which and before which the period lies."""
        clock = self.env["followup.clock"]._for_company(self.company_id)
        after = self.date_to + timedelta(days=1)
        return clock.to_utc(self.date_from), clock.to_utc(after)

    def _within(self, column):
        """Return the condition that a moment lies in the period."""
        start, end = self._get_bounds()
        return SQL("%s >= %s AND %s < %s", column, start, column, end)

    def _of_department(self, column):
        """Return the condition that a row belongs to the department of the run."""
        if not self.department_id:
            return SQL("TRUE")
        return SQL(
            "%s IN (SELECT id FROM hr_department WHERE starts_with(parent_path, %s))",
            column,
            self.department_id.parent_path,
        )

    def _sql_fact(self):
        """Return the statement of what is counted, one row each.

        Columns: level, department_id, encounter_class, bucket, exclusion_reason_id,
        reason_id, state, tried, effective, in_time, task_id, encounter_id.
        """
        rows = self._sql_discharged() if self.basis == "discharge" else self._sql_due()
        return SQL(
            """
            SELECT row.*, COALESCE(row.attempt_count, 0) > 0 OR row.effective AS tried
              FROM (%s) row
            """,
            rows,
        )

    def _sql_discharged(self):
        """Stays that ended in the period; the first follow-up of a level decides."""
        return SQL(
            """
            WITH stay AS (
              SELECT id, department_id, encounter_class, exclusion_reason_id,
                     excluded IS TRUE OR disposition = 'deceased' AS is_out
                FROM followup_encounter
               WHERE company_id = %(company)s AND state = 'discharged'
                 AND discharge_day BETWEEN %(first)s AND %(last)s
                 AND %(department)s),
            task AS (
              SELECT DISTINCT ON (row.encounter_id, row.level) row.*
                FROM followup_task row JOIN stay ON stay.id = row.encounter_id
               WHERE row.kind IN %(kinds)s
            ORDER BY row.encounter_id, row.level, row.state = 'cancelled',
                     row.date_deadline, row.id)
            SELECT stage.level, stay.department_id, stay.encounter_class,
                   CASE WHEN COALESCE(stay.is_out, FALSE) THEN 'excluded'
                        WHEN row.id IS NULL THEN 'unplanned'
                        WHEN row.state = 'cancelled' THEN 'ended'
                        WHEN row.date_deadline > %(cutoff)s THEN 'pending'
                        ELSE 'base' END AS bucket,
                   stay.exclusion_reason_id, row.reason_id, row.state,
                   row.attempt_count, row.id IS NOT NULL AND %(effective)s AS effective,
                   COALESCE(row.completed_at <= row.date_deadline, FALSE) AS in_time,
                   row.id AS task_id, stay.id AS encounter_id
              FROM stay
        CROSS JOIN (VALUES ('1'), ('2')) AS stage (level)
         LEFT JOIN task row ON row.encounter_id = stay.id AND row.level = stage.level
            """,
            company=self.company_id.id,
            first=self.date_from,
            last=self.date_to,
            cutoff=self.cutoff,
            kinds=COUNTED_KINDS,
            effective=EFFECTIVE,
            department=self._of_department(SQL("department_id")),
        )

    def _sql_due(self):
        """Follow-ups that fell due in the period, each contact for itself."""
        return SQL(
            """
            SELECT row.level, COALESCE(stay.department_id, row.department_id)
                       AS department_id, stay.encounter_class,
                   CASE WHEN stay.excluded IS TRUE OR stay.disposition = 'deceased'
                             THEN 'excluded'
                        WHEN row.state = 'cancelled' THEN 'ended'
                        WHEN row.date_deadline > %(cutoff)s THEN 'pending'
                        ELSE 'base' END AS bucket,
                   stay.exclusion_reason_id, row.reason_id, row.state,
                   row.attempt_count, %(effective)s AS effective,
                   COALESCE(row.completed_at <= row.date_deadline, FALSE) AS in_time,
                   row.id AS task_id, stay.id AS encounter_id
              FROM followup_task row
              JOIN followup_encounter stay ON stay.id = row.encounter_id
             WHERE row.company_id = %(company)s AND row.kind IN %(kinds)s
               AND row.due_day BETWEEN %(first)s AND %(last)s AND %(department)s
            """,
            company=self.company_id.id,
            first=self.date_from,
            last=self.date_to,
            cutoff=self.cutoff,
            kinds=COUNTED_KINDS,
            effective=EFFECTIVE,
            department=self._of_department(SQL("stay.department_id")),
        )

    # ------------------------------------------------------------
    # SECTIONS
    # ------------------------------------------------------------

    def _sql_follow_up(self):
        """Base, who left it, and rates: hospital, departments, classes."""
        total = "discharged" if self.basis == "discharge" else "due"
        return SQL(
            """
            SELECT CASE WHEN by_class THEN 'class' ELSE 'follow_up' END, department_id,
                   level, encounter_class, NULL::jsonb, kpi.code, kpi.num, kpi.den
              FROM (
            SELECT level, department_id, encounter_class,
                   GROUPING(encounter_class) = 0 AS by_class, sum(times) AS total,
                   sum(times * (bucket = 'excluded')::int) AS excluded,
                   sum(times * (bucket = 'ended')::int) AS ended,
                   sum(times * (bucket = 'unplanned')::int) AS unplanned,
                   sum(times * (bucket = 'pending')::int) AS pending,
                   sum(times * (bucket = 'base')::int) AS base,
                   sum(times * (bucket = 'base' AND tried)::int) AS tried,
                   sum(times * (bucket = 'base' AND effective)::int) AS effective,
                   sum(times * (bucket = 'base' AND effective AND in_time)::int)
                       AS in_time,
                   sum(times * (bucket = 'base' AND state = 'unreachable')::int)
                       AS unreachable,
                   sum(times * (bucket = 'base' AND state = 'refused')::int)
                       AS refused
              FROM (%(fact)s) fact
          GROUP BY GROUPING SETS (
                   (level), (level, department_id), (level, encounter_class))
                   ) summed
        CROSS JOIN LATERAL (VALUES
                   (%(total)s, total, NULL::bigint), ('excluded', excluded, NULL),
                   ('ended', ended, NULL), ('unplanned', unplanned, NULL),
                   ('pending', pending, NULL), ('base', base, NULL),
                   ('coverage', tried, base), ('effective', effective, base),
                   ('on_time', in_time, base), ('unreachable', unreachable, base),
                   ('refused', refused, base)) AS kpi (code, num, den)
             WHERE level = '1' OR base + pending + ended > 0
            """,
            total=total,
            fact=self._sql_counted(),
        )

    def _sql_reasons(self):
        """Why stays are not counted, why patients were not reached or refused."""
        return SQL(
            """
            SELECT 'reasons', department_id, level, COALESCE(reason_id::text, 'none'),
                   reason_name, kpi, sum(times), NULL::bigint
              FROM (
            SELECT fact.department_id, fact.level, fact.times, 'excluded' AS kpi,
                   reason.id AS reason_id, reason.name AS reason_name
              FROM (%(fact)s) fact
         LEFT JOIN followup_exclusion_reason reason
                ON reason.id = fact.exclusion_reason_id
             WHERE fact.bucket = 'excluded' AND fact.level = '1'
         UNION ALL
            SELECT fact.department_id, fact.level, fact.times, fact.state, reason.id,
                   reason.name
              FROM (%(fact)s) fact
         LEFT JOIN followup_reason reason ON reason.id = fact.reason_id
             WHERE fact.bucket = 'base' AND fact.state IN ('unreachable', 'refused')
                   ) found
          GROUP BY GROUPING SETS ((level, kpi, reason_id, reason_name),
                   (level, kpi, reason_id, reason_name, department_id))
            """,
            fact=self._sql_counted(),
        )
