# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Issue 4 section 8: 500 strange posts to each public route, one test for each."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.patient_followup.models import followup_throttle
from odoo.addons.patient_followup.tests import public_fuzz
from odoo.addons.patient_followup.tests.test_followup_public_strange import (
    CALM,
    POSTS,
    QUIET,
    no_limits,
)

from .track_common import PNG, ComplaintTrackCase

FORMS = ("open", "message", "rate", "reopen", "file", "leave")
PAGES = ("/complaint", "/complaint/track", "/complaint/track/page")
PLACE = "/complaint/at/<string:place>"
FIELDS = (
    *("token", "key", "csrf_token", "text", "satisfaction", "outcome", "file"),
    *("description", "remedy_sought", "incident_date", "kind", "anonymous", "place"),
    *("complainant_name", "complainant_phone", "complainant_email", "department"),
    *("complainant_relation", "lang", "website", "files", "state", "company_id"),
    *("owner_id", "case_id", "id"),
)
KEPT = ("ir.attachment", "res.partner", "res.users", "followup.patient")
RENEW = 25  # posts to one fresh page
TURNS = "\u202e"


@tagged("post_install", "-at_install", "patient_complaint_http")
class TestComplaintPublicStrange(ComplaintTrackCase):
    """No error of the server, and nothing is stored that should not be."""

    def test_every_public_route_is_among_those_that_are_attacked(self):
        """Who adds a route adds it to the strange posts."""
        forms = {f"/complaint/track/{route}" for route in FORMS}
        found = public_fuzz.routes("patient_complaint")
        self.assertEqual(found, forms | {*PAGES, PLACE, "/complaint/send"})

    # ------------------------------------------------------------
    # FORM
    # ------------------------------------------------------------

    def test_send_takes_strange_posts(self):
        cases = self.env["complaint.case"]
        place, known = cases._place_code(self.company), cases.search([])

        def renew():
            self._get(f"/complaint/at/{place}")
            return {**self.hidden, "place": place, "description": "x"}

        self._throw("/complaint/send", renew)
        made = cases.search([]) - known
        self.assertTrue(made)
        for case in made:
            self.assertEqual(case.state, "received")
            self.assertEqual(case.channel_id.code, "web")
            self.assertFalse(case.owner_id or case.patient_id or case.safety_risk)
            self.assertNotIn("\n", case.complainant_name or "")
            for text in (case.description, case.remedy_sought, case.complainant_name):
                self._check_text(text, 5000)

    # ------------------------------------------------------------
    # PAGE OF A COMPLAINANT
    # ------------------------------------------------------------

    def test_open_takes_strange_posts(self):
        self._coded()
        self._get("/complaint/track")
        self._throw("/complaint/track/open", lambda: dict(self.hidden))

    def test_message_takes_strange_posts(self):
        case = self._throw_inside("message", *self._coded())
        self.assertTrue(self._rows(case))
        self.assertEqual(case.state, "received")

    def test_rate_takes_strange_posts(self):
        case = self._throw_inside("rate", *self._answered())
        self.assertEqual(case.state, "feedback")
        self.assertIn(case.satisfaction, (False, *"12345"))

    def test_reopen_takes_strange_posts(self):
        case, code = self._answered()
        case.action_close()
        self._throw_inside("reopen", case, code)
        self.assertEqual(case.reopen_count, 1)

    def test_file_takes_strange_posts(self):
        case, code = self._coded()
        self._open(code)
        self._post("message", {"text": "x"}, files=[("files", ("a.png", PNG))])
        self._throw_inside("file", case, code)
        self.assertEqual(len(self._rows(case)), 1)

    def test_leave_takes_strange_posts(self):
        case = self._throw_inside("leave", *self._coded())
        self.assertFalse(self._rows(case))

    def _throw_inside(self, route, case, code):
        """Throw at a route, half of it as somebody who is inside; return the case."""
        turn = iter(range(POSTS))

        def renew():
            self._open(code)
            return {**self.hidden, **({} if next(turn) % 2 else {"key": "0" * 32})}

        self._throw(f"/complaint/track/{route}", renew)
        page = self._open(code)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("<script>alert", page.text)
        for row in self._rows(case):
            self._check_text(row.body, 4000)
        return case

    # ------------------------------------------------------------
    # PAGES
    # ------------------------------------------------------------

    @mute_logger(*QUIET)
    def test_pages_take_no_posts_and_no_strange_questions(self):
        rng = public_fuzz.generator(23)
        with patch.dict(followup_throttle.LIMITS, no_limits()):
            for path in (*PAGES, "/complaint/at/0123456789abcdef"):
                url = self.base_url() + path
                for number in range(POSTS // 5):
                    body, headers = public_fuzz.post(rng, {"lang": "zh_CN"}, [1])
                    with self.subTest(path, number=number):
                        answer = self.opener.post(url, data=body, headers=headers)
                        self.assertIn(answer.status_code, {400, 405, 413})
                        question = body.decode("latin-1")[:2000]
                        answer = self.opener.get(url, params=question)
                        self.assertIn(answer.status_code, {200, 400, 404})

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    @mute_logger(*QUIET)
    def _throw(self, path, renew):
        """Send strange posts; ``renew`` gives the hidden fields of a fresh page."""
        mails = self.env["mail.mail"].sudo().search_count([])
        before = {model: self.env[model].sudo().search_count([]) for model in KEPT}
        rng, hidden = public_fuzz.generator(path), {}
        with (
            patch.dict(followup_throttle.LIMITS, no_limits()),
            patch.object(public_fuzz, "FIELDS", FIELDS),
        ):
            for number in range(POSTS):
                if number % RENEW == 0:
                    hidden = renew()
                body, headers = public_fuzz.post(rng, hidden, [1, 2])
                answer = self.opener.post(
                    self.base_url() + path,
                    data=body,
                    headers=headers,
                    allow_redirects=False,
                )
                if answer.status_code not in CALM:
                    self.fail(f"{number}: {answer.status_code} {body!r} {headers}")
        self.env.invalidate_all()
        after = {model: self.env[model].sudo().search_count([]) for model in KEPT}
        self.assertEqual(after, before)
        # the office is reminded once, however much comes
        self.assertLessEqual(self.env["mail.mail"].sudo().search_count([]), mails + 1)

    def _check_text(self, text, limit):
        self.assertNotIn("\x00", text or "")
        self.assertNotIn(TURNS, text or "")
        self.assertLessEqual(len(text or ""), limit)
