# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The steps of an appointment (B-2): asked for, offered, confirmed, kept."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.checked import checked
from .followup_appointment import OPEN_STATES, ORIGINS
from .followup_slot_template import KINDS

# step: the states it may be taken from
STEPS = {
    "offer": OPEN_STATES,
    "book": OPEN_STATES,
    "confirm": ("offered",),
    "decline": ("offered", "confirmed"),
    "waitlist": ("requested", "offered"),
    "refuse": ("requested", "waitlist"),
    "done": ("confirmed", "no_show"),
    "no_show": ("confirmed",),
    "cancel": OPEN_STATES,
}
WISHES = ("wish", "wish_from", "wish_until", "user_id", "doctor_name")
NO_TIME = {
    "slot_id": False,
    "starts_at": False,
    "ends_at": False,
    "place": False,
    "offer_until": False,
    "offered_at": False,
    "confirmed_at": False,
    "reminded_at": False,
}


class FollowupAppointment(models.Model):
    _inherit = "followup.appointment"

    # ------------------------------------------------------------
    # ASKED FOR
    # ------------------------------------------------------------

    @api.model
    def _request(self, patient, kind, wish=None, task=None, origin="staff", **vals):
        """Write down that a patient asks for an appointment (B-1).

        The caller of this method has checked what he may do; on the patient's
        page that is the token.

        :param patient: `followup.patient`
        :param kind: clinic, phone, home or exam
        :param str wish: in his own words
        :param task: the call it was asked for in
        :param origin: staff, call or patient
        :param vals: department_id, wish_from, wish_until, wish_band_ids, user_id
        :raises UserError: unknown kind, patient who must not be contacted
        """
        if kind not in dict(KINDS):
            raise UserError(self.env._("Choose what the appointment is for."))
        if not patient._is_contactable():
            raise UserError(self.env._("This patient must not be contacted."))
        row = self._guarded().create(
            {
                **vals,
                "patient_id": patient.id,
                "task_id": task.id if task else False,
                "kind": kind,
                "wish": self._clean_text(wish),
                "origin": origin if origin in dict(ORIGINS) else "patient",
            }
        )
        row = row._unguarded()
        row._notify("appointment_received")
        return row

    # ------------------------------------------------------------
    # OFFERED AND CONFIRMED
    # ------------------------------------------------------------

    @checked
    def action_offer(self, slot):
        """Offer a time; the patient confirms it until the offer lapses (B-3).

        :param slot: a `followup.slot`, or its id
        :raises UserError: no place left, another hospital or kind
        """
        self.ensure_one()
        self._check_step("offer")
        self._offer(self._find_slot(slot))
        return True

    @checked
    def action_book(self, slot):
        """Give a time the patient has agreed to already, as on the phone."""
        self.ensure_one()
        self._check_step("book")
        self._occupy(self._find_slot(slot), state="confirmed", **self._agreed())
        self._after_confirmation()
        return True

    def action_confirm(self):
        """The patient takes the offered time (B-2)."""
        for row in self:
            row._check_step("confirm")
            row._confirm()
        return True

    def _confirm(self):
        self._set_state("confirmed", **self._agreed())
        self._after_confirmation()

    def _agreed(self):
        return {
            "confirmed_at": fields.Datetime.now(),
            "offer_until": False,
            "waiting_since": False,
            "reminded_at": False,
        }

    def _after_confirmation(self):
        self._keep_by_call()
        self._notify("appointment_confirmed", link=True)

    def _offer(self, slot):
        self._occupy(
            slot,
            state="offered",
            offered_at=fields.Datetime.now(),
            offer_until=self._get_offer_end(slot),
            confirmed_at=False,
            reminded_at=False,
        )
        self._drop_call()
        self._notify("appointment_offered", link=True)

    def _get_offer_end(self, slot):
        """Return until when an offer stands: never beyond the time itself."""
        # sudo: a setting of the hospital
        hours = self.company_id.sudo().followup_offer_hours
        end = self.env["followup.clock"]._deadline(
            self.company_id, fields.Datetime.now(), hours, "hours"
        )
        return min(end, slot.starts_at)

    def _occupy(self, slot, **vals):
        """Take a place of the slot, then free the one held before."""
        self._check_contactable()
        # sudo: places are counted by the engine; rights were checked before
        slot, held = slot.sudo(), self.sudo().slot_id
        if slot == held:
            held = held.browse()
        elif not slot._take():
            raise UserError(
                self.env._(
                    "%(time)s is taken. Choose another time.", time=slot._say_when()
                )
            )
        self._set_state(
            slot_id=slot.id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            place=slot.place,
            department_id=slot.department_id.id,
            user_id=slot.user_id.id,
            doctor_name=slot.doctor_name,
            **vals,
        )
        self._free(held)

    def _find_slot(self, slot):
        """Return the slot named by a client, checked."""
        slots = self.env["followup.slot"]
        slot_id = slot.id if isinstance(slot, models.BaseModel) else slot
        found = (
            slots.search([("id", "=", slot_id)]) if isinstance(slot_id, int) else slots
        )
        if not found:
            raise UserError(self.env._("Choose a time."))
        if found.company_id != self.company_id or found.kind != self.kind:
            raise ValidationError(self.env._("This time is for something else."))
        return found

    def _schedule(self, starts_at, ends_at):
        """Fix a time outside all clinics, as a team of a home visit does."""
        held = self.sudo().slot_id  # sudo: as in `_occupy`
        vals = {**NO_TIME, "starts_at": starts_at, "ends_at": ends_at}
        self._set_state("confirmed", **{**vals, **self._agreed()})
        self._free(held)
        self._notify("appointment_confirmed", link=True)

    # ------------------------------------------------------------
    # NOT THIS TIME
    # ------------------------------------------------------------

    def action_decline(self, wish=None):
        """The patient does not take the time; with a wish he wants another one."""
        for row in self:
            row._check_step("decline")
            row._decline(wish)
        return True

    def _decline(self, wish=None):
        if wish := self._clean_text(wish):
            self._leave_time("requested", wish=wish, waiting_since=False)
        else:
            reason = self.env._("Declined by the patient")
            self._leave_time("cancelled", **self._closing(reason))

    def action_waitlist(self):
        """Let the patient move up when a place becomes free."""
        for row in self:
            row._check_step("waitlist")
            row._wait()
        return True

    def _wait(self):
        since = self.waiting_since or fields.Datetime.now()
        self._leave_time("waitlist", waiting_since=since)
        self._notify("appointment_waitlist")

    @checked
    def action_refuse(self, reason):
        """Tell the patient that it cannot be done, and why (B-4)."""
        for row in self:
            row._check_step("refuse")
            row._leave_time("refused", **row._closing(row._check_reason(reason)))
            row._notify("appointment_refused")
        return True

    @checked
    def action_cancel(self, reason):
        """Call it off; the place is free for the next one."""
        for row in self:
            row._check_step("cancel")
            row._cancel(row._check_reason(reason))
            row._notify("appointment_cancelled")
        return True

    def _cancel(self, reason):
        """Call off without a word to the patient: he died, or asked for it."""
        self._leave_time("cancelled", **self._closing(reason))

    def _leave_time(self, state, **vals):
        """Give the place back; what was planned stays readable where it is over."""
        held = self.sudo().slot_id  # sudo: as in `_occupy`
        over = state in ("cancelled", "refused")
        times = {"slot_id": False, "offer_until": False} if over else NO_TIME
        self._set_state(state, **{**times, **vals})
        self._drop_call()
        self._free(held)

    def _free(self, slot):
        """Free a place of the slot; whoever waits is offered it."""
        if slot and slot._give_back():
            # sudo: who waits may be of another ward
            self.sudo()._move_up(slot, besides=self)

    # ------------------------------------------------------------
    # KEPT OR NOT
    # ------------------------------------------------------------

    def action_done(self):
        """The patient came, or was called, or visited."""
        clock = self.env["followup.clock"]
        for row in self:
            row._check_step("done")
            if row.day and row.day > clock._today(row.company_id):
                raise UserError(self.env._("This appointment is still to come."))
            row._end_watch()
            row._set_state("done", **row._closing(False))
        return True

    def action_no_show(self):
        """The patient did not come: he is called and asked why (B-6)."""
        for row in self:
            row._check_step("no_show")
            if row.starts_at > fields.Datetime.now():
                raise UserError(self.env._("This appointment is still to come."))
            row._set_state("no_show", **row._closing(False))
            row._watch_no_show()
        return True

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    def _check_step(self, step):
        """Refuse a step the appointment is not ready for; rights first."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in STEPS[step]:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(name)s is “%(state)s”: this step is not possible now.",
                    name=self.name,
                    state=labels[self.state],
                )
            )

    def _set_state(self, state=None, **vals):
        if state:
            vals["state"] = state
        # sudo: rights were checked by the step; these are guarded fields
        self.sudo()._guarded().write(vals)

    def _closing(self, reason):
        return {
            "closed_at": fields.Datetime.now(),
            "closed_by_id": self.env.uid,
            "closing_reason": reason,
        }

    def _check_reason(self, reason):
        if text := self._clean_text(reason):
            return text
        raise UserError(self.env._("A reason is needed."))

    @api.model
    def _clean_text(self, text):
        text = text if isinstance(text, str) else ""
        return text.replace("\x00", "").strip() or False

    def _check_contactable(self):
        """Death and withdrawal stop appointments too (I-12)."""
        # sudo: asked for whoever books
        if any(not patient._is_contactable() for patient in self.sudo().patient_id):
            raise UserError(self.env._("This patient must not be contacted."))
