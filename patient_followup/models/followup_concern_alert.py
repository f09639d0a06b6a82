# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bringing a red flag to people, at once and without clinical words (X-2, D-7)."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .followup_concern import ACTIVITY_TYPE, FEEDBACK_KINDS

# A client may send flags that silence activities; only these keys go on.
PLAIN_CONTEXT = {"lang", "tz", "allowed_company_ids"}


class FollowupConcern(models.Model):
    _inherit = "followup.concern"

    @api.model
    def _plain(self):
        """Return the model without what the client wrote into the context."""
        context = self.env.context
        kept = {key: context[key] for key in PLAIN_CONTEXT & context.keys()}
        return self.with_env(self.env(context=kept))

    def _alert(self):
        """Tell whoever has to act, else the centre managers, else who raised it.

        Departments are routed, the clocks of the ladder start; all of it in the
        transaction of the call.
        """
        self.ensure_one()
        doctor, head = self._doctor(), self._head()
        receivers = self._alert_receivers(self._get_named(doctor, head))
        # sudo: only methods of this model say whom it was brought to
        self.sudo()._guarded().write(
            {
                "doctor_user_id": doctor.id,
                "head_user_id": head.id,
                "alerted_user_ids": [(6, 0, receivers.ids)],
            }
        )
        for user in receivers:
            self._alert_user(user)
        self._note("alert", receivers)
        self._refresh_ladder()
        return receivers

    def _get_named(self, doctor, head):
        """Return whom a concern of this kind is brought to."""
        if self.kind == "red_flag":
            return doctor | head | self._on_call_now()
        if self.kind == "unreachable":
            return doctor | head
        if self.specialist_id:
            return self.specialist_id
        if self.kind == "question" and self._is_asked_at_home():
            return doctor | head
        return head

    @api.model
    def _clean(self, text):
        """Return what a client sent as text a database can keep, or False."""
        return str(text or "").replace("\x00", "").strip() or False

    @api.model
    def _get_id(self, record):
        """Return an id of what a caller names as record or id, or False."""
        if isinstance(record, models.BaseModel):
            return record.id
        if not record:
            return False
        if isinstance(record, bool) or not isinstance(record, int):
            raise UserError(self.env._("This is not the number of a record."))
        return record

    def _check_asked(self):
        """Refuse to ask whoever cannot open the question."""
        asked = self.specialist_id
        if asked and not self._able(asked):
            raise UserError(
                self.env._(
                    "%(name)s has no calling role in this hospital"
                    " and could not open the question.",
                    # sudo: names of other hospitals' users may be hidden
                    name=asked.sudo().name,
                )
            )
        # sudo: departments of others may be hidden; only the hospital is compared
        owner = self.department_id.sudo().company_id
        if owner and owner != self.company_id:
            raise UserError(self.env._("This department is of another hospital."))

    def _is_asked_at_home(self):
        """Whether the question stays with the department that treats the patient."""
        return self.handler_department_id == self.origin_department_id

    def _on_call(self):
        """Return the duties on the on-call list just now."""
        return self.env["followup.oncall"]._on_duty(
            self.company_id, self.handler_department_id
        )

    def _on_call_now(self):
        """Return who is on call where nobody works at this hour."""
        calendar = self.env["followup.clock"]._for_company(self.company_id)
        if calendar.is_working_at(fields.Datetime.now()):
            return self.env["res.users"]
        return self._on_call().user_id

    def _alert_receivers(self, named):
        """Return who is told; never nobody (I-7)."""
        deputies = self.env["followup.delegation"]._deputies(named)
        receivers = self._able(named.union(*deputies.values()))
        if not receivers:
            receivers = self._centre_managers(self.company_id)
        return receivers or self.env.user

    def _doctor(self):
        """The doctor who treats the patient, as far as he can open the concern."""
        # sudo: the raiser sees the stay through his task, not always by himself
        stay = self.encounter_id.sudo()
        users = stay.attending_user_id, stay.resident_user_id, stay.surgeon_user_id
        able = [user for user in users if self._able(user)]
        return able[0].sudo(False) if able else self.env["res.users"]

    def _head(self):
        department = self.handler_department_id or self.department_id
        heads = department._followup_heads()
        return self._able(heads.get(department, self.env["res.users"]))

    def _able(self, users):
        """Keep who has a calling role in this hospital and so can open it."""
        # sudo: hospitals of others are hidden from callers
        callers = self.env["res.users"]._followup_callers()
        return (
            (users.sudo(False) & callers)
            .filtered(lambda user: self.company_id in user.sudo().company_ids)
            .with_env(self.env)
        )

    def _alert_user(self, user):
        """One to-do and one message; both carry the number only."""
        concern = self.with_context(lang=user.lang or self.env.lang)
        words = concern._alert_words()
        concern.with_context(mail_activity_quick_update=True).activity_schedule(
            words["activity"],
            date_deadline=self._get_activity_day(),
            summary=words["summary"],
            user_id=user.id,
        )
        if user == self.env.user:
            return
        concern.message_notify(
            # sudo: partners of colleagues may be hidden
            partner_ids=user.sudo().partner_id.ids,
            subject=words["subject"],
            body=words["body"],
            email_layout_xmlid="mail.mail_notification_layout",
            model_description=words["subject"],
        )

    def _get_activity_day(self):
        """Return the local day until which the to-do is due."""
        moments = [self.ack_deadline, self.deadline]
        until = min(filter(None, moments), default=fields.Datetime.now())
        return self.env["followup.clock"]._local_date(self.company_id, until)

    def _alert_words(self):
        """What leaves the house: never patient, diagnosis or text (D-7)."""
        self.ensure_one()
        if self.kind == "red_flag":
            return {
                "activity": ACTIVITY_TYPE,
                "summary": self.env._("Acknowledge this red flag"),
                "subject": self.env._("Red flag %(name)s", name=self.name),
                "body": self.env._(
                    "A patient you are responsible for needs attention: %(name)s."
                    " Please open it and acknowledge.",
                    name=self.name,
                ),
            }
        return {
            "activity": self._get_activity_type(),
            "summary": self._get_activity_summary(),
            "subject": self.env._("Follow-up %(name)s", name=self.name),
            "body": self.env._(
                "Something from follow-up was brought to you: %(name)s."
                " Please open it and acknowledge.",
                name=self.name,
            ),
        }

    def _get_activity_type(self):
        if self.kind == "question":
            return "patient_followup.mail_activity_type_question"
        if self.kind in FEEDBACK_KINDS:
            return "patient_followup.mail_activity_type_feedback"
        return "mail.mail_activity_data_todo"

    def _get_activity_summary(self):
        if self.kind == "question":
            return self.env._("Answer this question")
        if self.kind in FEEDBACK_KINDS:
            return self.env._("Handle this feedback")
        return self.env._("Please look at it")

    @api.model
    def _hand_over(self, users):
        """Give open to-dos of leaving users to who else may act (I-7)."""
        activities = self.env["mail.activity"].search(
            [("res_model", "=", self._name), ("user_id", "in", users.ids)]
        )
        for activity in activities:
            concern = self.browse(activity.res_id)
            others = concern.alerted_user_ids | concern._head() | concern.specialist_id
            others = (others & self.env["res.users"]._followup_callers()) - users
            others = others or self._centre_managers(concern.company_id) - users
            heir = others[:1]
            if heir:
                concern._guarded().alerted_user_ids |= heir
                activity.user_id = heir
