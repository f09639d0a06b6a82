# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.patient_followup.report.followup_answer_summary import sql_key
from odoo.addons.patient_followup.tools.choices import choices_of

from .followup_report_complaint import DEPENDS
from .followup_report_task_summary import sql_apart, sql_sums

GROUPS = ("company_id", "department_id", "kind")
NAMES = (
    *("case_count", "clock_count", "punctual_count"),
    *("judged_count", "upheld_count"),
)


class FollowupReportComplaintSummary(models.Model):
    """Complaints of a month, department and kind, of at least five cases (I-11).

    Only of months that are over: the difference of two looks at a running month
    would tell of a single case.

    Access: leaders, their hospitals. No row leads to a case.
    """

    _name = "followup.report.complaint.summary"
    _description = "Summary of Complaints"
    _inherit = ["followup.figure.mixin"]
    _auto = False
    _order = "month desc, id desc"
    _rec_name = "month"
    _depends = DEPENDS
    _quotients = {
        "punctual_rate": ("punctual_count", "clock_count"),
        "upheld_rate": ("upheld_count", "judged_count"),
    }

    month = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", string="Hospital", readonly=True)
    department_id = fields.Many2one(
        "hr.department", string="Department Concerned", readonly=True
    )
    kind = fields.Selection(
        selection=choices_of("complaint.case", "kind"), readonly=True
    )
    case_count = fields.Integer(string="Cases", readonly=True)
    clock_count = fields.Integer(string="Clocks", readonly=True)
    punctual_count = fields.Integer(string="Clocks Kept", readonly=True)
    judged_count = fields.Integer(string="Issues Judged", readonly=True)
    upheld_count = fields.Integer(string="Issues Upheld", readonly=True)
    punctual_rate = fields.Float(
        string="Punctuality (%)", aggregator="avg", readonly=True
    )
    upheld_rate = fields.Float(string="Upheld (%)", aggregator="avg", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT summed.*,
                   100.0 * punctual_count / NULLIF(clock_count, 0) AS punctual_rate,
                   100.0 * upheld_count / NULLIF(judged_count, 0) AS upheld_rate
              FROM (%(groups)s) summed
            """,
            groups=sql_apart(self._sql_groups(), SQL("month, company_id, kind")),
        )

    def _sql_groups(self):
        return SQL(
            """
            SELECT %(key)s AS id, date_trunc('month', received_day)::date AS month,
                   company_id, department_id, kind, count(*) AS people, %(sums)s
              FROM (%(rows)s) row
             WHERE received_day < %(running)s
          GROUP BY date_trunc('month', received_day)::date, company_id,
                   department_id, kind
            """,
            rows=self.env["followup.report.complaint"]._table_query,
            key=sql_key(
                SQL("date_trunc('month', received_day)::date"), *map(SQL, GROUPS)
            ),
            running=self._get_running_month(),
            sums=sql_sums(self, NAMES),
        )
