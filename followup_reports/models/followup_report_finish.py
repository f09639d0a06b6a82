# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Names, targets, the period before, ranks and protection of the figures."""

from odoo import models
from odoo.tools import SQL

from ..report.followup_report_task_summary import LEAST
from ..tools.targets import Subject, best
from .followup_report_line import POINTS

# parts that add up to the stays discharged: one hidden part would be the rest
PARTS = ("discharged", "due", "excluded", "ended", "unplanned", "pending")


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    def _finish_lines(self):
        self._name_callers()
        self._compare_lines()
        self._rank_lines()
        self._protect_lines()
        # rows came by statements: nothing the cache holds of them is true
        self.invalidate_recordset(["line_ids"])
        self._aim_lines()
        self.env["followup.report.line"].invalidate_model()

    def _update_lines(self, statement):
        self.env.cr.execute(statement)

    def _name_callers(self):
        """Name callers whose calls were checked in the period and made before it."""
        self._update_lines(
            SQL(
                """
                UPDATE followup_report_line line
                   SET key_names = jsonb_build_object('en_US', partner.name)
                  FROM res_users person
                  JOIN res_partner partner ON partner.id = person.partner_id
                 WHERE line.run_id = %s AND line.section = 'employees'
                   AND line.key_names IS NULL AND person.id = line.key::int
                """,
                self.id,
            )
        )

    def _compare_lines(self):
        """Set beside each figure that of the period before, as it was reported.

        Not where that stood for few: whoever does not read it has it not here either.
        """
        if not self.previous_id:
            return
        self._update_lines(
            SQL(
                """
                UPDATE followup_report_line line
                   SET previous = before.value, has_previous = TRUE
                  FROM followup_report_line before
                 WHERE line.run_id = %s AND before.run_id = %s AND before.has_data
                   AND NOT before.is_small
                   AND before.section = line.section AND before.kpi = line.kpi
                   AND before.level IS NOT DISTINCT FROM line.level
                   AND before.department_id IS NOT DISTINCT FROM line.department_id
                   AND before.key IS NOT DISTINCT FROM line.key
                """,
                self.id,
                self.previous_id.id,
            )
        )

    def _rank_lines(self):
        """Rank departments by each rate; equal rates share a rank."""
        self._update_lines(
            SQL(
                """
                UPDATE followup_report_line line SET rank = ranked.rank
                  FROM (
                SELECT line.id, rank() OVER (
                           PARTITION BY line.section, line.level, line.key, line.kpi
                           ORDER BY CASE WHEN kpi.lower_is_better THEN line.value
                                         ELSE -line.value END) AS rank
                  FROM followup_report_line line
                  JOIN followup_kpi kpi ON kpi.code = line.kpi
                 WHERE line.run_id = %s AND line.department_id IS NOT NULL
                   AND line.has_data AND kpi.unit = 'percent') ranked
                 WHERE ranked.id = line.id
                """,
                self.id,
            )
        )

    # ------------------------------------------------------------
    # PROTECTION (I-11, Y-10)
    # ------------------------------------------------------------

    def _protect_lines(self):
        """Mark figures of fewer than five, and those that give them away."""
        self._update_lines(
            SQL(
                """
                UPDATE followup_report_line SET is_small = has_data AND
                       COALESCE(CASE WHEN kpi IN %(points)s THEN denominator / 100
                                ELSE denominator END, numerator) < %(least)s
                       AND COALESCE(denominator, numerator) > 0
                 WHERE run_id = %(run)s
                """,
                points=POINTS,
                least=LEAST,
                run=self.id,
            )
        )
        self._protect_parts()
        self._protect_last()

    def _protect_parts(self):
        """Of parts that add up, one small part hides its sisters everywhere.

        A total keeps its parts where none of its own is small.
        """
        self._update_lines(
            SQL(
                """
                UPDATE followup_report_line line SET is_small = TRUE
                  FROM (
                SELECT DISTINCT section, level, key IS NULL AS whole,
                       department_id IS NULL AS hospital
                  FROM followup_report_line
                 WHERE run_id = %(run)s AND kpi IN %(parts)s AND is_small
                   AND section IN ('follow_up', 'class')) sister
                 WHERE line.run_id = %(run)s AND line.kpi IN %(parts)s
                   AND line.section = sister.section AND NOT line.is_small
                   AND line.level IS NOT DISTINCT FROM sister.level
                   AND (line.key IS NULL) = sister.whole
                   AND (line.department_id IS NULL) = sister.hospital
                """,
                run=self.id,
                parts=PARTS,
            )
        )

    def _protect_last(self):
        """Where rows hidden of a total stand for few, hide the next smallest, too.

        The total minus all others would tell it otherwise; a row of nothing hides
        nothing. Rows of a total are its departments, or its keys, and what is hidden
        for the one may stand alone for the other.
        """
        for _round in range(2):
            self._protect_alone(
                SQL("key"), SQL("department_id IS NOT NULL"), self._get_rest()
            )
            self._protect_alone(SQL("department_id"), SQL("key IS NOT NULL"))

    def _get_rest(self):
        """Return SQL of what of each total belongs to no department.

        No line says it, so it is a part kept back like any other.
        """
        return SQL(
            """
            UNION ALL
            SELECT NULL, section, level, kpi, NULL, key, TRUE,
                   sum(CASE WHEN department_id IS NULL THEN people ELSE -people END)
              FROM people
             GROUP BY section, level, kpi, key
            HAVING bool_or(department_id IS NULL)
                   AND sum(CASE WHEN department_id IS NULL THEN people
                                ELSE -people END) > 0
            """
        )

    def _protect_alone(self, common, rows, unseen=None):
        """Hide the smallest part shown of totals whose hidden parts stand alone.

        :param common: what parts of one total share
        :param rows: what tells the parts from their total
        :param unseen: parts of totals that no line shows
        """
        self._update_lines(
            SQL(
                """
                WITH people AS (
                    SELECT id, section, level, kpi, department_id, key, is_small,
                           COALESCE(CASE WHEN kpi IN %(points)s THEN denominator / 100
                                    ELSE denominator END, numerator) AS people
                      FROM followup_report_line
                     WHERE run_id = %(run)s AND has_data)
                UPDATE followup_report_line line SET is_small = TRUE
                  FROM (
                SELECT id, is_small, count(*) FILTER (WHERE is_small) OVER same
                           AS hidden,
                       sum(people) FILTER (WHERE is_small) OVER same AS hidden_people,
                       row_number() OVER (
                           PARTITION BY section, level, kpi, %(common)s, is_small
                           ORDER BY people = 0, people, id) AS place
                  FROM (SELECT * FROM people WHERE %(rows)s %(unseen)s) part
                WINDOW same AS (PARTITION BY section, level, kpi, %(common)s)) seen
                 WHERE seen.id = line.id AND seen.place = 1 AND NOT seen.is_small
                   AND (seen.hidden = 1 OR seen.hidden_people < %(least)s)
                """,
                common=common,
                least=LEAST,
                points=POINTS,
                run=self.id,
                rows=rows,
                unseen=unseen or SQL(),
            )
        )

    # ------------------------------------------------------------
    # TARGETS
    # ------------------------------------------------------------

    def _aim_lines(self):
        """Set the most particular target beside each figure."""
        targets = self.env["followup.target"]._find(
            self.company_id, self.period_kind, self.date_from, self.date_to
        )
        wanted = {target.kpi for target in targets}
        lines = self.line_ids.filtered(
            lambda line: line.kpi in wanted and self._has_target(line)
        )
        units = self._get_units(lines.department_id)
        rows = [
            (line.id, target.value)
            for line in lines
            if (target := best(targets, self._get_subject(line, units)))
        ]
        if rows:
            self._update_lines(
                SQL(
                    "UPDATE followup_report_line line SET target = aimed.value,"
                    " has_target = TRUE FROM (VALUES %s) AS aimed (id, value)"
                    " WHERE aimed.id = line.id",
                    SQL(", ").join(SQL("%s", row) for row in rows),
                )
            )

    def _has_target(self, line):
        """Totals have targets, their parts have not; classes have their own."""
        return not line.key or line.section == "class"

    def _get_subject(self, line, units):
        path = line.department_id.parent_path or ""
        above = [int(part) for part in path.split("/") if part]
        return Subject(
            line.kpi,
            line.level,
            tuple(reversed(above)),
            units.get(line.department_id.id, False),
            line.key if line.section == "class" else False,
        )

    def _get_units(self, departments):
        """Return {department id: type of unit}."""
        teams = self.env["followup.team"].search(
            [("department_id", "in", departments.ids)]
        )
        return {team.department_id.id: team.unit_type for team in teams}
