# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.guard import is_open
from ..tools.research import MIN_GROUP

RESEARCHER = "patient_followup.followup_group_researcher"
MANAGER = "patient_followup.followup_group_centre_manager"
MAX_KEEP_DAYS = 90


class FollowupResearchExport(models.Model):
    """A de-identified extract for one research project (R-6, Y-10).

    No name, number, date or free text leaves: pseudonyms whose key is thrown away,
    age bands, days counted from the discharge, categories of diagnoses; patients
    whose like are fewer than `min_group` are made coarser or left out. How it is
    made stands in `tools/research.py`.

    Access: a researcher his own; centre managers read all of their hospitals and
    approve, never their own. Only these two get the file, and each time is logged.
    """

    _name = "followup.research.export"
    _description = "Research Export"
    _inherit = ["followup.guarded.mixin"]
    _order = "id desc"

    name = fields.Char(string="Project", required=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    purpose = fields.Text(required=True)
    ethics_number = fields.Char(string="Ethics Approval No.", required=True)
    date_from = fields.Date(string="Discharged From", required=True)
    date_to = fields.Date(string="Discharged Until", required=True)
    department_ids = fields.Many2many(
        "hr.department", string="Departments", help="Empty: all departments."
    )
    protocol_ids = fields.Many2many(
        "followup.protocol", string="Protocols", help="Empty: all stays."
    )
    encounter_class = fields.Selection(
        [
            ("inpatient", "Inpatient"),
            ("outpatient", "Outpatient"),
            ("checkup", "Health Examination"),
            ("commissioned", "Commissioned"),
        ],
        string="Class",
        help="Empty: every class.",
    )
    file_format = fields.Selection(
        [("xlsx", "Excel (XLSX)"), ("csv", "CSV Files (ZIP)")],
        default="xlsx",
        required=True,
    )
    min_group = fields.Integer(
        string="Smallest Group",
        default=MIN_GROUP,
        required=True,
        help="Patients who look alike; smaller groups are left out.",
    )
    keep_days = fields.Integer(string="Keep the File (Days)", default=14, required=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("requested", "To Approve"),
            ("approved", "Being Made"),
            ("ready", "Ready to Fetch"),
            ("failed", "Failed"),
            ("refused", "Turned Down"),
            ("expired", "Deleted"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    requested_by_id = fields.Many2one(
        "res.users",
        string="Researcher",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decided_at = fields.Datetime(readonly=True, copy=False)
    message = fields.Char(string="Why", readonly=True, copy=False)
    # what came of it
    ready_at = fields.Datetime(readonly=True, copy=False)
    expires_at = fields.Datetime(string="Deleted on", readonly=True, copy=False)
    patient_count = fields.Integer(string="Patients", readonly=True, copy=False)
    stay_count = fields.Integer(string="Stays", readonly=True, copy=False)
    coarser_count = fields.Integer(
        string="Shown Coarser",
        readonly=True,
        copy=False,
        help="Patients whose diagnosis is shown by its chapter only.",
    )
    left_out_count = fields.Integer(
        string="Left Out",
        readonly=True,
        copy=False,
        help="Patients too few of whose like there are.",
    )
    file = fields.Binary(attachment=True, readonly=True, copy=False)
    file_name = fields.Char(readonly=True, copy=False)
    can_decide = fields.Boolean(compute="_compute_can_decide")

    _guarded_fields = frozenset(
        {
            "company_id",
            "state",
            "requested_by_id",
            "decided_by_id",
            "decided_at",
            "message",
            "ready_at",
            "expires_at",
            "patient_count",
            "stay_count",
            "coarser_count",
            "left_out_count",
            "file",
            "file_name",
        }
    )
    _period = models.Constraint(
        "CHECK (date_from <= date_to)", "The period ends before it begins."
    )
    _min_group_is_safe = models.Constraint(
        f"CHECK (min_group >= {MIN_GROUP})",
        f"Groups of fewer than {MIN_GROUP} patients are never shown.",
    )
    _keep_days_limit = models.Constraint(
        f"CHECK (keep_days BETWEEN 1 AND {MAX_KEEP_DAYS})",
        f"A file is kept for 1 to {MAX_KEEP_DAYS} days.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("state", "requested_by_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for export in self:
            export.can_decide = not export._get_decision_refusal()

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        if not is_open(self.env) and any(row.state != "draft" for row in self):
            raise UserError(
                self.env._("What was asked for does not change: start a new export.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(row.state != "draft" for row in self):
            raise UserError(self.env._("Only a draft is deleted."))

    def _read_format(self, fnames, load="_classic_read"):
        """Log who takes the file out by reading the record (Y-2)."""
        self.env["followup.access.log"]._log_file(self, fnames)
        return super()._read_format(fnames, load)

    def _check_file_open(self):
        """Refuse a file whose days are over, whether or not the job was here."""
        now = fields.Datetime.now()
        # sudo: a day only; who may read the record is checked where it is read
        if any(row.expires_at and row.expires_at <= now for row in self.sudo()):
            raise AccessError(self.env._("The days of this file are over."))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_request(self):
        """Hand the draft in for approval; from now on it does not change."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("This was handed in already."))
        if not (self.purpose.strip() and self.ethics_number.strip()):
            raise UserError(self.env._("Purpose and ethics approval are needed."))
        # sudo: write access was checked; the state is a guarded field
        self.sudo()._guarded().write({"state": "requested"})

    def _get_decision_refusal(self):
        """Return why the user may not decide, or False."""
        if self.state != "requested":
            return self.env._("There is nothing to approve.")
        if not self.env.user.has_group(MANAGER):
            return self.env._("The manager of the follow-up centre approves.")
        if self.requested_by_id == self.env.user:
            return self.env._("Somebody else approves: you asked for it.")
        return False

    def action_approve(self):
        """Approve; a job makes the file within minutes."""
        self._decide("approved")
        cron = self.env.ref("patient_followup.followup_research_cron_build")
        cron.sudo()._trigger()  # sudo: it makes what is approved

    def action_refuse(self, reason=None):
        """Refuse, with the reason for the researcher."""
        self._decide("refused", reason)

    def _decide(self, state, reason=None):
        self.ensure_one()
        self.check_access("read")
        if refusal := self._get_decision_refusal():
            raise AccessError(refusal)
        # sudo: the role was checked; these are guarded fields
        self.sudo()._guarded().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
                "message": reason if isinstance(reason, str) else False,
            }
        )

    def action_download(self):
        """Give the file out; the download itself is logged."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "ready":
            raise UserError(self.env._("There is no file."))
        self._check_file_open()
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/{self._name}/{self.id}/file"
            "?download=true&filename_field=file_name",
        }

    # ------------------------------------------------------------
    # JOBS
    # ------------------------------------------------------------

    @api.model
    def _cron_build(self):
        """Make the files that were approved, one commit for each.

        Killed on the way nothing is left of a file; it is made again with a new key.
        """
        cron = self.env["ir.cron"]
        last = 0
        while export := self._take_next(last):
            last = export.id
            export._build()
            if not cron._commit_progress(1):
                return

    @api.model
    def _take_next(self, last):
        waiting = self.search(
            [("state", "=", "approved"), ("id", ">", last)], order="id", limit=20
        )
        return waiting.try_lock_for_update(limit=1)

    @api.model
    def _cron_expire(self):
        """Delete the files whose days are over."""
        over = self.search(
            [("state", "=", "ready"), ("expires_at", "<=", fields.Datetime.now())]
        )
        over._guarded().write({"file": False, "file_name": False, "state": "expired"})

    def _get_expiry(self):
        return fields.Datetime.now() + timedelta(days=self.keep_days)
