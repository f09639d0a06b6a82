# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The gateway: what it is sent, what it may answer, what stays behind (M-2, I-3)."""

import json
from datetime import datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from ..tools import gateway_http
from .message_common import KEY, MORNING, MessageCase

NOW = datetime.fromisoformat(MORNING)
LINK = r"http\S+#[A-Za-z0-9_-]{20,}"


@tagged("post_install", "-at_install")
class TestFollowupSms(MessageCase):
    # ------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------

    def test_the_gateway_gets_number_words_and_link(self):
        task = self._call()
        message = self._invite(task)
        self._run_queue()
        [post] = self.gateway.messages
        number = task.patient_id.contact_ids.action_reveal()["phone"]
        self.assertEqual(post["mobile"], number)
        self.assertEqual(post["password"], KEY)
        self.assertEqual(post["uid"], message.reference)
        self.assertTrue(post["content"].startswith("【Test】Test Hospital, Ward A"))
        self.assertRegex(post["content"], LINK)
        self.assertEqual(self._states(message), [("sent", False)])
        self.assertEqual(message.gateway_ref, "G0001")

    def test_nothing_of_it_stays_in_the_database(self):
        """I-3, D-9: no number, word or link in any row of ours or of core's."""
        task = self._call()
        message = self._invite(task)
        self._run_queue()
        [post] = self.gateway.messages
        token = post["content"].partition("#")[2].split()[0]
        self.env.flush_all()
        self.assertFalse(self.env["sms.sms"].search([("uuid", "=", message.reference)]))
        self.assertFalse(
            self.env["sms.tracker"].search([("sms_uuid", "=", message.reference)])
        )
        tables = ("followup_message", "followup_link", "mail_message", "sms_sms")
        for table in (*tables, "mail_notification", "ir_logging"):
            self.env.cr.execute(f'SELECT t::text FROM "{table}" t')
            rows = "\n".join(row for [row] in self.env.cr.fetchall())
            self.assertNotIn(token, rows, table)
            self.assertNotIn(post["mobile"], rows, table)

    def test_the_log_names_neither_number_nor_words(self):
        message = self._invite()
        with self.assertLogs("odoo", "DEBUG") as logs:
            self._run_queue()
        [post] = self.gateway.messages
        text = "\n".join(
            line for line in logs.output if "odoo.sql_db" not in line.split(":")[1]
        )
        for secret in (post["mobile"], post["content"], KEY, post["content"][-20:]):
            self.assertNotIn(secret, text)
        self.assertTrue(message)

    def test_the_gateway_s_own_template_and_order_are_used(self):
        template = self.env.ref(
            "patient_followup.followup_message_template_task_invitation"
        ).with_company(self.company)
        template.write({"gateway_code": "SMS_1", "gateway_params": "link, hospital"})
        self.company.followup_sms_mapping = (
            "phone: {number}\ntemplate: {template}\nvalues: {params}\n"
            "sign: {signature}\ntext: {text}"
        )
        self._invite()
        self._run_queue()
        [post] = self.gateway.messages
        self.assertEqual(post["template"], "SMS_1")
        self.assertRegex(post["values"][0], LINK)
        self.assertEqual(post["values"][1], "Test Hospital")
        self.assertEqual(post["sign"], "【Test】")
        self.assertNotIn("【Test】", post["text"])

    def test_forms_and_headers(self):
        self.company.write(
            {
                "followup_sms_format": "form",
                "followup_sms_headers": "Authorization: Bearer {key}",
            }
        )
        self._invite()
        self._run_queue()
        body, headers = self.gateway.posts[0]
        self.assertIn(b"mobile=138", body)
        self.assertEqual(headers["Authorization"], f"Bearer {KEY}")

    def test_a_sensitive_ward_is_not_named(self):
        self.department_a.followup_team_ids.is_sensitive = True
        template = self.env.ref(
            "patient_followup.followup_message_template_task_invitation"
        ).with_company(self.company)
        template.gateway_params = "department, title, answer, link"
        self.company.followup_sms_mapping += "\nvalues: {params}"
        self._invite()
        self._run_queue()
        [post] = self.gateway.messages
        self.assertNotIn("Ward", json.dumps(post))
        self.assertEqual(len(post["values"]), 1)

    # ------------------------------------------------------------
    # ANSWERS
    # ------------------------------------------------------------

    def test_every_answer_has_one_meaning(self):
        """Only a clear no is a no; what nobody knows is never sent again."""
        table = (
            ("ok", "0", ("sent", False)),
            ("ok", "77", ("failed", "rejected")),
            ("ok", "1001", ("failed", "number")),
            ("refused", "0", ("failed", "rejected")),
            ("redirect", "0", ("failed", "rejected")),
            ("busy", "0", ("queued", "unreached")),
            ("error", "0", ("unknown", "unclear")),
            ("garbage", "0", ("unknown", "unclear")),
            ("big", "0", ("unknown", "unclear")),
            ("slow", "0", ("unknown", "unclear")),
            ("drip", "0", ("unknown", "unclear")),
            ("cut", "0", ("unknown", "unclear")),
        )
        for mode, code, expected in table:
            self.gateway.mode, self.gateway.code = mode, code
            self.gateway.posts.clear()
            message = self._invite()
            self._run_queue()
            with self.subTest(mode=mode, code=code):
                self.assertEqual(self._states(message), [expected])
                self.assertEqual(len(self.gateway.posts), 1)
        self.assertEqual(self.gateway.followed, 0, "no redirect is followed")

    def test_a_clearly_wrong_number_goes_to_the_correction_list(self):
        self.gateway.code = "1001"
        task = self._call()
        self._invite(task)
        self._run_queue()
        contact = task.patient_id.contact_ids
        self.assertEqual(contact.validity, "wrong")
        self.assertEqual(contact.correction_department_id, self.department_a)

    def test_a_gateway_out_of_reach_is_tried_again_and_given_up_in_the_end(self):
        self.company.followup_sms_url = "http://127.0.0.1:9/none"
        message = self._invite(self._call(date_deadline=NOW + timedelta(days=9)))
        moment = NOW
        for number in range(1, 6):
            with freeze_time(moment):
                self._run_queue()
            self.assertEqual(message.try_count, number)
            self.assertEqual(message.failure, "unreached")
            moment = message.next_at + timedelta(seconds=1)
        self.assertEqual(message.state, "failed")
        self.assertFalse(self.gateway.posts)

    def test_a_fault_of_ours_leaves_it_to_a_person(self):
        message = self._invite()
        broken = self.registry["followup.message"]

        def fail(message, words):
            raise ValueError(words)

        self.patch(broken, "_transmit_sms", fail)
        self.patch(self.env.cr, "rollback", lambda: None)
        with self.assertLogs("odoo.addons.patient_followup", "ERROR") as logs:
            self._run_queue()
        self.assertEqual(self._states(message), [("unknown", "error")])
        self.assertIn("ValueError", logs.output[0])
        self.assertNotIn("http", "".join(logs.output))

    def test_no_link_no_message(self):
        """The page asks for the birth date: without one there is no link."""
        patient = self._patient(mrn=False)
        message = self._invite(self._call(patient=patient))
        self._run_queue()
        self.assertEqual(self._states(message), [("failed", "link")])
        self.assertFalse(self.gateway.posts)

    # ------------------------------------------------------------
    # CONFIGURATION
    # ------------------------------------------------------------

    def test_addresses_a_gateway_may_have(self):
        good = ("https://sms.example.com/send?v=1", "https://8.8.8.8/x")
        bad = (
            "http://sms.example.com/send",
            "https://user:pass@sms.example.com/",
            "https://127.0.0.1/",
            "https://10.0.0.5/",
            "https://169.254.169.254/latest",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://0.0.0.0/",
            "ftp://sms.example.com/",
            "file:///etc/passwd",
            "https://",
            "https://sms.example.com/ x",
            "https://sms.example.com/#x",
            "https://短信.example/",
            "https://sms.example.com:99999/",
            "x" * 2000,
            "",
        )
        for url in good:
            gateway_http.check_url(url)
        for url in bad:
            with self.subTest(url=url), self.assertRaises(gateway_http.BadTarget):
                gateway_http.check_url(url)
        gateway_http.check_url("https://10.0.0.5/", allow_inside=True)
        gateway_http.check_url("http://127.0.0.1:80/", allow_inside=True)
        for url in ("https://169.254.169.254/", "http://10.0.0.5/"):
            with self.assertRaises(gateway_http.BadTarget):
                gateway_http.check_url(url, allow_inside=True)

    def test_a_name_that_leads_inside_is_refused_when_it_is_used(self):
        with self.assertRaises(gateway_http.BadTarget):
            gateway_http.resolve(gateway_http.Target("https", "localhost", 443, "/"))

    def test_settings_are_checked(self):
        for vals in (
            {"followup_sms_url": "http://sms.example.com"},
            {"followup_sms_url": False},
            {"followup_sms_inside": False},
            {"followup_sms_mapping": "no colon"},
            {"followup_sms_mapping": "a: {secret}"},
            {"followup_sms_headers": "A: {patient}"},
            {"followup_sms_report_secret": "short"},
            {"followup_reminder_days": -1},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self.company.write(vals)

    def test_account_and_key_are_the_system_administrator_s(self):
        fields = self.env["res.company"]._fields
        for name in (
            "followup_sms_url",
            "followup_sms_inside",
            "followup_sms_user",
            "followup_sms_key",
            "followup_sms_headers",
            "followup_sms_mapping",
            "followup_sms_report_secret",
        ):
            self.assertEqual(fields[name].groups, "base.group_system", name)

    def test_other_hospitals_keep_odoo_s_own_way(self):
        other = self._company("Other")
        self.assertEqual(other._get_sms_api_class().__name__, "SmsApi")
        self.assertEqual(self.company._get_sms_api_class().__name__, "SmsApiGateway")

    # ------------------------------------------------------------
    # COST
    # ------------------------------------------------------------

    def test_sending_costs_the_same_for_each_message(self):
        def cost(count):
            for _number in range(count):
                self._invite()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._run_queue()
            return self.env.cr.sql_log_count - start

        cost(1)
        few, many = cost(3), cost(9)
        self.assertLessEqual((many - few) / 6, 60)
        self.assertLessEqual(many / 9, few / 3 * 1.2)
