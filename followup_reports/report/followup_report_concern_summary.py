# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.patient_followup.report.followup_answer_summary import sql_key
from odoo.addons.patient_followup.tools.choices import choices_of

from .followup_report_concern import DEPENDS
from .followup_report_task_summary import sql_apart, sql_sums

GROUPS = ("company_id", "department_id", "kind")
NAMES = ("concern_count", "due_count", "in_time_count")


class FollowupReportConcernSummary(models.Model):
    """Opinions of a month, department and kind, of at least five (I-11).

    Only of months that are over: the difference of two looks at a running month
    would tell of a single patient.

    Access: leaders, their hospitals. No row leads to a concern.
    """

    _name = "followup.report.concern.summary"
    _description = "Summary of Opinions"
    _inherit = ["followup.figure.mixin"]
    _auto = False
    _order = "month desc, id desc"
    _rec_name = "month"
    _depends = DEPENDS
    _quotients = {"in_time_rate": ("in_time_count", "due_count")}

    month = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", string="Hospital", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    kind = fields.Selection(
        selection=choices_of("followup.concern", "kind"), readonly=True
    )
    concern_count = fields.Integer(string="Opinions", readonly=True)
    due_count = fields.Integer(string="Due", readonly=True)
    in_time_count = fields.Integer(string="Answered in Time", readonly=True)
    in_time_rate = fields.Float(
        string="Answered in Time (%)", aggregator="avg", readonly=True
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT summed.*,
                   100.0 * in_time_count / NULLIF(due_count, 0) AS in_time_rate
              FROM (%(groups)s) summed
            """,
            groups=sql_apart(self._sql_groups(), SQL("month, company_id, kind")),
        )

    def _sql_groups(self):
        return SQL(
            """
            SELECT %(key)s AS id, date_trunc('month', day)::date AS month,
                   company_id, department_id, kind, count(*) AS people, %(sums)s
              FROM (%(rows)s) row
             WHERE day < %(running)s
          GROUP BY date_trunc('month', day)::date, company_id, department_id, kind
            """,
            rows=self.env["followup.report.concern"]._table_query,
            key=sql_key(SQL("date_trunc('month', day)::date"), *map(SQL, GROUPS)),
            sums=sql_sums(self, NAMES),
            running=self._get_running_month(),
        )
