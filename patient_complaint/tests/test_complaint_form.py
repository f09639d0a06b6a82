# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import re
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.patient_followup.models import followup_throttle

from .form_common import ComplaintFormCase
from .track_common import PNG

CODE = re.compile(r'<p class="code">([0-9A-Z-]{31})</p>')
LOOSE = {
    kind: (10**9, minutes or 60)
    for kind, (_count, minutes) in followup_throttle.LIMITS.items()
}


@tagged("post_install", "-at_install", "patient_complaint_http")
class TestComplaintForm(ComplaintFormCase):
    """Anybody may complain from his phone, without an account (C-4, C-25)."""

    # ------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------

    def test_what_a_visitor_sends_becomes_a_case(self):
        self._form()
        done = self._send(
            kind="suggestion",
            incident_date="2026-01-05",
            remedy_sought="A chair",
            complainant_name="Wang",
            complainant_relation="child",
            complainant_phone="13800000001",
            complainant_email="Wang@Example.com",
        )
        case = self._newest()
        self.assertEqual(done.status_code, 200)
        self.assertIn(case.name, done.text)
        self.assertEqual(case.description, "Waited three hours")
        self.assertEqual(case.kind, "suggestion")
        self.assertEqual(case.channel_id.code, "web")
        self.assertEqual(case.company_id, self.company)
        self.assertEqual(case.state, "received")
        self.assertEqual(case.complainant_phone, "138****0001")
        self.assertEqual(case.complainant_email, "w****@example.com")
        self.assertTrue(case.clock_ids)
        self.assertLessEqual(case.message_partner_ids, case.receiver_id.partner_id)

    def test_the_code_is_shown_once_and_opens_the_case(self):
        done = self._send()
        code = CODE.search(done.text)[1]
        self.assertEqual(self.cases._page_find(code).name, self._newest().name)
        self.assertIn("data:image/svg+xml;base64,", done.text)
        again = self._send()
        self.assertFalse(CODE.search(again.text))
        self.assertIn("sent already", again.text)

    def test_one_form_sends_one_case(self):
        self._form()
        before = self.cases.search_count([])
        for _time in range(3):
            self.assertEqual(self._send().status_code, 200)
        self.assertEqual(self.cases.search_count([]), before + 1)

    def test_who_stays_anonymous_leaves_no_trace(self):
        """C-27: nothing of him is kept, whatever he typed before."""
        self._send(
            anonymous="yes",
            complainant_name="Wang",
            complainant_phone="13800000001",
            complainant_email="wang@example.com",
        )
        case = self._newest()
        self.assertTrue(case.anonymous)
        self.assertFalse(case.complainant_name)
        self.assertFalse(case.complainant_phone_masked)
        self.assertFalse(case.complainant_email_masked)
        self.assertEqual(case.create_uid, self.env.ref("base.user_root"))
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT row_to_json(c)::text FROM complaint_case c WHERE id = %s", [case.id]
        )
        self.assertNotIn("127.0.0", self.env.cr.fetchone()[0])

    def test_the_first_receiver_is_reminded_without_a_word(self):
        self.company.complaint_receiver_id = self.specialist
        self._send(description="The nurse shouted")
        case = self._newest()
        self.assertEqual(case.receiver_id, self.specialist)
        activity = case.sudo().activity_ids
        self.assertEqual(activity.user_id, self.specialist)
        self.assertNotIn("nurse", f"{activity.summary} {activity.note} {case.name}")

    def test_a_poster_names_the_ward(self):
        self.env["followup.team"].sudo().search([]).flush_recordset()
        departments = self.cases._form_departments(self.company)
        self.assertTrue(departments)
        page = self._form(self.cases._place_code(departments[0]))
        self.assertIn(departments[0].name, page.text)
        self._send(department=self.cases._place_code(departments[-1]))
        self.assertEqual(self._newest().department_id, departments[0])

    def test_the_list_names_wards_of_this_hospital_only(self):
        departments = self.cases._form_departments(self.company)
        self._form()
        self._send(department=self.cases._place_code(departments[0]))
        self.assertEqual(self._newest().department_id, departments[0])
        other = self._company("Other Hospital")
        self.hidden = {}
        self._send(department=self.cases._place_code(other))
        self.assertFalse(self._newest().department_id)

    def test_a_closed_form_and_unknown_places_look_the_same(self):
        closed = {"unknown": self._form("0123456789abcdef"), "short": self._form("x")}
        self.company.complaint_form_open = False
        self.env.flush_all()
        closed["closed"] = self._form()
        for name, page in closed.items():
            with self.subTest(name):
                self.assertEqual(page.status_code, 404)
                self.assertEqual(page.text, closed["unknown"].text)

    def test_the_page_speaks_the_language_of_the_visitor(self):
        languages = dict(self.cases._page_languages())
        for lang in languages:
            with self.subTest(lang):
                page = self._form(query=f"?lang={lang}")
                self.assertIn(f'<html lang="{lang.replace("_", "-")}"', page.text)

    # ------------------------------------------------------------
    # WHAT IS WRONG IS SAID
    # ------------------------------------------------------------

    def test_wrong_values_are_answered_next_to_their_field(self):
        table = [
            {"description": " "},
            {"incident_date": "2026-02-30"},
            {"incident_date": "2999-01-01"},
            {"incident_date": "1000-01-01"},
            {"complainant_phone": "12"},
            {"complainant_email": "nobody"},
        ]
        before = self.cases.search_count([])
        for values in table:
            with self.subTest(values):
                page = self._send(**{"remedy_sought": "A <b>chair", **values})
                self.assertEqual(page.status_code, 422)
                self.assertEqual(page.text.count('class="error"'), 1)
                self.assertIn("A &lt;b&gt;chair", page.text)
        self.assertEqual(self.cases.search_count([]), before)

    def test_robots_and_posts_without_the_token_of_the_form_send_nothing(self):
        self._form()
        before = self.cases.search_count([])
        self.assertEqual(self._send(website="http://x").status_code, 404)
        with mute_logger("odoo.http"):
            self.assertEqual(self._send(csrf_token="x").status_code, 400)
        self.assertEqual(self.url_open("/complaint/send").status_code, 405)
        self.assertEqual(self.cases.search_count([]), before)

    def test_a_captcha_may_be_asked_for(self):
        self.patch(type(self.cases), "_form_is_human", lambda self, form: False)
        page = self._send()
        self.assertEqual(page.status_code, 422)
        self.assertIn("no robot", page.text)

    def test_who_sends_too_often_must_wait(self):
        limits = {**LOOSE, "form": (2, 60)}
        with patch.dict(followup_throttle.LIMITS, limits):
            codes = []
            for _time in range(3):
                self._form()
                codes.append(self._send().status_code)
        self.assertEqual(codes, [200, 200, 429])

    # ------------------------------------------------------------
    # FILES
    # ------------------------------------------------------------

    def test_pictures_are_kept_beside_the_case(self):
        self._send(files=[("../../ward.php.png", PNG, "text/html")])
        file = self._files(self._newest())
        self.assertEqual(file.mimetype, "image/png")
        self.assertEqual(file.name, "ward_php.png")
        self.assertEqual(file.raw, PNG)
        self.assertFalse(file.public)
        self.assertFalse(file.with_user(self.plain).has_access("read"))

    def test_ten_megabytes_pass_and_more_does_not(self):
        size = 10 * 1024 * 1024
        large = PNG + b"\0" * (size - len(PNG))
        with patch.dict(followup_throttle.LIMITS, LOOSE):
            done = self._send(files=[("a.png", large, "image/png")])
            self.assertEqual(done.status_code, 200)
            self.assertEqual(self._files(self._newest()).file_size, size)
            self._form()
            too_large = self._send(files=[("a.png", large + b"\0", "image/png")])
            self.assertEqual(too_large.status_code, 422)

    def test_what_a_browser_could_run_is_refused(self):
        table = {
            "page.html": b"<html><script>alert(1)</script></html>",
            "picture.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "archive.png": b"PK\x03\x04" + b"x" * 100,
            "program.pdf": b"MZ\x90\x00",
            "empty.png": b"",
        }
        before = self.cases.search_count([])
        for name, content in table.items():
            with self.subTest(name):
                self._form()
                page = self._send(files=[(name, content, "image/png")])
                self.assertEqual(page.status_code, 422)
        many = [(f"{n}.png", PNG, "image/png") for n in range(6)]
        self.assertEqual(self._send(files=many).status_code, 422)
        self.assertEqual(self.cases.search_count([]), before)

    def _files(self, case):
        return (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", case._name), ("res_id", "=", case.id)])
        )

    # ------------------------------------------------------------
    # STRANGE POSTS
    # ------------------------------------------------------------

    def test_texts_of_strangers_are_shown_as_text(self):
        evil = "<script>alert(1)</script>"
        page = self._send(description=evil, complainant_phone="12")
        self.assertNotIn(evil, page.text)
        self.assertIn("&lt;script&gt;", page.text)

    def test_the_picture_of_the_code_holds_the_code(self):
        done = self._send()
        image = re.search(r'base64,([^"]+)"', done.text)[1]
        self.assertIn("<svg", base64.b64decode(image).decode())
