# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Links to the page of one appointment, and requests for one (B-1)."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.public_form import read_text
from .followup_appointment import OPEN_STATES
from .followup_link import FollowupLink as Link
from .followup_task import OPEN_STATES as TASK_OPEN_STATES

WAITING = ("requested", "waitlist")
KINDS = ("clinic", "phone", "home", "exam")
MAX_WORDS = 1000


class FollowupLink(models.Model):
    """Beside the page of a task: that of an appointment."""

    _inherit = "followup.link"

    _guarded_fields = Link._guarded_fields | {"appointment_id"}

    appointment_id = fields.Many2one(
        "followup.appointment",
        index="btree_not_null",
        readonly=True,
        ondelete="cascade",
        check_company=True,
    )

    def _get_subject(self):
        return self.appointment_id or super()._get_subject()

    def _is_subject_open(self, subject):
        if subject._name != "followup.appointment":
            return super()._is_subject_open(subject)
        return subject.state in OPEN_STATES

    def _get_last_moment(self, subject):
        if subject._name != "followup.appointment":
            return super()._get_last_moment(subject)
        return subject.starts_at

    def _is_done(self):
        if self.purpose != "appointment":
            return super()._is_done()
        return self.appointment_id.state not in OPEN_STATES

    def _get_open_task(self):
        """Return the follow-up behind the page that takes questions."""
        if self.purpose != "appointment":
            return super()._get_open_task()
        task = self.appointment_id.task_id
        return task.filtered(lambda row: row.state in TASK_OPEN_STATES)

    # ------------------------------------------------------------
    # PAGE
    # ------------------------------------------------------------

    def _page_appointment(self, **_typed):
        """Return the page of an appointment; words without a diagnosis."""
        return {
            **self._page_contact(),
            "patient": self.patient_id.name_masked,
            "words": self.appointment_id._get_public_words(),
            "comes": self.appointment_id.kind in ("clinic", "exam"),
            "needs_consent": self.appointment_id.needs_consent,
            "may_ask": bool(self._get_open_task()),
            "asked_questions": self._page_promises(),
        }

    def _page_task(self, *args, **kwargs):
        page = super()._page_task(*args, **kwargs)
        rows = self._search_own_requests()
        page["appointments"] = [row._get_public_words() for row in rows]
        page["appointment_kinds"] = KINDS
        return page

    def _page_thanks(self, confirmed):
        page = super()._page_thanks(confirmed)
        if confirmed and self.purpose == "appointment":
            page["words"] = self.appointment_id._get_public_words()
        return page

    # ------------------------------------------------------------
    # ACTING
    # ------------------------------------------------------------

    def _search_own_requests(self):
        return self.env["followup.appointment"].search(
            [("task_id", "=", self.task_id.id), ("state", "in", OPEN_STATES)]
        )

    def _request_appointment(self, kind, wish):
        """Ask for an appointment; the same kind asked for twice is one request.

        :raises UserError: unknown kind
        """
        if kind not in KINDS:
            raise UserError(self.env._("Choose what the appointment is for."))
        known = self._search_own_requests().filtered(
            lambda row: row.kind == kind and row.state in WAITING
        )
        if known:
            return known[:1]
        return self.env["followup.appointment"]._request(
            self.patient_id,
            kind,
            read_text(wish, MAX_WORDS),
            task=self.task_id,
            origin="patient",
        )

    def _answer_appointment(self, answer, wish=None, consent=False):
        """Confirm, or decline with or without a wish for another time.

        :param consent: whether he ticked that he agrees to visits at home (M-4)
        """
        row = self.appointment_id
        if answer == "confirm":
            return row._patient_confirm(consent)
        return row._patient_decline(read_text(wish, MAX_WORDS) or None)
