# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What becomes of the patients of each protocol, beside the period before (V-14)."""

from odoo import models
from odoo.tools import SQL

from ..tools.matrix import Column
from .followup_report_figures import SECTIONS
from .followup_report_matrix import LAYOUTS

RECOVERY = ("recovery", "condition", "effect")
SECTIONS["outcome"] = ("readmission", "protocols", "protocol_answers", "satisfaction")
LAYOUTS["outcome"] = ("_table_protocols", "_table_outcome", "_table_satisfaction")


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    def _sql_family(self):
        """Return the statement of which stay follows which protocol (any version)."""
        return SQL(
            """
            SELECT DISTINCT plan.encounter_id, family.id, family.name
              FROM followup_plan plan
              JOIN followup_protocol protocol ON protocol.id = plan.protocol_id
              JOIN followup_protocol family
                ON family.id = COALESCE(protocol.family_id, protocol.id)
             WHERE plan.company_id = %s AND plan.encounter_id IS NOT NULL
            """,
            self.company_id.id,
        )

    def _sql_protocols(self):
        """Readmissions and disputes of the stays discharged in the period."""
        return SQL(
            """
            SELECT 'protocols', NULL::int, NULL, family.id::text, family.name,
                   'readmission', count(*) FILTER (WHERE seen.again), count(*)
              FROM (%(seen)s) seen
              JOIN (%(family)s) family ON family.encounter_id = seen.id
          GROUP BY family.id, family.name
         UNION ALL
            SELECT 'protocols', NULL, NULL, family.id::text, family.name, 'disputes',
                   count(DISTINCT step.case_id), NULL
              FROM complaint_case row
              JOIN complaint_dispute step ON step.case_id = row.id
              JOIN (%(family)s) family ON family.encounter_id = row.encounter_id
             WHERE row.company_id = %(company)s AND row.kind = 'complaint'
               AND %(within)s AND %(department)s
          GROUP BY family.id, family.name
            """,
            seen=self._sql_readmitted(),
            family=self._sql_family(),
            company=self.company_id.id,
            within=self._within(SQL("row.received_at")),
            department=self._of_department(SQL("row.department_id")),
        )

    def _sql_protocol_answers(self):
        """Satisfaction and recovery, as patients of each protocol answer."""
        return SQL(
            """
            SELECT 'protocols', NULL::int, NULL, id::text, name, kpi, points,
                   100.0 * total
              FROM (
            SELECT family.id, family.name,
                   CASE WHEN line.followup_metric IN %(recovery)s THEN 'recovery'
                        ELSE 'satisfaction' END AS kpi,
                   count(*) AS total, sum(line.followup_score)::float8 AS points
              FROM survey_user_input_line line
              JOIN followup_task task ON task.id = line.followup_task_id
              JOIN followup_plan plan ON plan.id = task.plan_id
              JOIN followup_protocol protocol ON protocol.id = plan.protocol_id
              JOIN followup_protocol family
                ON family.id = COALESCE(protocol.family_id, protocol.id)
             WHERE line.followup_company_id = %(company)s AND line.followup_is_scored
               AND line.followup_day BETWEEN %(first)s AND %(last)s
               AND (line.followup_metric IN %(recovery)s
                    OR line.followup_metric LIKE 'satisfaction%%') AND %(department)s
          GROUP BY 1, 2, 3) summed
            """,
            recovery=RECOVERY,
            company=self.company_id.id,
            first=self.date_from,
            last=self.date_to,
            department=self._of_department(SQL("line.followup_department_id")),
        )

    def _table_protocols(self, page):
        columns = []
        for code in ("readmission", "recovery", "satisfaction"):
            columns += page.columns(code)
            columns.append(Column(f"previous:{code}", self.env._("Before"), "number"))
        columns += page.columns("disputes")
        title, subject = self.env._("Outcome by protocol"), self.env._("Protocol")
        yield page.by_key("protocols", title, subject, columns, "protocols", {})
