# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the patient sees of his appointment, and what he answers (sec. 4)."""

from odoo import fields, models
from odoo.exceptions import UserError

from .followup_appointment import OPEN_STATES


class FollowupAppointment(models.Model):
    _inherit = "followup.appointment"

    def _patient_confirm(self, _consent=False):
        """The patient takes the time on his page; the token was checked.

        :param _consent: what he ticked beside it, for what builds on this
        :raises UserError: the offer lapsed or was taken back
        """
        self.ensure_one()
        if not self._can_patient_confirm():
            raise UserError(self.env._("This offer is no longer open."))
        self._confirm()
        return True

    def _patient_decline(self, wish=None):
        """The patient does not take it; with a wish he asks for another time."""
        self.ensure_one()
        if not self._can_patient_decline():
            raise UserError(self.env._("This appointment cannot be changed any more."))
        if self.state in ("offered", "confirmed"):
            self._decline(wish)
        elif wish := self._clean_text(wish):
            self._set_state(wish=wish)
        else:
            self._cancel(self.env._("Declined by the patient"))
        return True

    def _can_patient_confirm(self):
        return (
            self.state == "offered"
            and (self.offer_until or self.starts_at) > self._now()
        )

    def _can_patient_decline(self):
        passed = self.starts_at and self.starts_at <= self._now()
        return self.state in OPEN_STATES and not passed

    def _now(self):
        return fields.Datetime.now()

    def _get_public_words(self):
        """Return what the patient's page and messages say, without a diagnosis.

        The department's name may tell it: a sensitive one is not named.

        :return dict: title, when, where, state, instructions (texts in the
            patient's language, empty where unknown), can_confirm, can_decline
        """
        self.ensure_one()
        # sudo: the words of one appointment, for its patient
        row = self.sudo().with_context(
            lang=self.sudo().patient_id.lang or self.env.lang
        )
        neutral = row._is_sensitive()
        return {
            "title": row._say_kind(),
            "when": row._say_when(),
            "where": row._say_where(),
            "state": row._say_state(),
            "instructions": "" if neutral else row.instructions or "",
            "can_confirm": row._can_patient_confirm(),
            "can_decline": row._can_patient_decline(),
        }

    def _say_kind(self):
        return {
            "clinic": self.env._("Clinic visit"),
            "phone": self.env._("Phone consultation"),
            "home": self.env._("Home visit"),
            "exam": self.env._("Examination"),
        }[self.kind]

    def _say_when(self):
        if not self.starts_at:
            return ""
        clock = self.env["followup.clock"]
        local = clock._for_company(self.company_id).to_local(self.starts_at)
        return clock._format_moment(local)

    def _say_where(self):
        if self._is_sensitive():
            return self.department_id._followup_public_name() or ""
        parts = (self.department_id.name, self.doctor_name, self.place)
        return " · ".join(part for part in parts if part)

    def _say_state(self):
        return {
            "requested": self.env._("We received your request and will answer soon."),
            "waitlist": self.env._("No time is free yet: you are on the wait list."),
            "offered": self.env._("We offer you this time. Please confirm it."),
            "confirmed": self.env._("Confirmed. We expect you."),
            "done": self.env._("This appointment is over."),
            "no_show": self.env._("You did not come to this appointment."),
            "refused": self.env._("We are sorry: this is not possible."),
            "cancelled": self.env._("This appointment was called off."),
        }[self.state]

    def _is_sensitive(self):
        """Tell whether the department must not be named in writing."""
        return self.department_id._followup_is_sensitive()

    def _get_result_words(self):
        """Say to the staff what was reached, in one line."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        when = self._say_when()
        return f"{labels[self.state]}: {when}" if when else labels[self.state]
