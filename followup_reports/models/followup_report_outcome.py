# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What becomes of the patients: readmissions (V-14)."""

from odoo import models
from odoo.tools import SQL


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    def _sql_readmission(self):
        """Stays after which the same patient was admitted again within the days.

        Only stays whose days are over when the report is made: the others may
        still come back, and would flatter the rate.
        """
        return SQL(
            """
            SELECT 'outcome', department_id, NULL, NULL, NULL::jsonb, 'readmission',
                   count(*) FILTER (WHERE again), count(*)
              FROM (%s) seen
          GROUP BY GROUPING SETS ((), (department_id))
            HAVING count(*) > 0
            """,
            self._sql_readmitted(),
        )

    def _sql_readmitted(self):
        """Return the stays that are reckoned, and whether the patient came again."""
        return SQL(
            """
            SELECT stay.id, stay.department_id, EXISTS (
                       SELECT FROM followup_encounter later
                        WHERE later.patient_id = stay.patient_id
                          AND later.encounter_class = 'inpatient'
                          AND later.id != stay.id AND later.state != 'cancelled'
                          AND later.admission_day >= stay.discharge_day
                          AND later.admission_day
                              <= stay.discharge_day + %(days)s) AS again
              FROM followup_encounter stay
             WHERE stay.company_id = %(company)s AND stay.state = 'discharged'
               AND stay.encounter_class = 'inpatient'
               AND stay.disposition IS DISTINCT FROM 'deceased'
               AND stay.discharge_day BETWEEN %(first)s AND %(last)s
               AND stay.discharge_day + %(days)s < %(cutoff)s AND %(department)s
            """,
            days=self.env["followup.kpi"]._get_days("readmission"),
            company=self.company_id.id,
            first=self.date_from,
            last=self.date_to,
            cutoff=self.env["followup.clock"]._local_date(self.company_id, self.cutoff),
            department=self._of_department(SQL("stay.department_id")),
        )
