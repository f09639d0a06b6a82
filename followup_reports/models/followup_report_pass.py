# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stays and follow-ups are read once; what a report says of them adds up groups."""

from odoo import models
from odoo.tools import SQL

# sections that count them
COUNTING = {"follow_up", "reasons", "score"}
GROUPS = SQL(
    "level, department_id, encounter_class, bucket, exclusion_reason_id, reason_id,"
    " state, effective, in_time"
)


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    def _count_facts(self):
        """Keep how often each kind of fact occurs until the transaction ends.

        One pass over a hospital's month, however long: its groups are few, which
        the planner cannot know. It would sort all rows on the disk.
        """
        if COUNTING.isdisjoint(self._get_sections()):
            return
        self.env.cr.execute("SET LOCAL enable_sort = off; SET LOCAL work_mem = '64MB'")
        rows = self._sql_discharged() if self.basis == "discharge" else self._sql_due()
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE %(table)s ON COMMIT DROP AS
                SELECT %(groups)s, COALESCE(attempt_count, 0) > 0 AS attempted,
                       count(*)::int AS times
                  FROM (%(rows)s) fact
              GROUP BY %(groups)s, attempted
                """,
                table=self._counted_table(),
                groups=GROUPS,
                rows=rows,
            )
        )
        self.env.cr.execute(
            "SET LOCAL enable_sort = DEFAULT; SET LOCAL work_mem = DEFAULT"
        )

    def _sql_counted(self):
        """Return the statement of what is counted: GROUPS, `tried` and `times`."""
        return SQL(
            "SELECT *, attempted OR effective AS tried FROM %s", self._counted_table()
        )

    def _counted_table(self):
        return SQL.identifier(f"followup_counted_{self.id}")
