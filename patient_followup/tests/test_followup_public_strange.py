# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Issue 3 section 9: 500 strange posts to each public route, one test for each."""

import hashlib
import hmac
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models import followup_throttle
from . import public_fuzz
from .message_common import SECRET, MessageCase
from .public_common import FollowupPublicCase

POSTS = 500
CALM = {200, 303, 400, 404, 413, 415, 422}
KEPT = (
    "ir.attachment",
    "res.partner",
    "res.users",
    "followup.consent",
    "survey.survey",
)
QUIET = ("odoo.http", "odoo.addons.base.models.ir_http")
REPORT = "/followup/sms/report"
PAGES = ("/followup", "/followup/page")  # shown by GET


def no_limits():
    """Return limits nobody reaches, of every kind that any addon has by now."""
    return {
        kind: (10**9, span) for kind, (_n, span) in followup_throttle.LIMITS.items()
    }


@tagged("post_install", "-at_install", "patient_followup_http")
class TestFollowupPublicStrange(FollowupPublicCase):
    """No error of the server, and nothing is stored that should not be.

    The overrides of survey's pages have no form of ours and only refuse.
    """

    def test_open_takes_strange_posts(self):
        self._throw("open")

    def test_proof_takes_strange_posts(self):
        self._throw("proof")

    def test_save_takes_strange_posts(self):
        self._throw("save")

    def test_finish_takes_strange_posts(self):
        self._throw("finish")

    def test_question_takes_strange_posts(self):
        self._throw("question")

    def test_hours_takes_strange_posts(self):
        self._throw("hours")

    def test_withdraw_takes_strange_posts(self):
        self._throw("withdraw")

    def test_request_takes_strange_posts(self):
        self._throw("request")

    def test_appointment_takes_strange_posts(self):
        self._throw("appointment")

    @mute_logger(*QUIET)
    def _throw(self, route):
        self._open()
        before = {model: self.env[model].search_count([]) for model in KEPT}
        ids = [*(q.id for q in self.questions.values()), self._id("doctor", "no")[0]]
        rng = public_fuzz.generator(route)
        with patch.dict(followup_throttle.LIMITS, no_limits()):
            for number in range(POSTS):
                body, headers = public_fuzz.post(rng, self.hidden, ids)
                answer = self.opener.post(
                    f"{self.base_url()}/followup/{route}",
                    data=body,
                    headers=headers,
                    allow_redirects=False,
                )
                if answer.status_code not in CALM:
                    self.fail(f"{number}: {answer.status_code} {body!r} {headers}")
            self.assertEqual(self._open().status_code, 200)
        after = {model: self.env[model].search_count([]) for model in KEPT}
        self.assertEqual(after, before)
        self.env.invalidate_all()
        self.assertEqual(self.task.state, "ready")
        self.assertEqual(self.patient.name, "Zhang Dawei")
        self._check_stored(ids)

    def _check_stored(self, ids):
        """What was kept is clean: answers of these questions, plain text."""
        lines = self.task.user_input_id.user_input_line_ids
        self.assertLessEqual(set(lines.question_id.ids), set(ids))
        texts = [*lines.mapped("value_text_box"), *self.task.concern_ids.mapped("text")]
        for text in filter(None, texts):
            self.assertNotIn("\x00", text)
            self.assertLessEqual(len(text), 4000)

    def test_every_public_route_is_among_those_that_are_attacked(self):
        """Issue 3 section 9: who adds a route adds it to the strange posts."""
        forms = {f"/followup/{route}" for route in public_fuzz.ROUTES}
        found = public_fuzz.routes("patient_followup")
        self.assertEqual(found, forms | {*PAGES, REPORT})

    @mute_logger("odoo.http")
    def test_who_asks_for_nothing_and_changes_nothing_needs_no_token(self):
        """OPTIONS is no way round the token: core would not ask it for one."""
        self._open()
        before = {model: self.env[model].search_count([]) for model in KEPT}
        for path in sorted(public_fuzz.routes("patient_followup")):
            answer = self.opener.options(
                self.base_url() + path, data={**self.hidden, "text": "x"}
            )
            with self.subTest(path):
                self.assertEqual(answer.status_code, 405)
        after = {model: self.env[model].search_count([]) for model in KEPT}
        self.assertEqual(after, before)

    @mute_logger(*QUIET)
    def test_pages_take_no_posts_and_no_strange_questions(self):
        self._open()
        rng = public_fuzz.generator(21)
        with patch.dict(followup_throttle.LIMITS, no_limits()):
            for path in PAGES:
                for number in range(POSTS):
                    body, headers = public_fuzz.post(rng, self.hidden, [1])
                    with self.subTest(path, number=number):
                        self._ask(path, body, headers)
                        if not number % 5:
                            self._visit(path, body)
        self.env.invalidate_all()
        self.assertEqual(self.task.state, "ready")
        self.assertFalse(self.task.concern_ids)

    def _ask(self, path, body, headers):
        url = self.base_url() + path
        answer = self.opener.post(url, data=body, headers=headers)
        self.assertIn(answer.status_code, {400, 405, 413})

    def _visit(self, path, body):
        url = self.base_url() + path
        query = "".join(
            chr(byte) if 32 < byte < 127 else f"%{byte:02X}" for byte in body
        )
        answer = self.opener.get(f"{url}?{query[:2000]}")
        self.assertIn(answer.status_code, {200, 400, 404})


@tagged("post_install", "-at_install", "patient_followup_http")
class TestFollowupReportStrange(HttpCase, MessageCase):
    @mute_logger(*QUIET)
    def test_strange_reports_break_nothing_and_change_no_message(self):
        """500 that know the secret and no message, 500 the other way round."""
        message = self._invite()
        self._run_queue()
        before = self._count()
        rng = public_fuzz.generator(22)
        with patch.dict(followup_throttle.LIMITS, no_limits()):
            for number in range(2 * POSTS):
                known = bool(number % 2)
                refs = [message.gateway_ref, message.reference, "none"]
                body, headers = public_fuzz.report(rng, refs if known else ["none"])
                headers.update({} if known else self._credentials(rng, body))
                answer = self.opener.post(
                    self.base_url() + REPORT, data=body, headers=headers
                )
                if answer.status_code not in {200, 400, 403, 413}:
                    self.fail(f"{number}: {answer.status_code} {body!r} {headers}")
                self.assertNotIn("Traceback", answer.text)
        self.env.invalidate_all()
        self.assertEqual(self._states(message), [("sent", False)])
        self.assertEqual(self._count(), before)

    def _credentials(self, rng, body):
        """Return the headers of who knows the secret, in one of both ways."""
        if rng.random() < 0.5:
            return {"Authorization": f"Bearer {SECRET}"}
        sign = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        return {"X-Signature": sign}

    def _count(self):
        models = ("ir.attachment", "res.partner", "followup.message", "sms.sms")
        return {model: self.env[model].search_count([]) for model in models}
