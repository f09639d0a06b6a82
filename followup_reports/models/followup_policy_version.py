# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.policy import clean, compare_rules, digest_rules

HEAD = "patient_followup.followup_group_department_head"
LEADER = "patient_followup.followup_group_leader"
MAKERS = (
    "patient_followup.followup_group_centre_manager",
    "patient_followup.followup_group_administrator",
    "patient_complaint.complaint_group_officer",
)
# who reads what departments say
REVIEWERS = ",".join(
    (*MAKERS, HEAD, LEADER, "patient_followup.followup_group_inspector")
)
REVISE_TODO = "followup_reports.mail_activity_type_policy_revise"


class FollowupPolicyVersion(models.Model):
    """The hospital's written rules as they were on a day, reviewed and in force (C-26).

    The rules are taken over from the configuration once, in the language of the
    hospital; departments review what changes, a leader puts it in force.

    Access: who follows up or handles complaints reads what is or was in force; whoever
    makes versions, heads, inspectors and leaders what is under review. Makers edit
    drafts.
    """

    _name = "followup.policy.version"
    _description = "Policy Version"
    _inherit = ["followup.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "version desc, id desc"
    _rec_name = "version"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", string="Hospital", required=True)
    version = fields.Integer(required=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("review", "Under Review"),
            ("force", "In Force"),
            ("replaced", "Replaced"),
            ("returned", "Returned"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="draft",
    )
    summary = fields.Text(string="What Changes and Why")
    department_ids = fields.Many2many(
        "hr.department",
        string="Reviewed by",
        check_company=True,
        help="Each of these departments reviews the version before it is put in force.",
    )
    revise_after_months = fields.Integer(
        string="Revise After",
        required=True,
        default=12,
        help="Months in force after which the rules are looked at again.",
    )
    rules = fields.Json(string="Sections", required=True)
    rules_digest = fields.Char(string="Digest", required=True)
    replaces_id = fields.Many2one(
        "followup.policy.version", index="btree_not_null", ondelete="restrict"
    )
    proposed_by_id = fields.Many2one(
        "res.users", string="Made by", required=True, ondelete="restrict"
    )
    decided_by_id = fields.Many2one("res.users", ondelete="restrict")
    decided_at = fields.Datetime()
    reason = fields.Text(string="Reason of the Decision")
    valid_from = fields.Date(string="In Force since")
    revise_on = fields.Date(string="Next Revision")
    review_ids = fields.One2many(
        "followup.policy.review", "version_id", groups=REVIEWERS
    )
    # stored: two last heads at once both write it, so the second one sees the first
    answer_count = fields.Integer(
        string="Answered", compute="_compute_answer_count", store=True
    )
    rules_html = fields.Html(
        string="Rules", compute="_compute_html", sanitize=False, exportable=False
    )
    changes_html = fields.Html(
        string="Changes", compute="_compute_html", sanitize=False, exportable=False
    )
    is_outdated = fields.Boolean(compute="_compute_is_outdated")
    can_answer = fields.Boolean(compute="_compute_can")
    can_decide = fields.Boolean(compute="_compute_can")
    can_withdraw = fields.Boolean(compute="_compute_can")

    _guarded_fields = frozenset(
        {"company_id", "version", "state", "rules", "rules_digest", "replaces_id"}
        | {"proposed_by_id", "decided_by_id", "decided_at", "reason", "valid_from"}
        | {"revise_on", "review_ids"}
    )
    _version_uniq = models.UniqueIndex(
        "(company_id, version)", "This version was just made: open the newest."
    )
    _force_uniq = models.UniqueIndex(
        "(company_id) WHERE state = 'force'", "One version is in force at a time."
    )

    @api.depends("version")
    def _compute_display_name(self):
        for row in self:
            row.display_name = self.env._("Version %(number)s", number=row.version)

    @api.depends("rules", "replaces_id.rules")
    def _compute_html(self):
        for row in self:
            old = row.replaces_id.rules or []
            row.rules_html = row._render("policy_rules", sections=row.rules or [])
            changes = compare_rules(old, row.rules or [])
            row.changes_html = (
                row._render("policy_changes", changes=changes)
                if row.replaces_id
                else False
            )

    def _render(self, template, **values):
        template = f"followup_reports.{template}"
        return self.env["ir.qweb"]._render(template, values)

    @api.depends("review_ids.answer")
    def _compute_answer_count(self):
        for row in self:
            row.answer_count = len(row.review_ids.filtered("answer"))

    @api.depends("rules_digest", "state")
    def _compute_is_outdated(self):
        """Tell whether the configuration changed since the rules were taken over."""
        holds = self.filtered(lambda row: row.state in ("draft", "review", "force"))
        (self - holds).is_outdated = False
        for company, rows in holds.grouped("company_id").items():
            digest = digest_rules(self._read_configuration(company))
            for row in rows:
                row.is_outdated = row.rules_digest != digest

    @api.depends("state", "review_ids.answer", "proposed_by_id")
    @api.depends_context("uid")
    def _compute_can(self):
        user = self.env.user
        leads = user.has_group(LEADER)
        makes = any(user.has_group(group) for group in MAKERS)
        for row in self:
            under_review = row.state == "review"
            row.can_answer = under_review and bool(row._get_own_reviews())
            row.can_decide = under_review and leads and row.proposed_by_id != user
            row.can_withdraw = under_review and makes

    @api.constrains("revise_after_months")
    def _check_revise_after_months(self):
        if any(not 1 <= row.revise_after_months <= 60 for row in self):
            raise ValidationError(
                self.env._("Rules are revised after 1 to 60 months: enter that.")
            )

    def write(self, vals):
        """Keep what departments look at as it is."""
        settled = any(row.state != "draft" for row in self)
        edited = {"summary", "department_ids", "revise_after_months"} & vals.keys()
        if settled and edited:
            raise UserError(
                self.env._("This version was submitted: make a new one to change it.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        if any(row.state != "draft" for row in self):
            raise UserError(self.env._("What was submitted stays on record."))

    # ------------------------------------------------------------
    # FROM DRAFT TO FORCE
    # ------------------------------------------------------------

    @api.model
    def _read_configuration(self, company):
        """Return the rules of today, in the language of the hospital."""
        # sudo: definitions only; all versions compare the same rows
        sheets = self.env["followup.policy.sheet"].sudo()
        lang = company.sudo().partner_id.lang or self.env.lang
        return (
            sheets.with_context(lang=lang).new({"company_id": company.id})._get_rules()
        )

    @api.model
    def _make(self, company):
        """Return a draft of the rules that hold today; the caller checked the role."""
        # sudo: rows are written by the engine only
        rows = self.sudo()._guarded()
        own = [("company_id", "=", company.id)]
        latest = rows.search(own, limit=1)
        rules = self._read_configuration(company)
        return rows.create(
            {
                "company_id": company.id,
                "version": latest.version + 1,
                "rules": rules,
                "rules_digest": digest_rules(rules),
                "replaces_id": rows.search([*own, ("state", "=", "force")]).id,
                "proposed_by_id": self.env.uid,
                "department_ids": latest.department_ids.ids,
            }
        ).with_env(self.env)

    def action_submit(self):
        """Ask the departments: the head of each reviews it (C-26).

        Whoever submits it is its maker, who does not put it in force.
        """
        self.ensure_one()
        self.check_access("write")
        self._lock("draft")
        self._check_current()
        if not (self.summary or "").strip():
            raise UserError(self.env._("Say what changes and why."))
        # sudo: archived departments and who heads them
        units = self.sudo().with_context(active_test=False).department_ids
        if not units:
            raise UserError(self.env._("Choose the departments that review it."))
        self._check_heads(units)
        self._set(
            state="review",
            proposed_by_id=self.env.uid,
            review_ids=[(0, 0, {"department_id": unit.id}) for unit in units],
        )
        self._ask(units)

    def _check_current(self):
        """Refuse a version that was overtaken by another one or by the settings."""
        # sudo: the version in force is known to all, whichever it is compared with
        if self._get_current(self.company_id) != self.sudo().replaces_id:
            raise UserError(
                self.env._("Another version is in force now: make a new one of today.")
            )
        if self.is_outdated:
            raise UserError(
                self.env._("The configuration changed since: make a new version of it.")
            )

    @api.model
    def _get_current(self, company):
        # sudo: the caller checked who may; one row by its unique index
        return self.sudo().search(
            [("company_id", "=", company.id), ("state", "=", "force")]
        )

    def action_withdraw(self):
        """Take it back before it is decided, as a maker."""
        self.ensure_one()
        self.check_access("read")
        if not self.can_withdraw:
            raise AccessError(self.env._("Makers withdraw a version under review."))
        self._lock("review")
        # sudo: to-dos of everybody who was asked
        self.sudo().activity_ids.unlink()
        self._set(state="withdrawn")

    def _approve(self, reason):
        """Put it in force today, as a leader who did not make it.

        :param str reason: kept; needed when a department objects
        :raises UserError: departments are still asked, or no reason
        """
        self._check_may_decide()
        self._check_current()
        if waiting := self._get_waiting():
            raise UserError(
                self.env._(
                    "Still asked: %(departments)s.",
                    departments=", ".join(waiting.department_id.mapped("name")),
                )
            )
        # sudo: what all departments said
        objects = self.sudo().review_ids.filtered(lambda row: row.answer == "object")
        reason = clean(reason)
        if objects and not reason:
            raise UserError(self.env._("A department objects: say why it holds."))
        current = self._get_current(self.company_id)
        current.activity_ids.unlink()
        current._guarded().write({"state": "replaced"})
        current.flush_recordset()  # one in force at a time
        today = self.env["followup.clock"]._today(self.company_id)
        revise_on = today + relativedelta(months=self.revise_after_months)
        self._end("force", reason=reason, valid_from=today, revise_on=revise_on)

    def _return(self, reason):
        """Send it back, as a leader, with a reason."""
        self._check_may_decide()
        reason = clean(reason)
        if not reason:
            raise UserError(self.env._("Say what is to be done differently."))
        self._end("returned", reason=reason)

    def _check_may_decide(self):
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(LEADER):
            raise AccessError(self.env._("A leader puts rules in force."))
        if self.proposed_by_id == self.env.user:
            raise AccessError(self.env._("Somebody else decides what you proposed."))
        self._lock("review")

    def _lock(self, state):
        """Let one step at a time change a version; others are told to try again."""
        # sudo: the caller checked who may take this step
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state", "answer_count"])
        if self.state != state:
            raise UserError(self.env._("This was done already: look at it again."))

    def _end(self, state, **vals):
        # sudo: to-dos of everybody who was asked
        self.sudo().activity_ids.unlink()
        self._set(
            state=state,
            decided_by_id=self.env.uid,
            decided_at=fields.Datetime.now(),
            **vals,
        )

    def _set(self, **vals):
        # sudo: the caller checked who may; states are written by these methods only
        engine = self.sudo()._guarded()
        engine.write(vals)
        return engine

    # ------------------------------------------------------------
    # REVISION
    # ------------------------------------------------------------

    @api.model
    def _cron_ask_revision(self):
        """Ask for a revision when its day has come or the configuration changed.

        Once, and not while the next version is on its way. One hospital has one
        version in force, so these are few.
        """
        todo = self.env.ref(REVISE_TODO)
        for row in self.search([("state", "=", "force")]):
            own = [("company_id", "=", row.company_id.id)]
            if self.search_count([*own, ("state", "in", ("draft", "review"))], limit=1):
                continue
            today = self.env["followup.clock"]._today(row.company_id)
            due = row.revise_on <= today or row.is_outdated
            if due and todo not in row.activity_ids.activity_type_id:
                row._put_todo(REVISE_TODO, row._get_revisers())

    def _get_revisers(self):
        """Return its maker, else everybody who makes versions in the hospital."""
        maker = self.proposed_by_id
        if maker.active and any(maker.has_group(group) for group in MAKERS):
            return maker
        groups = self.env["res.groups"].union(*(self.env.ref(name) for name in MAKERS))
        users = groups.all_user_ids.filtered("active")
        return users.filtered(lambda user: self.company_id in user.company_ids)
