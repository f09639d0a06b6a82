# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import split_every

BATCH = 1000
MANAGER = "patient_followup.followup_group_centre_manager"
APPROVERS = f"{MANAGER},patient_followup.followup_group_administrator"


class FollowupRetentionRun(models.Model):
    """One list of patients to anonymise: proposed, approved, carried out (Y-1).

    Time makes the list, or a patient asks for himself. Nothing happens without a
    second person. Access: centre managers propose and see the names; a second one
    or an administrator, who sees the figures only, approves; auditors read it.
    """

    _name = "followup.retention.run"
    _description = "Anonymisation Run"
    _inherit = ["followup.guarded.mixin"]
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    kind = fields.Selection(
        [("retention", "Time Is Over"), ("request", "Asked by the Person")],
        required=True,
        readonly=True,
        default="retention",
    )
    policy_id = fields.Many2one(
        "followup.retention.policy",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    encounter_class = fields.Selection(related="policy_id.encounter_class")
    cut_off = fields.Date(
        string="Nothing Newer Than", readonly=True, help="Last stay and contact."
    )
    state = fields.Selection(
        [
            ("proposed", "To Approve"),
            ("approved", "Approved"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="proposed",
        required=True,
        readonly=True,
        index=True,
    )
    proposed_by_id = fields.Many2one("res.users", readonly=True, required=True)
    proposed_at = fields.Datetime(readonly=True, required=True)
    not_before = fields.Date(string="Earliest Day", readonly=True)
    approved_by_id = fields.Many2one("res.users", readonly=True)
    approved_at = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(readonly=True)
    line_ids = fields.One2many("followup.retention.line", "run_id", readonly=True)
    listed_count = fields.Integer(string="To Anonymise", compute="_compute_counts")
    kept_count = fields.Integer(string="Kept Back", compute="_compute_counts")
    done_count = fields.Integer(string="Anonymised", compute="_compute_counts")
    can_approve = fields.Boolean(compute="_compute_can_approve")
    can_propose = fields.Boolean(compute="_compute_can_approve")

    _guarded_fields = frozenset(
        {
            "company_id",
            "kind",
            "policy_id",
            "cut_off",
            "state",
            "proposed_by_id",
            "proposed_at",
            "not_before",
            "approved_by_id",
            "approved_at",
            "finished_at",
            "line_ids",
        }
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("kind", "policy_id", "proposed_at")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            run.display_name = f"{run.policy_id.name or labels.get(run.kind)} #{run.id}"

    @api.depends("line_ids.state")
    def _compute_counts(self):
        # sudo: approvers without patient detail see the figures
        rows = self.env["followup.retention.line"].sudo()
        groups = rows._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        )
        counts = {(run.id, state): count for run, state, count in groups}
        for run in self:
            run.listed_count = counts.get((run.id, "listed"), 0)
            run.kept_count = counts.get((run.id, "kept"), 0)
            run.done_count = counts.get((run.id, "done"), 0)

    @api.depends("state", "proposed_by_id")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        for run in self:
            run.can_approve = not run._get_approval_refusal()
            run.can_propose = run._is_of_the_job() and self.env.user.has_group(MANAGER)

    # ------------------------------------------------------------
    # PROPOSE
    # ------------------------------------------------------------

    @api.model
    def _propose(self, policy, company):
        """Make the list of a policy; a list still open is refreshed, not doubled."""
        domain = [
            ("policy_id", "=", policy.id),
            ("company_id", "=", company.id),
            ("state", "=", "proposed"),
        ]
        today = self.env["followup.clock"]._today(company)
        vals = {
            "cut_off": policy._get_cut_off(company),
            "proposed_by_id": self.env.uid,
            "proposed_at": fields.Datetime.now(),
            "not_before": today + timedelta(days=policy.lead_days),
        }
        # sudo: callers checked the role; runs and lines are the engine's
        runs = self.sudo()._guarded()
        run = runs.search(domain, limit=1)
        if run:
            run.line_ids.unlink()
            run.write(vals)
        else:
            vals.update(policy_id=policy.id, company_id=company.id)
            run = runs.create(vals)
        run._list_due()
        return run._unguarded().with_env(self.env)

    @api.model
    def _propose_request(self, patient, reason):
        """List one patient who asked to be forgotten; no time of notice."""
        self.env["followup.patient"]._check_may_hold()
        patient.check_access("write")
        patient._check_not_anonymised()
        # sudo: the role was checked; runs and lines are the engine's
        lines = self.env["followup.retention.line"].sudo()._guarded()
        if lines._find_open(patient):
            raise UserError(self.env._("This was asked for already."))
        run = (
            self.sudo()
            ._guarded()
            .create(
                {
                    "company_id": patient.company_id.id,
                    "kind": "request",
                    "proposed_by_id": self.env.uid,
                    "proposed_at": fields.Datetime.now(),
                    "not_before": self.env["followup.clock"]._today(patient.company_id),
                }
            )
        )
        lines.create(
            {
                "run_id": run.id,
                "company_id": run.company_id.id,
                "patient_id": patient.id,
                "reason": reason,
            }
        )
        return run._unguarded().with_env(self.env)

    def _list_due(self):
        due = self.policy_id._find_due(
            self.company_id, self.cut_off, self.encounter_class
        )
        lines = self.env["followup.retention.line"]
        for rows in split_every(BATCH, due):
            patients = self.env["followup.patient"].browse(row[0] for row in rows)
            obstacles = patients._get_retention_obstacles()
            lines.create(
                [
                    {
                        "run_id": self.id,
                        "company_id": self.company_id.id,
                        "patient_id": patient_id,
                        "last_day": day,
                        "state": "kept" if patient_id in obstacles else "listed",
                        "obstacle": obstacles.get(patient_id),
                    }
                    for patient_id, day in rows
                ]
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def _is_of_the_job(self):
        """Tell whether nobody has read this list yet: the monthly job made it."""
        return self.state == "proposed" and self.proposed_by_id.id == SUPERUSER_ID

    def action_propose(self):
        """Take over a list that the monthly job made; a second person approves it."""
        self.ensure_one()
        self.check_access("read")
        self.env["followup.patient"]._check_may_hold()
        if not self._is_of_the_job():
            raise UserError(self.env._("Somebody has proposed this list already."))
        # sudo: the role was checked; these are guarded fields
        self.sudo()._guarded().write(
            {"proposed_by_id": self.env.uid, "proposed_at": fields.Datetime.now()}
        )

    def _get_approval_refusal(self):
        """Return why the user may not approve, or False."""
        if self.state != "proposed":
            return self.env._("There is nothing to approve.")
        if not self.env.user.has_groups(APPROVERS):
            return self.env._("A manager of the centre or an administrator approves.")
        if self._is_of_the_job():
            return self.env._("First a manager of the centre proposes this list.")
        if self.proposed_by_id == self.env.user:
            return self.env._("A second person approves: you proposed it.")
        return False

    def action_approve(self):
        """Approve as the second person; the job starts on the earliest day."""
        self.ensure_one()
        self.check_access("read")
        if refusal := self._get_approval_refusal():
            raise AccessError(refusal)
        # sudo: the role was checked; these are guarded fields
        self.sudo()._guarded().write(
            {
                "state": "approved",
                "approved_by_id": self.env.uid,
                "approved_at": fields.Datetime.now(),
            }
        )
        cron = self.env.ref("patient_followup.followup_retention_cron_run")
        cron.sudo()._trigger()  # sudo: it does nothing before the earliest day

    def action_cancel(self):
        """Give the list up, also while it runs: who is done stays done."""
        self.check_access("read")
        if not self.env.user.has_groups(APPROVERS):
            raise AccessError(
                self.env._("A manager of the centre or an administrator decides this.")
            )
        if any(run.state in ("done", "cancelled") for run in self):
            raise UserError(self.env._("This list is closed."))
        # sudo: the role was checked; these are guarded fields
        self.sudo()._guarded().write({"state": "cancelled"})

    def action_open_lines(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_followup.followup_retention_line_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        return action

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("A run is cancelled, never deleted."))
