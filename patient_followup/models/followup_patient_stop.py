# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Death and withdrawal stop follow-up at once, and only that (I-12, D-20)."""

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.checked import checked
from ..tools.guard import is_open
from .followup_task import OPEN_STATES

PREFIX = "followup."
# methods of contact that fall with the consent to a channel
METHODS_OF_SCOPE = {
    "sms": ("sms", "wechat"),
    "email": ("web",),
    "home_visit": ("home",),
}


class FollowupPatient(models.Model):
    _inherit = "followup.patient"

    def _is_contactable(self):
        """Tell whether a call, message or visit may still be made (I-12)."""
        self.ensure_one()
        return not self.contact_blocked

    def _get_blocked_reason(self):
        """Return in words why nobody may contact the patient, or False."""
        self.ensure_one()
        if self.deceased_date:
            return self.env._("The patient has died.")
        if self.do_not_contact:
            return self.env._("The patient must not be contacted.")
        if self._is_withdrawn("phone"):
            return self.env._("The patient has withdrawn his consent.")
        return False

    # ------------------------------------------------------------
    # CONSENT
    # ------------------------------------------------------------

    def _get_consent(self, scope):
        """Return the row of this scope that counts: the latest one."""
        self.ensure_one()
        rows = self.consent_ids.filtered(lambda consent: consent.scope == scope)
        return rows.sorted(lambda row: (row.date, row.id or 0))[-1:]

    def _is_withdrawn(self, scope):
        consent = self._get_consent(scope)
        return bool(consent) and not consent.granted

    def _has_consent(self, scope):
        """Tell whether an agreement on record covers this today (M-4)."""
        consent = self._get_consent(scope)
        today = self.env["followup.clock"]._today(self.company_id)
        expired = consent.expiry_date and consent.expiry_date < today
        return bool(consent.granted and not expired)

    def _on_consent_withdrawn(self, consents):
        """Stop what the withdrawn consents allowed."""
        for scope in set(consents.mapped("scope")):
            patients = consents.filtered(lambda c, s=scope: c.scope == s).patient_id
            patients = patients.filtered(lambda p, s=scope: p._is_withdrawn(s))
            if scope == "phone":
                patients._stop_follow_up()
            elif methods := METHODS_OF_SCOPE.get(scope):
                patients._stop_methods(scope, methods)

    def _stop_methods(self, scope, methods):
        domain = self._get_stopped_task_domain() & Domain("method", "in", methods)
        # sudo: tasks of every department fall, whoever recorded the withdrawal
        tasks = self.env["followup.task"].sudo().search(domain)
        tasks._cancel_engine(self.env._("The patient has withdrawn his consent."))
        if scope == "sms":
            self._cancel_queued_sms()
        elif scope == "email":
            self._cancel_queued_mail()

    # ------------------------------------------------------------
    # STOP
    # ------------------------------------------------------------

    def _stop_follow_up(self, reason=None):
        """Cancel open tasks, plans and queued messages of these patients."""
        if not self:
            return
        for text, patients in self._by_stop_reason(reason).items():
            # sudo: plans and tasks of every department fall, whoever heard of it
            plans = self.env["followup.plan"].sudo()
            plans.search(patients._get_stopped_plan_domain())._close_engine(text)
            tasks = self.env["followup.task"].sudo()
            tasks.search(patients._get_stopped_task_domain())._cancel_engine(text)
        self._check_all_stopped()
        self._cancel_queued_sms()
        self._cancel_queued_mail()
        body = self.env._("Follow-up stopped: open calls and messages are cancelled.")
        self._message_log_batch({patient.id: body for patient in self})

    def _by_stop_reason(self, reason):
        default = self.env._("Follow-up of the patient was stopped.")
        groups = {}
        for patient in self:
            text = reason or patient._get_blocked_reason() or default
            groups[text] = groups.get(text, self.browse()) | patient
        return groups

    def _get_stopped_task_domain(self):
        """Return the tasks that fall; addons exempt what is no follow-up."""
        return Domain("patient_id", "in", self.ids) & Domain("state", "in", OPEN_STATES)

    def _get_stopped_plan_domain(self):
        return Domain("patient_id", "in", self.ids) & Domain(
            "state", "in", ("active", "missing_anchor")
        )

    # ------------------------------------------------------------
    # QUEUED MESSAGES (D-20)
    # ------------------------------------------------------------

    def _get_follow_up_documents(self):
        """Return `{model: ids}` of every follow-up record of these patients.

        Models of other addons (`complaint.`) are never among them.
        """
        documents = {self._name: set(self.ids)}
        for name, model in self.env.registry.items():
            field = model._fields.get("patient_id")
            if (
                name.startswith(PREFIX)
                and model._auto
                and not model._transient
                and field
                and field.store
                and field.comodel_name == self._name
            ):
                # sudo: only to name the records whose messages are withdrawn
                rows = self.env[name].sudo().with_context(active_test=False)
                found = rows.search([("patient_id", "in", self.ids)])
                documents[name] = set(found.ids)
        return documents

    def _cancel_queued_mail(self):
        """Cancel queued mails to the patients; those to staff still go out."""
        # sudo: the mail queue is closed to callers
        queue = self.env["mail.mail"].sudo()
        documents = self._get_follow_up_documents()
        mails = queue.search(
            [("state", "=", "outgoing"), ("model", "in", list(documents))]
        )
        mails.filtered(
            lambda mail: (
                mail.res_id in documents[mail.model]
                and not mail.recipient_ids.filtered("user_ids")
            )
        ).cancel()

    def _cancel_queued_sms(self):
        """Cancel queued messages of their records, or to one of their numbers."""
        # sudo: the message queue is closed to callers
        queue = self.env["sms.sms"].sudo().search([("state", "=", "outgoing")])
        if not queue:
            return
        documents = self._get_follow_up_documents()
        numbers = self._get_own_numbers(queue.mapped("number"))
        queue.filtered(
            lambda sms: (
                not sms.partner_id.user_ids
                and self._is_own_message(sms, documents, numbers)
            )
        ).action_set_canceled()

    def _is_own_message(self, sms, documents, numbers):
        message = sms.mail_message_id
        if message.model:
            return message.res_id in documents.get(message.model, ())
        return sms.number in numbers

    def _get_own_numbers(self, numbers):
        """Return which of these numbers belong to these patients and to no other."""
        found = self.env["followup.patient.contact"]._match_protected(
            "phone", [number for number in numbers if number]
        )
        # sudo: a number shared with a patient of another ward must not be missed
        contacts = self.env["followup.patient.contact"].sudo()
        return {
            number
            for number, ids in found.items()
            if contacts.browse(ids).patient_id <= self
        }

    # ------------------------------------------------------------
    # UNDO
    # ------------------------------------------------------------

    def _check_not_resumed(self, vals):
        """Let only `action_resume` take back a death or a ban."""
        taken_back = [
            name
            for name in ("deceased_date", "do_not_contact")
            if name in vals
            and not vals[name]
            and any(patient[name] for patient in self)
        ]
        if taken_back and not is_open(self.env):
            raise UserError(
                self.env._(
                    "Contact can only be allowed again by the follow-up centre,"
                    " with a reason: use the button Allow Contact Again."
                )
            )

    @checked
    def action_resume(self, reason):
        """Allow contact again after a mistake; nothing cancelled comes back."""
        self.check_access("write")
        if not self.env.user.has_group(
            "patient_followup.followup_group_centre_manager"
        ):
            raise AccessError(
                self.env._("Only the manager of the follow-up centre can do this.")
            )
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why contact is allowed again."))
        if any(patient._is_withdrawn("phone") for patient in self):
            raise UserError(
                self.env._(
                    "The patient has withdrawn his consent: record his new consent."
                )
            )
        self._guarded().write({"deceased_date": False, "do_not_contact": False})
        body = self.env._("Contact allowed again: %(reason)s", reason=reason.strip())
        self._message_log_batch({patient.id: body for patient in self})
        return True
