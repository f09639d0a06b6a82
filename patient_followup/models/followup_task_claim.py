# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who calls: one caller per task, and who may be it (I-4, A-11)."""

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from ..tools import attempts as policy
from ..tools.checked import checked
from .followup_task import OPEN_STATES
from .followup_task_schedule import RINGING
from .followup_team_member import TITLE_RANKS

CANDIDATES = 20
MAX_ROUNDS = 10
# Promises whose time has come, then what is late, then the rest; in each the
# urgent first, and what is due first.
CLAIM_ORDER = """
    CASE WHEN {t}.callback_at IS NOT NULL THEN 0
         WHEN {t}.date_due < %(now)s THEN 1 ELSE 2 END,
    {t}.priority DESC, {t}.date_due, {t}.id
""".format(t="followup_task")


class FollowupTask(models.Model):
    _inherit = "followup.task"

    can_take_over = fields.Boolean(compute="_compute_can_take_over")

    @api.depends("state", "claimed_by_id", "claimed_until")
    @api.depends_context("uid")
    def _compute_can_take_over(self):
        open_tasks = self.filtered(lambda task: task.state in OPEN_STATES)
        others = open_tasks._find_other_claims()
        for task in self:
            task.can_take_over = (
                task in open_tasks
                and task.patient_id.id in others
                and task._get_holder() != self.env.user
                and task._is_supervisor()
            )

    # ------------------------------------------------------------
    # NEXT TASK
    # ------------------------------------------------------------

    @api.model
    @checked
    def claim_next(self, domain=None):
        """Take the best next task for the user, or return an empty recordset.

        Two callers never get the same one: who comes second skips what is
        locked (I-4). What turns out to be barred for the moment (daily limit,
        gap after a call to the same patient) is put off and the next one taken.
        """
        self.browse().check_access("write")
        wanted = self._next_domain() & Domain(domain or Domain.TRUE)
        titles = None
        for _round in range(MAX_ROUNDS):
            candidates = self._search_candidates(wanted)
            if not candidates:
                break
            if titles is None and any(map(self._asks_title, candidates)):
                # only now, as ranks take some queries
                titles = self._get_title_domain()
                wanted &= titles
                candidates = candidates.filtered_domain(titles)
            allowed = candidates._split_barred()
            if task := allowed._lock_first():
                task._set_claim()
                return task
            wanted &= Domain("id", "not in", candidates.ids)
        return self.browse()

    @api.model
    def _next_domain(self):
        """What the user may be handed just now, his rights left aside."""
        domain = self._claimable_domain() & self._open_policies_domain()
        if not self.env.su:
            domain &= self._offered_domain()
        return domain

    @api.model
    def _offered_domain(self):
        """His own work, that of people he stands in for, and his pool."""
        principals = self._get_principals()
        return self._mine_domain() | Domain("user_id", "in", principals.ids)

    @api.model
    def _open_policies_domain(self):
        """Leave out what no policy lets ring at this hour; promises are kept."""
        now = fields.Datetime.now()
        policies = self.env["followup.attempt.policy"]
        closed = Domain.FALSE
        for company in self.env.companies:
            calendar = self.env["followup.clock"]._for_company(company)
            used = [False, *policies._list_ids(company.id)]
            shut = [
                policy_id
                for policy_id in used
                if not policy.is_open(
                    policies._rules_for(company, policy_id), calendar, now
                )
            ]
            if shut:
                closed |= Domain("company_id", "=", company.id) & Domain(
                    "attempt_policy_id", "in", shut
                )
        if closed.is_false():
            return Domain.TRUE
        rings = Domain("method", "in", RINGING) & Domain("callback_at", "=", False)
        return ~(closed & rings)

    @api.model
    def _search_candidates(self, domain):
        """Return the best tasks the user may read and write, best first."""
        now = fields.Datetime.now()
        if not self.env.su:
            domain &= self.env["ir.rule"]._compute_domain(self._name, "write")
        query = self._search(domain)
        query.add_where(self._other_claim_sql(now))
        query.order = SQL(CLAIM_ORDER, now=now)
        query.limit = CANDIDATES
        return self.browse(id_ for [id_] in self.env.execute_query(query.select()))

    def _split_barred(self):
        """Return the tasks that may be called now; put the others off."""
        now = fields.Datetime.now()
        # sudo: the patient's calls and consent count over all departments
        tasks = self.sudo()
        loads = tasks._get_loads()
        allowed = tasks.filtered(
            lambda task: (
                task.patient_id._is_contactable()
                and task._get_next_call(loads.get(task.patient_id.id))[0] <= now
            )
        )
        (tasks - allowed)._put_off()
        return self.browse(allowed.ids)

    def _put_off(self):
        """Refresh what is free; another caller may be doing the same."""
        try:
            with self.env.cr.savepoint():
                self.try_lock_for_update()._refresh_next_at()
        except psycopg2.errors.SerializationFailure:
            self.invalidate_recordset(["next_at", "next_band_id"], flush=False)

    # ------------------------------------------------------------
    # CLAIM AND RELEASE
    # ------------------------------------------------------------

    def action_claim(self):
        """Take this task; the error names who has it or the patient (I-4)."""
        self.ensure_one()
        self._check_caller()
        self._check_contactable()
        self._check_time()
        self._check_patient_free()
        self._lock_patient()
        self._set_claim()

    def action_release(self):
        """Give the task back; it stands where it stood before the call."""
        # the caller's write right is checked by the method below
        self._check_caller()
        for task in self.filtered(lambda task: task.state == "in_progress"):
            # sudo: rights were checked above; claims are guarded fields
            task.sudo()._guarded().write(
                {"state": task._get_resting_state(), **task._prepare_unclaim()}
            )

    @checked
    def action_take_over(self, reason):
        """Take a task out of another caller's hands; it is logged (I-4).

        Also calls a patient whom a colleague has in hand for another task; that
        task stays with him.
        """
        self.ensure_one()
        reason = self._check_reason(reason)[1]
        self._check_caller()
        holder = self._get_holder() or self._get_patient_holder()
        if not holder or holder == self.env.user:
            return self.action_claim()
        if not self._is_supervisor():
            raise AccessError(
                self.env._("Only the head or the centre manager takes calls over.")
            )
        self._check_contactable()
        self.env["followup.access.log"]._log("takeover", self, reason=reason)
        return self._set_claim()

    @checked
    def action_snooze(self, until):
        """Put a call off until a moment before its latest date."""
        self._check_caller()
        moment = self._parse_moment(until)
        if not moment or moment <= fields.Datetime.now():
            raise UserError(self.env._("Choose a time still to come."))
        if any(task.date_deadline and task.date_deadline < moment for task in self):
            raise UserError(self.env._("This is after the latest date of the call."))
        # sudo: rights were checked above; these are guarded fields
        tasks = self.sudo()._guarded()
        tasks.write(
            {
                "state": "waiting",
                "snoozed_until": moment,
                "callback_at": False,
                **self._prepare_unclaim(),
            }
        )
        tasks._refresh_next_at()

    def _set_claim(self):
        """Write the claim; the caller has checked the rights and locked the row."""
        # sudo: claims are guarded fields, rights were checked by the caller
        self.sudo()._guarded().write({"state": "in_progress", **self._prepare_claim()})

    def _prepare_claim(self):
        until = fields.Datetime.now() + self._get_settings().claim
        return {"claimed_by_id": self.env.uid, "claimed_until": until}

    @api.model
    def _prepare_unclaim(self):
        return {"claimed_by_id": False, "claimed_until": False}

    def _get_holder(self):
        """Return who holds an unexpired claim, if anybody."""
        self.ensure_one()
        until = self.claimed_until
        if self.state == "in_progress" and until and until > fields.Datetime.now():
            return self.claimed_by_id
        return self.env["res.users"]

    def _get_resting_state(self):
        """Return the state of the task when nobody is on the phone."""
        self.ensure_one()
        if self.callback_at or self.snoozed_until or self.attempt_count:
            return "waiting"
        now = fields.Datetime.now()
        return "planned" if (self.date_earliest or now) > now else "ready"

    # ------------------------------------------------------------
    # MAY HE
    # ------------------------------------------------------------

    def _check_caller(self):
        """Raise unless the user may act on all these tasks, and say why."""
        self.check_access("write")
        reasons = [reason for task in self if (reason := task._get_refusal())]
        if reasons:
            raise UserError("\n".join(reasons))

    def _get_refusal(self):
        """Return why the user may not act on this task, or False.

        Whoever holds it, the assigned person, his deputy and, for a task of the
        pool, everybody of the team may; heads and managers stand above.
        """
        self.ensure_one()
        if self.state not in OPEN_STATES:
            return self.env._("This task is closed.")
        if self.env.su:
            return False
        if refusal := self._get_role_refusal(self.env.user):
            return refusal
        if self._is_supervisor():
            return False
        holder = self._get_holder()
        if holder:
            return holder != self.env.user and self._held_sentence(holder)
        owner = self.user_id
        if owner and owner != self.env.user and owner not in self._get_principals():
            return self.env._(
                "This call is assigned to %(name)s.",
                # sudo: the name of a colleague of another hospital
                name=owner.sudo().name,
            )
        return False

    def _held_sentence(self, holder):
        return self.env._(
            "%(name)s is on this call until %(time)s.",
            # sudo: the name of a colleague of another hospital
            name=holder.sudo().name,
            time=format_datetime(self.env, self.claimed_until, dt_format="HH:mm"),
        )

    def _get_role_refusal(self, user):
        """Return why this user's role or title does not do for the task."""
        self.ensure_one()
        team = self.env["followup.team"]
        centre = "patient_followup.followup_group_centre_caller"
        if self.level == "2" and not user.has_group(centre):
            return self.env._("Level 2 calls are made by the follow-up centre.")
        needed = TITLE_RANKS.get(self.min_title or "none", 0)
        if needed and team._title_rank(user) < needed:
            label = dict(self._fields["min_title"]._description_selection(self.env))
            return self.env._(
                "This call needs at least the title %(title)s.",
                title=label[self.min_title],
            )
        return False

    def _is_supervisor(self):
        """Whether the user is head of the ward or manager of the centre."""
        self.ensure_one()
        user = self.env.user
        if user.has_group("patient_followup.followup_group_centre_manager"):
            return True
        return (
            self.level == "1"
            and user.has_group("patient_followup.followup_group_department_head")
            and self.department_id in user.followup_department_ids
        )

    @api.model
    def _asks_title(self, task):
        return bool(TITLE_RANKS.get(task.min_title))

    @api.model
    def _get_title_domain(self):
        """Tasks for which the title of the user is high enough (A-11)."""
        if self.env.su:
            return Domain.TRUE
        rank = self.env["followup.team"]._title_rank(self.env.user)
        titles = [title for title, needed in TITLE_RANKS.items() if needed <= rank]
        return Domain("min_title", "in", [*titles, False])

    @api.model
    def _get_principals(self):
        """Return the absent people whose deputy the user is today."""
        # sudo: every deputy may know for whom he stands in
        rows = self.env["followup.delegation"].sudo()
        rows = rows.search([("deputy_id", "=", self.env.uid)])
        if rows:
            rows = rows.filtered_domain(rows._active_domain())
        return rows.user_id.sudo(False)

    def _check_contactable(self):
        """Death and withdrawal stop every call at once (I-12)."""
        # sudo: consent is asked for whoever calls
        if self.sudo().patient_id.filtered(
            lambda patient: not patient._is_contactable()
        ):
            raise UserError(self.env._("This patient must not be contacted any more."))
        if self.filtered("on_hold"):
            raise UserError(
                self.env._("The patient is in hospital again: no call until discharge.")
            )

    def _check_time(self):
        """Refuse a call before its time; heads and managers decide themselves."""
        self.ensure_one()
        now = fields.Datetime.now()
        if self.state == "unreachable" or self.env.su or self._is_supervisor():
            return
        if self.next_at and self.next_at > now:
            raise UserError(
                self.env._(
                    "The next call to this patient is allowed from %(time)s on.",
                    time=format_datetime(self.env, self.next_at, dt_format="short"),
                )
            )
