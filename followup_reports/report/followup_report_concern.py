# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.patient_followup.tools.choices import choices_of

from .figure_mixin import ZONES

DEPENDS = {
    "followup.concern": [
        "answered_at",
        "company_id",
        "deadline",
        "department_id",
        "kind",
        "level",
        "raised_at",
        "state",
    ]
}


class FollowupReportConcern(models.Model):
    """Opinions, suggestions, praise, questions, red flags as figures (K-6, O-4).

    One row is one concern, without any word of it; its id is that of the concern.

    Access: heads their departments, centre managers and inspectors all. Leaders
    read `followup.report.concern.summary`.
    """

    _name = "followup.report.concern"
    _description = "Figures of Opinions"
    _inherit = ["followup.figure.mixin"]
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "concern_id"
    _depends = DEPENDS
    _quotients = {"in_time_rate": ("in_time_count", "due_count")}
    _moments = {"day": "raised_at"}

    concern_id = fields.Many2one("followup.concern", readonly=True)
    company_id = fields.Many2one("res.company", string="Hospital", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    level = fields.Selection([("1", "Level 1"), ("2", "Level 2")], readonly=True)
    kind = fields.Selection(
        selection=choices_of("followup.concern", "kind"), readonly=True
    )
    state = fields.Selection(
        selection=choices_of("followup.concern", "state"), readonly=True
    )
    day = fields.Date(string="Raised", readonly=True)
    concern_count = fields.Integer(string="Opinions", readonly=True)
    due_count = fields.Integer(string="Due", readonly=True)
    in_time_count = fields.Integer(string="Answered in Time", readonly=True)
    overdue_count = fields.Integer(string="Overdue", readonly=True)
    in_time_rate = fields.Float(
        string="Answered in Time (%)", aggregator="avg", readonly=True
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT raised.*, 1 AS concern_count, due::int AS due_count,
                   (due AND in_time)::int AS in_time_count,
                   (due AND answered_at IS NULL
                    AND state IN ('new', 'assigned'))::int AS overdue_count,
                   CASE WHEN due THEN 100.0 * in_time::int END AS in_time_rate
              FROM (
            SELECT row.id, row.id AS concern_id, row.company_id, row.department_id,
                   row.level, row.kind, row.state, row.answered_at,
                   row.raised_at,
                   (row.raised_at AT TIME ZONE 'UTC' AT TIME ZONE house.tz)::date
                       AS day,
                   COALESCE(row.deadline <= now() AT TIME ZONE 'UTC', FALSE) AS due,
                   COALESCE(row.answered_at <= row.deadline, FALSE) AS in_time
              FROM followup_concern row
              JOIN %(zones)s house ON house.company_id = row.company_id) raised
            """,
            zones=ZONES,
        )

    def action_open_concern(self):
        """Open the concern behind the figure; its own rules decide."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "followup.concern",
            "res_id": self.id,
            "views": [(False, "form")],
        }
