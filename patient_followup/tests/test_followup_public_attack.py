# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a stranger tries on the patient's page (speed_and_safety 4, design 7)."""

import logging
import random
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models import followup_throttle
from ..tools import public_token
from . import public_fuzz
from .public_common import BIRTH, FollowupPublicCase


class Collector(logging.Handler):
    """Keeps every line of every logger, however unimportant."""

    def __init__(self):
        super().__init__(logging.NOTSET)
        self.text = ""

    def emit(self, record):
        self.text += f"{record.getMessage()} {record.args} {record.exc_info}\n"


@tagged("post_install", "-at_install", "patient_followup_http")
class TestFollowupPublicAttack(FollowupPublicCase):
    # ------------------------------------------------------------
    # TOKENS
    # ------------------------------------------------------------

    def test_only_a_digest_is_kept(self):
        token = self._issue()
        self.assertGreaterEqual(public_token.TOKEN_BYTES * 8, 128)
        self.env.flush_all()
        self.env.cr.execute("SELECT row_to_json(l)::text FROM followup_link l")
        rows = "".join(row for [row] in self.env.cr.fetchall())
        self.assertNotIn(token, rows)
        self.assertIn(public_token.digest(token), rows)

    def test_a_thousand_mutated_tokens_find_nothing(self):
        token = self._issue()
        links = self.env["followup.link"]
        rng = random.Random(1)
        letters = "abcXYZ019-_ \x00\u4e2d"
        for _time in range(1000):
            place = rng.randrange(len(token))
            letter = rng.choice([c for c in letters if c != token[place]])
            wrong = token[:place] + letter + token[place + rng.randint(0, 1) :]
            if wrong != token:
                self.assertFalse(links._find_any(wrong), wrong)
        self.assertTrue(links._find(token))

    def test_whatever_does_not_open_gets_the_same_answer(self):
        """Unknown, wrong, expired, revoked, of a stranger: no difference."""
        answers = {}
        token = self._issue()
        answers["unknown"] = self._enter("A" * len(token))
        answers["short"] = self._enter("x")
        answers["empty"] = self._enter("")
        link = self._link()
        answers["digest"] = self._enter(link.sudo().digest)
        link._revoke_links("staff")
        answers["revoked"] = self._enter(token)
        expired = self._issue(days=1)
        self._link()._guarded().expires_at = fields.Datetime.now() - timedelta(hours=1)
        answers["expired"] = self._enter(expired)
        closed = self._issue()
        self.task._cancel_engine("Not needed")
        answers["closed"] = self._enter(closed)
        for name, answer in answers.items():
            with self.subTest(name):
                self.assertEqual(answer.status_code, 404)
                self.assertEqual(answer.text, answers["unknown"].text)
                self.assertEqual(
                    set(answer.headers), set(answers["unknown"].headers), name
                )

    def test_death_withdrawal_and_merge_end_the_link(self):
        """I-12."""
        for way in ("death", "merge"):
            task = self._asked()
            patient = task.patient_id
            token = self._issue(task)
            with self.subTest(way):
                if way == "death":
                    patient.deceased_date = fields.Date.today()
                else:
                    other = self._patient()
                    other.with_user(self.manager).with_context(
                        allowed_company_ids=self.company.ids
                    )._merge(patient.with_user(self.manager), "same person")
                self.env.invalidate_all()
                self.assertEqual(self._enter(token).status_code, 404)
                self.assertTrue(self._link().revoked_at)

    def test_a_link_lasts_as_long_as_the_setting_says(self):
        link = self.env["followup.link"]
        self.company.write({"followup_link_days": 3, "followup_link_max_days": 10})
        now = fields.Datetime.now()
        table = [(1, 3), (5, 5), (30, 10)]  # days to the task's last day, to its end
        for deadline, days in table:
            task = self._task(date_deadline=now + timedelta(days=deadline))
            with self.subTest(deadline=deadline), freeze_time(now):
                self.assertEqual(
                    link._get_expiry(task, None), now + timedelta(days=days)
                )

    def test_the_newest_link_of_a_record_wins(self):
        """Older ones last a week, and half an hour once the newer was opened."""
        links = self.env["followup.link"]
        now = fields.Datetime.now()
        with freeze_time(now):
            first = self._issue()
            other = self._issue(self._asked())
            self.assertGreater(links._find(first).expires_at, now + timedelta(days=7))
            second = self._issue()
            self.assertEqual(links._find(first).expires_at, now + timedelta(days=7))
            self.assertTrue(links._find(second)._check_proof("1956-03-25"))
            self.assertEqual(links._find(first).expires_at, now + timedelta(minutes=30))
            self.assertTrue(links._find(first)._check_proof("1956-03-25"))
        with freeze_time(now + timedelta(minutes=31)):
            self.assertFalse(links._find(first))
            self.assertTrue(links._find(second))
            self.assertTrue(links._find(other), "of another record")

    def test_one_link_opens_no_other_page(self):
        """Two links in one browser are never mixed up; ids open nothing."""
        other = self._asked()
        other.patient_id.birthdate = "1960-01-01"
        self._open()
        first = dict(self.hidden)
        self._open(
            self._issue(other),
            {"birth_year": "1960", "birth_month": "1", "birth_day": "1"},
        )
        self.hidden["key"] = first["key"]
        answer = self._post("question", {"text": "Whose question is this?"})
        self.assertEqual(answer.status_code, 404)
        self.assertFalse((self.task | other).concern_ids)
        paths = [f"/followup/page/{other.id}", f"/followup/{other.id}", "/followup/x"]
        for path in paths:
            self.assertEqual(self.url_open(path).status_code, 404)
        page = self._get(f"/followup/page?task_id={self.task.id}&id={self.task.id}")
        self.assertNotIn("Z*", page.text)

    def test_nothing_works_without_the_date_of_birth(self):
        self._enter(self._issue())
        for route in public_fuzz.ROUTES:
            if route not in ("open", "proof"):
                with self.subTest(route):
                    self.assertEqual(self._post(route, {"text": "x"}).status_code, 404)

    @mute_logger("odoo.http")
    def test_posts_need_the_token_of_the_form(self):
        self._open()
        for route in public_fuzz.ROUTES:
            with self.subTest(route):
                answer = self.url_open(f"/followup/{route}", data={"text": "x"})
                self.assertEqual(answer.status_code, 400)
                self.assertEqual(self.url_open(f"/followup/{route}").status_code, 405)

    def test_a_robot_is_sent_away(self):
        self._open()
        answer = self._post("question", {"text": "Buy", "website": "http://x"})
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.task.concern_ids)

    def test_the_token_is_in_no_log_and_no_address(self):
        """I-3: log of the server at its most talkative, addresses, pages."""
        collector = Collector()
        loggers = [logging.getLogger(name) for name in ("", "werkzeug", "odoo.http")]
        levels = [logger.level for logger in loggers]
        token = self._issue()
        seen = []
        try:
            for logger in loggers:
                logger.setLevel(logging.DEBUG)
            loggers[0].addHandler(collector)
            for answer in (self._enter(token), self._post("proof", BIRTH)):
                seen += [*answer.history, answer]
        finally:
            loggers[0].removeHandler(collector)
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
        self.assertIn("/followup/open", collector.text)
        self.assertNotIn(token, collector.text)
        for answer in seen:
            self.assertNotIn(token, answer.url)
            self.assertNotIn(token, answer.text)
            self.assertNotIn(token, str(answer.headers))

    # ------------------------------------------------------------
    # LIMITS
    # ------------------------------------------------------------

    def test_who_tries_many_tokens_must_wait(self):
        limits = {**followup_throttle.LIMITS, "open": (3, 60)}
        with patch.dict(followup_throttle.LIMITS, limits):
            for _time in range(3):
                self.assertEqual(self._enter("A" * 27).status_code, 404)
            answer = self._enter(self._issue())
            self.assertEqual(answer.status_code, 429)
            self.assertIn("Retry-After", answer.headers)

    def test_questions_of_a_day_are_limited(self):
        self._open()
        with patch.dict(followup_throttle.LIMITS, {"write": (2, 1440)}):
            codes = [
                self._post("question", {"text": f"Question {n}"}).status_code
                for n in range(3)
            ]
        self.assertEqual(codes, [200, 200, 429])
        self.assertEqual(len(self.task.concern_ids), 2)

    def test_counts_keep_no_address_and_are_forgotten(self):
        throttle = self.env["followup.throttle"]
        throttle._hit("visit", "203.0.113.7")
        row = throttle.search([("kind", "=", "visit")], limit=1, order="id desc")
        self.assertNotIn("203.0.113.7", row.key)
        row.opened_at = fields.Datetime.now() - timedelta(days=3)
        throttle._gc_throttle()
        self.assertFalse(row.exists())

    def test_too_large_a_post_is_refused(self):
        self._open()
        for route in public_fuzz.ROUTES:
            with self.subTest(route):
                answer = self._post(route, {"text": "x" * 300_000})
                self.assertEqual(answer.status_code, 413)

    # ------------------------------------------------------------
    # STRANGE POSTS
    # ------------------------------------------------------------

    def test_script_in_every_text_is_shown_as_text(self):
        self._open()
        evil = "<script>alert(1)</script>"
        words = f"q{self._id('words')}"
        self._post("save", {"answers": f'{{"{words}": "{evil}"}}'})
        page = self._post("question", {"text": evil})
        self.assertNotIn(evil, page.text)
        self.assertIn("&lt;script&gt;", page.text)
