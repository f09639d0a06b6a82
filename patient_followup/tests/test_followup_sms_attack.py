# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a hostile or broken gateway, colleague or text does to messages (M-2, I-3)."""

import time
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import gateway_http
from .message_common import MessageCase

TEMPLATE = "patient_followup.followup_message_template_task_invitation"
LEFT_OUT = "odoo.addons.patient_followup.tools.one_by_one"
SEND = "odoo.addons.patient_followup.models.followup_message_send"


@tagged("post_install", "-at_install")
class TestFollowupSmsAttack(MessageCase):
    def test_an_answer_that_drips_after_its_head_ends_in_time(self):
        """Three times the limit, even where the gateway closes the connection."""
        self.gateway.mode = "last_drip"
        message = self._invite()
        start = time.perf_counter()
        self._run_queue()
        self.assertLess(time.perf_counter() - start, 4)
        self.assertEqual(self._states(message), [("unknown", "unclear")])

    def test_wrapped_inner_addresses_are_refused(self):
        for url in (
            "https://[::ffff:10.0.0.1]/",
            "https://[::10.0.0.1]/",
            "https://[64:ff9b::a9fe:a9fe]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[64:ff9b:1::a00:1]/",
            "https://[2002:a00:1::]/",
            "https://[2002:7f00:1::1]/",
            "https://168.63.129.16/",
            "https://0.0.0.0/",
            "https://[::]/",
            "https://[fe80::1]/",
        ):
            with self.subTest(url), self.assertRaises(gateway_http.BadTarget):
                gateway_http.check_url(url)
        for host in ("2130706433", "0x7f.1", "127.1"):
            with self.subTest(host), self.assertRaises(gateway_http.BadTarget):
                gateway_http.resolve(gateway_http.Target("https", host, 443, "/"))
        gateway_http.check_url("https://[2606:4700::1111]/")
        gateway_http.check_url("https://[::1]/", allow_inside=True)

    def test_no_employee_reads_the_address_of_the_gateway(self):
        """Keys often stand in it; who writes it gets numbers and links."""
        for user in (self.plain, self.ward_a, self.manager, self.administrator):
            company = self.company.with_user(user)
            for name in ("followup_sms_url", "followup_sms_inside"):
                with self.subTest(name, user=user.login):
                    self.assertNotIn(name, company.fields_get())
                    with self.assertRaises(AccessError):
                        company.read([name])
                    with self.assertRaises(UserError):
                        company.export_data([name])

    def test_who_manages_companies_cannot_turn_the_gateway(self):
        self.plain.group_ids += self.env.ref("base.group_erp_manager")
        company = self.company.with_user(self.plain)
        with self.assertRaises(AccessError):
            company.followup_sms_url = "https://evil.example.com/"
        company.followup_sms_active = False  # off is a safe switch, and checked

    def test_nobody_reads_digests_of_numbers(self):
        """D-9: equal digests tell equal numbers."""
        message = self._invite()
        self._run_queue()
        self.assertTrue(message.number_digest)
        with self.assertRaises(AccessError):
            message.with_user(self.manager).read(["number_digest"])

    def test_a_text_goes_out_under_its_own_hospital_s_code(self):
        """The job runs in one company, messages are of many (I-13)."""
        other = self._company("Other")
        template = self.env.ref(TEMPLATE)
        template.with_company(self.company).gateway_code = "OURS"
        template.with_company(other).gateway_code = "THEIRS"
        self.company.followup_sms_mapping += "\ntemplate: {template}"
        self._invite()
        self.messages.with_company(other)._cron_send()
        self.assertEqual(self.gateway.messages[0]["template"], "OURS")

    def test_new_messages_bring_no_new_tries_at_the_date_of_birth(self):
        """Two locked links within a month: none goes out by itself any more."""
        task = self._call()
        links = self.env["followup.link"]
        for _number in range(2):
            links._issue(task)
            link = links.search([], limit=1, order="id desc")
            for day in range(1, 6):
                self.assertFalse(link._check_proof(f"1950-01-0{day}"))
            self.assertEqual(link.revoked_reason, "locked")
        message = self._invite(task)
        self._run_queue()
        self.assertEqual(self._states(message), [("failed", "link")])
        self.assertFalse(self.gateway.posts)
        self.assertIn("#", links._issue(task), "in person it can be given")
        other = self._invite()
        self._run_queue()
        self.assertEqual(self._states(other), [("sent", False)])

    def test_a_message_that_cannot_be_made_stops_nothing_but_itself(self):
        self.patch(self.env.cr, "rollback", lambda: None)
        bad, good = self._invite(), self._invite()
        make = self.registry["followup.message"]._make_words

        def broken(message, record):
            if message.id == bad.id:
                raise ValueError("broken")
            return make(message, record)

        with (
            patch.object(self.registry["followup.message"], "_make_words", broken),
            mute_logger(SEND),
        ):
            self._run_queue()
        self.assertEqual(
            self._states(bad | good), [("failed", "error"), ("sent", False)]
        )

    def test_a_call_nothing_can_be_written_about_stops_no_other(self):
        calls = [self._call(method="sms") for _number in range(3)]
        prepare = self.registry["followup.message"]._prepare_message

        def broken(messages, record, *args):
            if record.id == calls[1].id:
                raise ValueError("broken")
            return prepare(messages, record, *args)

        with (
            patch.object(self.registry["followup.message"], "_prepare_message", broken),
            mute_logger(LEFT_OUT),
        ):
            self.messages._cron_plan()
        counts = [len(call.written_message_ids) for call in calls]
        self.assertEqual(counts, [1, 0, 1])

    def test_an_outcome_that_cannot_be_noted_stops_nothing_behind_it(self):
        """It left the house: it is settled as interrupted, never sent again."""
        self.patch(self.env.cr, "rollback", lambda: None)
        bad, good = self._invite(), self._invite()
        self.gateway.code = "1001"
        failing = patch.object(
            self.registry["followup.message"],
            "_mark_number_wrong",
            side_effect=KeyError,
        )
        with failing, mute_logger(SEND):
            self._run_queue()
        self.assertEqual(len(self.gateway.posts), 2)
        self.assertNotIn("queued", (bad | good).mapped("state"))

    def test_a_gateway_out_of_reach_delays_no_other_hospital(self):
        """One try, then it is left alone for two minutes; no try is lost."""
        self.company.followup_sms_url = "http://127.0.0.1:9/none"
        messages = self.messages
        for _number in range(4):
            messages |= self._invite()
        self._run_queue()
        self.assertEqual(sorted(messages.mapped("try_count")), [0, 0, 0, 1])
        self.assertEqual(set(messages.mapped("state")), {"queued"})
        self.assertFalse(any(messages.mapped("claim")))
        self.assertFalse(messages.search(messages._due_domain()) & messages)
