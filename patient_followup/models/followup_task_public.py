# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a patient does on his own page of a follow-up (issue 3, P-16, B-1).

Called by the page's controller as the system, after link and proof were checked.
The patient's answers and a caller's are one document: the later answer to a
question stands. Whoever finishes first closes the task; a caller who holds it
just then is told at once.
"""

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..tools.public_form import read_text
from .followup_task import OPEN_STATES

MAX_WORDS = 2000
SCOPES = ("phone", "sms", "email", "home_visit")


class FollowupTask(models.Model):
    _inherit = "followup.task"

    link_warning = fields.Char(compute="_compute_link_warning")

    def _compute_link_warning(self):
        """Tell the ward that somebody did not know the patient's birth date.

        Stands above the form, and so above the call screen.
        """
        # sudo: links are closed to callers; only that one was locked is told
        locked = (
            self.env["followup.link"]
            .sudo()
            ._read_group(
                [("task_id", "in", self.ids), ("revoked_reason", "=", "locked")],
                ["task_id"],
            )
        )
        tasks = {task.id for [task] in locked}
        for task in self:
            task.link_warning = task.id in tasks and self.env._(
                "A link to the patient's page was locked after five wrong dates of"
                " birth. Check date of birth and phone number."
            )

    # ------------------------------------------------------------
    # ANSWERS
    # ------------------------------------------------------------

    def _public_save(self, answers, answered_by=None):
        """Save some answers of the patient himself; alarms raise themselves.

        :return dict: as `survey.user_input._followup_save`
        """
        self._public_check()
        inputs = self._start_user_input(self_entry=True)
        if not inputs:
            return {"saved": 0, "alerts": [], "errors": {}}
        if not inputs.followup_self_entry:
            # sudo: not needed by the system; answers a caller began go on alone
            inputs._guarded().followup_self_entry = True
        return inputs._followup_save(answers, answered_by)

    def _public_finish(self):
        """Close the answers and the task, unless something must still be answered.

        :return list: ids of questions without the answer they need
        """
        self._public_check()
        inputs = self._start_user_input(self_entry=True)
        if not inputs:
            return []
        missing = inputs._followup_finish()["missing"]
        if not missing:
            self._public_complete(inputs.followup_answered_by)
        return missing

    def _public_complete(self, answered_by):
        """Done by the patient: an incoming contact by web, and nobody's call."""
        holder = self._get_holder()
        relative = answered_by == "relative"
        self.log_attempt(
            "reached_relative" if relative else "reached", method="web", direction="in"
        )
        now = fields.Datetime.now()
        calendar = self._get_rules()[1]
        self._close(
            {
                "state": "done",
                "completed_at": now,
                "completed_day": calendar.local_date(now),
                "completed_by_id": False,
                **self._prepare_closing(now),
                "closed_by_id": False,
            }
        )
        if holder and holder.id != SUPERUSER_ID:
            self._public_tell_holder(holder)

    def _public_tell_holder(self, holder):
        """Tell the caller who has this call in hand; no name, no health (D-7)."""
        words = self.with_context(lang=holder.lang or self.env.lang).env._
        holder._bus_send(
            "simple_notification",
            {
                "type": "warning",
                "sticky": True,
                "title": words("Follow-up finished by the patient"),
                "message": words(
                    "The patient you have on your screen has just answered on his"
                    " own page. This call is closed: %(name)s",
                    name=self.display_name,
                ),
            },
        )

    def _public_check(self):
        self.ensure_one()
        if self.state not in OPEN_STATES:
            raise UserError(self.env._("This follow-up is closed."))
        self._check_contactable()

    # ------------------------------------------------------------
    # WISHES
    # ------------------------------------------------------------

    def _public_ask(self, text):
        """Put the patient's question; the same words twice are one question.

        :return: the `followup.concern`, its `promised_at` is told to the patient
        """
        self._public_check()
        text = self._check_words(read_text(text, MAX_WORDS))
        # the system sees every concern of this task
        same = self.concern_ids.filtered(
            lambda concern: concern.kind == "question" and concern.text == text
        )
        return same[:1] or self.action_ask(text)

    def _public_prefer(self, band_ids):
        """Keep the hours at which the patient wants to be called; none is any."""
        self._public_check()
        bands = self._public_bands().filtered(lambda band: band.id in band_ids)
        self.patient_id.preferred_band_ids = [(6, 0, bands.ids)]
        pending = self.search(
            [("patient_id", "=", self.patient_id.id), ("state", "in", OPEN_STATES)]
        )
        pending._refresh_next_at()
        return bands

    def _public_bands(self):
        return self.env["followup.time.band"].search(
            [("company_id", "in", (self.company_id.id, False))]
        )

    def _public_withdraw(self, scopes):
        """Record that the patient withdraws his consent to these ways (I-12)."""
        self._public_check()
        scopes = [scope for scope in SCOPES if scope in scopes]
        if not scopes:
            raise UserError(self.env._("Choose what should stop."))
        today = self.env["followup.clock"]._today(self.company_id)
        self.env["followup.consent"].create(
            [
                {
                    "patient_id": self.patient_id.id,
                    "scope": scope,
                    "granted": False,
                    "date": today,
                    "evidence": self.env._("Withdrawn on the patient's own page"),
                }
                for scope in scopes
            ]
        )
        return scopes

    def _public_moment(self, moment):
        """Return a moment as the patient reads it, in the hospital's zone."""
        zone = str(self.env["followup.clock"]._for_company(self.company_id).tz)
        return moment and format_datetime(self.env, moment, tz=zone, dt_format="short")
