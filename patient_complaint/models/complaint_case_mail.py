# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cases by e-mail: the words go into the case, the address into the safe (C-4, D-9).

Nothing of a mail stands in the chatter, whose followers would get it by mail: the
first one becomes the case, later ones its messages.
"""

import ast
import logging
import re
from email.utils import parseaddr

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import email_normalize, html2plaintext

from ..tools import mail_text, plain, uploads
from .complaint_case import OPEN_STATES
from .complaint_case_room import NoRoom

_logger = logging.getLogger(__name__)

NUMBER = re.compile(r"\bC[0-9]{4}-[0-9]{4,9}\b")
MAX_TEXT = 20000
MAX_SUBJECT = 300
MAX_FILES = 20


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    # ------------------------------------------------------------
    # GATEWAY
    # ------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a case of a mail; called by the gateway only.

        :raises AccessError: somebody else calls it
        """
        self._check_gateway()
        values = custom_values or {}
        # sudo: the gateway has no hospital of its own
        company = self.env["res.company"].sudo().browse(values.get("company_id"))
        company = company.exists() or self.env.company
        subject, text = self._read_mail(msg_dict)
        channel = self.env.ref("patient_complaint.complaint_channel_email")
        case = self._register_unattended(
            company,
            {
                **self._read_sender(msg_dict),
                "channel_id": channel.id,
                "description": "\n\n".join(filter(None, (subject, text))) or "-",
            },
        )
        case._keep_mail_files(msg_dict, case._keep_case_files)
        if not values.get("no_answer"):
            case._plan_acknowledgement()
        return case

    def message_update(self, msg_dict, update_vals=None):
        """Let a later mail join its case; a case that is over is not reopened by it.

        :raises AccessError: somebody else than the gateway calls it
        """
        self._check_gateway()
        self.ensure_one()
        if not self.env["followup.throttle"]._hit("mail", f"case {self.id}"):
            _logger.info("%s: too many mails, one was left out", self.name)
            return True
        subject, text = self._read_mail(msg_dict)
        lines = [text or subject or "-"]
        sender = "mail" if self._is_senders(msg_dict) else "stranger"
        if sender == "stranger":
            lines.insert(0, self.env._("(From another address than before)"))
        # sudo: the gateway has no role; only the message itself is kept
        case = self.sudo()
        row = case._keep_message(kind="message", body="\n".join(lines), sender=sender)
        case._keep_mail_files(msg_dict, lambda files: case._keep_files(row, files))
        if self.state not in OPEN_STATES:
            self._note_reason(
                self.env._("An e-mail came in after the end: reopen it if need be.")
            )
        return True

    def message_post(self, **kwargs):
        """Keep of a mail that it came, and its identifier; the rest is in the case."""
        if kwargs.get("message_type") != "email":
            return super().message_post(**kwargs)
        return super().message_post(
            body=self.env._("An e-mail came in."),
            message_type="notification",
            message_id=kwargs.get("message_id"),
            author_id=self.env.ref("base.partner_root").id,
            subtype_xmlid="mail.mt_note",
        )

    @api.model
    def _check_gateway(self):
        if not self.env.su:
            raise AccessError(self.env._("Mails come in through the gateway only."))

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Count the cases of an address by its digest: the address is in no column."""
        return Domain("id", "in", self._find_by_address(email_from_normalized))

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    @api.model
    def _mail_company(self, alias):
        """Return the hospital an address belongs to."""
        # sudo: the gateway reads the defaults of its address
        try:
            defaults = ast.literal_eval(alias.sudo().alias_defaults or "{}")
        except (ValueError, SyntaxError):
            defaults = {}
        company_id = defaults.get("company_id") if isinstance(defaults, dict) else 0
        return self.env["res.company"].sudo().browse(company_id or []).exists()

    @api.model
    def _find_by_address(self, address):
        """Return the ids of the cases of an e-mail address."""
        if not address:
            return []
        return self._match_protected("complainant_email", [address]).get(address, [])

    @api.model
    def _find_mailed(self, msg_dict):
        """Return the case whose number the subject names, if it is the sender's own."""
        number = NUMBER.search(msg_dict.get("subject") or "")
        address = email_normalize(msg_dict.get("email_from") or "")
        if not number or not address:
            return self.browse()
        own = self._find_by_address(address)
        return self.search([("name", "=", number[0]), ("id", "in", own)], limit=1)

    def _is_senders(self, msg_dict):
        """Whether a mail comes from the address the case has, or has none."""
        address = email_normalize(msg_dict.get("email_from") or "")
        known = self.complainant_email_masked
        return not known or self.id in self._find_by_address(address)

    @api.model
    def _read_mail(self, msg_dict):
        """Return (subject, text): no markup, nothing a database cannot keep."""
        text = html2plaintext(msg_dict.get("body") or "", include_references=False)
        subject = plain.line(msg_dict.get("subject") or "", MAX_SUBJECT)
        return subject, plain.text(text, MAX_TEXT)

    @api.model
    def _read_sender(self, msg_dict):
        """Return name and address of the sender, as far as they are any."""
        name, address = parseaddr(msg_dict.get("email_from") or "")
        name = plain.line(name, 100)
        known = self._parse_protected("email", address) if address else None
        return {
            "complainant_name": name if "@" not in name else False,
            "complainant_email": address if known else False,
        }

    def _keep_mail_files(self, msg_dict, keep):
        """Keep the files of a mail, none when the day is full; note what is missing.

        :param keep: called with [(name, media type, bytes)]
        """
        files, refused = mail_text.read_files(
            msg_dict.get("attachments") or (), MAX_FILES, uploads.MAX_BYTES
        )
        sender = email_normalize(msg_dict.get("email_from") or "") or "nobody"
        try:
            with self._room(self.company_id, files, f"mail {sender}", by_mail=True):
                keep(files)
        except NoRoom:
            refused += len(files)
        self._note_refused(refused)

    def _note_refused(self, count):
        """Say how many files were not kept: nothing is left out silently (I-7)."""
        if count:
            self._note_reason(
                self.env._(
                    "Files not kept: %(count)s (too large, too many, or of a kind"
                    " that is not safe). Ask for them.",
                    count=count,
                )
            )
