# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reports of large hospitals are made in the background (section 6)."""

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tools import SQL

from ..tools import periods
from .followup_report_run import REPORTS
from .followup_report_run import FollowupReportRun as Run

# more stays or follow-ups than that are not waited for
LONG = 20_000
TRIES = 3
KEEP_DAYS = 90
# who waited longer than that gets a mail besides
PATIENCE = timedelta(minutes=1)
JOB = "followup_report_job"


class FollowupReportJob(models.Model):
    """A report somebody asked for that takes a while: how far it is.

    The report itself is one transaction, so a killed worker leaves nothing of it and
    the next one starts anew. Its row names the job, once; how far it is, is noted on
    a cursor of its own.

    Access: whoever asked for it. Rows come from `_ask` only.
    """

    _name = "followup.report.job"
    _description = "Report Being Made"
    _inherit = ["followup.guarded.mixin"]
    _order = "id desc"
    _rec_name = "period"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", string="Hospital", required=True)
    user_id = fields.Many2one(
        "res.users", string="Asked by", required=True, index=True, ondelete="cascade"
    )
    code = fields.Selection(REPORTS, string="Report", required=True)
    period_kind = fields.Selection(periods.PERIODS, string="Length", required=True)
    period = fields.Char(required=True)
    day = fields.Date(required=True)
    basis = fields.Char(required=True)
    department_id = fields.Many2one(
        "hr.department", ondelete="cascade", check_company=True
    )
    tries = fields.Integer()
    step = fields.Integer()
    step_count = fields.Integer()
    error = fields.Text(string="Why Not")
    run_ids = fields.One2many("followup.report.run", "job_id", string="Made")
    progress = fields.Float(compute="_compute_progress")
    state = fields.Selection(
        [("running", "Being Computed"), ("done", "Computed"), ("failed", "Failed")],
        compute="_compute_progress",
    )

    _guarded_fields = frozenset(
        {"company_id", "user_id", "code", "period_kind", "period", "day", "basis"}
        | {"department_id", "tries", "step", "step_count", "error", "run_ids"}
    )

    @api.depends("step", "step_count", "error", "run_ids")
    def _compute_progress(self):
        for job in self:
            job.progress = 100.0 * job.step / job.step_count if job.step_count else 0
            # sudo: whether it was made; opening it asks for the rights
            made = job.sudo().run_ids
            job.state = "done" if made else "failed" if job.error else "running"

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    @api.model
    def _ask(self, code, period_kind, day, basis, department):
        """Return a job for a report; the caller's role must make it."""
        runs = self.env["followup.report.run"]
        runs._check_may_produce(code)
        first, _last = periods.period_of(period_kind, day)
        # sudo: the role was checked; jobs are written by this method only
        job = (
            self.sudo()
            ._guarded()
            .create(
                {
                    "company_id": self.env.company.id,
                    "user_id": self.env.uid,
                    "code": code,
                    "period_kind": period_kind,
                    "period": periods.period_name(period_kind, first),
                    "day": day,
                    "basis": basis,
                    "department_id": department.id,
                    "step_count": len(runs.new({"code": code})._get_sections()) + 1,
                }
            )
        )
        # sudo: wakes the engine up
        self.env.ref("followup_reports.followup_report_job_cron").sudo()._trigger()
        return job._unguarded().sudo(self.env.su)

    @api.model
    def _is_long(self, first, last):
        """Tell whether a period has so many stays that nobody should wait."""
        found = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM (SELECT FROM followup_encounter"
                " WHERE company_id = %s AND discharge_day BETWEEN %s AND %s"
                " LIMIT %s) stay",
                self.env.company.id,
                first,
                last,
                LONG + 1,
            )
        )
        return found[0][0] > LONG

    def action_open_run(self):
        """Open the report that was made."""
        self.ensure_one()
        self.check_access("read")
        run = self.sudo().run_ids[:1]  # sudo: its form asks for the rights
        if not run:
            raise UserError(self.env._("This report is not ready yet."))
        return {
            "type": "ir.actions.act_window",
            "res_model": run._name,
            "res_id": run.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------
    # MAKING
    # ------------------------------------------------------------

    @api.model
    def _cron_run(self):
        """Make what was asked for, one report a commit."""
        cron = self.env["ir.cron"]
        while job := self._claim_next():
            job._run()
            if not cron._commit_progress(1):
                return

    @api.model
    def _claim_next(self):
        """Return an open job that no other worker has; its lock ends with the row."""
        # sudo: the engine works for everybody
        jobs = self.sudo().search([("error", "=", False), ("run_ids", "=", False)])
        for job in jobs.sorted("id"):
            got = self.env.execute_query(
                SQL(
                    "SELECT pg_try_advisory_xact_lock(hashtext('followup.job'), %s)",
                    job.id,
                )
            )
            if got[0][0] and job._is_open():
                return job
        return self.browse()

    def _is_open(self):
        """Tell whether nobody made it after this transaction began."""
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL("SELECT FROM followup_report_run WHERE job_id = %s", self.id)
            )
            return not cr.rowcount

    def _run(self):
        """Make the report as whoever asked for it, and tell him."""
        self.ensure_one()
        if self.tries >= TRIES:
            self._note(error=self.env._("It was broken off several times."))
            return
        tries = self.tries
        self._note(tries=tries + 1, step=0)
        user = self.user_id
        runs = self.env["followup.report.run"].with_user(user)
        runs = runs.with_company(self.company_id).with_context(lang=user.lang)
        self.env.cr.cache[JOB] = [self.id, 0]
        try:
            with self.env.cr.savepoint():
                run = runs._produce(
                    *(self.code, self.period_kind, self.day, self.basis),
                    self.department_id,
                )
                self._tell(run)
        except ConcurrencyError:
            # another report of these days came between: nothing was broken off
            self._note(tries=tries)
            raise
        except (UserError, AccessError) as error:
            self._note(error=str(error))
        finally:
            self.env.cr.cache.pop(JOB, None)

    def _note(self, **vals):
        """Note how far it is, visible at once: the report itself is not yet."""
        sets = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value) for name, value in vals.items()
        )
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL("UPDATE followup_report_job SET %s WHERE id = %s", sets, self.id)
            )
        self.invalidate_recordset(list(vals), flush=False)

    def _tell(self, run):
        """Say that it is ready: on the screen, and by mail who waited long."""
        user = self.user_id
        text = self.with_context(lang=user.lang).env._(
            "Report ready: %(name)s", name=run.display_name
        )
        user._bus_send(
            "simple_notification", {"type": "success", "message": text, "sticky": True}
        )
        waited = fields.Datetime.now() - self.create_date
        if waited > PATIENCE and user.email:
            link = f"{self.get_base_url()}/odoo/followup-reports/{run.id}"
            # sudo: the mail of the engine
            self.env["mail.mail"].sudo().create(
                {
                    "subject": text,
                    "body_html": Markup('<p><a href="%s">%s</a></p>') % (link, link),
                    "recipient_ids": [(4, user.partner_id.id)],
                    "email_from": self.company_id.email_formatted
                    or user.email_formatted,
                    "auto_delete": True,
                }
            )

    @api.autovacuum
    def _gc_jobs(self):
        before = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        # sudo: those of everybody; what was made stays
        self.sudo().search([("create_date", "<", before)]).unlink()


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    job_id = fields.Many2one(
        "followup.report.job",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    _guarded_fields = Run._guarded_fields | {"job_id"}
    _job_uniq = models.UniqueIndex(
        "(job_id) WHERE job_id IS NOT NULL", "This report was made already."
    )

    @api.model
    def _create_once(self, vals):
        """Name the job that the report is made for."""
        if job := self.env.cr.cache.get(JOB):
            vals = {**vals, "job_id": job[0]}
        return super()._create_once(vals)

    def _insert_lines(self, figures):
        result = super()._insert_lines(figures)
        if job := self.env.cr.cache.get(JOB):
            job[1] += 1
            self.env["followup.report.job"].browse(job[0])._note(step=job[1])
        return result
