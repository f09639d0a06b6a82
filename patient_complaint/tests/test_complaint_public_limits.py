# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What strangers may store and make the hospital send, and how they are told."""

import io
from unittest.mock import patch

from freezegun import freeze_time
from werkzeug.datastructures import FileStorage

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.patient_followup.models import followup_throttle

from ..models import complaint_case_room
from ..models.complaint_case_room import NoRoom
from ..tools import plain, uploads
from .form_common import FIELD, ComplaintFormCase
from .track_common import PNG, ComplaintTrackCase

CODE = 'class="code"'


def _limits(**kinds):
    """Return a patch: no limits but these, of one day."""
    loose = {
        kind: (10**9, minutes)
        for kind, (_count, minutes) in followup_throttle.LIMITS.items()
    }
    tight = {kind: (count, 60 * 24) for kind, count in kinds.items()}
    return patch.dict(followup_throttle.LIMITS, {**loose, **tight})


@tagged("post_install", "-at_install", "patient_complaint_http")
class TestComplaintFormLimits(ComplaintFormCase):
    # ------------------------------------------------------------
    # ROOM
    # ------------------------------------------------------------

    def test_a_day_has_room_for_so_many_files_of_a_hospital(self):
        """The words are kept on the page, and go through without the files."""
        large = PNG + b"\0" * (3 * 1024 - len(PNG))
        with _limits(upload=4):
            self.assertIn(CODE, self._send([("a.png", large, "image/png")]).text)
            self._form()
            full = self._send([("a.png", large, "image/png")], description="Kept")
            self.assertEqual(full.status_code, 422)
            self.assertIn("no more can be kept", full.text)
            self.assertIn(">Kept</textarea>", full.text)
            self._form()
            self.assertIn(CODE, self._send([("b.png", PNG, "image/png")]).text)
            self._form()
            self.assertIn(CODE, self._send().text)

    def test_one_address_fills_not_the_room_of_all(self):
        with _limits(upload_one=1, upload=100):
            self.assertIn(CODE, self._send([("a.png", PNG, "image/png")]).text)
            self._form()
            again = self._send([("a.png", PNG, "image/png")])
            self.assertEqual(again.status_code, 422)

    def test_room_is_counted_for_what_is_kept_only(self):
        """A refused step gives back what it took, a second one finds it free."""
        files, throttle = [("a.png", "image/png", PNG)], self.env["followup.throttle"]
        whole = f"company {self.company.id}"
        with _limits(upload=3, upload_one=2, upload_mail=1):
            for by_mail in (False, True, False):
                with self.subTest(by_mail), self.assertRaises(ZeroDivisionError):
                    with self.cases._room(self.company, files, "a", by_mail):
                        self.assertEqual(throttle._left("upload", whole), 2)
                        raise ZeroDivisionError
                for kind, subject in (
                    *(("upload", whole), ("upload_mail", whole)),
                    ("upload_one", "a"),
                ):
                    limit = followup_throttle.LIMITS[kind][0]
                    self.assertEqual(throttle._left(kind, subject), limit)

    def test_what_is_rolled_back_later_gives_its_room_back(self):
        """The server repeats a request that met another: it is counted once."""
        files, throttle = [("a.png", "image/png", PNG)], self.env["followup.throttle"]
        with _limits(upload=3, upload_one=2):
            with self.cases._room(self.company, files, "a"):
                pass
            self.assertEqual(throttle._left("upload_one", "a"), 1)
            self.env.cr.postrollback.run()
            self.env.cr.postrollback.run()
            self.assertEqual(throttle._left("upload_one", "a"), 2)

    def test_while_room_is_scarce_an_address_gets_little(self):
        """Who has sent nothing is not locked out by a handful of others."""
        with (
            _limits(upload=10, upload_one=8),
            patch.object(complaint_case_room, "SCARCE", 2),
        ):
            kept = [
                self._fits(sender, count)
                for sender, count in (
                    *(("a", 4), ("b", 4), ("a", 1), ("c", 1), ("c", 1), ("c", 1)),
                )
            ]
        self.assertEqual(kept, [True, True, False, True, True, False])

    def test_mails_leave_room_for_forms(self):
        """Anybody writes any sender into a mail."""
        with _limits(upload=10, upload_mail=2):
            kept = [self._fits(f"forged {number}", 1, True) for number in range(3)]
            self.assertEqual(kept, [True, True, False])
            self.assertTrue(self._fits("a", 1))

    def test_strangers_leave_room_for_cases_that_were_assessed(self):
        """Networks are cheap, a case that somebody of the office looked at is not."""
        case = self.cases.create({"description": "x", "company_id": self.company.id})
        with _limits(upload=10, upload_new=6):
            kept = [self._fits(f"network {number}", 2) for number in range(4)]
            self.assertEqual(kept, [True, True, True, False])
            self.assertFalse(self._fits("complainant", 1, case=case))
            case._guarded().state = "triage"
            self.assertTrue(self._fits("complainant", 3, case=case))
            self.assertFalse(self._fits("forger", 1, by_mail=True, case=case))

    def _fits(self, sender, count, by_mail=False, case=None):
        """Keep so many small files of a sender; return whether there was room."""
        files = [(f"{number}.png", "image/png", PNG) for number in range(count)]
        cases = self.cases if case is None else case
        try:
            with cases._room(self.company, files, sender, by_mail):
                return True
        except NoRoom:
            return False

    def test_a_hospital_takes_so_many_forms_an_hour(self):
        """Then few of each address: nobody is locked out by what others send."""
        with _limits(form_all=1, form_one=2):
            for status in (200, 200):
                self._form()
                self.assertEqual(self._send().status_code, status)
            self._form()
            later = self._send(description="Kept")
            self.assertEqual(later.status_code, 429)
            self.assertIn("Retry-After", later.headers)
            self.assertIn(">Kept</textarea>", later.text)
            self.assertIn("once more in an hour", later.text)
            self.hidden = dict(FIELD.findall(later.text))
        with _limits(form_all=9):
            self.assertIn(CODE, self._send(description="Kept").text)

    def test_a_form_sent_again_counts_as_one(self):
        with _limits(form_all=1, form_one=0):
            self._form()
            self.assertIn(CODE, self._send().text)
            again = self._send()
            self.assertEqual(again.status_code, 200)
            self.assertNotIn(CODE, again.text)
        throttle = self.env["followup.throttle"]
        with _limits(form_all=3):
            left = throttle._left("form_all", f"company {self.company.id}")
        self.assertEqual(left, 2)

    def test_who_sends_too_often_keeps_his_words(self):
        with _limits(form=0):
            later = self._send(description="Kept")
        self.assertEqual(later.status_code, 429)
        self.assertIn(">Kept</textarea>", later.text)

    def test_ten_megabytes_are_read_again_when_a_request_is_repeated(self):
        files = [FileStorage(io.BytesIO(PNG), f"{n}.png") for n in range(2)]
        first = uploads.read_files(files)
        self.assertEqual(uploads.read_files(files), first)
        self.assertEqual(len(first), 2)

    def test_sound_of_many_phones_is_taken(self):
        table = {
            b"\0\0\0\x18ftypM4A ": "audio/mp4",
            b"\0\0\0\x18ftypmp42": "video/mp4",
            b"\0\0\0\x18ftypisom": "video/mp4",
            b"\0\0\0\x183gp4": None,
            b"\0\0\0\x18ftyp3gp4": "video/3gpp",
            b"\xff\xfb\x90": "audio/mpeg",
            b"\xff\xf1\x50": "audio/aac",
            b"RIFF\0\0\0\0WAVEfmt ": "audio/wav",
            b"RIFF\0\0\0\0AVI ": None,
            b"\0\0\0\x18ftypsvg ": None,
        }
        for content, media in table.items():
            with self.subTest(content):
                self.assertEqual(uploads.sniff(content)[0], media)

    # ------------------------------------------------------------
    # ONCE
    # ------------------------------------------------------------

    def test_a_form_is_sent_once_however_late(self):
        """Not once a day: a phone may send its page again after a week."""
        throttle = self.env["followup.throttle"]
        with freeze_time("2026-01-05 15:59:00"):
            self.assertTrue(throttle._is_first("form_once", "one form"))
        with freeze_time("2026-03-05 16:01:00"):
            self.assertFalse(throttle._is_first("form_once", "one form"))
            self.env["followup.throttle"]._gc_throttle()
            self.assertFalse(throttle._is_first("form_once", "one form"))

    def test_a_form_that_was_not_kept_may_be_sent_again(self):
        throttle, point = self.env["followup.throttle"], self.env.cr.savepoint()
        self.assertTrue(throttle._is_first("form_once", "one form"))
        point.rollback()
        self.assertTrue(throttle._is_first("form_once", "one form"))
        point.close(rollback=False)

    # ------------------------------------------------------------
    # HOSPITALS
    # ------------------------------------------------------------

    def test_without_a_poster_one_says_which_hospital(self):
        other = self._company("Other Hospital")
        self.env["followup.team"].search([("company_id", "=", other.id)]).unlink()
        page = self.url_open("/complaint")
        self.assertNotIn("Other Hospital", page.text)
        department = self.env["hr.department"].create(
            {"name": "Ward C", "company_id": other.id}
        )
        self.env["followup.team"].create(
            {"department_id": department.id, "company_id": other.id}
        )
        page = self.url_open("/complaint?lang=en_US")
        self.assertIn("Which hospital", page.text)
        self.assertIn(f"/complaint/at/{self.cases._place_code(other)}", page.text)
        self._form()
        before = self.cases.search_count([])
        self.assertEqual(self._send(place="").status_code, 404)
        self.assertEqual(self.cases.search_count([]), before)

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    def test_an_address_is_one_address(self):
        wrong = ["x\nBcc: y@example.org", "<y@example.org>", '"y"@example.org']
        wrong += ["a@example.org,b@example.org", "a@[127.0.0.1]", "a@b", "a b@c.de"]
        wrong += ["a@example..org", "@example.org"]
        right = ["a@example.org", "A.b+c@Mail.Example.org", "名@例子.中国"]
        for texts, known in ((wrong, False), (right, True)):
            for text in texts:
                with self.subTest(text):
                    found = self.cases._parse_protected("email", text)
                    self.assertEqual(bool(found), known)

    def test_marks_that_deceive_are_left_out(self):
        self.assertEqual(plain.line(" a\r\nb\u202ec ", 9), "a bc")
        self.assertEqual(plain.text("a\r\nb\u2066c\x00", 9), "a\nbc")
        self.assertEqual(plain.text(7, 9), "")

    # ------------------------------------------------------------
    # ANSWERS
    # ------------------------------------------------------------

    @mute_logger("odoo.http")
    def test_who_asks_for_nothing_and_changes_nothing_needs_no_token(self):
        """OPTIONS is no way round the token: core would not ask it for one."""
        self._form()
        before = self.cases.search_count([])
        for path in ("/complaint/send", "/complaint/track/open", "/complaint"):
            answer = self.opener.options(
                self.base_url() + path, data={**self.hidden, "description": "x"}
            )
            with self.subTest(path):
                self.assertEqual(answer.status_code, 405)
        self.assertEqual(self.cases.search_count([]), before)

    @mute_logger("odoo.http")
    def test_what_is_refused_is_said_on_a_page(self):
        self._form()
        old = self._send(csrf_token="0" * 40)
        large = self.url_open(
            "/complaint/track/open", data={**self.hidden, "token": "A" * 70_000}
        )
        for answer, status, words in (
            (old, 400, "once more"),
            (large, 413, "too large"),
        ):
            with self.subTest(words):
                self.assertEqual(answer.status_code, status)
                self.assertIn(words, answer.text)
                self.assertIn("no-store", answer.headers["Cache-Control"])


@tagged("post_install", "-at_install", "patient_complaint_http")
class TestComplaintTrackLimits(ComplaintTrackCase):
    def test_files_of_the_page_share_the_room_of_the_hospital(self):
        case, code = self._coded()
        self._open(code)
        with _limits(upload=1):
            for status in (200, 422):
                page = self._post(
                    "message", {"text": "x"}, files=[("files", ("a.png", PNG))]
                )
                self.assertEqual(page.status_code, status)
        self.assertIn("no more can be kept", page.text)
        self.assertEqual(len(self._rows(case)), 1)

    def test_guessers_from_everywhere_leave_few_tries_to_each(self):
        """Who has not failed comes in whatever others do."""
        _case, code = self._coded()
        throttle = self.env["followup.throttle"]
        with _limits(track=20, track_all=5):
            for number in range(5):
                throttle._guessed(f"192.0.2.{number}")
            self.assertEqual(self._open(code).status_code, 200)
            for status in (404, 404, 404, 429):
                self.assertEqual(self._open("B" * 26).status_code, status)
            self.assertEqual(self._open(code).status_code, 429)

    def test_a_message_of_the_page_says_how_it_came(self):
        case, code = self._coded()
        self._open(code)
        self._post("message", {"text": "x\u202ey"})
        self.assertEqual(self._rows(case).sender, "code")
        self.assertEqual(self._rows(case).body, "xy")

    def test_who_has_rated_is_not_asked_again(self):
        _case, code = self._answered()
        self.assertIn("Tell us below", self._open(code).text)
        page = self._post("rate", {"satisfaction": "4"})
        self.assertNotIn("Tell us below", page.text)
