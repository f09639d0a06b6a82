# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import calendar, periods
from .followup_report_run import REPORTS

# a server that stood still makes up for so many periods
BACK = 3


class FollowupReportSchedule(models.Model):
    """The calendar of reports: which, of which period, due when, for whom (13).

    Access: every role reads; centre managers and administrators edit.
    """

    _name = "followup.report.schedule"
    _description = "Report Calendar"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"

    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company", string="Hospital", index=True, help="Empty: all hospitals."
    )
    code = fields.Selection(REPORTS, string="Report", required=True)
    period_kind = fields.Selection(
        periods.PERIODS, string="Length", required=True, default="month"
    )
    basis = fields.Selection(
        [("discharge", "Discharged in the Period"), ("due", "Due in the Period")],
        string="Counted Are",
        required=True,
        default="discharge",
    )
    due_kind = fields.Selection(
        [("end", "Last Day of the Period"), ("after", "Day of the Month after It")],
        string="Due",
        required=True,
        default="after",
    )
    due_day = fields.Integer(string="Day of the Month", default=5)
    hour = fields.Float(
        string="Made from", default=6.0, help="Hour of that day, the hospital's clock."
    )
    group_ids = fields.Many2many(
        "res.groups", string="Sent to", help="Everybody of the hospital with this role."
    )
    to_heads = fields.Boolean(
        string="And to Heads", help="Each head reads his own departments only."
    )
    start_day = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self),
        help="Periods that end before are not made.",
    )
    source_text = fields.Char(string="Clause", help="Where the hospital says so.")

    _possible = models.Constraint(
        "CHECK (due_day BETWEEN 1 AND 31 AND hour >= 0 AND hour < 24)",
        "A month has days 1 to 31, a day hours 0 to 24.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: reports of every hospital count
        due = self.env["followup.report.due"].sudo()
        if due.search_count([("schedule_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Reports were made by this entry: archive it instead.")
            )

    # ------------------------------------------------------------
    # PRODUCING
    # ------------------------------------------------------------

    @api.model
    def _cron_produce(self):
        """Make every report that is due, then send word of it.

        Each report and each batch of mails is one commit: a worker that is killed
        leaves nothing half made, the next one goes on, and nobody gets it twice.
        """
        cron = self.env["ir.cron"]
        while self._produce_next():
            if not cron._commit_progress(1):
                return
        deliveries = self.env["followup.report.delivery"]
        while count := deliveries._send_next():
            if not cron._commit_progress(count):
                return

    @api.model
    def _produce_next(self):
        """Make the next missing report of all hospitals; return its due row."""
        for company in self._get_companies():
            for schedule in self._get_schedules(company):
                if made := schedule._make_missing(company):
                    return made
        return self.env["followup.report.due"]

    def _make_missing(self, company):
        """Make the next missing report of an entry; return its due row, if any."""
        for due in self._get_missing(company):
            return self._produce_due(company, due)
        return self.env["followup.report.due"]

    @api.model
    def _get_companies(self):
        """Return the hospitals that follow up: those with a team."""
        # sudo: the engine works for every hospital
        teams = self.env["followup.team"].sudo()._read_group([], ["company_id"])
        return [company for (company,) in teams if company]

    @api.model
    def _get_schedules(self, company):
        # sudo: as above
        return self.sudo().search(Domain("company_id", "in", (False, company.id)))

    def _get_missing(self, company):
        """Return the `Due`s of a hospital that came and have no report yet."""
        clock = self.env["followup.clock"]._for_company(company)
        now = fields.Datetime.now()
        came = [
            due
            for due in calendar.latest(
                self.period_kind,
                self.due_kind,
                self.due_day,
                clock.local_date(now),
                BACK,
            )
            if due.last >= self.start_day and clock.to_utc(due.day, self.hour) <= now
        ]
        # sudo: the engine works for every hospital
        made = (
            self.env["followup.report.due"]
            .sudo()
            .search(
                [
                    ("schedule_id", "=", self.id),
                    ("company_id", "=", company.id),
                    ("date_from", "in", [due.first for due in came]),
                ]
            )
        )
        known = set(made.mapped("date_from"))
        return [due for due in came if due.first not in known]

    def _produce_due(self, company, due):
        """Make one report of the calendar with the rows of its recipients."""
        # sudo: the engine makes what is due, on nobody's behalf
        env = self.sudo().with_company(company).env
        run = env["followup.report.run"]._produce(
            self.code, self.period_kind, due.first, self.basis
        )
        now = fields.Datetime.now()
        today = env["followup.clock"]._local_date(company, now)
        row = (
            env["followup.report.due"]
            ._guarded()
            .create(
                {
                    "schedule_id": self.id,
                    "company_id": company.id,
                    "date_from": due.first,
                    "date_to": due.last,
                    "due_day": due.day,
                    "run_id": run.id,
                    "produced_at": now,
                    "late_days": max((today - due.day).days, 0),
                }
            )
        )
        env["followup.report.delivery"]._guarded().create(
            [
                {"due_id": row.id, "company_id": company.id, "user_id": user.id}
                for user in self._get_recipients(company, run)
            ]
        )
        return row

    def _get_recipients(self, company, run):
        """Return who hears of a report: by role, and the heads it has figures of."""
        # sudo: users of a role are hidden from others
        users = self.group_ids.sudo().all_user_ids
        if self.to_heads:
            head = self.env.ref("patient_followup.followup_group_department_head")
            departments = run.sudo().line_ids.department_id
            users |= head.sudo().all_user_ids.filtered(
                lambda user: user.followup_department_ids & departments
            )
        return users.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        ).sorted("id")
