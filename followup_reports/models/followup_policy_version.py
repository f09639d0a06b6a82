# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

LEADER = "patient_followup.followup_group_leader"
REVIEW_TODO = "followup_reports.mail_activity_type_policy_review"
DECIDE_TODO = "followup_reports.mail_activity_type_policy_decide"
REVISE_TODO = "followup_reports.mail_activity_type_policy_revise"


class FollowupPolicyVersion(models.Model):
    """The hospital's written rules as they were on a day, reviewed and in force (C-26).

    The rules are taken over from the configuration once, in the language of the
    hospital; departments review what changes, a leader puts it in force.

    Access: who follows up or handles complaints reads what is or was in force; whoever
    makes versions, heads, inspectors and leaders what is under review. The maker
    edits his draft.
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
    review_ids = fields.One2many("followup.policy.review", "version_id")
    rules_html = fields.Html(
        string="Rules", compute="_compute_html", sanitize=False, exportable=False
    )
    changes_html = fields.Html(
        string="Changes", compute="_compute_html", sanitize=False, exportable=False
    )
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
            row.changes_html = row.replaces_id and row._render(
                "policy_changes", changes=compare_rules(old, row.rules or [])
            )

    def _render(self, template, **values):
        template = f"followup_reports.{template}"
        return self.env["ir.qweb"]._render(template, values)

    @api.depends("state", "review_ids.answer", "proposed_by_id")
    @api.depends_context("uid")
    def _compute_can(self):
        user = self.env.user
        leads = user.has_group(LEADER)
        for row in self:
            under_review = row.state == "review"
            row.can_answer = under_review and bool(row._get_own_reviews())
            row.can_decide = under_review and leads and row.proposed_by_id != user
            row.can_withdraw = under_review and row.proposed_by_id == user

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
    def _make(self, company, rules):
        """Return a draft of the rules that hold today.

        :param rules: [[title, [[cell, ...], ...]], ...] of `followup.policy.sheet`
        """
        # sudo: the wizard checked the role; rows are written by the engine only
        rows = self.sudo()._guarded()
        own = [("company_id", "=", company.id)]
        latest = rows.search(own, limit=1)
        text = json.dumps(rules, ensure_ascii=False, separators=(",", ":"))
        return rows.create(
            {
                "company_id": company.id,
                "version": latest.version + 1,
                "rules": rules,
                "rules_digest": hashlib.sha256(text.encode()).hexdigest(),
                "replaces_id": rows.search([*own, ("state", "=", "force")]).id,
                "proposed_by_id": self.env.uid,
                "department_ids": latest.department_ids.ids,
            }
        ).with_env(self.env)

    def action_submit(self):
        """Ask the departments: somebody of each reviews it (C-26)."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("This version was submitted already."))
        if not (self.summary or "").strip():
            raise UserError(self.env._("Say what changes and why."))
        if not self.department_ids:
            raise UserError(self.env._("Choose the departments that review it."))
        # sudo: who heads a department is no secret of its employees' records
        units = self.sudo().department_ids
        headless = units.filtered(lambda unit: not unit._followup_manager())
        if headless:
            raise UserError(
                self.env._(
                    "Nobody heads %(departments)s: name a manager with an account.",
                    departments=", ".join(headless.mapped("name")),
                )
            )
        engine = self._set(state="review")
        engine.review_ids = [(0, 0, {"department_id": unit.id}) for unit in units]
        for unit in units:
            self._put_todo(REVIEW_TODO, unit._followup_manager())
        return True

    def action_withdraw(self):
        """Take it back before it is decided, as its maker."""
        self.ensure_one()
        self.check_access("read")
        if not self.can_withdraw:
            raise AccessError(self.env._("Its maker withdraws a version under review."))
        self._end("returned", reason=False)

    def _approve(self, reason):
        """Put it in force today, as a leader who did not make it.

        :param str reason: kept; needed when a department objects
        :raises UserError: departments are still asked, or no reason
        """
        self._check_may_decide()
        waiting = self.review_ids.filtered(lambda row: not row.answer)
        if waiting:
            raise UserError(
                self.env._(
                    "Still asked: %(departments)s.",
                    departments=", ".join(waiting.department_id.mapped("name")),
                )
            )
        objects = self.review_ids.filtered(lambda row: row.answer == "object")
        reason = (reason or "").replace("\x00", "").strip()
        if objects and not reason:
            raise UserError(self.env._("A department objects: say why it holds."))
        # sudo: the role was checked; the old version is ended by this step
        current = self.sudo().search(
            [("company_id", "=", self.company_id.id), ("state", "=", "force")]
        )
        current.activity_ids.unlink()
        current._guarded().write({"state": "replaced"})
        current.flush_recordset()  # one in force at a time
        today = self.env["followup.clock"]._today(self.company_id)
        revise_on = today + relativedelta(months=self.revise_after_months)
        self._end("force", reason=reason, valid_from=today, revise_on=revise_on)
        self._put_todo(REVISE_TODO, self.proposed_by_id, revise_on)

    def _return(self, reason):
        """Send it back, as a leader, with a reason."""
        self._check_may_decide()
        reason = (reason or "").replace("\x00", "").strip()
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
        # sudo: locks for the leader checked above; of two at once one is told to wait
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state != "review":
            raise UserError(self.env._("This was decided already."))

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
    # WHO IS ASKED
    # ------------------------------------------------------------

    def _get_own_reviews(self):
        """Return the open reviews of departments the user heads."""
        head = "patient_followup.followup_group_department_head"
        if not self.env.user.has_group(head):
            return self.env["followup.policy.review"]
        mine = self.env.user.followup_department_ids
        return self.review_ids.filtered(
            lambda row: not row.answer and row.department_id in mine
        )

    def action_agree(self):
        """Agree for the departments one heads."""
        self._answer("agree", "")

    def _answer(self, answer, remark):
        """Record what the user's departments say.

        :raises AccessError: none of them is asked
        :raises UserError: an objection without words
        """
        self.ensure_one()
        self.check_access("read")
        if not self.can_answer:
            raise AccessError(self.env._("The heads of departments asked answer here."))
        remark = (remark or "").replace("\x00", "").strip()
        if answer == "object" and not remark:
            raise UserError(self.env._("Say what your department objects to."))
        mine = self._get_own_reviews()
        # sudo: role and department were checked; written by this method only
        mine.sudo()._guarded().write(
            {
                "answer": answer,
                "remark": remark,
                "answered_by_id": self.env.uid,
                "answered_at": fields.Datetime.now(),
                "rules_digest": self.rules_digest,
            }
        )
        heads = mine.sudo().department_id.manager_id.user_id
        self._drop_todos(REVIEW_TODO, heads | self.env.user)
        if all(row.answer for row in self.review_ids):
            leaders = self.env.ref(LEADER).sudo().all_user_ids.filtered("active")
            for user in leaders - self.proposed_by_id:
                if self.company_id in user.company_ids:
                    self._put_todo(DECIDE_TODO, user)

    def _put_todo(self, kind, users, day=None):
        # sudo: to-dos of others are neither seen nor made by most
        for user in users:
            self.sudo().activity_schedule(kind, user_id=user.id, date_deadline=day)

    def _drop_todos(self, kind, users):
        kind = self.env.ref(kind)
        # sudo: as above
        self.sudo().activity_ids.filtered(
            lambda todo: todo.activity_type_id == kind and todo.user_id in users
        ).unlink()


def compare_rules(old, new):
    """Return [(title, rows taken out, rows put in)] of two lists of sections.

    Sections are known by their place, so that a title worded anew changes nothing.
    """
    found = []
    for place in range(max(len(old), len(new))):
        title, after = new[place] if place < len(new) else (old[place][0], [])
        before = old[place][1] if place < len(old) else []
        gone = [row for row in before if row not in after]
        come = [row for row in after if row not in before]
        if gone or come:
            found.append((title, gone, come))
    return found
