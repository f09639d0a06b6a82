# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Clocks of a case: they start and stop with events, freeze, are extended."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .complaint_case import OPEN_STATES

# whoever has the answer need not be told any more what will be done
IMPLIED = {"answered": ("acknowledged", "planned")}
# whatever of these changes may choose other clocks
CHOOSING = frozenset({"kind", "channel_id", "severity", "track", "received_at"})
# what the lights of a clock are made of
LIGHT = (
    *("case_id", "kind", "deadline", "warn_at", "stopped_at", "breached"),
    *("frozen_until", "is_legal", "extended"),
)


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    clock_ids = fields.One2many("complaint.clock", "case_id", string="Clocks")
    freeze_ids = fields.One2many("complaint.freeze", "case_id", string="Freezes")
    extension_ids = fields.One2many(
        "complaint.extension", "case_id", string="Extensions"
    )
    next_deadline = fields.Datetime(readonly=True, copy=False)
    clock_strip = fields.Json(compute="_compute_clock_strip")
    is_frozen = fields.Boolean(compute="_compute_clock_strip")
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late"
    )

    # ------------------------------------------------------------
    # COMPUTE / SEARCH
    # ------------------------------------------------------------

    @api.depends("clock_ids.deadline", "clock_ids.stopped_at", "clock_ids.frozen_until")
    @api.depends_context("lang")
    def _compute_clock_strip(self):
        now = fields.Datetime.now()
        model = self.env["complaint.clock"]
        labels = dict(model._fields["kind"]._description_selection(self.env))
        known = self._get_clocks()
        for case in self:
            # what is not saved yet is known to the form only
            clocks = known.get(case.id) if case.id else case.clock_ids
            clocks = clocks or []
            case.is_frozen = any(clock._is_frozen(now) for clock in clocks)
            case.clock_strip = [clock._get_light(now, labels) for clock in clocks]

    def _get_clocks(self):
        """Return {id: clocks} of saved cases, the most urgent first.

        One query with few columns: a board shows hundreds of clocks.
        """
        ids = [case.id for case in self if case.id]
        clocks = self.env["complaint.clock"].search_fetch(
            [("case_id", "in", ids)], LIGHT, order="deadline, id"
        )
        return clocks.grouped(lambda clock: clock.case_id.id)

    @api.depends("next_deadline", "state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for case in self:
            case.is_late = bool(
                case.state in OPEN_STATES
                and case.next_deadline
                and case.next_deadline < now
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = fields.Domain("next_deadline", "<", fields.Datetime.now())
        domain &= fields.Domain("state", "in", OPEN_STATES)
        return domain if True in value else ~domain

    # ------------------------------------------------------------
    # EVENTS
    # ------------------------------------------------------------

    def _on_written(self, vals):
        """Another kind, channel or severity runs other clocks."""
        if "external_deadline" in vals or not CHOOSING.isdisjoint(vals):
            for case in self.sudo()._guarded():
                # sudo: engine write, write on the case was checked before
                if case.state in OPEN_STATES:
                    case._choose_clocks_again("received_at" in vals)

    def _choose_clocks_again(self, moved=False):
        """Stop what does not fit any more, start what is missing.

        Reckoned from the same events as before, so nothing is gained by changing.
        """
        wanted = self._get_wanted()
        running = self.clock_ids.filtered(lambda clock: not clock.stopped_at)
        wrong = running.filtered(
            lambda clock: clock.policy_id and (moved or clock.policy_id not in wanted)
        )
        wrong.unlink()
        self._start(wanted)
        self._sync_external()
        self._refresh_clocks()

    def _get_wanted(self, policies=None):
        """Return {policy: moment} of all clocks whose start has come.

        :param policies: those to choose from, where they were read already
        """
        moments = self._get_event_moments()
        return {
            policy: moments[policy.start_event]
            for policy in self.env["complaint.sla.policy"]._for_case(self, policies)
            if moments[policy.start_event]
        }

    def _get_event_moments(self):
        return {
            "received": self.received_at,
            "acknowledged": self.acknowledged_at,
            "triaged": self.triaged_at,
            "informed": self.informed_at,
            "planned": self.planned_at,
            "answered": self.answered_at,
            "responded": min(self.feedback_ids.mapped("at"), default=False),
        }

    def _start_first_clocks(self):
        """Start the clocks of new cases by one insert."""
        model = self.env["complaint.clock"]
        policies = self.env["complaint.sla.policy"]._candidates(self.company_id)
        rows = []
        fresh = self.filtered(lambda case: not case.feedback_ids)
        for case in self - fresh:
            # registered together with what was told already
            case._choose_clocks_again()
        for case in fresh:
            for policy, start in case._get_wanted(policies).items():
                rows.append(model._prepare(case, policy, start))
            rows += case._prepare_external()
        clocks = model._guarded().create(rows)
        for case, own in clocks.grouped("case_id").items():
            case.next_deadline = min(own.mapped("deadline"))

    def _start_again(self):
        """Start anew the clocks of a reopened case."""
        now = fields.Datetime.now()
        policies = self.env["complaint.sla.policy"]._for_case(self)
        policies = policies.filtered(lambda row: row.stop_event == "answered")
        self._start(dict.fromkeys(policies, now), again=True)
        self._sync_external()
        self._refresh_clocks()

    def _start(self, wanted, again=False):
        """Create the clocks that did not run for this case, or do not run now."""
        moments = self._get_event_moments()
        clocks = self.clock_ids
        if again:
            clocks = clocks.filtered(lambda clock: not clock.stopped_at)
        had = {(clock.kind, clock.is_legal) for clock in clocks}
        model = self.env["complaint.clock"]
        rows = [
            model._prepare(self, policy, start)
            for policy, start in wanted.items()
            if (policy.clock_kind, policy.is_legal) not in had
            # what was done before need not be done again
            and not moments[policy.stop_event]
        ]
        # a clock that stopped in this transaction makes room for the next
        model.flush_model(["stopped_at"])
        model._guarded().create(rows)

    def _sync_external(self):
        """The deadline of an authority is a clock like those of the law."""
        clock = self.clock_ids.filtered(
            lambda clock: clock.kind == "external" and not clock.stopped_at
        )
        if not self.external_deadline or self.answered_at:
            clock.unlink()
        elif clock:
            clock.write({"deadline": self.external_deadline})
        else:
            clock.create(self._prepare_external())

    def _prepare_external(self):
        """Return the rows of the clock of an authority: one, or none."""
        if not self.external_deadline:
            return []
        return [
            {
                "case_id": self.id,
                "kind": "external",
                "stop_event": "answered",
                "is_legal": True,
                "started_at": self.received_at,
                "running_since": self.received_at,
                "deadline": self.external_deadline,
            }
        ]

    def _on_event(self, event, at=None):
        """Stop the clocks that wait for an event, start those that follow it."""
        self.ensure_one()
        at = at or fields.Datetime.now()
        # sudo: engine write, the step that calls it checked the right
        case = self.sudo()._guarded()
        running = case.clock_ids.filtered(lambda clock: not clock.stopped_at)
        if event == "closed":
            running._stop(at)
        else:
            done = (event, *IMPLIED.get(event, ()))
            running.filtered(lambda clock: clock.stop_event in done)._stop(at)
            case._choose_clocks_again()
        case._refresh_clocks()

    def _refresh_clocks(self):
        """Keep the next deadline stored: boards sort and search by it."""
        running = self.clock_ids.filtered(lambda clock: not clock.stopped_at)
        self.next_deadline = min(running.mapped("deadline"), default=False)

    # ------------------------------------------------------------
    # FREEZE / EXTEND
    # ------------------------------------------------------------

    def _freeze_clocks(self, freeze):
        """Let clocks stand still that may; refuse where none does."""
        self.check_access("write")
        self._check_is_open()
        now = freeze.started_at
        # sudo: engine write after the checks above
        case = self.sudo()._guarded()
        able = case.clock_ids.filtered(
            lambda clock: (
                clock.may_freeze
                and not clock.stopped_at
                and not clock._is_frozen(now)
                and clock.deadline >= now
            )
        )
        if not able:
            raise UserError(
                self.env._(
                    "No clock of %(name)s can be frozen: they are set by law, late,"
                    " done or frozen already.",
                    name=self.name,
                )
            )
        until = freeze.reason_id._get_end(self.company_id, now)
        freeze.sudo().with_env(case.env).write({"until": until})
        able._thaw(now)
        able._freeze(now, until)
        case._refresh_clocks()

    def action_resume(self):
        """Let the frozen clocks run on with what was left of their time."""
        now = fields.Datetime.now()
        for case in self:
            case.check_access("write")
            # sudo: engine write after the check above
            engine = case.sudo()._guarded()
            frozen = engine.clock_ids.filtered(lambda clock: clock._is_frozen(now))
            frozen._resume(now)
            open_rows = engine.freeze_ids.filtered(
                lambda row: not row.ended_at and row.until > now
            )
            open_rows.write({"ended_at": now})
            engine._refresh_clocks()

    def _extend_clock(self, extension):
        """Give a clock its new deadline; the old one stays on record."""
        # sudo: engine write, the extension checked reason, notice and rights
        case = self.sudo()._guarded()
        clock = extension.clock_id.sudo().with_env(case.env)
        extension.sudo().with_env(case.env).write({"old_deadline": clock.deadline})
        clock.write(
            {
                "extended": True,
                "may_freeze": False,
                "frozen_since": False,
                "frozen_until": False,
            }
        )
        clock._move(fields.Datetime.now(), extension.new_deadline)
        case._refresh_clocks()

    # ------------------------------------------------------------
    # WHO IS TOLD
    # ------------------------------------------------------------

    def _tell_late(self, reached):
        """Put to-dos with the neutral number before those who must know.

        :param reached: list of (clock, users)
        """
        model = self.env["complaint.clock"]
        labels = dict(model._fields["kind"]._description_selection(self.env))
        kind_id = self.env.ref("patient_complaint.mail_activity_type_clock").id
        rows = []
        for clock, users in reached:
            words = labels[clock.kind]
            note = self.env._("Clock: %(clock)s", clock=words)
            rows += [clock.case_id._prepare_todo(kind_id, user, note) for user in users]
            if not users:
                clock.case_id._note_reason(
                    self.env._("Nobody could be told: %(clock)s", clock=words)
                )
        self._create_todos(rows)

    def _users_of(self, xmlid):
        """Return the active users of a group in the hospital of the case."""
        group_id = self.env["ir.model.data"]._xmlid_to_res_id(xmlid)
        # sudo: users of a group and their hospitals are hidden from most
        users = self.env["res.groups"].sudo().browse(group_id).all_user_ids
        return users.filtered(
            lambda user: user.active and self.company_id.id in user._get_company_ids()
        ).sudo(False)

    def _able_users(self, users):
        """Keep who can open the case."""
        plain = self.sudo(False)
        return users.filtered(
            lambda user: (
                user.active
                and plain.with_user(user)
                .with_context(allowed_company_ids=self.company_id.ids)
                .has_access("read")
            )
        )
