# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.patient_followup.tools.choices import choices_of

from .figure_mixin import COUNTED_KINDS, EFFECTIVE

OPEN = ("planned", "ready", "in_progress", "waiting")

# what the figures are read from
DEPENDS = {
    "followup.task": [
        "attempt_count",
        "company_id",
        "completed_at",
        "completed_by_id",
        "date_deadline",
        "department_id",
        "due_day",
        "encounter_id",
        "kind",
        "level",
        "method",
        "plan_id",
        "reached_at",
        "state",
        "step_id",
        "user_input_id",
    ],
    "followup.encounter": ["discharge_day", "encounter_class", "excluded"],
    "followup.plan": ["protocol_id"],
    "survey.user_input": ["followup_answered_by", "followup_day"],
}


class FollowupReportTask(models.Model):
    """Follow-ups as figures, live: due, attempted, effective, on time (V-1 ... V-5).

    For quantitative assessment (G-3). One row is one follow-up that a protocol
    planned; its id is that of the task. In the base is what fell due, of
    stays that are not excluded.

    Access: heads their departments, centre managers and inspectors all; the rows
    lead to tasks that the same people may read. Leaders read
    `followup.report.task.summary`.
    """

    _name = "followup.report.task"
    _description = "Figures of Follow-up"
    _inherit = ["followup.figure.mixin"]
    _auto = False
    _order = "due_day desc, id desc"
    _rec_name = "due_day"
    _depends = DEPENDS
    _quotients = {
        "coverage": ("covered_count", "base_count"),
        "effective_rate": ("effective_count", "base_count"),
        "on_time_rate": ("on_time_count", "base_count"),
    }

    task_id = fields.Many2one("followup.task", string="Follow-up", readonly=True)
    company_id = fields.Many2one("res.company", string="Hospital", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    protocol_id = fields.Many2one("followup.protocol", readonly=True)
    encounter_class = fields.Selection(
        selection=choices_of("followup.encounter", "encounter_class"), readonly=True
    )
    level = fields.Selection([("1", "Level 1"), ("2", "Level 2")], readonly=True)
    method = fields.Selection(
        selection=choices_of("followup.task", "method"), readonly=True
    )
    state = fields.Selection(
        selection=choices_of("followup.task", "state"), readonly=True
    )
    due_day = fields.Date(string="Due", readonly=True)
    discharge_day = fields.Date(string="Discharged", readonly=True)
    completed_by_id = fields.Many2one("res.users", string="Caller", readonly=True)
    base_count = fields.Integer(string="Base", readonly=True)
    excluded_count = fields.Integer(string="Not Counted", readonly=True)
    covered_count = fields.Integer(string="Attempted", readonly=True)
    effective_count = fields.Integer(string="Effective", readonly=True)
    on_time_count = fields.Integer(string="On Time", readonly=True)
    unreachable_count = fields.Integer(string="Unreachable", readonly=True)
    overdue_count = fields.Integer(string="Overdue", readonly=True)
    coverage = fields.Float(string="Coverage (%)", aggregator="avg", readonly=True)
    effective_rate = fields.Float(
        string="Effective Rate (%)", aggregator="avg", readonly=True
    )
    on_time_rate = fields.Float(
        string="On-Time Rate (%)", aggregator="avg", readonly=True
    )
    coverage_target = fields.Float(
        string="Target: Coverage (%)",
        aggregator="avg",
        readonly=True,
        help="What is in force today for the department.",
    )
    effective_target = fields.Float(
        string="Target: Effective (%)",
        aggregator="avg",
        readonly=True,
        help="What is in force today for the department.",
    )

    @property
    def _table_query(self):
        targets = self.env["followup.target"]
        aims = targets._sql_aims(["coverage", "effective"], ("1", "2"), "fact")
        return SQL(
            """
            SELECT fact.*, base::int AS base_count, (NOT base)::int AS excluded_count,
                   (base AND tried)::int AS covered_count,
                   (base AND effective)::int AS effective_count,
                   (base AND effective AND in_time)::int AS on_time_count,
                   (base AND state = 'unreachable')::int AS unreachable_count,
                   CASE WHEN base THEN 100.0 * tried::int END AS coverage,
                   CASE WHEN base THEN 100.0 * effective::int END AS effective_rate,
                   CASE WHEN base THEN 100.0 * (effective AND in_time)::int
                        END AS on_time_rate,
                   (NOT effective AND still_open AND late)::int AS overdue_count,
                   CASE WHEN base THEN %(coverage_aim)s END AS coverage_target,
                   CASE WHEN base THEN %(effective_aim)s END AS effective_target
              FROM (
            SELECT row.id, row.id AS task_id, row.company_id, row.department_id,
                   plan.protocol_id, stay.encounter_class, row.level, row.method,
                   row.state, row.due_day, stay.discharge_day, row.completed_by_id,
                   row.state != 'cancelled' AND stay.excluded IS NOT TRUE
                   AND row.date_deadline <= now() AT TIME ZONE 'UTC' AS base,
                   COALESCE(row.attempt_count, 0) > 0 OR %(effective)s AS tried,
                   %(effective)s AS effective,
                   COALESCE(row.completed_at <= row.date_deadline, FALSE) AS in_time,
                   row.state IN %(open)s AS still_open,
                   row.date_deadline < now() AT TIME ZONE 'UTC' AS late
              FROM followup_task row
         LEFT JOIN followup_encounter stay ON stay.id = row.encounter_id
         LEFT JOIN followup_plan plan ON plan.id = row.plan_id
             WHERE row.kind IN %(kinds)s) fact
            """,
            coverage_aim=aims["coverage"],
            effective_aim=aims["effective"],
            open=OPEN,
            effective=EFFECTIVE,
            kinds=COUNTED_KINDS,
        )

    def action_open_task(self):
        """Open the follow-up behind the figure; its own rules decide."""
        self.ensure_one()
        self.check_access("read")
        return self.task_id.action_open()
