# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL


class FollowupAnswerReport(models.Model):
    """Satisfaction beside its target; figures of a report lead to its answers."""

    _name = "followup.answer.report"
    _inherit = ["followup.answer.report", "followup.figure.mixin"]

    satisfaction_target = fields.Float(
        string="Target (%)",
        aggregator="avg",
        readonly=True,
        help="What is in force today for the department.",
    )

    @property
    def _table_query(self):
        targets = self.env["followup.target"]
        aims = targets._sql_aims(["satisfaction"], (False,), "row")
        return SQL(
            """
            SELECT row.*, CASE WHEN row.is_scored
                          AND row.metric LIKE 'satisfaction%%'
                          THEN %(aim)s END AS satisfaction_target
              FROM (%(rows)s) row
            """,
            rows=super()._table_query,
            aim=aims["satisfaction"],
        )
