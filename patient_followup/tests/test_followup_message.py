# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What may be written to whom, when, and only once (M-2, M-6, I-12, D-20)."""

import ssl
from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from ..tools import gateway_http
from .message_common import MORNING, MessageCase

NOW = datetime.fromisoformat(MORNING)


@tagged("post_install", "-at_install")
class TestFollowupMessage(MessageCase):
    # ------------------------------------------------------------
    # ONCE
    # ------------------------------------------------------------

    def test_the_same_message_is_queued_once(self):
        task = self._call()
        first = self._invite(task)
        self.assertEqual(first.state, "queued")
        self.assertFalse(self._invite(task))
        self.assertTrue(self._invite(task, params={"when": "Friday"}))
        self.assertEqual(len(task.written_message_ids), 2)

    def test_a_sent_message_is_not_sent_again(self):
        message = self._invite()
        self._run_queue()
        self._run_queue()
        self.assertEqual(self._states(message), [("sent", False)])
        self.assertEqual(len(self.gateway.posts), 1)

    def test_many_records_make_one_message_each(self):
        tasks = self._call() + self._call() + self._call()
        self.assertEqual(len(self._invite(tasks)), 3)

    # ------------------------------------------------------------
    # WHO MAY NOT BE WRITTEN TO
    # ------------------------------------------------------------

    def test_nothing_is_queued_for_whom_nothing_may_be_sent(self):
        """Contract: empty, never an error (I-12)."""
        dead = self._call(patient=self._patient(birthdate="1950-01-01"))
        dead.patient_id.deceased_date = "2026-03-01"
        banned = self._call()
        banned.patient_id.write(
            {"do_not_contact": True, "do_not_contact_reason": "asked"}
        )
        withdrawn = self._call()
        self._consent(withdrawn, granted=False)
        wrong = self._call()
        wrong.patient_id.contact_ids.action_mark_wrong()
        landline = self._call(patient=self._patient("010-62345678"))
        relative = self._call()
        relative.patient_id.contact_ids.relation = "child"
        for task in (dead, banned, withdrawn, wrong, landline, relative):
            with self.subTest(task=task):
                self.assertFalse(self._invite(task))
        relative.patient_id.contact_ids.may_receive_medical_info = True
        self.assertTrue(self._invite(relative))

    def _consent(self, task, scope="sms", **vals):
        return self.env["followup.consent"].create(
            {
                "patient_id": task.patient_id.id,
                "scope": scope,
                "date": "2026-03-01",
                **vals,
            }
        )

    def test_an_expired_consent_is_none(self):
        task = self._call()
        self._consent(task, expiry_date="2026-03-02")
        self.assertFalse(self._invite(task))

    def test_a_hospital_may_ask_for_recorded_consent(self):
        self.company.followup_message_consent = True
        task = self._call()
        self.assertFalse(self._invite(task))
        self._consent(task)
        self.assertTrue(self._invite(task))

    def test_everything_is_off_at_first(self):
        company = self._company("New Hospital")
        self.assertFalse(company._followup_can_send("sms"))
        self.assertFalse(company._followup_can_send("email"))

    def test_stops_between_queueing_and_sending_are_heard(self):
        """Death, ban and withdrawal cancel what is queued, and count again (D-20)."""
        stops = {
            "blocked": [
                lambda task: task.patient_id.write({"deceased_date": "2026-03-04"}),
                lambda task: task.patient_id.write(
                    {"do_not_contact": True, "do_not_contact_reason": "x"}
                ),
                lambda task: self._consent(task, "phone", granted=False),
            ],
            "consent": [lambda task: self._consent(task, granted=False)],
        }
        for failure, ways in stops.items():
            for stop in ways:
                task = self._call()
                message = self._invite(task)
                stop(task)
                self.assertEqual(self._states(message), [("cancelled", failure)])
        self._run_queue()
        self.assertFalse(self.gateway.posts)

    def test_what_became_needless_is_not_sent(self):
        closed, wrong, late = self._call(), self._call(), self._call()
        messages = self._invite(closed) + self._invite(wrong) + self._invite(late)
        closed.action_cancel("no longer")
        wrong.patient_id.contact_ids.action_mark_wrong()
        late._guarded().date_deadline = NOW - timedelta(minutes=1)
        self._run_queue()
        self.assertEqual(
            self._states(messages),
            [("cancelled", "over"), ("cancelled", "no_contact"), ("cancelled", "over")],
        )
        self.assertFalse(self.gateway.posts)

    # ------------------------------------------------------------
    # WHEN
    # ------------------------------------------------------------

    def _policy(self, **vals):
        policy = self.env["followup.attempt.policy"].create(
            {
                "name": "Rules",
                "company_id": self.company.id,
                "band_ids": False,
                "distinct_bands": False,
                **vals,
            }
        )
        self.company.followup_default_policy_id = policy
        return policy

    def test_quiet_hours_are_kept_over_midnight_and_weekend(self):
        """20:00 to 08:00: local hours, whatever the day (I-12, P-2)."""
        self._policy(quiet_from=20.0, quiet_to=8.0)
        # local moment of asking, local moment of sending
        table = (
            ("2026-03-05 19:59", "2026-03-05 19:59"),
            ("2026-03-05 20:00", "2026-03-06 08:00"),
            ("2026-03-06 23:30", "2026-03-07 08:00"),
            ("2026-03-07 00:10", "2026-03-07 08:00"),
            ("2026-03-07 07:59", "2026-03-07 08:00"),
            ("2026-03-08 12:00", "2026-03-08 12:00"),
        )
        for asked, sent in table:
            with freeze_time(self._utc(asked)):
                task = self._call()
                message = self._invite(task)
                self.assertEqual(message.next_at, self._utc(sent), asked)

    def _utc(self, local):
        return datetime.fromisoformat(local) - timedelta(hours=8)

    def test_a_message_that_comes_up_in_quiet_hours_waits(self):
        self._policy(quiet_from=20.0, quiet_to=8.0)
        message = self._invite(self._call(date_deadline=NOW + timedelta(days=5)))
        with freeze_time(self._utc("2026-03-05 22:00")):
            self._run_queue()
            self.assertEqual(message.state, "queued")
            self.assertEqual(message.next_at, self._utc("2026-03-06 08:00"))
        self.assertFalse(self.gateway.posts)
        with freeze_time(self._utc("2026-03-06 08:01")):
            self._run_queue()
        self.assertEqual(message.state, "sent")

    def test_the_daily_limit_counts_calls_and_messages(self):
        self._policy(max_contacts_per_day=2, quiet_from=20.0, quiet_to=8.0)
        task = self._call()
        task.log_attempt("busy")
        self._invite(task)
        self._run_queue()
        again = self._invite(task, "task_reminder")
        self.assertEqual(again.next_at, self._utc("2026-03-06 08:00"))
        other = self._call(patient=task.patient_id)
        other._refresh_next_at()
        self.assertEqual(other.next_at, self._utc("2026-03-06 08:00"))

    def test_the_patient_s_best_hours_come_first(self):
        band = self.env["followup.time.band"].create(
            {"name": "Afternoon", "hour_from": 14, "hour_to": 17}
        )
        late = self.env["followup.time.band"].create(
            {"name": "Morning", "hour_from": 8, "hour_to": 12}
        )
        self._policy(band_ids=[(6, 0, (band + late).ids)], max_attempts=1)
        patient = self._patient(birthdate="1960-05-01", preferred_band_ids=band.ids)
        message = self._invite(self._call(patient=patient))
        self.assertEqual(message.next_at, self._utc("2026-03-05 14:00"))

    # ------------------------------------------------------------
    # BY ITSELF
    # ------------------------------------------------------------

    def test_steps_that_are_messages_are_sent_when_due(self):
        """M-2, M-7: sms, WeChat and web by the gateway, mail as a letter."""
        due = {name: self._call(method=name) for name in ("sms", "wechat", "web")}
        due["mail"] = self._call(method="mail")
        phone = self._call()
        future = self._call(
            method="sms",
            date_earliest=NOW + timedelta(days=1),
            date_due=NOW + timedelta(days=2),
        )
        self.messages._cron_plan()
        self.messages._cron_plan()
        methods = {
            name: task.written_message_ids.mapped("method")
            for name, task in due.items()
        }
        self.assertEqual(
            methods,
            {"sms": ["sms"], "wechat": ["sms"], "web": ["sms"], "mail": ["letter"]},
        )
        self.assertFalse((phone + future).written_message_ids)

    def test_what_cannot_be_sent_by_itself_is_listed_with_its_reason(self):
        """I-7."""
        task = self._call(method="sms", patient=self._patient(contact_ids=[]))
        self.messages._cron_plan()
        self.messages._cron_plan()
        self.assertEqual(
            self._states(task.written_message_ids), [("failed", "no_contact")]
        )

    def test_one_reminder_after_the_days_of_the_hospital(self):
        self.company.followup_reminder_days = 2
        task = self._call(method="sms", date_deadline=NOW + timedelta(days=4))
        answered = self._call(method="sms", date_deadline=NOW + timedelta(days=4))
        short = self._call(method="sms", date_deadline=NOW + timedelta(days=1))
        self.messages._cron_plan()
        self._run_queue()
        answered.log_attempt("reached", direction="in")
        for hours, expected in ((47, 1), (49, 2), (50, 2), (72, 2)):
            with freeze_time(NOW + timedelta(hours=hours)):
                self.messages._cron_plan()
                self._run_queue()
                self.assertEqual(len(task.written_message_ids), expected, hours)
        self.assertEqual(len((answered + short).written_message_ids), 2)
        self.assertEqual(
            task.written_message_ids.mapped("code"),
            ["task_reminder", "task_invitation"],
        )

    def test_the_attempt_policy_writes_after_a_day_of_unanswered_calls(self):
        """P-2: what follows exhaustion, message or letter."""
        for after_day, method in (("message", "sms"), ("letter", "letter")):
            self._policy(max_attempts=1, after_day=after_day, min_gap_minutes=0)
            task = self._call()
            task.log_attempt("no_answer")
            self.assertEqual(task.written_message_ids.mapped("method"), [method])
            self.assertEqual(task.state, "waiting")
            with freeze_time(NOW + timedelta(days=1)):
                task.log_attempt("no_answer")
            self.assertEqual(len(task.written_message_ids), 1, "once for each call")

    # ------------------------------------------------------------
    # BY HAND
    # ------------------------------------------------------------

    def test_the_caller_sends_the_link(self):
        task = self._call()
        notice = task.with_user(self.ward_a).action_send_link()
        self.assertIn("138****", notice["params"]["message"])
        self.assertEqual(task.written_message_ids.sent_by_id, self.ward_a)
        with self.assertRaisesRegex(UserError, "waiting already"):
            task.with_user(self.ward_a).action_send_link()
        self._run_queue()
        with self.assertRaisesRegex(UserError, "today already"):
            task.with_user(self.ward_a).action_send_link()
        with freeze_time(NOW + timedelta(days=1)):
            task.with_user(self.ward_a).action_send_link()
        self.assertEqual(len(task.written_message_ids), 2)

    def test_only_who_may_call_sends_the_link(self):
        task = self._call()
        for user in (self.ward_b, self.leader, self.auditor, self.plain):
            with self.assertRaises(AccessError):
                task.with_user(user).action_send_link()
        with self.assertRaises(UserError):
            task.with_user(self.inspector).action_send_link()

    def test_the_button_says_why_nothing_can_be_sent(self):
        self.company.followup_sms_active = False
        with self.assertRaisesRegex(UserError, "switched off"):
            self._call().with_user(self.ward_a).action_send_link()

    def test_waiting_messages_are_stopped_with_a_reason(self):
        message = self._invite(self._call())
        own = message.with_user(self.ward_a)
        with self.assertRaisesRegex(UserError, "Say why"):
            own.action_cancel("  ")
        own.action_cancel("Came to the clinic")
        self.assertEqual(self._states(message), [("cancelled", "staff")])
        self.assertEqual(message.reason, "Came to the clinic")
        own.action_retry("Did not come after all")
        self._run_queue()
        self.assertEqual(message.state, "sent")
        with self.assertRaisesRegex(UserError, "gone on"):
            own.action_cancel("too late")
        with self.assertRaises(AccessError):
            message.with_user(self.inspector).action_cancel("x")

    def test_nobody_writes_messages_past_the_buttons(self):
        """D-18."""
        message = self._invite(self._call())
        with self.assertRaises(AccessError):
            message.write({"state": "sent"})
        with self.assertRaises(AccessError):
            self.messages.create({"key": "x"})
        with self.assertRaises(AccessError):
            message.unlink()

    # ------------------------------------------------------------
    # TEXTS
    # ------------------------------------------------------------

    def test_texts_name_known_parameters_only(self):
        template = self.env.ref(
            "patient_followup.followup_message_template_task_invitation"
        )
        for vals in (
            {"body": "{patient} {link}"},
            {"body": "{link.__class__}"},
            {"neutral_body": "{department}"},
            {"neutral_body": "{answer}"},
            {"subject": "{title}"},
            {"gateway_params": "hospital, name"},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                template.copy({"code": "x", **vals}).flush_recordset()

    def test_a_hospital_s_own_text_comes_first(self):
        shared = self.messages.env["followup.message.template"]
        own = shared.create(
            {
                "name": "Own",
                "code": "task_invitation",
                "company_id": self.company.id,
                "body": "Own {link}",
                "neutral_body": "Neutral {link}",
            }
        )
        self.assertEqual(shared._find("task_invitation", self.company), own)
        other = self._company("Other")
        self.assertNotEqual(shared._find("task_invitation", other), own)

    def test_every_text_ships_and_is_neutral_where_it_must_be(self):
        codes = self.env["followup.message.template"].search([]).mapped("code")
        self.assertLessEqual(
            {
                "task_invitation",
                "task_reminder",
                "concern_answer",
                "appointment_received",
                "appointment_offered",
                "appointment_confirmed",
                "appointment_refused",
                "appointment_cancelled",
                "appointment_reminder",
                "appointment_waitlist",
                "programme_event",
            },
            set(codes),
        )

    def test_html_emoji_braces_and_long_texts_stay_text(self):
        """X-*: what a doctor typed is never markup and never a parameter."""
        concern = self._answered("<b>Ja</b> {link} 😀\u202e\x00 " + "长" * 20)
        message = self.messages._queue(concern, "concern_answer")
        self._run_queue()
        [post] = self.gateway.messages
        self.assertIn("<b>Ja</b> {link} 😀 长长", post["content"])
        self.assertTrue(message.carries_answer)

    def test_an_answer_too_long_is_not_cut(self):
        concern = self._answered("长" * 600)
        message = self.messages._queue(concern, "concern_answer")
        self._run_queue()
        [post] = self.gateway.messages
        self.assertNotIn("长", post["content"])
        self.assertFalse(message.carries_answer)

    def _answered(self, answer):
        task = self._call()
        concern = task.with_user(self.ward_a).action_ask("May I bathe?")
        concern.with_user(self.head_a).action_answer(answer)
        return concern.sudo()

    # ------------------------------------------------------------
    # ANSWERS
    # ------------------------------------------------------------

    def test_a_delivered_answer_counts_as_told(self):
        """P-7: the call on the board falls only when the words arrived."""
        concern = self._answered("Yes, you may.")
        call = concern.telling_task_id
        message = self.messages._queue(concern, "concern_answer")
        self._run_queue()
        self.assertEqual((concern.state, call.state), ("answered", "ready"))
        message._note_delivered(fields.Datetime.now())
        self.assertEqual((concern.state, call.state), ("told", "cancelled"))

    def test_a_neutral_notice_tells_nothing(self):
        self.department_a.followup_team_ids.is_sensitive = True
        concern = self._answered("Yes, you may.")
        message = self.messages._queue(concern, "concern_answer")
        self._run_queue()
        message._note_delivered(fields.Datetime.now())
        self.assertEqual(concern.state, "answered")
        self.assertNotIn("you may.", self.gateway.messages[0]["content"].lower())

    def test_a_patient_who_was_told_by_phone_gets_no_message(self):
        concern = self._answered("Yes, you may.")
        message = self.messages._queue(concern, "concern_answer")
        concern._tell(fields.Datetime.now())
        self._run_queue()
        self.assertEqual(self._states(message), [("cancelled", "over")])

    def test_patients_who_prefer_reading_get_the_answer_in_writing(self):
        patient = self._patient(birthdate="1960-05-01", preferred_method="sms")
        task = self._call(patient=patient)
        concern = task.with_user(self.ward_a).action_ask("May I fly?")
        concern.with_user(self.head_a).action_answer("Not yet.")
        concern = concern.sudo()
        message = self.messages.search([("concern_id", "=", concern.id)])
        self.assertEqual(message.code, "concern_answer")
        self.assertTrue(concern.telling_task_id)

    # ------------------------------------------------------------
    # COST
    # ------------------------------------------------------------

    def test_queueing_many_costs_few_queries_each(self):
        tasks = self.env["followup.task"]
        for _number in range(3):
            tasks += self._call()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        self._invite(tasks)
        few = self.env.cr.sql_log_count - start
        more = self.env["followup.task"]
        for _number in range(12):
            more += self._call()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        self._invite(more)
        many = self.env.cr.sql_log_count - start
        self.assertLessEqual(many, few)

    def test_the_daily_limit_of_each_counts_where_many_are_queued(self):
        self._policy(max_contacts_per_day=1, quiet_from=20.0, quiet_to=8.0)
        called, rested = self._call(), self._call()
        called.log_attempt("busy")
        found = self._invite(called + rested)
        days = {row.task_id: row.next_at for row in found}
        self.assertEqual(days[called], self._utc("2026-03-06 08:00"))
        self.assertEqual(days[rested], self._utc("2026-03-05 10:00"))

    def test_sending_costs_no_more_than_is_asked_anew(self):
        self._invite()
        self._run_queue()
        self._invite()
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        self.messages._cron_send()
        self.env.flush_all()
        self.assertLessEqual(self.env.cr.sql_log_count - start, 33)

    def test_certificates_are_verified_by_what_was_read_once(self):
        context = gateway_http._get_context()
        self.assertIs(gateway_http._get_context(), context)
        self.assertEqual(context.verify_mode, ssl.CERT_REQUIRED)
        self.assertTrue(context.check_hostname)
