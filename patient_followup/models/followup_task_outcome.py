# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How a task ends, and what plans and stays do to it (I-5, P-12)."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import attempts as policy
from ..tools.checked import checked
from .followup_task import OPEN_STATES, PENDING_STATES
from .followup_task_schedule import RINGING


class FollowupTask(models.Model):
    _inherit = "followup.task"

    # ------------------------------------------------------------
    # OUTCOMES
    # ------------------------------------------------------------

    @checked
    def action_complete(self, outcome_note=None):
        """Finish the task (D-5).

        A call needs somebody who was reached; one that asks something needs the
        answers, or a record in words (see `_check_recorded`).

        :param outcome_note: how the patient is
        :raises UserError: nobody was reached, or nothing was asked or written
        """
        self.ensure_one()
        self._check_caller()
        self._check_recorded(outcome_note)
        return self._complete(outcome_note)

    def _check_recorded(self, outcome_note=None):
        """Refuse to end a call of which nothing is on record."""

    def _complete(self, outcome_note=None):
        """Finish the task; the caller, and what he recorded, were checked."""
        if self.method in RINGING and not self.reached_at:
            raise UserError(
                self.env._("Record the call in which the patient was reached first.")
            )
        now = fields.Datetime.now()
        completed_at = self._get_completed_at(now)
        calendar = self._get_rules()[1]
        vals = {
            "state": "done",
            "completed_at": completed_at,
            "completed_day": calendar.local_date(completed_at),
            "completed_by_id": self.env.uid,
            **self._prepare_closing(now),
        }
        if outcome_note is not None:
            vals["outcome_note"] = self._clean(outcome_note)
        self._close(vals)
        return True

    def _get_completed_at(self, now):
        """Return the moment that counts: the call's, unless it is written up late.

        `reached_at` is the time of the call only where it was entered soon
        enough and before the dates it should meet, so no back-dated call ever
        makes a task punctual.
        """
        if not self.reached_at:
            return now
        late_after = self._get_settings().late_entry
        return policy.effective_moment(self.reached_at, now, late_after)[0]

    @checked
    def action_refuse(self, reason):
        """The patient does not want to be followed up; the reason is kept (P-12)."""
        self._close_with_reason("refused", reason)

    @checked
    def action_cancel(self, reason):
        """Take the task out of the work, with a reason (P-12)."""
        self._close_with_reason("cancelled", reason)

    def _close_with_reason(self, state, reason):
        reason_id, text = self._check_reason(reason, state)
        self._check_caller()
        self._close(
            {
                "state": state,
                "reason_id": reason_id,
                "closing_reason": text,
                **self._prepare_closing(fields.Datetime.now()),
            }
        )

    def _prepare_closing(self, now):
        return {
            "closed_at": now,
            "closed_by_id": self.env.uid,
            "next_at": False,
            "next_band_id": False,
            "snoozed_until": False,
            "callback_at": False,
            "on_hold": False,
            **self._prepare_unclaim(),
        }

    def _close(self, vals):
        """Close the tasks and let their plans go on; rights were checked before."""
        # sudo: states are guarded fields
        self.sudo()._guarded().write(vals)
        self.plan_id._on_tasks_closed(self)

    @checked
    def action_reopen(self, reason):
        """Work on it again: an unreachable task itself, a closed one as a new task.

        What is closed stays as it is (D-4): the follow-on task carries a link.

        :return: the tasks to work on
        """
        _reason_id, text = self._check_reason(reason, "reopened")
        self.check_access("write")
        if self.filtered(lambda task: task.state in PENDING_STATES):
            raise UserError(self.env._("This task is still open."))
        self._check_contactable()
        lost = self.filtered(lambda task: task.state == "unreachable")
        for task in lost:
            task._reopen_in_place()
        return lost + (self - lost)._create_follow_on(text)

    def _reopen_in_place(self):
        # sudo: rights were checked by the caller; states are guarded fields
        task = self.sudo()._guarded()
        task.write({"state": "waiting", "reason_id": False, "closing_reason": False})
        task._refresh_next_at()

    def _create_follow_on(self, text):
        if not self:
            return self
        keys = {f"reopen:{task.id}": task for task in self}
        # sudo: the follow-on task may have gone to somebody else meanwhile
        known = self.sudo().search([("origin_key", "in", list(keys))], limit=1)
        if known:
            raise UserError(self.env._("This task was reopened before."))
        return self._create_generated(
            [task._prepare_follow_on(key, text) for key, task in keys.items()]
        )

    def _prepare_follow_on(self, key, text):
        calendar = self._get_rules()[1]
        now = fields.Datetime.now()
        last_day = calendar.add_workdays(calendar.local_date(now), 1)
        until = calendar.work_bounds(last_day)[1]
        copied = (
            "company_id",
            "step_id",
            "patient_id",
            "encounter_id",
            "department_id",
            "user_id",
            "attempt_policy_id",
        )
        plain = ("name", "level", "method", "responsible", "min_title", "priority")
        return {
            **{name: self[name].id for name in copied},
            **{name: self[name] for name in plain},
            "kind": "adhoc",
            "origin_key": key,
            "reopened_from_id": self.id,
            "assignment_note": text,
            "date_earliest": now,
            "date_due": until,
            "date_deadline": until,
        }

    # ------------------------------------------------------------
    # REASONS
    # ------------------------------------------------------------

    def _check_reason(self, reason, kind=None):
        """Return (id of the listed reason or False, its text); P-12.

        A listed reason may be given as a record, an id or its words; other words
        are kept as they are.
        """
        reasons = self.env["followup.reason"]
        if isinstance(reason, str):
            text = self._clean(reason)
            listed = self._find_reason(text, kind) if text else reasons
        else:
            reason_id = reason.id if isinstance(reason, models.BaseModel) else reason
            listed = reasons.browse(reason_id or []).exists()
            text = listed.name
        if not text:
            raise UserError(self.env._("A reason is needed."))
        if kind and listed and listed.kind != kind:
            raise UserError(
                self.env._("“%(reason)s” is not a reason for this.", reason=text)
            )
        return listed.id, text

    def _find_reason(self, text, kind):
        if not kind:
            return self.env["followup.reason"]
        return self.env["followup.reason"].search(
            [("kind", "=", kind), ("name", "=", text)], limit=1
        )

    # ------------------------------------------------------------
    # ENGINE
    # ------------------------------------------------------------

    def _filter_open(self):
        # sudo: plans and stays reach tasks the user cannot see; they checked him
        return self.sudo()._guarded().filtered(lambda task: task.state in OPEN_STATES)

    def _cancel_engine(self, reason):
        """Cancel what is open, because plan, stay or patient ended (I-12)."""
        reason_id, text = self._check_reason(reason, "cancelled")
        tasks = self._filter_open()
        tasks.write(
            {
                "state": "cancelled",
                "reason_id": reason_id,
                "closing_reason": text,
                **self._prepare_closing(fields.Datetime.now()),
            }
        )
        return tasks._unguarded().with_env(self.env)

    def _hold_engine(self, reason=None):
        """Wait: the patient is in hospital again."""
        tasks = self._filter_open()
        vals = {"state": "waiting", "on_hold": True, **self._prepare_unclaim()}
        if reason:
            vals["assignment_note"] = reason
        tasks.write(vals)

    def _resume_engine(self):
        """Go on after the new stay."""
        tasks = self._filter_open().filtered("on_hold")
        tasks.write({"on_hold": False, "assignment_note": False})
        for state, group in tasks.grouped(lambda t: t._get_resting_state()).items():
            group.write({"state": state})
        tasks._refresh_next_at()

    def _move_engine(self, moves):
        """Move open tasks to corrected dates; closed ones stay.

        :param dict moves: {task: values of date_earliest, date_due, ...}
        """
        tasks = self.browse().union(*moves)._filter_open()
        values = {task.id: vals for task, vals in moves.items()}
        for task in tasks:
            vals = dict(values[task.id])
            if vals.get("date_due") and not vals.get("due_day"):
                calendar = task._get_rules()[1]
                vals["due_day"] = calendar.local_date(vals["date_due"])
            task.write(vals)
        for task in tasks.filtered(lambda task: task.state in ("planned", "ready")):
            if (state := task._get_resting_state()) != task.state:
                task.write({"state": state})
        tasks._refresh_next_at()
