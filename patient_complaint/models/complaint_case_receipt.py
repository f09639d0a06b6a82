# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The automatic receipt of an e-mail: the number and nothing else (C-10).

Forged senders are many: a hospital sends so many an hour, and the others wait.
"""

import logging
import smtplib
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.mail import generate_tracking_message_id

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.patient_followup.models.followup_message_email import (
    HEADERS,
    QuietSession,
    Refused,
)
from odoo.addons.patient_followup.models.followup_throttle import LIMITS

from .complaint_case import OPEN_STATES

_logger = logging.getLogger(__name__)

CRON = "patient_complaint.complaint_case_cron_receipt"
# a receipt that is still being sent after this time was cut off
CUT_OFF = timedelta(minutes=15)
# an address that writes more often a day gets no more receipts: it may be a machine
MAX_RECEIPTS = 5


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    receipt_state = fields.Selection(
        [
            ("wanted", "Waiting"),
            ("sending", "Being Sent"),
            ("sent", "Sent"),
            ("failed", "Not Delivered"),
        ],
        string="Automatic Receipt",
        readonly=True,
        copy=False,
    )

    _guarded_fields = frozenset({"receipt_state"})

    _receipt_idx = models.Index(
        "(company_id, id) WHERE receipt_state IN ('wanted', 'sending')"
    )

    def _plan_acknowledgement(self):
        """Have the receipt sent by the cron: the gateway waits for no mail server."""
        address = self._read_address()
        since = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        recent = self.search_count(
            [("id", "in", self._find_by_address(address)), ("create_date", ">", since)]
        )
        if not address or recent > MAX_RECEIPTS:
            return
        self._guarded().write({"receipt_state": "wanted"})
        self.env.ref(CRON)._trigger()

    def _read_address(self):
        """Return the address in clear, for a mail to its owner only."""
        # sudo: nobody has access to the store; it goes to whom it belongs
        store = self.env["followup.protected.value"].sudo()
        return store._reveal(self._name, self.id, "complainant_email")

    @api.model
    def _cron_send_receipts(self):
        """Send what waits, as many as the hour allows; the rest goes out later.

        Each is marked and committed before it is handed over: a kill may lose one,
        which then says "not delivered"; none goes out twice.
        """
        self._end_cut_off_receipts()
        self._drop_late_receipts()
        cron = self.env["ir.cron"]
        allowed = self._get_allowed_receipts()
        cron._commit_progress(remaining=sum(allowed.values()))
        for company, count in allowed.items():
            for _turn in range(count):
                case = self._take_receipt(company)
                if not case:
                    break
                cron._commit_progress()
                case._send_receipt()
                if not cron._commit_progress(1):
                    return

    @api.model
    def _get_allowed_receipts(self):
        """Return {hospital: how many may be sent now}; comes again for the others."""
        waiting = self._read_group(
            [("receipt_state", "=", "wanted"), ("state", "in", OPEN_STATES)],
            ["company_id"],
            ["__count"],
        )
        throttle, allowed = self.env["followup.throttle"], {}
        for company, count in waiting:
            left = throttle._left("receipt", f"company {company.id}")
            allowed[company] = min(count, left)
            if left < count:
                later = throttle._window("receipt") + timedelta(
                    minutes=LIMITS["receipt"][1]
                )
                self.env.ref(CRON)._trigger(at=later)
        return allowed

    @api.model
    def _take_receipt(self, company):
        """Mark the next one that no other worker takes, if the hour has room for it."""
        found = self.search(
            [
                ("receipt_state", "=", "wanted"),
                ("state", "in", OPEN_STATES),
                ("company_id", "=", company.id),
            ],
            order="id",
            limit=10,
        )
        case = found.try_lock_for_update(allow_referencing=True, limit=1)
        throttle = self.env["followup.throttle"]
        if not case or not throttle._hit("receipt", f"company {company.id}"):
            return self.browse()
        case._guarded().write({"receipt_state": "sending"})
        return case

    @api.model
    def _end_cut_off_receipts(self):
        """Say of those whose worker was killed that they may not have arrived."""
        since = fields.Datetime.now() - CUT_OFF
        cut = self.search(
            [("receipt_state", "=", "sending"), ("write_date", "<", since)]
        )
        cut.try_lock_for_update(allow_referencing=True)._guarded().write(
            {"receipt_state": "failed"}
        )

    @api.model
    def _drop_late_receipts(self):
        """What was ended while it waited, as forged mails are, gets none."""
        late = self.search(
            [("receipt_state", "=", "wanted"), ("state", "not in", OPEN_STATES)]
        )
        late.try_lock_for_update(allow_referencing=True)._guarded().write(
            {"receipt_state": False}
        )

    def _send_receipt(self):
        """Send one receipt; what comes back to it finds the case."""
        self.ensure_one()
        # nobody writes to it meanwhile: that it went out is to be kept
        if not self.try_lock_for_update(allow_referencing=True):
            return
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
