# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Handing a rating link to the complainant: by mail, or shown once to the office."""

import smtplib

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.patient_followup.models.followup_message_email import (
    HEADERS,
    QuietSession,
    Refused,
)


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    def action_show_rating_link(self):
        """Show a new link in a notice, to be passed on; an earlier one ends."""
        self.ensure_one()
        url = self.env["complaint.link"]._issue(self)
        return self._notify("info", self.env._("Pass this on, it works once"), url)

    def action_send_rating_link(self):
        """Mail a new link to the complainant; nothing of the case is in the mail.

        The address is used without being shown; that it was used is logged (Y-2).

        :raises UserError: no address, nothing to rate, or the mail server refused
        """
        self.ensure_one()
        url = self.env["complaint.link"]._issue(self)
        address = self._reveal_protected(
            "complainant_email", self.env._("Rating link by mail")
        )
        if not address:
            raise UserError(self.env._("No e-mail address is recorded here."))
        self._mail_quietly(address, url)
        self._note_reason(self.env._("A rating link was mailed."))
        return self._notify("success", self.name, self.env._("The link was mailed."))

    def _mail_quietly(self, address, url):
        """Hand one mail to the mail server, without `mail.mail` that keeps it.

        No message, no partner; an error names no recipient, since it ends in the log.
        """
        letter = self.with_context(lang=self._page_lang())
        hospital = self.company_id.name
        text = letter.env._(
            "You wrote to %(hospital)s. Please tell us whether you are satisfied with"
            " how it was handled: %(url)s",
            hospital=hospital,
            url=url,
        )
        # sudo: mail servers are closed to the office
        servers = self.env["ir.mail_server"].sudo()
        sender = self.company_id.sudo().email_formatted
        sender = sender or servers._get_default_from_address()
        if not sender:
            raise UserError(
                self.env._("The hospital has no e-mail address of its own.")
            )
        try:
            session = servers._connect__(smtp_from=sender)
            mail = servers._build_email__(
                email_from=sender,
                email_to=[address],
                subject=letter.env._("Your opinion, please"),
                body=text,
                subtype="plain",
                headers=HEADERS,
            )
            servers.send_email(mail, smtp_session=session and QuietSession(session))
        except (MailDeliveryException, Refused, OSError, smtplib.SMTPException):
            raise UserError(
                self.env._("The mail server did not take it. Try again later.")
            ) from None

    def _notify(self, kind, title, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "title": title,
                "message": message,
                "sticky": kind == "info",
            },
        }
