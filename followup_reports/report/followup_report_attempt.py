# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.patient_followup.tools.choices import choices_of

from .figure_mixin import ZONES

REACHED = ("reached", "reached_relative")


class FollowupReportAttempt(models.Model):
    """Tries to reach patients as figures: who is reached when (P-2, V-14).

    One row is one outgoing try, verification calls left out as in the reports; the
    hour is that of the hospital's clock.

    Access: heads their departments, centre managers and inspectors all.
    """

    _name = "followup.report.attempt"
    _description = "Figures of Attempts"
    _inherit = ["followup.figure.mixin"]
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "day"
    _depends = {
        "followup.attempt": [
            "company_id",
            "department_id",
            "direction",
            "duration",
            "level",
            "method",
            "result",
            "started_at",
            "task_id",
            "user_id",
        ],
        "followup.task": ["kind"],
    }
    _quotients = {
        "connect_rate": ("reached_count", "attempt_count"),
        "wrong_rate": ("wrong_count", "attempt_count"),
    }
    _moments = {"day": "started_at"}

    company_id = fields.Many2one("res.company", string="Hospital", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    user_id = fields.Many2one("res.users", string="Caller", readonly=True)
    level = fields.Selection([("1", "Level 1"), ("2", "Level 2")], readonly=True)
    method = fields.Selection(
        selection=choices_of("followup.attempt", "method"), readonly=True
    )
    result = fields.Selection(
        selection=choices_of("followup.attempt", "result"), readonly=True
    )
    day = fields.Date(readonly=True)
    hour = fields.Selection(
        [(f"{hour:02}", f"{hour:02}:00") for hour in range(24)],
        string="Hour of the Day",
        readonly=True,
        export_string_translation=False,
    )
    attempt_count = fields.Integer(string="Attempts", readonly=True)
    reached_count = fields.Integer(string="Reached", readonly=True)
    wrong_count = fields.Integer(string="Wrong Numbers", readonly=True)
    connect_rate = fields.Float(
        string="Connect Rate (%)", aggregator="avg", readonly=True
    )
    wrong_rate = fields.Float(
        string="Wrong Numbers (%)", aggregator="avg", readonly=True
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT id, company_id, department_id, user_id, level, method, result,
                   started_at,
                   local_at::date AS day, to_char(local_at, 'HH24') AS hour,
                   1 AS attempt_count, reached::int AS reached_count,
                   wrong::int AS wrong_count, 100.0 * reached::int AS connect_rate,
                   100.0 * wrong::int AS wrong_rate
              FROM (
            SELECT row.*, row.result IN %(reached)s AS reached,
                   row.result = 'wrong_number' AS wrong,
                   row.started_at AT TIME ZONE 'UTC' AT TIME ZONE house.tz AS local_at
              FROM followup_attempt row
              JOIN %(zones)s house ON house.company_id = row.company_id
              JOIN followup_task task ON task.id = row.task_id
             WHERE row.direction = 'out' AND task.kind != 'verification') tried
            """,
            reached=REACHED,
            zones=ZONES,
        )

    def action_open_task(self):
        """Open the follow-up of the attempt; its own rules decide."""
        self.ensure_one()
        self.check_access("read")
        return self.env["followup.attempt"].browse(self.id).task_id.action_open()
