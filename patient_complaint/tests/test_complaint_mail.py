# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
from contextlib import suppress
from datetime import timedelta
from email.header import Header
from email.message import EmailMessage
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.patient_followup.models import followup_throttle

from .common import ComplaintCommon
from .track_common import PNG

OFFICE_MAIL = "complaints@hospital.example.com"
SENDER = "wang.li@example.org"
WORDS = "等了三个小时，没有人理我。護士態度不好"
LOGS = ("odoo.addons.mail.models.mail_thread", "odoo.addons.base.models.ir_mail_server")


@tagged("post_install", "-at_install")
class TestComplaintMail(ComplaintCommon):
    """Mails become cases, answers join them, addresses stay in the safe (C-4, D-9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domains = cls.env["mail.alias.domain"]
        name = "hospital.example.com"
        cls.company.alias_domain_id = domains.search(
            [("name", "=", name)]
        ) or domains.create({"name": name})
        cls.company.write(
            {
                "complaint_alias_name": "complaints",
                "complaint_receiver_id": cls.specialist.id,
                "email": "office@hospital.example.com",
            }
        )
        cls.cases = cls.env["complaint.case"]

    def setUp(self):
        super().setUp()
        self.sent = []

        def send_email(server, message, *args, **kwargs):
            self.sent.append(message)
            return message["Message-Id"]

        self.patch(IrMail_Server, "send_email", send_email)
        self.patch(IrMail_Server, "_connect__", lambda server, *args, **kwargs: None)

    def _raw(self, body, charset, subject="x", number="1", encoding="8bit", **headers):
        """Return a mail as it lies on the wire; `charset` is what the label says."""
        lines = {
            "From": f"Wang Li <{SENDER}>",
            "To": OFFICE_MAIL,
            "Subject": subject,
            "Message-Id": f"<{number}@example.org>",
            "MIME-Version": "1.0",
            "Content-Type": f"text/plain; charset={charset}"
            if charset
            else "text/plain",
            "Content-Transfer-Encoding": encoding,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return head.encode() + b"\r\n" + body

    def _receive(self, raw):
        """Hand a mail to the gateway; return its case, empty if none."""
        with mute_logger(*LOGS):
            res_id = self.env["mail.thread"].message_process(None, raw)
        return self.cases.browse(res_id or [])

    def _mail(self, text="Nobody came", number="1", files=(), **headers):
        message = EmailMessage()
        for name, value in {
            "From": f"Wang Li <{SENDER}>",
            "To": OFFICE_MAIL,
            "Subject": "About the ward",
            "Message-Id": f"<{number}@example.org>",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }.items():
            message[name] = value
        message.set_content(text)
        for name, content in files:
            message.add_attachment(
                content, maintype="application", subtype="octet-stream", filename=name
            )
        return message.as_bytes()

    def _send_receipts(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "patient_complaint.complaint_case_cron_receipt"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _files(self, case):
        found = [("res_model", "=", case._name), ("res_id", "=", case.id)]
        return self.env["ir.attachment"].sudo().search(found)

    def _rows(self, case):
        self.env.invalidate_all()
        return case.sudo().message_row_ids.sorted("id")

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    def test_every_charset_becomes_the_words_that_were_written(self):
        table = [
            # (encoded in, what the label says)
            ("gb18030", "gb18030"),
            ("gb18030", "gbk"),
            ("gb18030", "gb2312"),
            ("gb18030", "GB2312"),
            ("gb18030", "x-gbk"),
            ("gb18030", "utf-8"),
            ("gb18030", "x-unknown"),
            ("gb18030", ""),
            ("utf-8", "utf-8"),
            ("utf-8", "gb2312"),
            ("utf-8", "us-ascii"),
            ("utf-8", ""),
        ]
        for number, (real, label) in enumerate(table):
            for encoding in ("8bit", "base64"):
                body = WORDS.encode(real)
                if encoding == "base64":
                    body = base64.encodebytes(body)
                # Odoo takes twenty mails of one sender in two hours
                sender = {"From": f"wang{number}@example.org"}
                raw = self._raw(body, label, number=f"{number}{encoding}", **sender)
                raw = raw.replace(b"8bit", encoding.encode())
                with self.subTest(real=real, label=label, encoding=encoding):
                    case = self._receive(raw)
                    self.assertIn(WORDS, case.description)

    def test_subjects_are_read_whatever_they_are_written_in(self):
        words = "護士态度"
        encoded = Header(words, "gb18030").encode().replace("gb18030", "gb2312")
        raw = words.encode("gb18030").decode("latin-1")
        for number, subject in enumerate((encoded, raw)):
            mail = self._raw(b"x", "us-ascii", number=f"s{number}", subject="@@")
            mail = mail.replace(b"@@", subject.encode("latin-1"))
            with self.subTest(subject=subject):
                self.assertIn(words, self._receive(mail).description)

    def test_a_mail_becomes_a_case_of_its_hospital(self):
        case = self._receive(self._mail())
        self.assertEqual(case.company_id, self.company)
        self.assertEqual(case.channel_id.code, "email")
        self.assertEqual(case.receiver_id, self.specialist)
        self.assertEqual(case.description.strip(), "About the ward\n\nNobody came")
        self.assertEqual(case.complainant_name, "Wang Li")
        self.assertEqual(case.state, "received")
        self.assertTrue(case.clock_ids)
        self.assertEqual(case.sudo().activity_ids.user_id, self.specialist)

    def test_markup_is_read_as_words(self):
        html = "<p onclick='x()'>Cold <b>soup</b></p><script>alert(1)</script>"
        raw = self._mail().replace(b"text/plain", b"text/html")
        raw = raw.replace(b"Nobody came", html.encode())
        case = self._receive(raw)
        self.assertIn("Cold *soup*", case.description)
        self.assertNotIn("<", case.description)
        self.assertNotIn("onclick", case.description)

    def test_broken_mails_still_become_cases(self):
        table = {
            "nul": b"a\x00b",
            "nothing": b"",
            "noise": bytes(range(256)),
            "long": b"x" * 100_000,
        }
        for name, body in table.items():
            with self.subTest(name):
                case = self._receive(self._raw(body, "gbk", number=name))
                self.assertTrue(case.description)
                self.assertNotIn("\x00", case.description)
                self.assertLessEqual(len(case.description), 20400)

    # ------------------------------------------------------------
    # ADDRESS
    # ------------------------------------------------------------

    def test_the_address_of_the_sender_is_in_no_readable_place(self):
        """D-9, I-3: column, message, follower, author, partner, mail queue."""
        partners = self.env["res.partner"].search_count([])
        case = self._receive(self._mail(Cc="friend@example.org"))
        self._send_receipts()
        self._receive(self._mail("More", "2", In_Reply_To="<1@example.org>"))
        self.assertEqual(case.complainant_email, "w****@example.org")
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        self.env.flush_all()
        for table, column in (
            ("complaint_case", "id"),
            ("mail_message", "res_id"),
            ("complaint_message", "case_id"),
            ("mail_activity", "res_id"),
        ):
            query = f"SELECT row_to_json(t)::text FROM {table} t WHERE {column} = %s"
            self.env.cr.execute(query, [case.id])
            text = "".join(row for [row] in self.env.cr.fetchall()).lower()
            for word in ("wang.li", "friend@"):
                with self.subTest(table=table, word=word):
                    self.assertNotIn(word, text)
        self.assertFalse(case.message_ids.mapped("notified_partner_ids"))
        self.assertNotIn("Nobody came", "".join(case.message_ids.mapped("body")))

    def test_whoever_is_no_gateway_makes_no_case_of_a_mail(self):
        for user in (self.plain, self.specialist, self.officer):
            cases = self.cases.with_user(user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                cases.message_new({"body": "x", "subject": "x"}, {"state": "closed"})

    def test_a_caller_of_the_gateway_forges_nothing(self):
        """Custom values, a named thread: the words of a mail, nothing more."""
        threads = self.env["mail.thread"].with_user(self.plain)
        forged = {"state": "closed", "owner_id": self.plain.id, "name": "C1"}
        with mute_logger(*LOGS):
            res_id = threads.sudo().message_process(
                "complaint.case", self._mail(), custom_values=forged
            )
        case = self.cases.browse(res_id)
        self.assertEqual(case.state, "received")
        self.assertFalse(case.owner_id)
        self.assertNotEqual(case.name, "C1")

    # ------------------------------------------------------------
    # ANSWERS
    # ------------------------------------------------------------

    def test_answers_join_their_case(self):
        case = self._receive(self._mail())
        self._send_receipts()
        receipt = self.sent[0]["Message-Id"]
        ways = {
            "to the first mail": {"In_Reply_To": "<1@example.org>"},
            "to the receipt": {"References": receipt},
            "by number": {"Subject": f"Re: {case.name} please"},
        }
        for number, (way, headers) in enumerate(ways.items(), 2):
            with self.subTest(way):
                found = self._receive(self._mail(way, str(number), **headers))
                self.assertEqual(found, case)
                self.assertEqual(self._rows(case)[-1].body, way)
                self.assertEqual(self._rows(case)[-1].direction, "in")

    def test_a_number_opens_no_case_of_somebody_else(self):
        case = self._receive(self._mail())
        other = self._receive(
            self._mail("y", "2", Subject=case.name, From="x@example.org")
        )
        self.assertTrue(other)
        self.assertNotEqual(other, case)

    def test_an_answer_from_elsewhere_says_so(self):
        case = self._receive(self._mail())
        self._receive(
            self._mail("y", "2", In_Reply_To="<1@example.org>", From="x@example.org")
        )
        self.assertIn("another address", self._rows(case).body)
        self.assertEqual(self._rows(case).sender, "stranger")

    def test_whatever_came_by_mail_has_no_proven_sender(self):
        """Anybody writes any sender into a mail: the office sees how it came."""
        case = self._receive(self._mail())
        self._receive(self._mail("Forged?", "2", In_Reply_To="<1@example.org>"))
        row = self._rows(case)
        self.assertEqual(row.sender, "mail")
        with self.assertRaises(AccessError):
            row.with_user(self.officer).write({"sender": "code"})

    def test_a_mail_after_the_end_reopens_nothing(self):
        case = self._receive(self._mail())
        case.with_user(self.specialist).action_not_accept("Another hospital")
        self._receive(self._mail("Still", "2", In_Reply_To="<1@example.org>"))
        self.assertEqual(case.state, "not_accepted")
        self.assertEqual(self._rows(case).body, "Still")
        notes = " ".join(case.message_ids.mapped("body"))
        self.assertIn("after the end", notes)

    def test_the_same_mail_twice_is_one_case(self):
        case = self._receive(self._mail())
        self.assertTrue(case)
        self.assertFalse(self._receive(self._mail()))

    def test_machines_do_not_complain(self):
        before = self.cases.search_count([])
        table = [
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "auto-generated"},
            {"Precedence": "auto_reply"},
            {"X_Autoreply": "yes"},
            {"Return_Path": "<>"},
            {"From": OFFICE_MAIL},
            {"From": "MAILER-DAEMON@example.org"},
        ]
        for number, headers in enumerate(table):
            with self.subTest(headers):
                self._receive(self._mail("x", f"m{number}", **headers))
                self.assertEqual(self.cases.search_count([]), before)

    def test_a_loop_ends(self):
        for number in range(25):
            self._receive(self._mail("x", f"l{number}"))
        found = self.cases._find_by_address(SENDER)
        self.assertEqual(len(found), 20)
        self._send_receipts()
        self.assertLessEqual(
            len([one for one in self.sent if "received" in one["Subject"]]), 5
        )

    # ------------------------------------------------------------
    # RECEIPT
    # ------------------------------------------------------------

    def test_the_receipt_holds_the_number_and_nothing_else(self):
        case = self._receive(self._mail("The nurse shouted"))
        self._send_receipts()
        [receipt] = self.sent
        text = receipt.as_string()
        self.assertIn(case.name, receipt["Subject"])
        self.assertIn(case.name, receipt.get_content())
        self.assertEqual(receipt["To"], SENDER)
        self.assertEqual(receipt["Reply-To"], OFFICE_MAIL)
        self.assertEqual(receipt["Auto-Submitted"], "auto-generated")
        for word in ("nurse", "Wang", "ward"):
            self.assertNotIn(word, text.replace(SENDER, ""))
        self.assertEqual(case.receipt_state, "sent")
        self.assertTrue(case.acknowledged_at)
        self._send_receipts()
        self.assertEqual(len(self.sent), 1)

    def test_forged_senders_get_no_flood_of_receipts(self):
        """So many an hour of a hospital; the others wait, and none goes out twice."""
        cases = self.cases
        for number in range(5):
            sender = f"victim{number}@example.org"
            cases += self._receive(self._mail("x", f"r{number}", From=sender))
        self.assertEqual(set(cases.mapped("receipt_state")), {"wanted"})
        now = fields.Datetime.now() + timedelta(days=2)
        with patch.dict(followup_throttle.LIMITS, {"receipt": (2, 60)}):
            for hour, sent in enumerate((2, 4, 5, 5)):
                with freeze_time(now + timedelta(hours=hour)):
                    self._send_receipts()
                    self._send_receipts()
                self.assertEqual(len(self.sent), sent, f"hour {hour}")
        self.assertEqual(set(cases.mapped("receipt_state")), {"sent"})
        self.assertEqual(len({mail["To"] for mail in self.sent}), 5)

    def test_a_killed_worker_sends_no_receipt_twice(self):
        """It is marked before it is handed over; the officer sees it may be lost."""
        case, committed = self._receive(self._mail()), []
        throttle = type(self.env["followup.throttle"])

        def commit(cron, *args, **kwargs):
            committed.append(case.receipt_state)
            return 60

        def kill(server, message, *args, **kwargs):
            self.sent.append(message)
            raise SystemExit

        with (
            patch.object(IrCron, "_commit_progress", commit),
            patch.object(IrMail_Server, "send_email", kill),
            patch.object(throttle, "_hit", lambda *args, **kwargs: True),
            suppress(SystemExit),
        ):
            self.cases._cron_send_receipts()
        self.assertEqual(committed[-1], "sending")
        self.assertEqual(case.receipt_state, "sending")
        self._send_receipts()
        self.assertEqual(case.receipt_state, "sending")
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            self._send_receipts()
        self.assertEqual(case.receipt_state, "failed")
        self.assertEqual(len(self.sent), 1)

    def test_what_was_ended_while_its_receipt_waited_gets_none(self):
        """The office ends forged mails: whose address they bear hears nothing."""
        case = self._receive(self._mail())
        case.with_user(self.specialist).action_not_accept("Advertising")
        self._send_receipts()
        self.assertFalse(self.sent)
        self.assertFalse(case.receipt_state)

    def test_an_automatic_receipt_is_no_response(self):
        """C-10: the 48 hours run until somebody has really answered."""
        case = self._receive(self._mail())
        self._send_receipts()
        self.assertFalse(self._clock(case, "response").stopped_at)

    def test_lists_and_no_reply_addresses_get_no_receipt(self):
        table = [
            {"X_Auto_Response_Suppress": "All"},
            {"List_Id": "<news.example.org>"},
            {"From": "no-reply@example.org"},
        ]
        for number, headers in enumerate(table):
            with self.subTest(headers):
                case = self._receive(self._mail("x", f"n{number}", **headers))
                self.assertTrue(case)
                self.assertFalse(case.receipt_state)

    def test_a_mail_server_that_is_away_stops_nothing(self):
        case = self._receive(self._mail())

        def refuse(server, *args, **kwargs):
            raise OSError("away")

        with patch.object(IrMail_Server, "_connect__", refuse):
            self._send_receipts()
        self.assertEqual(case.receipt_state, "failed")
        self.assertFalse(case.acknowledged_at)

    # ------------------------------------------------------------
    # FILES
    # ------------------------------------------------------------

    def test_files_are_kept_up_to_ten_megabytes(self):
        size = 10 * 1024 * 1024
        large = PNG + b"\0" * (size - len(PNG))
        files = [
            ("ward.png", large),
            ("too large.png", large + b"\0"),
            ("letter.docx", b"PK\x03\x04" + b"x"),
            ("page.html", b"<html/>"),
            ("program.exe", b"MZ"),
            ("../../x.pdf", b"%PDF-1.4"),
        ]
        case = self._receive(self._mail(files=files))
        kept = {file.name: file.mimetype for file in self._files(case)}
        wanted = {
            "ward.png": "image/png",
            "letter.docx": "application/octet-stream",
            "x.pdf": "application/pdf",
        }
        self.assertEqual(kept, wanted)
        notes = " ".join(case.message_ids.mapped("body"))
        self.assertIn("Files not kept: 3", notes)

    def test_one_sender_fills_not_the_room_of_all(self):
        """Another address still gets through with its files."""
        files, kept = [("a.png", PNG)], []
        throttle = self.env["followup.throttle"]
        sender = f"mail {SENDER}"
        used = followup_throttle.LIMITS["upload_one"][0]
        used -= throttle._left("upload_one", sender)
        with patch.dict(followup_throttle.LIMITS, {"upload_one": (used + 1, 60 * 24)}):
            for number, who in enumerate((SENDER, SENDER, "x@example.org")):
                mail = self._mail("x", f"f{number}", files, From=who)
                kept.append(len(self._files(self._receive(mail))))
        self.assertEqual(kept, [1, 0, 1])

    def test_when_the_day_is_full_words_are_kept_without_files(self):
        with patch.dict(followup_throttle.LIMITS, {"upload": (0, 60)}):
            case = self._receive(self._mail("Words", files=[("a.png", PNG)]))
        self.assertIn("Words", case.description)
        self.assertFalse(self._files(case))
        notes = " ".join(case.message_ids.mapped("body"))
        self.assertIn("Files not kept: 1", notes)

    def test_twenty_files_are_kept_of_one_mail(self):
        files = [(f"{number}.png", PNG) for number in range(22)]
        case = self._receive(self._mail(files=files))
        self.assertEqual(len(self._files(case)), 20)

    def test_files_of_an_answer_belong_to_the_answer(self):
        case = self._receive(self._mail())
        self._receive(
            self._mail("y", "2", [("a.png", PNG)], In_Reply_To="<1@example.org>")
        )
        self.assertEqual(self._rows(case).attachment_ids.mapped("name"), ["a.png"])
        self.assertFalse(self._files(case))

    # ------------------------------------------------------------
    # ADDRESS OF THE OFFICE
    # ------------------------------------------------------------

    def test_the_address_is_renamed_and_dropped_with_the_setting(self):
        alias = self.company.complaint_alias_id
        self.company.complaint_alias_name = "voice"
        self.assertEqual(alias.alias_full_name, "voice@hospital.example.com")
        self.company.complaint_alias_name = False
        self.assertFalse(alias.exists())
        self.assertFalse(self.company.complaint_alias_id)
