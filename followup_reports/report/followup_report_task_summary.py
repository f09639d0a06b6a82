# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.patient_followup.report.followup_answer_summary import sql_key
from odoo.addons.patient_followup.tools.choices import choices_of

from .followup_report_task import DEPENDS

# a figure somebody without access to patients sees stands for so many at least
LEAST = 5
GROUPS = ("company_id", "department_id", "encounter_class", "level")
NAMES = ("base_count", "covered_count", "effective_count", "on_time_count")


def sql_sums(model, names):
    """Return the sums of columns; what a rate divides only from `LEAST` on."""
    under = {name: pair[1] for pair in model._quotients.values() for name in pair}
    return SQL(", ").join(
        SQL(
            "CASE WHEN sum(%s) >= %s THEN sum(%s) END AS %s",
            SQL.identifier(under[name]),
            LEAST,
            SQL.identifier(name),
            SQL.identifier(name),
        )
        if name in under
        else SQL("sum(%s) AS %s", SQL.identifier(name), SQL.identifier(name))
        for name in names
    )


def sql_apart(groups, *totals):
    """Return SQL of groups that stand for enough, and do not tell of the others.

    Frozen reports show totals. Where the groups left out of one are of few, or only
    one, the smallest of the rest is left out, too, as frozen reports do.

    :param SQL groups: all groups, with `people`, how many each stands for
    :param totals: SQL of the columns that groups of one total have in common
    """
    groups = SQL("SELECT *, people < %s AS is_out FROM (%s) part", LEAST, groups)
    for number, total in enumerate(totals):
        groups = SQL(
            """
            SELECT part.*, %(out)s OR (
                       rank() OVER (PARTITION BY %(total)s, %(out)s
                                        ORDER BY people) = 1
                       AND (count(*) FILTER (WHERE %(out)s) OVER same = 1
                            OR sum(people) FILTER (WHERE %(out)s) OVER same
                               < %(least)s)) AS %(now)s
              FROM (%(groups)s) part
            WINDOW same AS (PARTITION BY %(total)s)
            """,
            out=SQL.identifier(f"is_out{number or ''}"),
            now=SQL.identifier(f"is_out{number + 1}"),
            groups=groups,
            least=LEAST,
            total=total,
        )
    last = SQL.identifier(f"is_out{len(totals) or ''}")
    return SQL("SELECT * FROM (%s) part WHERE %s IS NOT TRUE", groups, last)


class FollowupReportTaskSummary(models.Model):
    """Follow-ups of a month and department, of at least five patients (I-11).

    Groups of fewer are not there at all: no filter, group or difference of two
    figures shows them, nor the total of a frozen report minus the others. Only of
    months that are over, as opinions are.

    Access: leaders, their hospitals.
    """

    _name = "followup.report.task.summary"
    _description = "Summary of Follow-up"
    _inherit = ["followup.figure.mixin"]
    _auto = False
    _order = "month desc, id desc"
    _rec_name = "month"
    _depends = DEPENDS
    _quotients = {
        "coverage": ("covered_count", "base_count"),
        "effective_rate": ("effective_count", "base_count"),
        "on_time_rate": ("on_time_count", "base_count"),
    }

    month = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", string="Hospital", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    encounter_class = fields.Selection(
        selection=choices_of("followup.encounter", "encounter_class"), readonly=True
    )
    level = fields.Selection([("1", "Level 1"), ("2", "Level 2")], readonly=True)
    base_count = fields.Integer(string="Base", readonly=True)
    covered_count = fields.Integer(string="Attempted", readonly=True)
    effective_count = fields.Integer(string="Effective", readonly=True)
    on_time_count = fields.Integer(string="On Time", readonly=True)
    coverage = fields.Float(string="Coverage (%)", aggregator="avg", readonly=True)
    effective_rate = fields.Float(
        string="Effective Rate (%)", aggregator="avg", readonly=True
    )
    on_time_rate = fields.Float(
        string="On-Time Rate (%)", aggregator="avg", readonly=True
    )
    coverage_target = fields.Float(
        string="Target: Coverage (%)", aggregator="avg", readonly=True
    )
    effective_target = fields.Float(
        string="Target: Effective (%)", aggregator="avg", readonly=True
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT summed.*,
                   100.0 * covered_count / NULLIF(base_count, 0) AS coverage,
                   100.0 * effective_count / NULLIF(base_count, 0) AS effective_rate,
                   100.0 * on_time_count / NULLIF(base_count, 0) AS on_time_rate
              FROM (%(groups)s) summed
            """,
            groups=sql_apart(
                self._sql_groups(),
                SQL("month, company_id, level, department_id"),
                SQL("month, company_id, level, encounter_class"),
            ),
        )

    def _sql_groups(self):
        return SQL(
            """
            SELECT %(key)s AS id, date_trunc('month', due_day)::date AS month,
                   company_id, department_id, encounter_class, level, %(sums)s,
                   sum(base_count) AS people,
                   min(coverage_target) AS coverage_target,
                   min(effective_target) AS effective_target
              FROM (%(rows)s) row
             WHERE due_day < %(running)s AND due_day >= %(since)s
          GROUP BY date_trunc('month', due_day)::date, company_id, department_id,
                   encounter_class, level
            HAVING sum(base_count) > 0
            """,
            rows=self.env["followup.report.task"]._table_query,
            key=sql_key(SQL("date_trunc('month', due_day)::date"), *map(SQL, GROUPS)),
            running=self._get_running_month(),
            since=self._get_since(),
            sums=sql_sums(self, NAMES),
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Read no follow-ups of months that nobody asks for."""
        model = self._from_month(domain)
        return super(FollowupReportTaskSummary, model)._search(domain, *args, **kwargs)
