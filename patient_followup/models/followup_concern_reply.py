# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the answer back to the patient: a call on the same board (P-7, X-1, O-2)."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.i18n import format_list

from ..tools import attempts as policy
from ..tools.checked import checked
from .followup_concern import FEEDBACK_KINDS
from .followup_task import OPEN_STATES

REPLY_KINDS = ("question", *FEEDBACK_KINDS)


class FollowupConcern(models.Model):
    _inherit = "followup.concern"

    wants_reply = fields.Boolean(
        readonly=True, copy=False, help="The patient waits for an answer."
    )
    telling_task_id = fields.Many2one(
        "followup.task",
        string="Call to Tell",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The call that gives the answer to the patient.",
    )
    told_attempt_id = fields.Many2one(
        "followup.attempt",
        string="Told in",
        readonly=True,
        copy=False,
        help="The call in which the patient heard the answer.",
    )
    told_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    closing_reason = fields.Char(readonly=True, copy=False)
    reply_blocked = fields.Boolean(
        string="No Contact", related="patient_id.contact_blocked"
    )
    telling_is_open = fields.Boolean(compute="_compute_telling_is_open")

    @api.depends("telling_task_id.state")
    def _compute_telling_is_open(self):
        for concern in self:
            concern.telling_is_open = concern._is_telling_open()

    # ------------------------------------------------------------
    # ANSWER
    # ------------------------------------------------------------

    @checked
    def action_answer(self, answer=None):
        """Record the answer, or what was done; it becomes a call to the patient.

        :param answer: words; without them those of the form count
        :raises AccessError: by anybody it was not brought to
        """
        self.ensure_one()
        self._check_receiver()
        answer = self._clean(answer) or self._clean(self.answer)
        if not answer:
            raise UserError(self.env._("Say what was done."))
        if self.state not in ("new", "assigned", "answered"):
            raise UserError(self.env._("%(name)s is closed.", name=self.name))
        now = fields.Datetime.now()
        vals = {"state": "answered", "answer": answer, "answered_at": now}
        if not self.acknowledged_by_id:
            vals.update(acknowledged_by_id=self.env.uid, acknowledged_at=now)
        self._set(**vals)
        self._end_activities()
        self._refresh_ladder()
        self._plan_telling()

    def _plan_telling(self):
        """Put the call that tells the answer on the board, once."""
        for concern in self:
            if not concern.wants_reply or concern._is_telling_open():
                continue
            if not concern.patient_id.sudo()._is_contactable():
                # sudo: whether calls stopped, for a specialist of another ward
                continue
            # sudo: a specialist may not make tasks; he was let answer before
            tasks = self.env["followup.task"].sudo()
            task = tasks._create_generated([concern._prepare_telling()])
            # sudo: the link is a guarded field
            concern.sudo()._guarded().telling_task_id = task.id

    def _is_telling_open(self):
        # sudo: the call belongs to the ward, the answer may come from elsewhere
        return self.sudo().telling_task_id.state in OPEN_STATES

    def _action_notify_raised(self):
        """Say to whom it went, after a dialog closed."""
        self.ensure_one()
        # sudo: names of colleagues may be hidden from callers
        names = format_list(self.env, self.alerted_user_ids.sudo().mapped("name"))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.name,
                "message": self.env._("Brought to %(names)s.", names=names),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_plan_telling(self):
        """Plan the call anew, where the first one ended without the patient."""
        for concern in self:
            concern.check_access("write")
            if concern.state != "answered" or not concern.wants_reply:
                raise UserError(
                    self.env._("%(name)s has nothing to tell.", name=concern.name)
                )
            if not concern.patient_id.sudo()._is_contactable():
                # sudo: whether calls stopped, nothing else
                raise UserError(self.env._("This patient must not be contacted."))
            concern._plan_telling()

    def _prepare_telling(self):
        """Return the task; a promised hour is kept like a call-back (D-10)."""
        # sudo: the call of another ward decides who rings the patient
        origin = self.sudo().task_id
        now = fields.Datetime.now()
        due = max(self.promised_at or self.deadline or now, now)
        vals = {
            "company_id": self.company_id.id,
            "kind": "event",
            "origin_key": self._next_telling_key(),
            "name": self._get_telling_name(),
            "patient_id": self.patient_id.id,
            "encounter_id": self.encounter_id.id,
            "department_id": self.origin_department_id.id,
            "level": self.level or "1",
            "method": "phone",
            "priority": "1",
            "user_id": self._get_teller(origin).id,
            "date_earliest": now,
            "date_due": due,
            "date_deadline": self._get_telling_end(due),
        }
        if self.promised_at:
            vals.update(callback_at=self.promised_at, next_at=due, next_band_id=False)
        return vals

    def _get_telling_name(self):
        """Tasks are named in the language of their hospital, as from protocols."""
        # sudo: whoever answers may not read the hospital's address
        lang = self.company_id.sudo().partner_id.lang or self.env.lang
        env = self.with_context(lang=lang).env
        return env._("Give the answer the patient waits for")

    def _next_telling_key(self):
        """A call that ended untold leaves its key; the next one counts on."""
        key = f"concern:{self.id}"
        # sudo: the keys of every department
        tasks = self.env["followup.task"].sudo()
        used = tasks.search_count(
            [
                ("origin_key", "=like", f"{key}%"),
                ("patient_id", "=", self.patient_id.id),
            ]
        )
        return f"{key}:{used + 1}" if used else key

    def _get_teller(self, origin):
        """The patient's own caller, where the call was his; else the team."""
        callers = self.env["res.users"]._followup_callers()
        return origin.user_id.sudo(False) & callers

    def _get_telling_end(self, due):
        rules = self.policy_id
        # sudo: policies of the hospital, whichever is chosen just now
        amount, unit = rules.sudo().tell_amount or 1, rules.sudo().tell_unit
        policies = self.env["followup.concern.policy"]
        return policies._end(self.company_id, due, amount, unit or "working_days")

    def _move_telling(self):
        """Another promise moves the call that keeps it."""
        for concern in self.filtered(lambda row: row._is_telling_open()):
            # sudo: dates of the call follow the promise, whoever gave it
            task = concern.sudo().telling_task_id._guarded()
            task.write(
                {
                    "callback_at": concern.promised_at,
                    "date_due": concern.promised_at,
                    "date_deadline": concern._get_telling_end(concern.promised_at),
                }
            )
            task._refresh_next_at()

    # ------------------------------------------------------------
    # TOLD
    # ------------------------------------------------------------

    @checked
    def action_told(self, attempt_id=None):
        """The patient has heard the answer, in a call that is on record (P-7).

        :param attempt_id: that call; without it the latest one that counts
        :raises UserError: no answer yet, or nobody was reached since
        """
        for concern in self:
            concern.check_access("write")
            if concern.state != "answered":
                raise UserError(
                    self.env._("%(name)s has no answer yet.", name=concern.name)
                )
            attempt = concern._find_telling_attempt(attempt_id)
            if not attempt:
                raise UserError(
                    self.env._(
                        "Nobody was reached since %(name)s was answered:"
                        " record the call in which the patient was told.",
                        name=concern.name,
                    )
                )
            concern._tell(attempt.ended_at or attempt.started_at, attempt)

    def _find_telling_attempt(self, attempt_id=None):
        """Return the call in which the patient heard the answer, if there is one."""
        # sudo: calls of every department count; the concern was checked
        attempts = self.env["followup.attempt"].sudo()
        domain = [
            ("patient_id", "=", self.patient_id.id),
            ("result", "in", sorted(policy.REACHED)),
            ("started_at", ">=", self.raised_at),
        ]
        if attempt_id:
            domain.append(("id", "=", self._get_id(attempt_id)))
        found = attempts.search(domain, order="started_at desc, id desc")
        return found.filtered(self._is_told_by)[:1]

    def _is_told_by(self, attempt):
        """Tell whether this call carried the answer; addons may ask for more.

        After the answer, and to the patient or to a relative who may hear of his
        health. What was said about the hospital any relative may be told.
        """
        self.ensure_one()
        if not self.answered_at or attempt.patient_id != self.patient_id:
            return False
        if (attempt.ended_at or attempt.started_at) < self.answered_at.replace(
            microsecond=0
        ):
            return False
        if attempt.result == "reached":
            return True
        is_medical = self.kind not in FEEDBACK_KINDS
        allowed = attempt.contact_id.may_receive_medical_info or not is_medical
        return attempt.result == "reached_relative" and allowed

    def _tell(self, told_at, attempt=None):
        """Write that the patient knows, and close the call that was to tell him."""
        self.ensure_one()
        late = bool(self.promised_at and told_at > self.promised_at)
        # sudo: engine write; the caller of this method was checked
        self.sudo()._guarded().write(
            {
                "state": "told",
                "told_patient_at": told_at,
                "told_attempt_id": attempt.id if attempt else False,
                "told_by_id": attempt.user_id.id if attempt else self.env.uid,
                "broken_count": self.broken_count + late,
            }
        )
        self._refresh_ladder()
        if (
            self._is_telling_open()
            and attempt
            and attempt.task_id != (self.sudo().telling_task_id)
        ):
            # sudo: the patient knows; the call of whichever ward has nothing left
            self.sudo().telling_task_id._cancel_engine(
                self.env._("The patient was told in another call.")
            )

    @api.model
    def _told_by_message(self, concerns, delivered_at):
        """A message with the answer reached the patient's phone (hook for SMS).

        :param concerns: answered concerns whose answer the message carried
        :param delivered_at: moment of the delivery report, in UTC
        """
        for concern in concerns.filtered(lambda row: row.state == "answered"):
            concern._tell(delivered_at)
            if concern._is_telling_open():
                # sudo: as above, the call has nothing left to tell
                concern.sudo().telling_task_id._cancel_engine(
                    self.env._("The patient was told by a message.")
                )

    def _untold(self):
        """Return the answered ones whose patient still waits."""
        return self.filtered(lambda row: row.state == "answered" and row.wants_reply)

    # ------------------------------------------------------------
    # CLOSE
    # ------------------------------------------------------------

    @checked
    def action_close(self, reason=None):
        """A question closes only when the patient was told, a flag when answered.

        After death or withdrawal nobody can be told any more (I-12): then it
        closes with a reason, answered or not.
        """
        for concern in self:
            concern.check_access("write")
            # sudo: whether calls stopped, nothing else
            blocked = not concern.patient_id.sudo()._is_contactable()
            text = self._clean(reason)
            if blocked and concern.wants_reply and not concern.told_patient_at:
                if not text and concern.state != "answered":
                    raise UserError(
                        self.env._("Say why %(name)s is closed.", name=concern.name)
                    )
            elif concern.state not in concern._get_closable_states():
                raise UserError(
                    self.env._(
                        "%(name)s stays open until it is answered"
                        " and the patient who asked has been told.",
                        name=concern.name,
                    )
                )
            concern._set(state="closed", closing_reason=text)
            concern._end_activities()
            concern._refresh_ladder()

    def _get_closable_states(self):
        if self.wants_reply or self.kind == "question":
            return ("told",)
        if self.kind == "unreachable":
            return ("new", "assigned", "answered", "told")
        return ("answered", "told")
