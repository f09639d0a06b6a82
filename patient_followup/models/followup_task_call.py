# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One call from dialling to hanging up (design 8.2, P-8, P-9)."""

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import attempts as policy
from ..tools.checked import checked, is_day
from .followup_task_identity import NO_IDENTITY

# what belongs to the call that is going on
NO_CALL = {
    "call_started_at": False,
    "call_contact_id": False,
    "call_direction": False,
}
NOTES = ("outcome_note", "advice_note", "next_visit_date", "call_outcome")
# after these the caller still has something to do with this patient
STAYS = policy.REACHED | {"refused", "wrong_number"}


class FollowupTask(models.Model):
    _inherit = "followup.task"

    call_started_at = fields.Datetime(
        string="On the Phone Since",
        readonly=True,
        help="Kept here so that a reload loses nothing.",
    )
    call_contact_id = fields.Many2one(
        "followup.patient.contact",
        string="Number Dialled",
        readonly=True,
        index="btree_not_null",
    )
    call_direction = fields.Selection(
        [("out", "Outgoing"), ("in", "Incoming")], readonly=True
    )
    call_outcome = fields.Selection(
        [
            ("solved", "Settled"),
            ("answer_later", "Answered Later"),
            ("expert", "Expert Booked"),
            ("recheck", "Comes for a Re-check"),
        ],
        string="What Follows",
        help="How the patient's wish was met (P-8).",
    )

    # ------------------------------------------------------------
    # BEGIN
    # ------------------------------------------------------------

    @checked
    def action_call(self, contact_id):
        answer = super().action_call(contact_id)
        self._begin_call(contact_id, "out")
        return answer

    @checked
    def begin_incoming(self, contact_id=None):
        """The patient rings himself: take the task and start its clock.

        :return: the call screen
        """
        self.ensure_one()
        self._check_caller()
        contact = self._find_contact(contact_id, "reached")
        if self._get_holder() != self.env.user:
            self.action_claim()
        self._begin_call(contact.id, "in")
        return self.get_call_screen()

    def _begin_call(self, contact_id, direction):
        """Start the clock; whoever answers is asked anew who he is."""
        # sudo: rights were checked by the callers; these are guarded fields
        self.sudo()._guarded().write(
            {
                "call_started_at": fields.Datetime.now(),
                "call_contact_id": contact_id,
                "call_direction": direction,
                **NO_IDENTITY,
            }
        )

    # ------------------------------------------------------------
    # WHILE SPEAKING
    # ------------------------------------------------------------

    @checked
    def save_notes(self, values):
        """Keep what the caller writes down, as he types (P-9).

        :param dict values: some of `NOTES`
        """
        self.ensure_one()
        self._check_caller()
        vals = {
            name: self._read_note(name, values[name])
            for name in NOTES
            if name in values
        }
        self._keep_claim()
        self.write(vals)
        return True

    @checked
    def _read_note(self, name, note):
        """Return the value of a field that a caller fills, cleaned."""
        field = self._fields[name]
        known = dict(field.selection).get(note) if field.type == "selection" else note
        if note and (not known or field.type == "date" and not is_day(note)):
            raise ValidationError(
                self.env._("%(value)s is not possible here.", value=note)
            )
        return self._clean(note) if field.type == "text" else note or False

    def _keep_claim(self):
        """A long call does not lose its patient: renew the claim half way."""
        length = self._get_settings().claim
        now = fields.Datetime.now()
        if self._get_holder() == self.env.user and (
            self.claimed_until < now + length / 2
        ):
            # sudo: the user holds the claim; it is a guarded field
            self.sudo()._guarded().write(self._prepare_claim())

    # ------------------------------------------------------------
    # END
    # ------------------------------------------------------------

    @checked
    def hang_up(self, result, callback_at=None, note=None, next_call=True):
        """Record how the call went, and take the next patient where it is over.

        :param result: a result of `followup.attempt`
        :param callback_at: for `callback`, in UTC
        :return dict: `action` of the next patient, or False to stay here
        """
        self.ensure_one()
        self._log_call(result, callback_at=callback_at, note=note)
        if not next_call or result in STAYS and self.state == "in_progress":
            return {"action": False}
        return {"action": self.action_call_next()}

    def _log_call(self, result, **values):
        """Record the call that is going on, from its first to its last second."""
        contact = self.call_contact_id or self.identity_contact_id
        return self.log_attempt(
            result,
            contact_id=contact.id,
            method=self.method,
            direction=self.call_direction or "out",
            started_at=self.call_started_at or self.identity_checked_at or None,
            ended_at=fields.Datetime.now(),
            **values,
        )

    def log_attempt(self, *args, **kwargs):
        attempt = super().log_attempt(*args, **kwargs)
        if self.call_started_at:
            # sudo: rights were checked above; the clock is a guarded field
            self.sudo()._guarded().write(NO_CALL)
        return attempt

    def finish_call(self, next_call=True, force=False):
        """Record the conversation, finish the task and take the next patient.

        :param force: although questions are open, as when the patient hung up
        :return dict: `missing`: ids of questions that must still be asked, or
            `action` of the next patient
        :raises UserError: nobody knows whom he speaks to, or nobody was reached
        """
        self.ensure_one()
        self._check_caller()
        self._check_may_tell()
        tasks = self + self._get_joined()
        tasks._check_caller()
        missing = not force and tasks._finish_answers()
        if missing:
            return {"missing": missing, "action": False}
        if self.call_started_at or not self.reached_at:
            relative = self.identity_speaker == "relative"
            self._log_call("reached_relative" if relative else "reached")
        for task in tasks:
            task._complete()
        return {"missing": [], "action": next_call and self.action_call_next()}

    def _finish_answers(self):
        """Close all answers or none; return the questions that keep them open."""
        for task in self:
            task._start_user_input()  # nothing answered is everything missing
        # sudo: whoever makes the call reads what it still must ask
        inputs = self.sudo().user_input_id.sudo(self.env.su)
        missing = [key for row in inputs for key in row._followup_missing()]
        if not missing:
            for row in inputs:
                row._followup_finish()
        return missing

    def _check_recorded(self, outcome_note=None):
        """Ask of every way to end a call what `finish_call` asks.

        Answers that were begun are completed, by whom and to whom it may be told.
        Without any a record in words does: of a ward's doctor, of a visit, of a
        call that is entered later. The centre asks its questions by phone.
        """
        if self.env.su or not self._get_survey():
            return
        note = self.outcome_note if outcome_note is None else outcome_note
        # sudo: whoever may make the call reads whether it was begun
        if self.sudo().user_input_id.user_input_line_ids:
            self._check_may_tell()
            if missing := self._finish_answers():
                raise UserError(
                    self.env._(
                        "%(count)s questions must still be asked: finish the call on"
                        " its screen.",
                        count=len(missing),
                    )
                )
        elif self._is_asked_only():
            raise UserError(
                self.env._("Check who is speaking and ask the questions of this call.")
            )
        elif not self._clean(note):
            raise UserError(
                self.env._("Ask the questions, or write down how the patient is.")
            )
        elif self.proxy:
            last = self._get_last_attempt()
            self._check_entitled(self._is_entitled(last.contact_id))

    def _is_asked_only(self):
        """Whether words do not do instead of answers: calls of the centre."""
        asked = self.level == "2" and self.method == "phone"
        return asked and not self._get_last_attempt().is_late_entry

    def _get_last_attempt(self):
        return self.attempt_ids.sorted()[:1]

    # ------------------------------------------------------------
    # STATES
    # ------------------------------------------------------------

    def _set_claim(self):
        """A new claim is a new call."""
        # sudo: rights were checked by the caller; these are guarded fields
        self.sudo()._guarded().write({**NO_CALL, **NO_IDENTITY})
        return super()._set_claim()

    def _prepare_unclaim(self):
        return {**super()._prepare_unclaim(), **NO_CALL, **NO_IDENTITY}

    def _prepare_closing(self, now):
        """Keep with a closed task who was asked what."""
        vals = super()._prepare_closing(now)
        return {name: vals[name] for name in vals if name not in NO_IDENTITY}

    def _check_joinable(self):
        if self.state != "in_progress" or self._get_holder() != self.env.user:
            raise UserError(self.env._("Claim this call first."))
