# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Letters and e-mails: neutral outside, the link made at the last moment (I-3)."""

import base64
import smtplib
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.followup_message_email import QuietSession
from .message_common import MessageCase

ADDRESS = "patient.one@example.com"
CLINICAL = ("Ward A", "Secret diagnosis", "Patient", "Follow-up")


class FakeSession:
    """Takes mails; `refuse` answers as a server that does not know the address."""

    from_filter = False
    smtp_from = False

    def __init__(self):
        self.mails = []
        self.error = None

    def send_message(self, message, smtp_from, smtp_to_list):
        if self.error:
            raise self.error
        self.mails.append((message, smtp_to_list))

    def quit(self):
        """Nothing to close."""


@tagged("post_install", "-at_install")
class TestFollowupMessageEmail(MessageCase):
    def setUp(self):
        super().setUp()
        self.company.write(
            {
                "followup_sms_active": False,
                "followup_email_active": True,
                "email": "hospital@example.com",
            }
        )
        self.session = FakeSession()
        servers = self.registry["ir.mail_server"]
        self.patch(servers, "_disable_send", lambda *a: False)
        self.patch(servers, "_connect__", lambda *a, **k: self.session)

    def _patient_with_email(self):
        contact = {"email": ADDRESS, "is_primary": True}
        return self._patient(birthdate="1960-05-01", contact_ids=[(0, 0, contact)])

    def test_an_address_is_kept_as_numbers_are(self):
        """D-9: masked, protected, found by whole address only."""
        contact = self._patient_with_email().contact_ids
        self.assertEqual(contact.email, "p****@example.com")
        self.assertEqual(contact._reveal_protected("email"), ADDRESS)
        contacts = self.env["followup.patient.contact"].with_user(self.manager)
        self.assertEqual(contacts.search([("email", "=", ADDRESS.upper())]), contact)
        self.assertFalse(contacts.search([("email", "=", "one@example.com")]))
        for text in (
            "none",
            "a@b",
            "a@b.c\r\nBcc: x@y.zz",
            "a b@example.com",
            "x" * 400,
        ):
            with self.assertRaises(UserError):
                contact.email = text
        self.env.cr.execute(
            "SELECT email_masked FROM followup_patient_contact WHERE id = %s",
            [contact.id],
        )
        self.assertNotIn("patient.one", str(self.env.cr.fetchall()))

    def test_every_outgoing_subject_and_header_is_neutral(self):
        """I-3, D-7: no name, ward or diagnosis outside the words."""
        stay = self._encounter(
            self._patient_with_email(), discharge_diagnosis="Secret diagnosis"
        )
        task = self._task(stay)
        concern = task.with_user(self.ward_a).action_ask("May I bathe?")
        concern.with_user(self.head_a).action_answer("Yes.")
        templates = self.env["followup.message.template"].search([])
        policies = self.env["followup.attempt.policy"]
        self.company.followup_default_policy_id = policies.create(
            {"name": "No limit", "max_contacts_per_day": 0}
        )
        self.session.mails.clear()
        for template in templates:
            record = concern if template.code == "concern_answer" else task
            self.messages._queue(record, template.code, link=True)
        self._run_queue()
        self.assertEqual(len(self.session.mails), len(templates))
        for mail, recipients in self.session.mails:
            self.assertEqual(recipients, [ADDRESS])
            headers = "\n".join(f"{name}: {mail[name]}" for name in mail)
            for word in CLINICAL:
                self.assertNotIn(word, headers)
            self.assertIn("Test Hospital", mail["Subject"])

    def test_no_partner_no_follower_no_mail_stays(self):
        models = ("res.partner", "mail.followers", "mail.mail", "mail.message")
        task = self._task(self._encounter(self._patient_with_email()))
        before = [self.env[name].search_count([]) for name in models]
        message = self._invite(task)
        self._run_queue()
        self.assertEqual(self._states(message), [("sent", False)])
        after = [self.env[name].search_count([]) for name in models]
        self.assertEqual(after, before)

    def test_html_in_a_text_stays_text(self):
        html = self.messages._make_html("<script>x</script> http://h/#t", "http://h/#t")
        self.assertNotIn("<script>", html)
        self.assertIn('<a href="http://h/#t">', html)

    def test_what_the_server_says_ends_in_no_log(self):
        refused = smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"no " + b"such")})
        with self.assertLogs("odoo", "DEBUG") as logs:
            self._send_with(refused, ("failed", "rejected"))
        text = "\n".join(
            line for line in logs.output if "odoo.sql_db" not in line.split(":")[1]
        )
        self.assertNotIn("patient.one", text)

    def test_a_lost_connection_leaves_it_to_a_person(self):
        self._send_with(TimeoutError("timed out"), ("unknown", "unclear"))

    def test_no_server_means_later(self):
        words = "no server"

        def connect(*args, **kwargs):
            raise UserError(words)

        self.patch(self.registry["ir.mail_server"], "_connect__", connect)
        self._send_with(None, ("queued", "unreached"))

    def _send_with(self, error, expected):
        self.session.error = error
        task = self._task(self._encounter(self._patient_with_email()))
        message = self._invite(task)
        self._run_queue()
        self.assertEqual(self._states(message), [expected])

    def test_a_quiet_session_hides_nothing_else(self):
        self.assertFalse(QuietSession(self.session).smtp_from)


@tagged("post_install", "-at_install")
class TestFollowupMessageLetter(MessageCase):
    def _letter(self, **vals):
        patient = self._patient(
            birthdate="1960-05-01", address="1 Example Road", preferred_method="mail"
        )
        return self._invite(self._call(patient=patient, **vals))

    def _print(self, letters, user=None):
        """Return the HTML that becomes the PDF."""
        with patch.object(
            self.registry["ir.actions.report"],
            "_render_qweb_pdf",
            lambda reports, ref, res_ids=None, data=None: reports._render_qweb_html(
                ref, res_ids, data=data
            ),
        ):
            action = letters.with_user(user or self.ward_a).action_print()
        self.env.invalidate_all()
        return base64.b64decode(action["params"]["content"]).decode()

    def test_letters_are_printed_with_a_link_and_marked_sent(self):
        letters = self._letter() + self._letter()
        self.assertEqual(set(letters.mapped("method")), {"letter"})
        self.assertFalse(self.env["followup.link"].search_count([]))
        html = self._print(letters)
        self.assertEqual(html.count('src="data:image/png;base64,'), 2)
        self.assertIn("1 Example Road", html)
        self.assertEqual(set(letters.mapped("state")), {"sent"})
        self.assertEqual(letters.mapped("sent_by_id"), self.ward_a)
        self.assertEqual(self.env["followup.link"].search_count([]), 2)

    def test_printing_is_logged(self):
        letter = self._letter()
        self._print(letter)
        log = self.env["followup.access.log"].search(
            [("action", "=", "print"), ("res_model", "=", letter._name)]
        )
        self.assertEqual((log.res_id, log.user_id), (letter.id, self.ward_a))

    def test_all_waiting_letters_of_the_day_are_printed_at_once(self):
        letters = self._letter() + self._letter()
        self._print(self.messages)
        self.assertEqual(set(letters.mapped("state")), {"sent"})
        with self.assertRaisesRegex(UserError, "no letter"):
            self._print(self.messages)

    def test_a_patient_who_died_gets_no_letter(self):
        letter, other = self._letter(), self._letter()
        letter.patient_id.deceased_date = "2026-03-04"
        html = self._print(other)
        self.assertIn("fu_page", html)
        self.assertEqual(letter.state, "cancelled")

    def test_letters_of_sensitive_wards_name_no_ward(self):
        self.department_a.followup_team_ids.is_sensitive = True
        html = self._print(self._letter())
        self.assertNotIn("Ward A", html)

    def test_only_callers_print_what_they_may_read(self):
        letter = self._letter()
        for user in (self.ward_b, self.leader, self.plain):
            with self.assertRaises(AccessError):
                self._print(letter, user)
        with self.assertRaises(AccessError):
            self._print(letter, self.inspector)
        self.assertEqual(letter.state, "queued")

    def test_html_in_names_stays_text(self):
        letter = self._letter()
        letter.patient_id.write({"name": "<script>x</script>", "address": "<b>1</b>"})
        html = self._print(letter)
        self.assertNotIn("<script>x", html)
        self.assertNotIn("<b>1</b>", html)

    def test_the_report_without_its_words_prints_nothing_of_a_patient(self):
        letter = self._letter()
        html = self.env["ir.actions.report"]._render_qweb_html(
            "patient_followup.followup_letter_report", letter.ids
        )[0]
        self.assertNotIn(b"Example Road", html)

    def test_pages_of_a_stranger_are_not_printed(self):
        """The report's address takes data: a picture in it would be fetched."""
        page = {"qr": "http://10.0.0.1/x.png", "to": "Invented", "company": False}
        html = (
            self.env["ir.actions.report"]
            .with_user(self.ward_a)
            ._render_qweb_html(
                "patient_followup.followup_letter", [], data={"pages": [page]}
            )[0]
        )
        self.assertNotIn(b"10.0.0.1", html)
        self.assertNotIn(b"Invented", html)

    def test_a_letter_that_went_out_stays_sent_when_its_call_is_closed(self):
        letter = self._letter()
        self._print(letter)
        letter.task_id._cancel_engine("Closed")
        with self.assertRaisesRegex(UserError, "no letter"):
            self._print(letter)
        self.assertEqual(letter.state, "sent")

    def test_a_real_pdf_comes_out(self):
        letter = self._letter().with_context(force_report_rendering=True)
        # no server answers its style sheets: wkhtmltopdf warns, and prints
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            action = letter.with_user(self.ward_a).action_print()
        self.assertEqual(action["tag"], "followup_download")
        content = base64.b64decode(action["params"]["content"])
        self.assertTrue(content.startswith(b"%PDF"))
