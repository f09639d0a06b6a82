# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tools import SQL

from ..tools import periods

REPORTS = [
    ("bulletin", "Follow-up Bulletin"),
    ("half_month", "Half-Month Table"),
    ("satisfaction", "Satisfaction Sheet"),
    ("feedback", "Feedback Analysis"),
    ("scorecard", "Scorecard"),
    ("suggestions", "Suggestion List"),
    ("outcome", "Outcomes"),
    ("complaints", "Complaint Analysis"),
]
COMPLAINT_CODES = ("complaints",)
# who may have a report made
PRODUCERS = (
    "patient_followup.followup_group_centre_manager,"
    "patient_followup.followup_group_inspector"
)
COMPLAINT_PRODUCERS = "patient_complaint.complaint_group_specialist"


class FollowupReportRun(models.Model):
    """One report of one period, computed once and never changed (section 6; K-4, K-19).

    Its figures are `followup.report.line`. Making it again makes a new version
    beside it. The digest of the lines is sealed with the run, so that whoever
    changes a figure in the database is found by the check of seals (I-5).

    Split by concern: `_figures` and `_contact` (what is counted), `_finish`
    (targets, ranks, protection), `_matrix` (how it is laid out).

    Access: heads their lines, centre managers and inspectors all of follow-up, the
    complaint office all of complaints, leaders all but small figures. Rows come
    from `_produce` only.
    """

    _name = "followup.report.run"
    _description = "Report"
    _inherit = ["followup.guarded.mixin", "followup.sealed.mixin"]
    _order = "date_from desc, code, version desc, id desc"
    _rec_name = "period"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", string="Hospital", required=True, index=True, readonly=True
    )
    code = fields.Selection(REPORTS, string="Report", required=True, readonly=True)
    period_kind = fields.Selection(
        periods.PERIODS, string="Length", required=True, readonly=True
    )
    period = fields.Char(required=True, readonly=True)
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="To", required=True, readonly=True)
    basis = fields.Selection(
        [("discharge", "Discharged in the Period"), ("due", "Due in the Period")],
        string="Counted Are",
        required=True,
        readonly=True,
        help="Whose follow-up is counted: stays that ended in the period, or contacts"
        " that fell due in it.",
    )
    department_id = fields.Many2one(
        "hr.department",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    version = fields.Integer(required=True, readonly=True)
    state = fields.Selection(
        [("draft", "Being Computed"), ("done", "Computed")],
        required=True,
        default="draft",
        readonly=True,
    )
    cutoff = fields.Datetime(
        string="Computed on", required=True, readonly=True, help="Figures as of then."
    )
    computed_by_id = fields.Many2one(
        "res.users", string="Computed by", required=True, readonly=True
    )
    figures_digest = fields.Char(
        string="Digest", readonly=True, help="SHA-256 of all figures."
    )
    previous_id = fields.Many2one(
        "followup.report.run",
        string="Compared with",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    line_ids = fields.One2many("followup.report.line", "run_id", string="Figures")
    is_latest = fields.Boolean(
        string="Latest Version",
        compute="_compute_is_latest",
        search="_search_is_latest",
    )

    _guarded_fields = frozenset(
        {"company_id", "code", "period_kind", "period", "date_from", "date_to"}
        | {"basis", "department_id", "version", "state", "cutoff", "previous_id"}
        | {"computed_by_id", "figures_digest", "line_ids"}
    )
    _seal_fields = (
        *("company_id", "code", "period_kind", "date_from", "date_to", "basis"),
        *("department_id", "version", "state", "cutoff", "computed_by_id"),
        *("figures_digest", "previous_id"),
    )
    _version_uniq = models.UniqueIndex(
        "(company_id, code, period_kind, date_from, basis,"
        " COALESCE(department_id, 0), version)",
        "This version exists already.",
    )

    # ------------------------------------------------------------
    # COMPUTE / SEARCH
    # ------------------------------------------------------------

    @api.depends("code", "period", "version")
    def _compute_display_name(self):
        labels = dict(self._fields["code"]._description_selection(self.env))
        for run in self:
            name = f"{labels.get(run.code, '')} {run.period or ''}".strip()
            run.display_name = f"{name} v{run.version}" if run.version > 1 else name

    @api.depends("version")
    def _compute_is_latest(self):
        latest = self.filtered_domain(self._search_is_latest("in", [True]))
        latest.is_latest = True
        (self - latest).is_latest = False

    def _search_is_latest(self, operator, value):
        if operator != "in":
            return NotImplemented
        newest = SQL(
            "SELECT DISTINCT ON (company_id, code, period_kind, date_from, basis,"
            " department_id) id FROM followup_report_run ORDER BY company_id, code,"
            " period_kind, date_from, basis, department_id, version DESC"
        )
        self.env["followup.report.run"].flush_model()
        ids = [row[0] for row in self.env.execute_query(newest)]
        return [("id", "in", ids)]

    # ------------------------------------------------------------
    # PRODUCING
    # ------------------------------------------------------------

    @api.model
    def _produce(self, code, period_kind, day, basis="discharge", department=None):
        """Compute the report of a period once more and return it.

        :param code: value of `code`
        :param period_kind: value of `period_kind`
        :param date day: any day of the period, by the hospital's clock
        :param department: only this department and those below it
        :raises AccessError: the user's role makes no reports
        :raises UserError: the period has not begun
        """
        self._check_may_produce(code)
        company = self.env.company
        first, last = periods.period_of(period_kind, day)
        if first > self.env["followup.clock"]._today(company):
            raise UserError(self.env._("This period has not begun."))
        vals = {
            "company_id": company.id,
            "code": code,
            "period_kind": period_kind,
            "date_from": first,
            "date_to": last,
            "basis": basis,
            "department_id": department.id if department else False,
        }
        # sudo: the role was checked; runs are written by this method only
        run = self.sudo()._guarded()._create_version(vals)
        run._compute_lines()
        run._complete()
        return run._unguarded().sudo(self.env.su)

    @api.model
    def _check_may_produce(self, code):
        if not (self.env.su or self.env.user.has_groups(self._get_producers(code))):
            raise AccessError(self.env._("Your role does not make this report."))

    @api.model
    def _get_producers(self, code):
        """Return the groups that may have a report made; extension point."""
        return COMPLAINT_PRODUCERS if code in COMPLAINT_CODES else PRODUCERS

    @api.model
    def _create_version(self, vals):
        self._lock_version(vals)
        keys = ("company_id", "code", "period_kind", "basis", "department_id")
        same = [(key, "=", vals[key]) for key in keys]
        newest = self.search(
            [*same, ("date_from", "=", vals["date_from"])],
            order="version desc",
            limit=1,
        )
        first, _last = periods.period_before(vals["period_kind"], vals["date_from"])
        before = self.search(
            [*same, ("date_from", "=", first), ("state", "=", "done")],
            order="version desc",
            limit=1,
        )
        return self._create_once(
            {
                **vals,
                "period": periods.period_name(vals["period_kind"], vals["date_from"]),
                "version": newest.version + 1,
                "cutoff": fields.Datetime.now(),
                "computed_by_id": self.env.uid,
                "previous_id": before.id,
            }
        )

    @api.model
    def _create_once(self, vals):
        """Create a version; whoever was first by a moment makes the other retry."""
        try:
            return self.create(vals)
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError("the same report was just made") from error

    @api.model
    def _lock_version(self, vals):
        """Two people make the same report: the second waits and gets the next."""
        key = f"followup.report {vals['company_id']} {vals['code']} {vals['date_from']}"
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(hashtext(%s))", key))

    def _complete(self):
        """Fix the figures: digest and seal in one statement."""
        vals = {"state": "done", "figures_digest": self._digest_lines()}
        self.write({**vals, **self._prepare_seal(vals)})

    # ------------------------------------------------------------
    # PROOF
    # ------------------------------------------------------------

    def _digest_lines(self):
        """Return the SHA-256 of all figures of one run."""
        self.env["followup.report.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT section, level, department_id, key, kpi, numerator,
                       denominator, value, has_data, target, previous, rank, is_small,
                       department_names, key_names
                  FROM followup_report_line WHERE run_id = %s
              ORDER BY section, level, department_id, key, kpi, id
                """,
                self.id,
            )
        )
        text = json.dumps(rows, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def _check_seal(self):
        if self._digest_lines() != self.figures_digest:
            return "altered"
        return super()._check_seal()

    @api.model
    def _get_complete_domain(self):
        return fields.Domain("state", "=", "done")

    def action_verify(self):
        """Reckon the digest again and say whether every figure is as it was."""
        self.ensure_one()
        self.check_access("read")
        # sudo: all lines are read for the digest, none is shown
        intact = self.sudo()._check_seal() == "intact"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if intact else "danger",
                "message": self.env._("Every figure is as it was computed.")
                if intact
                else self.env._("Figures of this report were changed afterwards."),
            },
        }
