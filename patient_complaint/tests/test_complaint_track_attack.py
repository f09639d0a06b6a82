# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a stranger tries on the complainant's page (speed_and_safety 4)."""

import logging
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.patient_followup.models import followup_throttle

from .track_common import ComplaintTrackCase

ROUTES = ("open", "message", "rate", "reopen", "file", "leave")
LOOSE = {
    kind: (10**6, minutes or 60)
    for kind, (_n, minutes) in list(followup_throttle.LIMITS.items())
}


class Collector(logging.Handler):
    """Keeps every line of every logger, however unimportant."""

    def __init__(self):
        super().__init__(logging.NOTSET)
        self.text = ""

    def emit(self, record):
        self.text += f"{record.getMessage()} {record.args} {record.exc_info}\n"


@tagged("post_install", "-at_install", "patient_complaint_http")
class TestComplaintTrackAttack(ComplaintTrackCase):
    def _count_rows(self):
        """Return how many rows a stranger could have made, and the words stored."""
        self.env.invalidate_all()
        models = ("complaint.case", "complaint.message", "ir.attachment")
        models += ("res.partner", "mail.message", "complaint.feedback")
        return {name: self.env[name].sudo().search_count([]) for name in models}

    def test_whatever_does_not_open_gets_the_same_answer(self):
        """Unknown, replaced, foreign, over, digest: no difference."""
        case, code = self._coded()
        answers = {"unknown": self._open("A" * 26), "short": self._open("x")}
        answers["empty"] = self._open("")
        answers["digest"] = self._open(case.sudo().code_digest)
        case._issue_code()
        answers["replaced"] = self._open(code)
        other, over = self._coded()
        other.action_not_accept("No matter of the hospital")
        self.company.complaint_page_reopen_days = 0
        other.sudo()._guarded().write({"closed_at": "2020-01-01"})
        answers["over"] = self._open(over)
        for name, answer in answers.items():
            with self.subTest(name):
                self.assertEqual(answer.status_code, 404)
                self.assertEqual(answer.text, answers["unknown"].text)
                self.assertEqual(set(answer.headers), set(answers["unknown"].headers))

    def test_wrong_codes_lock_the_address(self):
        _case, code = self._coded()
        limits = {**LOOSE, "track": (3, 60)}
        with patch.dict(followup_throttle.LIMITS, limits):
            for _time in range(3):
                self.assertEqual(self._open("B" * 26).status_code, 404)
            self.assertEqual(self._open(code).status_code, 429)

    def test_a_case_takes_so_many_messages_a_day(self):
        case, code = self._coded()
        with patch.dict(followup_throttle.LIMITS, {**LOOSE, "write": (2, 1440)}):
            self._open(code)
            for status in (200, 200, 429):
                page = self._post("message", {"text": "x"})
                self.assertEqual(page.status_code, status)
        self.assertEqual(len(self._rows(case)), 2)

    def test_forms_of_another_case_are_refused(self):
        first, code = self._coded()
        second, other = self._coded()
        self._open(code)
        key = self.hidden["key"]
        self._open(other)
        page = self._post("message", {"text": "x", "key": key})
        self.assertEqual(page.status_code, 404)
        self.assertFalse(self._rows(first | second))

    def test_a_cookie_that_was_changed_opens_nothing(self):
        _case, code = self._coded()
        self._open(code)
        cookie = self.opener.cookies.get("complaint_page")
        self.assertNotIn(code, cookie)
        for wrong in (cookie[:-2] + "AA", "x", "\x00", cookie[5:], "A" * 5000):
            self.opener.cookies.clear()
            self.opener.cookies.set("complaint_page", wrong, path="/complaint")
            with self.subTest(wrong[:10]):
                self.assertEqual(self._get().status_code, 404)

    def test_a_new_code_closes_the_pages_of_the_old_one(self):
        case, code = self._coded()
        self._open(code)
        case._issue_code()
        self.env.flush_all()
        self.assertEqual(self._get().status_code, 404)

    def test_nothing_changes_by_get(self):
        _case, code = self._coded()
        self._open(code)
        before = self._count_rows()
        for route in ROUTES:
            answer = self.url_open(f"/complaint/track/{route}?text=x&satisfaction=5")
            self.assertIn(answer.status_code, (404, 405), route)
        self.assertEqual(self._count_rows(), before)

    def test_code_and_words_are_in_no_log(self):
        _case, code = self._coded(owner_id=self.specialist.id)
        watch, root = Collector(), logging.getLogger()
        level = root.level
        root.addHandler(watch)
        root.setLevel(logging.DEBUG)
        self.addCleanup(root.setLevel, level)
        self.addCleanup(root.removeHandler, watch)
        self._open(code)
        self._post("message", {"text": "unmistakable-words"})
        self._open("unmistakable-code-" + code[:5])
        self.assertNotIn("unmistakable-code", watch.text)
        self.assertNotIn(code, watch.text)
