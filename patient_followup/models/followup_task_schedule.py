# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When a task may be called next, and why (P-2, D-10)."""

from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import attempts as policy
from .followup_task import PENDING_STATES

# bands and gaps are rules for ringing; the other ways are ready at once
RINGING = ("phone",)
FLIP_BATCH = 1000
DONE_DOT, OPEN_DOT = "●", "○"


class Load(NamedTuple):
    """Outgoing contacts of one patient today, over all his plans, and his wish."""

    count: int = 0
    last_unanswered: object = None
    preferred: frozenset = frozenset()


class Call(NamedTuple):
    """What the rules need to know of one outgoing call."""

    task_id: int
    started_at: object
    result: str
    method: str

    @classmethod
    def of(cls, attempt):
        return cls(
            attempt.task_id.id, attempt.started_at, attempt.result, attempt.method
        )


class FollowupTask(models.Model):
    _inherit = "followup.task"

    is_claimable = fields.Boolean(
        compute="_compute_is_claimable", search="_search_is_claimable"
    )
    attempt_state = fields.Selection(
        [
            ("none", "Not Called Today"),
            ("open", "Calls Left Today"),
            ("same_band", "Same Time of Day"),
            ("too_close", "Too Close Together"),
            ("complete", "Completed Today"),
        ],
        compute="_compute_attempts",
        help="Where today's calls stand against the attempt policy.",
    )
    attempt_dots = fields.Char(compute="_compute_attempts", string="Bands Tried")
    attempt_explanation = fields.Char(compute="_compute_attempts")

    # ------------------------------------------------------------
    # COMPUTE / SEARCH
    # ------------------------------------------------------------

    @api.depends("state", "next_at", "claimed_until", "on_hold")
    def _compute_is_claimable(self):
        claimable = self.filtered_domain(self._claimable_domain())
        claimable.is_claimable = True
        (self - claimable).is_claimable = False

    def _search_is_claimable(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._claimable_domain()

    @api.model
    def _claimable_domain(self):
        """Tasks that may be taken now, whoever asks (D-10)."""
        now = fields.Datetime.now()
        expired = Domain("state", "=", "in_progress") & (
            Domain("claimed_until", "=", False) | Domain("claimed_until", "<=", now)
        )
        waiting = Domain("state", "in", ("planned", "ready", "waiting"))
        return (
            Domain("state", "in", PENDING_STATES)
            & Domain("next_at", "<=", now)
            & Domain("on_hold", "!=", True)
            & (waiting | expired)
        )

    @api.depends("attempt_tally", "attempt_policy_id", "next_at")
    def _compute_attempts(self):
        now = fields.Datetime.now()
        for task in self:
            rules, calendar = task._get_rules()
            tally = policy.load_tally(task.attempt_tally)
            if tally.day != calendar.local_date(now):
                tally = policy.NO_TALLY
            task.attempt_state = policy.judge(rules, tally)
            task.attempt_dots = "".join(
                DONE_DOT if band.id in tally.bands else OPEN_DOT for band in rules.bands
            )
            task.attempt_explanation = task._explain_attempts(rules, tally)

    def _explain_attempts(self, rules, tally):
        """Say in one sentence why today's calls do or do not suffice."""
        bands = self.env["followup.time.band"].browse(band.id for band in rules.bands)
        tried = bands.filtered(lambda band: band.id in tally.bands)
        values = {
            "count": tally.total,
            "needed": policy.needed_bands(rules),
            "bands": ", ".join(tried.mapped("name")),
            "left": ", ".join((bands - tried).mapped("name")),
            "minutes": int(rules.gap.total_seconds() // 60),
        }
        return self._attempt_sentence(policy.judge(rules, tally), values)

    def _attempt_sentence(self, code, values):
        if code == "none":
            return False
        if code == "complete":
            return self.env._(
                "%(count)s calls without an answer: this day is complete.", **values
            )
        if code == "too_close" and not values["left"]:
            return self.env._(
                "Calls less than %(minutes)s minutes apart count once.", **values
            )
        if code == "too_close":
            return self.env._(
                "Calls less than %(minutes)s minutes apart count once."
                " Still to try: %(left)s.",
                **values,
            )
        if code == "same_band":
            return self.env._(
                "%(count)s calls, but only in %(bands)s: %(needed)s different times"
                " of the day are needed. Still to try: %(left)s.",
                **values,
            )
        if not values["left"]:
            return self.env._("%(count)s calls without an answer.", **values)
        return self.env._(
            "%(count)s calls without an answer. Still to try: %(left)s.", **values
        )

    # ------------------------------------------------------------
    # NEXT CALL
    # ------------------------------------------------------------

    def _get_rules(self):
        """Return the attempt rules and the calendar of the task, both cached."""
        rules = self.env["followup.attempt.policy"]._rules_for(
            self.company_id, self.attempt_policy_id.id
        )
        return rules, self.env["followup.clock"]._for_company(self.company_id)

    def _get_settings(self):
        return self.company_id._followup_call_settings(self.company_id.id)

    @api.model
    def _schedule_vals(self, vals_list):
        """Fill next call, state and local day of new tasks, without queries."""
        now = fields.Datetime.now()
        companies = self.env["res.company"]
        openings = {}
        for vals in vals_list:
            company = companies.browse(vals["company_id"])
            calendar = self.env["followup.clock"]._for_company(company)
            floors = (vals.get("date_earliest") or now, vals.get("level_gate_at"))
            earliest = max(filter(None, floors))
            if vals.get("date_due") and not vals.get("due_day"):
                vals["due_day"] = calendar.local_date(vals["date_due"])
            vals.setdefault("state", "ready" if earliest <= now else "planned")
            if vals.get("method", "phone") not in RINGING:
                vals.setdefault("next_at", earliest)
                continue
            key = (company.id, vals.get("attempt_policy_id"), earliest)
            if key not in openings:
                rules = self.env["followup.attempt.policy"]._rules_for(
                    company, vals.get("attempt_policy_id")
                )
                openings[key] = policy.next_opening(rules, calendar, earliest)
            moment, band_id = openings[key]
            vals.setdefault("next_at", moment)
            vals.setdefault("next_band_id", band_id)

    def _get_next_call(self, load=None):
        """Return the earliest permitted moment of the next call, and its band.

        A promised call-back stands above bands, quiet hours and limits: the
        patient asked for it.
        """
        self.ensure_one()
        if self.callback_at:
            return self.callback_at, False
        floors = [self.date_earliest, self.level_gate_at, self.snoozed_until]
        rules, calendar = self._get_rules()
        if self.method not in RINGING:
            return max(filter(None, floors), default=fields.Datetime.now()), False
        if load and load.last_unanswered:
            floors.append(load.last_unanswered + rules.gap)
        if load and rules.daily_limit and load.count >= rules.daily_limit:
            today = calendar.local_date(fields.Datetime.now())
            floors.append(calendar.day_bounds(today + timedelta(days=1))[0])
        start = max(filter(None, floors), default=fields.Datetime.now())
        tally = policy.load_tally(self.attempt_tally)
        preferred = load.preferred if load else frozenset()
        return policy.next_opening(
            rules, calendar, start, tally, self.date_deadline, preferred
        )

    def _refresh_next_at(self):
        """Recompute the next call of these tasks, where it is still to come.

        Called when calls, promises, consent, holds, numbers or policies change.
        """
        # sudo: the tasks of a patient may belong to departments the user cannot see
        pending = self.sudo().filtered(lambda task: task.state in PENDING_STATES)
        loads = pending._get_loads()
        moments = defaultdict(pending.browse)
        for task in pending:
            moments[task._get_next_call(loads.get(task.patient_id.id))] += task
        for (moment, band_id), tasks in moments.items():
            changed = tasks.filtered(lambda task, moment=moment: task.next_at != moment)
            changed._guarded().write({"next_at": moment, "next_band_id": band_id})

    def _get_loads(self):
        """Return {patient id: Load} of today, two queries for all patients."""
        # sudo: the wish of the patient counts for every caller
        patients = self.sudo().patient_id
        loads = {
            patient.id: Load(preferred=frozenset(patient.preferred_band_ids.ids))
            for patient in patients
        }
        for company, tasks in self.grouped("company_id").items():
            calendar = self.env["followup.clock"]._for_company(company)
            day = calendar.day_bounds(calendar.local_date(fields.Datetime.now()))
            calls = self._search_calls(tasks.patient_id, *day)
            for patient, rows in calls.grouped("patient_id").items():
                loads[patient.id] = self._make_load(
                    [Call.of(row) for row in rows], loads[patient.id].preferred
                )
        return loads

    @api.model
    def _make_load(self, calls, preferred=frozenset()):
        unanswered = [
            call.started_at for call in calls if call.result in policy.UNANSWERED
        ]
        return Load(len(calls), max(unanswered, default=None), preferred)

    @api.model
    def _search_calls(self, patients, start, end):
        """Return the outgoing calls to these patients, wrong numbers left out."""
        # sudo: the limits count the calls of every department
        attempts = self.env["followup.attempt"].sudo()
        return attempts.search_fetch(
            Domain("patient_id", "in", patients.ids)
            & Domain("started_at", ">=", start)
            & Domain("started_at", "<=", end)
            & Domain("direction", "=", "out")
            & Domain("result", "not in", sorted(policy.NO_ATTEMPT)),
            ["patient_id", "task_id", "started_at", "result", "method"],
        )

    @api.model
    def _policy_domain(self, policies):
        """Pending tasks that a change of these policies moves."""
        # sudo: settings of every hospital that uses the policy
        default = (
            self.env["res.company"]
            .sudo()
            .search([("followup_default_policy_id", "in", [False, *policies.ids])])
        )
        return Domain("state", "in", PENDING_STATES) & (
            Domain("attempt_policy_id", "in", policies.ids)
            | Domain("attempt_policy_id", "=", False)
            & Domain("company_id", "in", default.ids)
        )

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _cron_flip_ready(self):
        """Show what has come due as ready; claiming does not wait for it (D-10)."""
        now = fields.Datetime.now()
        due = (
            Domain("state", "=", "planned")
            & Domain("date_earliest", "<=", now)
            & (Domain("level_gate_at", "=", False) | Domain("level_gate_at", "<=", now))
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(due))
        while tasks := self.search(due, limit=FLIP_BATCH).try_lock_for_update():
            tasks._guarded().write({"state": "ready"})
            if not cron._commit_progress(len(tasks)):
                break
