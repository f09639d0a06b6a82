# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The automatic receipt of an e-mail: the number and nothing else (C-10)."""

import logging
import smtplib

from odoo import api, fields, models
from odoo.tools.mail import generate_tracking_message_id

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.patient_followup.models.followup_message_email import (
    HEADERS,
    QuietSession,
    Refused,
)

_logger = logging.getLogger(__name__)

BATCH = 20
# an address that writes more often a day gets no more receipts: it may be a machine
MAX_RECEIPTS = 5


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    receipt_state = fields.Selection(
        [("wanted", "Waiting"), ("sent", "Sent"), ("failed", "Not Delivered")],
        string="Automatic Receipt",
        readonly=True,
        copy=False,
    )

    _guarded_fields = frozenset({"receipt_state"})

    _receipt_idx = models.Index("(id) WHERE receipt_state = 'wanted'")

    def _plan_acknowledgement(self):
        """Have the receipt sent by the cron: the gateway waits for no mail server."""
        address = self._read_address()
        since = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        recent = self.search_count(
            [("id", "in", self._find_by_address(address)), ("create_date", ">", since)]
        )
        if address and recent <= MAX_RECEIPTS:
            self._guarded().write({"receipt_state": "wanted"})
            self.env.ref("patient_complaint.complaint_case_cron_receipt")._trigger()

    def _read_address(self):
        """Return the address in clear, for a mail to its owner only."""
        # sudo: nobody has access to the store; it goes to whom it belongs
        store = self.env["followup.protected.value"].sudo()
        return store._reveal(self._name, self.id, "complainant_email")

    @api.model
    def _cron_send_receipts(self):
        """Send what waits in small batches; workers share it, a kill loses none."""
        domain = [("receipt_state", "=", "wanted")]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        while cases := self._lock_receipts(domain):
            for case in cases:
                case._send_receipt()
            if not cron._commit_progress(len(cases)):
                break

    @api.model
    def _lock_receipts(self, domain):
        found = self.search(domain, order="id", limit=BATCH * 5)
        return found.try_lock_for_update(allow_referencing=True, limit=BATCH)

    def _send_receipt(self):
        """Send one receipt; what comes back to it finds the case."""
        self.ensure_one()
        identifier = generate_tracking_message_id(f"{self.id}-{self._name}")
        sent = self._transmit_receipt(identifier)
        case = self._guarded()
        case.write({"receipt_state": "sent" if sent else "failed"})
        if not sent:
            return
        self.message_post(
            body=self.env._("The receipt was confirmed by e-mail."),
            message_id=identifier,
            subtype_xmlid="mail.mt_note",
        )
        if not self.acknowledged_at:
            now = fields.Datetime.now()
            case.write({"acknowledged_at": now})
            self._on_event("acknowledged", now)

    def _get_receipt(self):
        """Return (subject, text) of the receipt, in the language of the hospital."""
        speaking = self.with_context(lang=self._page_lang())
        return (
            speaking.env._("%(number)s: received", number=self.name),
            speaking.env._(
                "Your letter has reached the hospital. Its number is %(number)s."
                " Please keep the number in the subject when you write again."
                " This is an automatic answer.",
                number=self.name,
            ),
        )

    def _transmit_receipt(self, identifier):
        """Hand the mail to the server; return whether it took it."""
        # sudo: mail servers and the address of the hospital are closed to callers
        servers = self.env["ir.mail_server"].sudo()
        company = self.company_id.sudo()
        sender = company.email_formatted or servers._get_default_from_address()
        address = self._read_address()
        if not sender or not address:
            return False
        subject, text = self._get_receipt()
        session = None
        try:
            session = servers._connect__(smtp_from=sender)
            mail = servers._build_email__(
                email_from=sender,
                email_to=[address],
                reply_to=company.complaint_alias_id.alias_full_name or sender,
                subject=subject,
                body=text,
                subtype="plain",
                message_id=identifier,
                headers=HEADERS,
            )
            servers.send_email(mail, smtp_session=session and QuietSession(session))
        except (
            *(MailDeliveryException, AssertionError, OSError, smtplib.SMTPException),
            Refused,
        ):
            # the words of the error hold the address
            _logger.info("%s: the receipt could not be sent", self.name)
            return False
        return True
