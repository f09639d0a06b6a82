# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Calls made and what follows from them (P-2, D-5)."""

from datetime import timedelta
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools import attempts as policy
from ..tools.checked import checked
from .followup_task import PENDING_STATES
from .followup_task_schedule import RINGING, Call

CLOCK_SKEW = timedelta(minutes=1)  # phones and servers differ a little
INBOUND_RESULTS = policy.REACHED | {"refused", "callback"}
# the conversation took place or was cut off: the caller still has the task
STAYS = policy.REACHED | {"refused"}


class Day(NamedTuple):
    """What else concerns the patient on the day of a call."""

    calls: list
    sibling_ids: list
    preferred: frozenset


class FollowupTask(models.Model):
    _inherit = "followup.task"

    next_contact_id = fields.Many2one(
        "followup.patient.contact",
        compute="_compute_next_contact_id",
        help="The number to try next: the main one first, wrong ones never.",
    )

    def _compute_next_contact_id(self):
        for task in self:
            contacts = task._get_usable_contacts()
            tried = task.attempt_ids.filtered(
                lambda call: call.result in policy.UNANSWERED
            ).contact_id
            fresh = contacts - tried if task.exhausted_days else contacts
            task.next_contact_id = (fresh or contacts)[:1]

    def _get_usable_contacts(self):
        """Return the numbers that may be called, the main one first."""
        return self.patient_id.contact_ids._to_try()

    # ------------------------------------------------------------
    # RECORDING
    # ------------------------------------------------------------

    @checked
    def log_attempt(
        self,
        result,
        contact_id=None,
        method="phone",
        direction="out",
        started_at=None,
        ended_at=None,
        callback_at=None,
        note=None,
    ):
        """Record one call and move the task accordingly; return the attempt (D-5).

        A call entered later keeps its own time, and the time of entry beside.
        Whoever records a call of the pool thereby takes the task.
        """
        self.ensure_one()
        self._check_caller()
        if direction == "out":
            self._check_contactable()
        self._check_choices(result, method, direction)
        times = self._prepare_times(started_at, ended_at, callback_at, result)
        contact = self._find_contact(contact_id, result)
        choices = {"result": result, "method": method, "direction": direction}
        texts = {"contact_id": contact.id, "note": self._clean(note)}
        return self._record({**times, **choices, **texts}, contact)

    def _record(self, vals, contact):
        """Write the checked call and let the task follow."""
        rules, calendar = self._get_rules()
        local = calendar.to_local(vals["started_at"])
        band = policy.find_band(rules.bands, policy.hour_of(local))
        seen = self._read_day(*calendar.day_bounds(local.date()))
        # sudo: nobody may create attempts by hand; rights were checked before
        attempts = self.env["followup.attempt"].sudo()._guarded()
        attempt = attempts.create(
            {
                **vals,
                **self._prepare_copies(),
                "band_id": band.id if band else False,
            }
        )
        self._mark_contact(contact, vals["result"])
        self._apply_attempt(attempt, seen, local.date())
        return attempt._unguarded().with_env(self.env)

    def _prepare_copies(self):
        """What an attempt keeps of its task, for rules and reports."""
        return {
            "task_id": self.id,
            "company_id": self.company_id.id,
            "department_id": self.department_id.id,
            "patient_id": self.patient_id.id,
            "level": self.level,
            "user_id": self.env.uid,
        }

    def _check_choices(self, result, method, direction):
        fields_ = self.env["followup.attempt"]._fields
        sent = {"result": result, "method": method, "direction": direction}
        for name, value in sent.items():
            if value not in dict(fields_[name].selection):
                raise ValidationError(
                    self.env._(
                        "%(value)s is not a possible %(field)s.",
                        value=value,
                        field=fields_[name]._description_string(self.env),
                    )
                )
        if direction == "in" and result not in INBOUND_RESULTS:
            raise ValidationError(
                self.env._("A patient who calls himself has been reached.")
            )

    def _find_contact(self, contact_id, result):
        """Return the number used; it must belong to the patient."""
        contacts = self.env["followup.patient.contact"]
        if isinstance(contact_id, models.BaseModel):
            contact_id = contact_id.id
        if not contact_id:
            if result == "wrong_number":
                raise UserError(self.env._("Choose the number that is wrong."))
            return contacts
        contact = contacts.search_fetch(
            [("id", "=", contact_id), ("patient_id", "=", self.patient_id.id)],
            ["validity"],
        )
        if not contact:
            raise ValidationError(self.env._("This number belongs to another patient."))
        return contact

    def _mark_contact(self, contact, result):
        """Keep what the call told about the number (E-9)."""
        validity = "valid" if result in STAYS else "wrong"
        if result not in STAYS and result != "wrong_number":
            return
        if contact and contact.validity != validity:
            # sudo: whoever may record the call may say what became of the number
            contact.sudo().write({"validity": validity})

    def _clean(self, text):
        return (text or "").replace("\x00", "").strip() or False

    # ------------------------------------------------------------
    # TIMES
    # ------------------------------------------------------------

    def _prepare_times(self, started_at, ended_at, callback_at, result):
        """Return the checked moments of a call, and whether it is entered late."""
        now = fields.Datetime.now()
        ended = self._parse_moment(ended_at)
        started = self._parse_moment(started_at) or ended or now
        self._check_moments(started, ended, now)
        is_late = policy.effective_moment(
            ended or started, now, self._get_settings().late_entry, self._get_limits()
        )[1]
        return {
            "started_at": started,
            "ended_at": ended,
            "duration": int((ended - started).total_seconds()) if ended else 0,
            "callback_at": self._check_callback(callback_at, result, now),
            "entered_at": now,
            "is_late_entry": is_late,
        }

    def _parse_moment(self, value):
        try:
            return policy.parse_moment(value)
        except ValueError as error:
            raise ValidationError(
                self.env._("This is not a date and time: %(value)s", value=value)
            ) from error

    def _check_moments(self, started, ended, now):
        if max(started, ended or started) > now + CLOCK_SKEW:
            raise ValidationError(self.env._("A call cannot lie in the future."))
        if ended and ended < started:
            raise ValidationError(self.env._("A call cannot end before it began."))
        if started < self._get_earliest_call(started):
            raise ValidationError(
                self.env._("A follow-up call cannot lie before the discharge.")
            )

    def _get_earliest_call(self, moment):
        """Return the moment before which no follow-up was possible.

        The stay is read only for a call before the task was there, as on paper.
        """
        moments = [self.create_date, self.date_earliest]
        floor = min(filter(None, moments))
        if moment >= floor:
            return floor
        # sudo: the stay of the task; only its date is compared
        return self.sudo().encounter_id.discharge_date or floor

    def _check_callback(self, callback_at, result, now):
        if result != "callback":
            return False
        moment = self._parse_moment(callback_at)
        if not moment or moment <= now:
            raise ValidationError(
                self.env._("Say when to call back: a time still to come.")
            )
        return moment

    def _get_limits(self):
        return [self.date_due, self.date_deadline]

    def _read_day(self, start, end):
        """Return the patient's calls of a day, his other pending tasks, his wish.

        One query for all: this runs with every call that is recorded.
        """
        self.env["followup.attempt"].flush_model()
        self.flush_model(["state", "patient_id", "method"])
        rows = self.env.execute_query(self._day_query(start, end))
        found = {"call": [], "task": [], "band": []}
        for kind, *row in rows:
            found[kind].append(row)
        return Day(
            calls=sorted((Call(*row) for row in found["call"]), key=lambda c: c[1]),
            sibling_ids=sorted(row[0] for row in found["task"]),
            preferred=frozenset(row[0] for row in found["band"]),
        )

    def _day_query(self, start, end):
        wish = self.env["followup.patient"]._fields["preferred_band_ids"]
        return SQL(
            """
            SELECT 'call', task_id, started_at, result, method
              FROM followup_attempt
             WHERE patient_id = %(patient)s
               AND started_at BETWEEN %(start)s AND %(end)s
               AND direction = 'out' AND result <> ALL(%(none)s)
         UNION ALL
            SELECT 'task', id, NULL, NULL, NULL
              FROM followup_task
             WHERE patient_id = %(patient)s AND id <> %(task)s
               AND state = ANY(%(pending)s) AND method = ANY(%(ringing)s)
         UNION ALL
            SELECT 'band', %(band)s, NULL, NULL, NULL
              FROM %(wishes)s WHERE %(owner)s = %(patient)s
            """,
            patient=self.patient_id.id,
            start=start,
            end=end,
            none=sorted(policy.NO_ATTEMPT),
            task=self.id,
            pending=list(PENDING_STATES),
            ringing=list(RINGING),
            wishes=SQL.identifier(wish.relation),
            owner=SQL.identifier(wish.column1),
            band=SQL.identifier(wish.column2),
        )

    # ------------------------------------------------------------
    # CONSEQUENCES
    # ------------------------------------------------------------

    def _apply_attempt(self, attempt, seen, day):
        """Move the task, and the next calls of the patient's other tasks."""
        vals = {"snoozed_until": False, "callback_at": False}
        if attempt.result != "wrong_number":
            vals["attempt_count"] = self.attempt_count + 1
        if self.state == "unreachable":
            vals.update(reason_id=False, closing_reason=False)
        if attempt.result in STAYS:
            vals.update(self._prepare_reached(attempt))
        elif attempt.result == "callback":
            vals.update(self._prepare_callback(attempt))
        elif attempt.result == "wrong_number":
            vals.update(self._prepare_wrong_number())
        else:
            vals.update(self._prepare_unanswered(attempt, seen, day))
        # sudo: engine write, rights were checked by `log_attempt`
        task = self.sudo()._guarded()
        task.write(vals)
        if attempt.result != "wrong_number" and attempt.direction == "out":
            task._after_contact(attempt, seen, day)

    def _prepare_reached(self, attempt):
        """Stay with the caller until the task is completed or refused."""
        vals = {"state": "in_progress", **self._prepare_claim()}
        if attempt.result in policy.REACHED:
            called = attempt.ended_at or attempt.started_at
            late = attempt.is_late_entry
            vals["reached_at"] = attempt.entered_at if late else called
            vals["proxy"] = attempt.result == "reached_relative"
        return vals

    def _prepare_callback(self, attempt):
        moment = attempt.callback_at
        return {
            "state": "waiting",
            "callback_at": moment,
            "snoozed_until": moment,
            "next_at": moment,
            "next_band_id": False,
            **self._prepare_unclaim(),
        }

    def _prepare_wrong_number(self):
        """Offer the next number; without one wait until the ward corrects it."""
        if self._get_usable_contacts():
            return {"state": "in_progress", **self._prepare_claim()}
        return {
            "state": "waiting",
            "next_at": self._next_workday_start(),
            **self._prepare_unclaim(),
        }

    def _next_workday_start(self):
        calendar = self._get_rules()[1]
        today = calendar.local_date(fields.Datetime.now())
        return calendar.work_bounds(calendar.add_workdays(today, 1))[0]

    def _prepare_unanswered(self, attempt, seen, day):
        """Count the try; the day, not the task, ends when the policy is met."""
        vals = {"state": "waiting", **self._prepare_unclaim()}
        if attempt.method not in RINGING or attempt.direction == "in":
            if self.method not in RINGING:
                vals["snoozed_until"] = self._next_workday_start()
            return vals
        rules, calendar = self._get_rules()
        before = [
            calendar.to_local(call.started_at)
            for call in seen.calls
            if call.task_id == self.id
            and call.method in RINGING
            and call.result in policy.UNANSWERED
        ]
        tally = policy.tally_day(
            rules, day, [*before, calendar.to_local(attempt.started_at)]
        )
        known = policy.load_tally(self.attempt_tally)
        if not known.day or known.day <= day:
            vals["attempt_tally"] = policy.dump_tally(tally)
        earlier = policy.tally_day(rules, day, before)
        if policy.is_complete(rules, tally) > policy.is_complete(rules, earlier):
            vals["exhausted_days"] = self.exhausted_days + 1
        return vals

    def _after_contact(self, attempt, seen, day):
        """Set the next call of this task and of the patient's others."""
        calls = [*seen.calls, Call.of(attempt)] if self._is_today(day) else []
        load = self._make_load(calls, seen.preferred)
        if attempt.result in policy.UNANSWERED:
            self._set_next_call(load)
        if seen.sibling_ids and self._must_rest(load):
            self.browse(seen.sibling_ids)._hold_back(load)

    def _is_today(self, day):
        calendar = self._get_rules()[1]
        return calendar.local_date(fields.Datetime.now()) == day

    def _set_next_call(self, load):
        moment, band_id = self._get_next_call(load)
        if self._is_given_up(moment):
            self._set_unreachable()
        else:
            self.write({"next_at": moment, "next_band_id": band_id})

    def _is_given_up(self, moment):
        """Whether a completed day was the last one (design: until its latest date)."""
        rules = self._get_rules()[0]
        tally = policy.load_tally(self.attempt_tally)
        if not self.exhausted_days or not policy.is_complete(rules, tally):
            return False
        if rules.after_day == "unreachable":
            return True
        if rules.max_days and self.exhausted_days >= rules.max_days:
            return True
        return bool(self.date_deadline) and moment > self.date_deadline

    def _must_rest(self, load):
        limit = self._get_rules()[0].daily_limit
        return load.last_unanswered or (limit and load.count >= limit)

    def _hold_back(self, load):
        """Keep the patient's other calls back as long as his peace asks for it."""
        for task in self:
            moment, band_id = task._get_next_call(load)
            if task.next_at and task.next_at < moment:
                task.write({"next_at": moment, "next_band_id": band_id})
