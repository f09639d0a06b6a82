# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Delivery reports: who may send them and what they change (P-7)."""

import hashlib
import hmac
import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, freeze_time, tagged

from ..models import followup_throttle
from .message_common import MORNING, SECRET, MessageCase

URL = "/followup/sms/report"
NOW = fields.Datetime.to_datetime(MORNING)


@tagged("post_install", "-at_install")
class TestFollowupSmsReport(HttpCase, MessageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # counts are committed by themselves: keep this class's visitors apart
        cls.startClassPatcher(
            patch.object(
                cls.registry["followup.throttle"], "_hit", lambda *a, **k: True
            )
        )

    def setUp(self):
        super().setUp()
        self.message = self._invite()
        self._run_queue()

    def _post(self, data, secret=SECRET, **headers):
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        sign = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Signature": sign,
            **headers,
        }
        response = self.url_open(URL, data=body, headers=headers)
        self.env.invalidate_all()
        return response

    def _report(self, status="DELIVRD", **vals):
        return {"msgid": self.message.gateway_ref, "status": status, **vals}

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def test_a_signed_report_marks_the_message_delivered(self):
        response = self._post(self._report())
        self.assertEqual((response.status_code, response.json()["code"]), (200, 0))
        self.assertEqual(self.message.state, "delivered")
        self.assertTrue(self.message.delivered_at)

    def test_without_the_secret_nothing_happens(self):
        """Wrong, empty, of another hospital, or in the address: the same refusal."""
        other = self._company("Other")
        other.write(
            {
                "followup_sms_url": self.gateway.url,
                "followup_sms_inside": True,
                "followup_sms_active": True,
                "followup_sms_report_secret": "another-secret-02",
            }
        )
        answers = [
            self._post(self._report(), secret="wrong-secret-0000"),
            self._post(self._report(), **{"X-Signature": ""}),
            self._post(self._report(), **{"X-Signature": "é" * 64}),
            self._post(self._report(), **{"X-Signature": "", "Authorization": "x"}),
        ]
        self.assertEqual({answer.status_code for answer in answers}, {403})
        self.assertEqual(len({answer.text for answer in answers}), 1)
        foreign = self._post(self._report(), secret="another-secret-02")
        self.assertEqual(foreign.status_code, 200)
        self.assertEqual(self.message.state, "sent")

    def test_a_gateway_that_cannot_sign_sends_the_secret(self):
        form = {"secret": SECRET, "msgid": self.message.gateway_ref, "status": "0"}
        response = self.url_open(URL, data=form)
        self.env.invalidate_all()
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.message.state, "delivered")
        bearer = {"X-Signature": "", "Authorization": f"Bearer {SECRET}"}
        self.assertEqual(self._post(self._report(), **bearer).status_code, 200)

    def test_it_is_never_told_by_get(self):
        self.assertEqual(self.url_open(URL).status_code, 405)

    # ------------------------------------------------------------
    # WHAT
    # ------------------------------------------------------------

    def test_known_and_unknown_numbers_get_the_same_answer(self):
        known = self._post(self._report())
        unknown = self._post({"msgid": "none", "status": "DELIVRD"})
        self.assertEqual(known.text, unknown.text)

    def test_a_replayed_report_changes_nothing(self):
        self._post(self._report())
        first = self.message.delivered_at
        with freeze_time(NOW + timedelta(hours=1)):
            self._post(self._report())
            self._post(self._report("UNDELIV"))
        self.assertEqual(self.message.state, "delivered")
        self.assertEqual(self.message.delivered_at, first)

    def test_a_report_of_the_last_sending_says_nothing_about_the_next(self):
        """A report carries no time: replayed after Send Again it finds nothing."""
        message = self.message
        old = [message.gateway_ref, message.reference]
        self._post(self._report("UNDELIV"))
        message.with_user(self.ward_a).action_retry("He asked for it again")
        self.assertFalse(message.gateway_ref)
        self.assertNotIn(message.reference, old)
        replay = [{"msgid": ref, "status": "DELIVRD"} for ref in old]
        self._post(replay)
        self.assertEqual(message.state, "queued")
        self._run_queue()
        self.assertNotIn(message.gateway_ref, old)
        self._post(replay)
        self.assertEqual(self._states(message), [("sent", False)])
        self._post(self._report())
        self.assertEqual(message.state, "delivered")

    def test_clear_codes_only_mark_a_number_wrong(self):
        contact = self.message.contact_id
        self._post(self._report("UNDELIV"))
        self.assertEqual(self._states(self.message), [("failed", "undelivered")])
        self.assertEqual(contact.validity, "unknown")
        other = self._invite()
        self._run_queue()
        self._post({"msgid": other.gateway_ref, "status": "1001"})
        self.assertEqual(self._states(other), [("failed", "number")])
        self.assertEqual(other.contact_id.validity, "wrong")

    def test_a_corrected_number_is_not_blamed(self):
        contact = self.message.contact_id
        contact.phone = "13911112222"
        self._post(self._report("1001"))
        self.assertEqual(contact.validity, "unknown")

    def test_a_report_settles_what_nobody_knew(self):
        self.gateway.mode = "garbage"
        message = self._invite()
        self._run_queue()
        self.assertEqual(message.state, "unknown")
        self._post({"msgid": message.reference, "status": "DELIVRD"})
        self.assertEqual(message.state, "delivered")

    def test_lists_and_garbage(self):
        self.company.followup_sms_report_list = "reports"
        self._post({"reports": [self._report(), {"msgid": "x", "status": "y"}, 7]})
        self.assertEqual(self.message.state, "delivered")
        for data in (
            b" ",
            b"\xff\xfe\x00",
            b"[" * 5000,
            b"null",
            b"7",
            b'"text"',
            {"reports": {"a": 1}},
            {"reports": [[], None, {"msgid": {"a": 1}, "status": "0"}]},
            {"reports": [{"msgid": "x\u0000", "status": "DELIVRD"}]},
            {"reports": [{"msgid": "x" * 500, "status": "DELIVRD"}]},
        ):
            with self.subTest(data=str(data)[:40]):
                self.assertEqual(self._post(data).status_code, 200)

    def test_a_body_too_large_is_refused(self):
        response = self._post(b"[" + b" " * 300 * 1024 + b"]")
        self.assertIn(response.status_code, (400, 413))

    def test_a_delivered_answer_is_told(self):
        """P-7."""
        task = self._call()
        concern = task.with_user(self.ward_a).action_ask("May I bathe?")
        concern.with_user(self.head_a).action_answer("Yes.")
        message = self.messages._queue(concern, "concern_answer")
        self._run_queue()
        self._post({"msgid": message.gateway_ref, "status": "DELIVRD"})
        self.assertEqual(concern.state, "told")

    def test_who_knocks_too_often_waits(self):
        self.assertIn("report", followup_throttle.LIMITS)
        with patch.object(
            self.registry["followup.throttle"], "_hit", lambda *a, **k: False
        ):
            self.assertEqual(self._post(self._report()).status_code, 429)
        self.assertEqual(self.message.state, "sent")
