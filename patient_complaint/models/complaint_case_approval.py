# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the investigation to an approved resolution (C-14 ... C-17)."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.lists import Lists
from .complaint_resolution import STATES

OFFICE_ACTIVITY = "patient_complaint.mail_activity_type_resolution"
PREPARING = ("investigation", "resolution")


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    resolution_ids = fields.One2many(
        "complaint.resolution", "case_id", string="Resolutions", copy=False
    )
    resolution_id = fields.Many2one(
        "complaint.resolution",
        string="Current Resolution",
        compute="_compute_resolution_id",
    )
    resolution_state = fields.Selection(
        STATES, string="State of the Resolution", compute="_compute_resolution_id"
    )
    approval_ids = fields.One2many(
        "complaint.approval", "case_id", string="Approvals", copy=False
    )
    approver_user_ids = fields.Many2many(
        "res.users",
        "complaint_case_approver_rel",
        "case_id",
        "user_id",
        string="Approvers of the Case",
        readonly=True,
        copy=False,
        help="It waits for their decision, or they decided it: they may read it.",
    )
    my_approval_id = fields.Many2one(
        "complaint.approval",
        string="My Decision",
        compute="_compute_my_approval_id",
    )
    approval_preview = fields.Html(
        string="Who Will Have to Approve",
        compute="_compute_approval_preview",
        sanitize=False,
    )

    _guarded_fields = frozenset({"approval_ids", "approver_user_ids"})

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("resolution_ids.state", "resolution_ids.version")
    def _compute_resolution_id(self):
        for case in self:
            rows = case.resolution_ids.filtered(lambda row: row.state != "superseded")
            case.resolution_id = rows.sorted("version", reverse=True)[:1]
            case.resolution_state = case.resolution_id.state

    @api.depends("approval_ids.decision", "approval_ids.turn_user_ids")
    @api.depends_context("uid")
    def _compute_my_approval_id(self):
        for case in self:
            case.my_approval_id = case.approval_ids.filtered("is_my_turn")[:1]

    @api.depends(
        *("state", "severity", "department_id", "issue_ids"),
        *("resolution_ids.amount_total", "resolution_ids.state"),
    )
    @api.depends_context("lang")
    def _compute_approval_preview(self):
        for case in self:
            asked = case.state in PREPARING and case.track == "full" and case.id
            case.approval_preview = asked and case._render_preview()

    def _render_preview(self):
        """Return who would have to approve now, why, and until when, as HTML."""
        resolution = self.resolution_id
        rules = self._get_rules(resolution)
        waiver = rules.filtered("passes")[:1]
        values = {"waiver": waiver.name, "rows": [], "fits": True, "clock": False}
        if not waiver:
            values |= self._get_forecast(self._get_tiers(resolution, rules))
        return self.env["ir.qweb"]._render(
            "patient_complaint.approval_preview", values, minimal_qcontext=True
        )

    def _get_forecast(self, tiers):
        """Return the tiers with their moments, and whether the clock allows it."""
        clock = self._get_plan_clock()
        end = fields.Datetime.now()
        ends_with = self.env["complaint.sla.policy"]._end
        rows = []
        for tier in tiers:
            end = ends_with(self.company_id, end, tier.rule.amount, tier.rule.unit)
            # sudo: names of other users are shown to whoever submits
            names = tier.users.sudo().mapped("name")
            rows.append({"tier": tier, "names": names, "end": end})
        fits = not clock or not rows or end <= clock.deadline
        return {"rows": rows, "fits": fits, "clock": clock}

    def _get_plan_clock(self):
        """Return the running clock that the approval has to fit in."""
        running = self.clock_ids.filtered(
            lambda clock: (
                not clock.stopped_at and clock.stop_event in ("planned", "answered")
            )
        )
        return running.sorted("deadline")[:1]

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_propose(self):
        """Finish the investigation; the resolution is written next (C-14)."""
        for case in self:
            case._check_step("propose")
            case._set(state="resolution")

    def action_submit(self):
        """Hand the resolution to those who have to approve it (C-15).

        :raises UserError: there is none, nobody may decide, or a dispute costs
            more than may be settled directly
        """
        self._read_ahead()
        for case in self:
            case._check_step("submit")
            resolution = case.resolution_id
            case._check_submittable(resolution)
            # sudo: engine write after the checks above
            resolution.sudo()._guarded()._submit()
            case._end_office_activities()

    def action_recall(self):
        """Take a submitted resolution back: its approvals are void."""
        for case in self:
            case.check_access("write")
            if case.state != "approval":
                raise UserError(
                    self.env._("%(name)s awaits no approval.", name=case.name)
                )
            # sudo: engine write after the checks above
            resolution = case.resolution_id.sudo()._guarded()
            resolution._lock()
            resolution._void(self.env._("Taken back before it was decided."))
            resolution.write({"state": "draft"})

    def action_revise(self):
        """Take up a resolution again as a new version (I-9)."""
        for case in self:
            case.resolution_id._before_change()

    def action_open_resolution(self):
        """Open the resolution of the case, or a new one."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_complaint.complaint_resolution_action"
        )
        action["res_id"] = self.resolution_id.id
        action["context"] = {"default_case_id": self.id}
        return action

    def action_approve(self):
        """Approve what waits for me, from the case."""
        for case in self:
            case._get_my_approval().action_approve()

    def action_open_decision(self):
        """Open the dialog of a decision, from the case."""
        self.ensure_one()
        return self._get_my_approval().action_open_decision()

    def _get_my_approval(self):
        self.ensure_one()
        self.check_access("read")
        if not self.my_approval_id:
            raise UserError(
                self.env._("%(name)s does not wait for you.", name=self.name)
            )
        return self.my_approval_id

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    def _check_submittable(self, resolution):
        if not resolution or resolution.state != "draft":
            raise UserError(
                self.env._("Write a resolution for %(name)s first.", name=self.name)
            )
        if not self._is_a_dispute() or resolution.settled_through != "direct":
            return
        limit = self.sudo().company_id.complaint_direct_limit  # sudo: a setting
        if resolution.amount_total > limit:
            raise UserError(
                self.env._(
                    "In a dispute, more than %(limit)s is not settled directly:"
                    " mediation, an appraisal or a court is needed.",
                    limit=f"{limit:,.2f}",
                )
            )

    def _is_a_dispute(self):
        return bool(self.is_dispute)

    def _check_write(self, vals):
        """What is investigated is not answered on the spot any more."""
        result = super()._check_write(vals)
        late = self.filtered(lambda case: case.state not in ("received", "triage"))
        if late and vals.get("track", "full") != "full":
            if any(case.track == "full" for case in late):
                raise UserError(
                    self.env._(
                        "%(name)s is investigated: its answer has to be approved.",
                        name=late[0].name,
                    )
                )
        return result

    # ------------------------------------------------------------
    # ENGINE
    # ------------------------------------------------------------

    def _refresh_approvers(self, lists=None):
        """Keep who may read the case because of a decision; engine only.

        :param lists: what is written by the same statement
        """
        lists = lists or Lists(self.env)
        for case in self.with_context(active_test=False):
            rows = case.approval_ids
            users = rows[:1]._get_waiting_users() | rows.decided_by_id
            lists.set(case, "approver_user_ids", users)
        lists.store()

    def _on_event(self, event, at=None):
        """Nobody decides a case that is over."""
        if event == "closed":
            # sudo: engine write, the step that calls it checked the right
            self.sudo()._guarded()._stop_approval()
        return super()._on_event(event, at)

    def _stop_approval(self):
        rows = self.approval_ids
        rows.filtered(lambda row: row.decision in ("waiting", "pending"))._cancel()
        submitted = self.resolution_ids.filtered(lambda row: row.state == "submitted")
        submitted.write({"state": "draft"})
        self._refresh_approvers()
        self._end_office_activities()

    def action_reopen(self, reason):
        """What was approved before answers nothing new."""
        result = super().action_reopen(reason)
        # sudo: engine write, reopening checked the right
        rows = self.sudo()._guarded().resolution_ids
        rows._replace(self.env._("The case was reopened."))
        return result

    # ------------------------------------------------------------
    # TELLING
    # ------------------------------------------------------------

    def _schedule(self, kind, users, **values):
        """Put a to-do before each of these users; engine only."""
        kind_id = self.env["ir.model.data"]._xmlid_to_res_id(kind)
        self._create_todos(
            [{**self._prepare_todo(kind_id, user), **values} for user in users]
        )

    def _prepare_todo(self, kind_id, user, note=False):
        """Return the values of a to-do that nobody is told of yet."""
        self.ensure_one()
        kinds = self.env["mail.activity.type"]
        model = self.env["ir.model"]._get(self._name)
        # known: core would read the row of the model for each to-do
        model._fields["model"]._insert_cache(model, [self._name])
        return {
            "activity_type_id": kind_id,
            "summary": kinds._complaint_summary(kind_id),
            "note": note,
            "automated": True,
            "res_model_id": model.id,
            "res_id": self.id,
            "user_id": user.id,
            # computed by core, and written once more, where it is not given
            "res_name": self.display_name,
            # known to Odoo from the requests of that user
            "user_tz": user.with_user(user).context_get().get("tz"),
            "date_deadline": self.env["followup.clock"]._today(self.company_id),
            "complaint_untold": True,
        }

    @api.model
    def _create_todos(self, rows):
        """Create to-dos that make nobody a follower; their mails come later."""
        todos = (
            self._unguarded()
            .env["mail.activity"]
            .with_context(complaint_no_follower=True, mail_activity_quick_update=True)
        )
        if rows:
            made = todos.create(rows)
            # given above: core would read each user's to say the same
            self.env.remove_to_compute(made._fields["user_tz"], made)
            todos._complaint_tell_soon()

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """A to-do of the engine shows the case, it does not follow it."""
        if self.env.su and self.env.context.get("complaint_no_follower"):
            return True
        return super().message_subscribe(partner_ids, subtype_ids)

    def _tell_office(self, words):
        """Put a to-do before whoever handles the case; engine only."""
        for case in self:
            user = case.owner_id or case.superior_id or case.receiver_id
            # whoever is in conflict hears nothing, and stops nobody's decision
            if user == self.env.user or not case._without_conflict(user):
                continue
            case._schedule(OFFICE_ACTIVITY, user, summary=words)

    def _end_office_activities(self):
        # sudo: to-dos of others end with the step that was checked
        self.env["mail.activity"].sudo()._complaint_drop(self, OFFICE_ACTIVITY)

    def _say_next_step(self):
        _ = self.env._
        if self.state == "investigation" and self.track == "full" and self.planned_at:
            return _("Finish the investigation, then write the resolution.")
        if self.state == "approval":
            return self._say_waiting()
        if self.state != "resolution":
            return super()._say_next_step()
        match self.resolution_id.state:
            case "approved":
                return _("Tell the complainant the result and what comes next.")
            case "rejected":
                return _("The resolution was rejected: revise it and submit again.")
            case "draft" if self.resolution_id.round:
                return _("Answer the questions, then submit again.")
            case "draft":
                return _("Check who has to approve, then submit the resolution.")
        return _("Write the resolution.")

    def _say_waiting(self):
        rows = self.approval_ids.filtered(lambda row: row.decision == "pending")
        # sudo: names of whose turn it is, shown to whoever reads the case
        names = rows.sudo().turn_user_ids.mapped("name")
        if not names:
            return self.env._("Nobody is left to decide: take it back, submit again.")
        return self.env._(
            "%(tier)s: waits for %(names)s.",
            tier=rows[:1].name,
            names=", ".join(names),
        )

    @api.depends("resolution_ids.state", "approval_ids.turn_user_ids")
    def _compute_next_step(self):
        result = super()._compute_next_step()
        for case in self.filtered(lambda case: case.state == "approval"):
            pending = case.approval_ids.filtered(lambda row: row.decision == "pending")
            # sudo: whose turn it is, which readers of the case may know
            case.next_user_id = pending.sudo().turn_user_ids[:1] or case.next_user_id
        return result
