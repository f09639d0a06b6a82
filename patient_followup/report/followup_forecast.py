# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..models.followup_task import METHODS, OPEN_SQL


class FollowupForecast(models.Model):
    """Contacts expected per day, from the patients known today (design 8.4).

    Counts the open tasks on their due day, and of each plan with recurring
    contacts the next one that is not made yet. Patients who will only be
    discharged are not in it.

    Access: whoever sees tasks sees how many there are; no row names a patient.
    """

    _name = "followup.forecast"
    _description = "Expected Contacts"
    _auto = False
    _order = "day"
    _rec_name = "day"

    day = fields.Date(string="Due", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    protocol_id = fields.Many2one("followup.protocol", readonly=True)
    level = fields.Selection([("1", "Level 1"), ("2", "Level 2")], readonly=True)
    method = fields.Selection(METHODS, readonly=True)
    kind = fields.Selection(
        [("open", "Planned"), ("recurring", "Recurring, Planned Later")], readonly=True
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT task.id, task.due_day AS day, task.company_id, task.department_id,
                   plan.protocol_id, task.level, task.method, 'open' AS kind
              FROM followup_task task
         LEFT JOIN followup_plan plan ON plan.id = task.plan_id
             WHERE task.%(is_open)s
             UNION ALL
            SELECT -plan.id, plan.next_occurrence_day, plan.company_id,
                   plan.department_id, plan.protocol_id, step.level, step.method,
                   'recurring'
              FROM followup_plan plan
              JOIN LATERAL (
                       SELECT level, method FROM followup_protocol_step
                        WHERE protocol_id = plan.protocol_id AND repeat_every > 0
                     ORDER BY sequence, id LIMIT 1) step ON TRUE
             WHERE plan.next_occurrence_day IS NOT NULL
               AND plan.state IN ('active', 'missing_anchor')
            """,
            is_open=SQL(OPEN_SQL),
        )
