# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.patient_followup.tools import one_by_one

from ..tools import clocks
from .complaint_sla_policy import CLOCK_KINDS, EVENTS, UNITS

BATCH = 50
RETRY_AFTER = timedelta(hours=1)


class ComplaintClock(models.Model):
    """One deadline of a case, computed once and kept with its terms (I-6, C-7 ...).

    A frozen clock keeps what is left of its time; its deadline is reckoned from
    the day the freeze ends at the latest, so that being late is always a search
    and never waits for a cron. Clocks set by law are neither frozen nor extended.
    Access: whoever reads the case; only the engine writes.
    """

    _name = "complaint.clock"
    _description = "Clock of a Case"
    _inherit = ["followup.guarded.mixin"]
    _order = "deadline, id"
    _rec_name = "kind"

    case_id = fields.Many2one(
        "complaint.case", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    policy_id = fields.Many2one(
        "complaint.sla.policy", index="btree_not_null", ondelete="set null"
    )
    kind = fields.Selection(CLOCK_KINDS, string="Clock", required=True)
    stop_event = fields.Selection(EVENTS, string="Until", required=True)
    is_legal = fields.Boolean(string="Set by Law")
    may_freeze = fields.Boolean(string="May Be Frozen")
    warning_share = fields.Integer(string="Warns after (%)")
    amount = fields.Integer(string="Within")
    unit = fields.Selection(UNITS)
    started_at = fields.Datetime(string="Started", required=True)
    # what the deadline is reckoned from: the start, or the end of a freeze
    running_since = fields.Datetime(required=True)
    remaining = fields.Float(string="Left from Then")
    deadline = fields.Datetime(required=True)
    warn_at = fields.Datetime(string="Amber from")
    frozen_since = fields.Datetime()
    frozen_until = fields.Datetime(string="Frozen until at the Latest")
    stopped_at = fields.Datetime(string="Done on")
    breached = fields.Boolean(string="Was Late", help="Stopped after its deadline.")
    extended = fields.Boolean()
    escalate_at = fields.Datetime(string="Next Escalation")
    taken_step_ids = fields.Many2many("complaint.sla.step", string="Escalations Made")
    colour = fields.Selection(
        [
            ("done", "Done"),
            ("late_done", "Done Late"),
            ("frozen", "Frozen"),
            ("red", "Late"),
            ("amber", "Soon Due"),
            ("green", "In Time"),
        ],
        string="Light",
        compute="_compute_colour",
    )
    explanation = fields.Char(string="Why Then", compute="_compute_explanation")

    _guarded_fields = frozenset(
        {"case_id", "policy_id", "kind", "stop_event", "is_legal", "may_freeze"}
        | {"warning_share", "amount", "unit", "started_at", "running_since"}
        | {"remaining", "deadline", "warn_at", "frozen_since", "frozen_until"}
        | {"stopped_at", "breached", "extended", "escalate_at", "taken_step_ids"}
    )

    # one running clock of a kind: starting twice changes nothing
    _running_uniq = models.UniqueIndex(
        "(case_id, kind, is_legal) WHERE stopped_at IS NULL",
        "This clock is running already.",
    )
    _escalate_idx = models.Index("(escalate_at) WHERE escalate_at IS NOT NULL")
    _deadline_idx = models.Index("(company_id, deadline) WHERE stopped_at IS NULL")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("deadline", "warn_at", "stopped_at", "breached", "frozen_until")
    def _compute_colour(self):
        now = fields.Datetime.now()
        for clock in self:
            clock.colour = clock._get_colour(now)

    def _get_colour(self, now):
        if self.stopped_at:
            return "late_done" if self.breached else "done"
        if self._is_frozen(now):
            return "frozen"
        if self.deadline < now:
            return "red"
        return "amber" if self.warn_at and self.warn_at <= now else "green"

    def _get_light(self, now, labels):
        """Return what the strip of a case shows of this clock."""
        return {
            "id": self.id,
            "label": labels[self.kind],
            "colour": self._get_colour(now),
            "deadline": fields.Datetime.to_string(self.deadline),
            "stopped": fields.Datetime.to_string(self.stopped_at) or False,
            "legal": self.is_legal,
            "extended": self.extended,
        }

    def _is_frozen(self, now):
        return bool(self.frozen_until and self.frozen_until > now)

    @api.depends("running_since", "remaining", "unit", "extended", "frozen_until")
    @api.depends_context("lang")
    def _compute_explanation(self):
        clock_words = self.env["followup.clock"]
        for clock in self:
            if not clock.unit:
                clock.explanation = self.env._("Set by the authority.")
                continue
            if clock.extended:
                clock.explanation = self.env._("Extended; the complainant was told.")
                continue
            start = clock.frozen_until or clock.running_since
            clock.explanation = clock_words._explain_deadline(
                clock.company_id, start, clock._get_amount(), clock.unit
            )

    # ------------------------------------------------------------
    # ENGINE
    # ------------------------------------------------------------

    def _get_amount(self):
        """Return what is left as the clock of the hospital wants it."""
        whole = self.unit in clocks.DAY_UNITS
        return int(self.remaining) if whole else self.remaining

    @api.model
    def _prepare(self, case, policy, start):
        """Return the values of a clock that starts now for a case."""
        deadline = policy._end(case.company_id, start, policy.amount, policy.unit)
        warn_at = clocks.warn_at(start, deadline, policy.warning_share)
        rungs = [step._get_moment(warn_at, deadline) for step in policy.step_ids]
        return {
            "case_id": case.id,
            "policy_id": policy.id,
            "kind": policy.clock_kind,
            "stop_event": policy.stop_event,
            "is_legal": policy.is_legal,
            "may_freeze": policy.may_freeze and not policy.is_legal,
            "warning_share": policy.warning_share,
            "amount": policy.amount,
            "unit": policy.unit,
            "started_at": start,
            "running_since": start,
            "remaining": policy.amount,
            "deadline": deadline,
            "warn_at": warn_at,
            "escalate_at": min(filter(None, rungs), default=False),
        }

    def _stop(self, at):
        """Stop running clocks; a late one stays marked as late."""
        for clock in self:
            clock.write(
                {
                    "stopped_at": at,
                    "breached": clock.deadline < at,
                    "frozen_since": False,
                    "frozen_until": False,
                    "escalate_at": False,
                }
            )

    def _freeze(self, now, until):
        """Keep what is left; the deadline counts from `until` for now."""
        for clock in self:
            calendar = self.env["followup.clock"]._for_company(clock.company_id)
            rest = clocks.left(
                calendar, clock.running_since, now, clock.remaining, clock.unit
            )
            clock.write({"remaining": rest, "frozen_since": now, "frozen_until": until})
            clock._reckon(until)

    def _thaw(self, now):
        """Take note that a freeze reached its end by itself."""
        for clock in self:
            if clock.frozen_until and clock.frozen_until <= now:
                clock.write(
                    {
                        "running_since": clock.frozen_until,
                        "frozen_since": False,
                        "frozen_until": False,
                    }
                )

    def _resume(self, now):
        """Run on with what was left."""
        for clock in self:
            clock.write(
                {"running_since": now, "frozen_since": False, "frozen_until": False}
            )
            clock._reckon(now)

    def _reckon(self, start):
        """Set deadline, warning and next escalation from `start`."""
        deadline = self.env["complaint.sla.policy"]._end(
            self.company_id, start, self._get_amount(), self.unit
        )
        self._move(start, deadline)

    def _move(self, start, deadline):
        warn_at = clocks.warn_at(start, deadline, self.warning_share)
        self.write({"deadline": deadline, "warn_at": warn_at})
        self._refresh_ladder()

    # ------------------------------------------------------------
    # LADDER
    # ------------------------------------------------------------

    def _get_rungs(self):
        """Return [(moment, step)] still to come, the next one first."""
        rungs = [
            (moment, step)
            for step in self.policy_id.step_ids - self.taken_step_ids
            if (moment := step._get_moment(self.warn_at, self.deadline))
        ]
        return sorted(rungs, key=lambda rung: (rung[0], rung[1].sequence, rung[1].id))

    def _refresh_ladder(self):
        for clock in self:
            rungs = not clock.stopped_at and clock._get_rungs()
            clock.escalate_at = rungs[0][0] if rungs else False

    def _escalate_each(self):
        """Take the rungs; a clock that cannot climb waits an hour, and stops none."""
        later = fields.Datetime.now() + RETRY_AFTER
        one_by_one.attempt(
            self,
            lambda rows: rows._escalate(),
            lambda row: row.write({"escalate_at": later}),
        )

    def _escalate(self):
        """Take every rung whose time has come, then wait for the next."""
        now = fields.Datetime.now()
        reached = []
        taken = defaultdict(self.browse)
        for clock in self:
            due = [step for moment, step in clock._get_rungs() if moment <= now]
            reached += [(clock, step._get_users(clock.case_id)) for step in due]
            taken[tuple(step.id for step in due)] += clock
        for step_ids, clocks_at in taken.items():
            clocks_at.write({"taken_step_ids": [(4, id_) for id_ in step_ids]})
        self._refresh_ladder()
        self.case_id._tell_late(reached)

    @api.model
    def _cron_escalate(self):
        """Climb what is due in small batches; workers share it, a kill loses none."""
        domain = [("escalate_at", "<=", fields.Datetime.now())]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        while due := self._lock_due(domain):
            due._guarded()._escalate_each()
            if not cron._commit_progress(len(due)):
                break

    @api.model
    def _lock_due(self, domain):
        """Return some due clocks that no other worker has just now."""
        due = self.search(domain, order="escalate_at, id", limit=BATCH * 5)
        return due.try_lock_for_update(allow_referencing=True, limit=BATCH)
