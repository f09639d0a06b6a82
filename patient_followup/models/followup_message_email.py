# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sending by e-mail through Odoo's mail servers (M-6).

Without `mail.mail`: it would keep the words in a `mail.message` and write the
address of a refused recipient into the server log. No partner, no follower.
"""

import smtplib

from markupsafe import Markup, escape

from odoo import models

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


class Refused(Exception):
    """The mail server said no; `code` is all that is kept of what it said."""

    def __init__(self, code):
        super().__init__(f"refused ({code})")
        self.code = code


class QuietSession:
    """A session whose errors name no recipient, since they end in the log."""

    def __init__(self, session):
        self._session = session

    def __getattr__(self, name):
        return getattr(self._session, name)

    def send_message(self, *args, **kwargs):
        try:
            return self._session.send_message(*args, **kwargs)
        except smtplib.SMTPRecipientsRefused as error:
            codes = sorted({code for code, _text in error.recipients.values()})
            raise Refused(codes[0] if codes else 550) from None
        except smtplib.SMTPResponseException as error:
            raise Refused(error.smtp_code) from None
        except OSError:
            # cut off in the middle: nobody knows
            raise smtplib.SMTPServerDisconnected("connection lost") from None


class FollowupMessage(models.Model):
    _inherit = "followup.message"

    def _transmit_email(self, words):
        """Hand one e-mail to the mail server; return {state, failure}."""
        address = self._read_number("email")
        sender = self._get_sender()
        if not address or not sender:
            return {"state": "failed", "failure": "no_contact"}
        # sudo: mail servers are closed to callers
        servers = self.env["ir.mail_server"].sudo()
        try:
            session = servers._connect__(smtp_from=sender)
        except Exception:  # pylint: disable=broad-except
            # whatever the server or its settings lack: nothing left the house
            return {"state": "retry", "failure": "unreached"}
        mail = servers._build_email__(
            email_from=sender,
            email_to=[address],
            subject=words["subject"],
            body=str(self._make_html(words["text"], words["url"])),
            body_alternative=words["text"],
            subtype="html",
            subtype_alternative="plain",
            headers=HEADERS,
        )
        return self._deliver(servers, mail, session)

    def _deliver(self, servers, mail, session):
        quiet = session and QuietSession(session)
        try:
            servers.send_email(mail, smtp_session=quiet)
        except (MailDeliveryException, AssertionError):
            return {"state": "failed", "failure": "rejected"}
        except (OSError, smtplib.SMTPException):
            return {"state": "unknown", "failure": "unclear"}
        finally:
            if session:
                self._quit(session)
        return {"state": "sent"}

    def _quit(self, session):
        try:
            session.quit()
        except (OSError, smtplib.SMTPException):
            return

    def _get_sender(self):
        company = self.company_id
        servers = self.env["ir.mail_server"].sudo()  # sudo: its default sender only
        return company.email_formatted or servers._get_default_from_address()

    def _make_html(self, text, url):
        """Return the words as HTML: nothing a patient or nurse typed is markup."""
        html = escape(text)
        if url:
            link = Markup('<a href="%s">%s</a>') % (url, url)
            html = Markup(str(html).replace(str(escape(url)), str(link)))
        return Markup("<p>%s</p>") % html
