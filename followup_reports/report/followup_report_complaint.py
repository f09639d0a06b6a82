# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.patient_followup.tools.choices import choices_of

from .figure_mixin import ZONES

# what the figures are read from
DEPENDS = {
    "complaint.case": [
        "channel_id",
        "closed_at",
        "company_id",
        "department_id",
        "kind",
        "received_at",
        "severity",
        "state",
        "track",
    ],
    "complaint.clock": ["breached", "case_id", "deadline", "stopped_at"],
    "complaint.issue": ["case_id", "category_id", "finding"],
}


class FollowupReportComplaint(models.Model):
    """Complaint cases as figures, live: how many, of what, how fast (K-12, C-23).

    One row is one case, without any word of it; its id is that of the case.

    Access: the complaint office its hospitals, never cases it is in conflict with
    (I-8). Leaders read `followup.report.complaint.summary`.
    """

    _name = "followup.report.complaint"
    _description = "Figures of Complaints"
    _inherit = ["followup.figure.mixin"]
    _auto = False
    _order = "received_day desc, id desc"
    _rec_name = "case_id"
    _depends = DEPENDS
    _quotients = {
        "punctual_rate": ("punctual_count", "clock_count"),
        "upheld_rate": ("upheld_count", "judged_count"),
    }
    _moments = {"received_day": "received_at", "closed_day": "closed_at"}

    case_id = fields.Many2one("complaint.case", readonly=True)
    company_id = fields.Many2one("res.company", string="Hospital", readonly=True)
    department_id = fields.Many2one(
        "hr.department", string="Department Concerned", readonly=True
    )
    kind = fields.Selection(
        selection=choices_of("complaint.case", "kind"), readonly=True
    )
    channel_id = fields.Many2one("complaint.channel", readonly=True)
    category_id = fields.Many2one(
        "complaint.category", string="First Category", readonly=True
    )
    severity = fields.Selection(
        selection=choices_of("complaint.case", "severity"), readonly=True
    )
    track = fields.Selection(
        selection=choices_of("complaint.case", "track"), readonly=True
    )
    state = fields.Selection(
        selection=choices_of("complaint.case", "state"), readonly=True
    )
    received_day = fields.Date(string="Received", readonly=True)
    closed_day = fields.Date(string="Closed", readonly=True)
    days_to_close = fields.Float(aggregator="avg", readonly=True)
    case_count = fields.Integer(string="Cases", readonly=True)
    clock_count = fields.Integer(string="Clocks", readonly=True)
    punctual_count = fields.Integer(string="Clocks Kept", readonly=True)
    punctual_rate = fields.Float(
        string="Punctuality (%)", aggregator="avg", readonly=True
    )
    judged_count = fields.Integer(string="Issues Judged", readonly=True)
    upheld_count = fields.Integer(string="Issues Upheld", readonly=True)
    upheld_rate = fields.Float(string="Upheld (%)", aggregator="avg", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row.id, row.id AS case_id, row.company_id, row.department_id,
                   row.kind, row.channel_id, issue.category_id, row.severity,
                   row.track, row.state, 1 AS case_count,
                   row.received_at, row.closed_at,
                   (row.received_at AT TIME ZONE 'UTC' AT TIME ZONE house.tz)::date
                       AS received_day,
                   (row.closed_at AT TIME ZONE 'UTC' AT TIME ZONE house.tz)::date
                       AS closed_day,
                   EXTRACT(epoch FROM row.closed_at - row.received_at) / 86400
                       AS days_to_close,
                   clock.total AS clock_count, clock.kept AS punctual_count,
                   100.0 * clock.kept / NULLIF(clock.total, 0) AS punctual_rate,
                   issue.judged AS judged_count, issue.upheld AS upheld_count,
                   100.0 * issue.upheld / NULLIF(issue.judged, 0) AS upheld_rate
              FROM complaint_case row
              JOIN %(zones)s house ON house.company_id = row.company_id
         LEFT JOIN LATERAL (
            SELECT count(*) FILTER (WHERE stopped_at IS NOT NULL
                       OR deadline < now() AT TIME ZONE 'UTC') AS total,
                   count(*) FILTER (WHERE stopped_at IS NOT NULL
                       AND breached IS NOT TRUE) AS kept
              FROM complaint_clock WHERE case_id = row.id) clock ON TRUE
         LEFT JOIN LATERAL (
            SELECT (array_agg(category_id ORDER BY sequence, id))[1] AS category_id,
                   count(*) FILTER (WHERE finding IS NOT NULL) AS judged,
                   count(*) FILTER (WHERE finding IN ('upheld', 'partly')) AS upheld
              FROM complaint_issue WHERE case_id = row.id) issue ON TRUE
            """,
            zones=ZONES,
        )

    def action_open_case(self):
        """Open the case behind the figure; its own rules decide."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "complaint.case",
            "res_id": self.case_id.id,
            "views": [(False, "form")],
        }
