# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Recording calls and what follows from them (P-2, D-5)."""

from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import FollowupCase

CHINA = timedelta(hours=8)


def utc(text):
    """Return the moment in UTC of a local time in November 2026, "18 10:00"."""
    return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M") - CHINA


def at(text):
    return freeze_time(utc(text))


@tagged("post_install", "-at_install")
class TestFollowupTaskAttempt(FollowupCase):
    """A Wednesday in the ward; the 18th is a Wednesday."""

    def setUp(self):
        super().setUp()
        self.policy = self.env.ref(
            "patient_followup.followup_attempt_policy_three_bands"
        )
        self.company.followup_default_policy_id = self.policy
        with at("18 00:00"):
            self.stay = self._encounter(
                admission_date=utc("10 12:00"), discharge_date=utc("17 12:00")
            )
            self.contact = self.stay.patient_id.contact_ids
            self.task = self._new_task()

    def _new_task(self, **vals):
        vals = {
            "date_earliest": utc("18 00:00"),
            "date_due": utc("19 23:59"),
            "date_deadline": utc("20 23:59"),
            "attempt_policy_id": self.policy.id,
            **vals,
        }
        return self._task(self.stay, **vals).with_user(self.ward_a)

    def _log(self, when, result="no_answer", task=None, **kwargs):
        with at(when):
            return (task or self.task).log_attempt(result, **kwargs)

    # ------------------------------------------------------------
    # POLICY
    # ------------------------------------------------------------

    def test_a_new_task_opens_with_the_first_band(self):
        self.assertEqual(self.task.next_at, utc("18 08:00"))

    def test_the_third_unanswered_call_in_a_third_band_ends_the_day(self):
        """P-2: the day is over, the task goes on with the next working day."""
        table = [
            ("18 09:00", "open", "●○○○", "18 11:00", 0),
            ("18 12:00", "open", "●●○○", "18 14:00", 0),
            ("18 15:00", "complete", "●●●○", "19 08:00", 1),
        ]
        for when, state, dots, next_at, days in table:
            self._log(when)
            with at(when):
                self.task.invalidate_recordset()
                self.assertRecordValues(
                    self.task,
                    [
                        {
                            "state": "waiting",
                            "attempt_state": state,
                            "attempt_dots": dots,
                            "next_at": utc(next_at),
                            "exhausted_days": days,
                        }
                    ],
                )

    def test_three_calls_in_one_band_do_not_and_the_card_says_why(self):
        """P-2: anything else does not complete the policy."""
        for when in ("18 08:00", "18 09:10", "18 10:20"):
            self._log(when)
        with at("18 10:30"):
            self.assertEqual(self.task.attempt_state, "same_band")
            self.assertEqual(self.task.exhausted_days, 0)
            self.assertIn("only in Morning", self.task.attempt_explanation)
            self.assertIn("Noon, Afternoon, Evening", self.task.attempt_explanation)
            self.assertEqual(self.task.next_at, utc("18 11:20"))

    def test_dots_of_yesterday_are_gone_today(self):
        self._log("18 09:00")
        with at("19 08:00"):
            self.assertEqual(self.task.attempt_dots, "○○○○")
            self.assertEqual(self.task.attempt_state, "none")

    def test_exhausting_every_day_until_the_latest_date_is_unreachable(self):
        """The task goes on until its latest date, then it is unreachable."""
        for day in ("18", "19", "20"):
            self.assertIn(self.task.state, ("ready", "waiting"))
            for hour in ("09:00", "12:00", "15:00"):
                self._log(f"{day} {hour}", contact_id=self.contact.id)
        self.assertRecordValues(
            self.task,
            [
                {
                    "state": "unreachable",
                    "exhausted_days": 3,
                    "attempt_count": 9,
                    "next_at": False,
                    "claimed_by_id": False,
                }
            ],
        )
        self.assertTrue(self.task.reason_id)
        self.assertTrue(self.task.closing_reason)

    def test_a_high_priority_patient_who_is_unreachable_is_reported(self):
        task = self._new_task(priority="1", date_deadline=utc("18 23:59"))
        for hour in ("09:00", "12:00", "15:00"):
            self._log(f"18 {hour}", task=task)
        self.assertEqual(task.state, "unreachable")
        concern = task.sudo().concern_ids
        self.assertEqual(concern.kind, "unreachable")
        self.assertIn(self.head_a, concern.activity_ids.user_id)
        self.assertNotIn(self.stay.patient_id.name, concern.activity_ids.summary)

    def test_a_normal_patient_who_is_unreachable_is_not_reported(self):
        task = self._new_task(date_deadline=utc("18 23:59"))
        for hour in ("09:00", "12:00", "15:00"):
            self._log(f"18 {hour}", task=task)
        self.assertEqual(task.state, "unreachable")
        self.assertFalse(task.sudo().concern_ids)

    def test_an_inbound_call_reopens_an_unreachable_task(self):
        task = self._new_task(date_deadline=utc("18 23:59"))
        for hour in ("09:00", "12:00", "15:00"):
            self._log(f"18 {hour}", task=task)
        attempt = self._log("21 10:00", "reached", task, direction="in")
        self.assertEqual(attempt.direction, "in")
        self.assertRecordValues(
            task,
            [{"state": "in_progress", "reason_id": False, "closing_reason": False}],
        )

    def test_the_policy_may_stop_after_some_days(self):
        self.policy.max_days = 1
        for hour in ("09:00", "12:00", "15:00"):
            self._log(f"18 {hour}")
        self.assertEqual(self.task.state, "unreachable")

    def test_a_changed_policy_moves_the_next_calls(self):
        """D-10: next_at follows the policy at once."""
        self.policy.quiet_to = 9
        self.assertEqual(self.task.next_at, utc("18 09:00"))

    def test_changed_bands_move_the_next_calls(self):
        self.policy.band_ids.sorted("hour_from")[0].hour_from = 9.5
        self.assertEqual(self.task.next_at, utc("18 09:30"))

    def test_bands_may_not_overlap(self):
        with self.assertRaisesRegex(ValidationError, "overlap"):
            self.policy.band_ids = [
                (0, 0, {"name": "X", "hour_from": 9, "hour_to": 12})
            ]

    # ------------------------------------------------------------
    # THE PATIENT'S PEACE
    # ------------------------------------------------------------

    def test_the_gap_counts_over_all_plans_of_the_patient(self):
        sibling = self._new_task()
        self._log("18 10:30")
        self.assertEqual(sibling.next_at, utc("18 11:30"))

    def test_the_limit_of_the_day_counts_over_all_plans_of_the_patient(self):
        self.policy.max_contacts_per_day = 2
        sibling = self._new_task()
        self._log("18 09:00")
        self._log("18 12:00", task=sibling)
        self.assertEqual(self.task.next_at, utc("19 08:00"))
        self.assertEqual(sibling.next_at, utc("19 08:00"))

    def test_the_patients_own_hours_come_first(self):
        """M-9: proposed when he is called, tried bands left out."""
        evening = self.policy.band_ids.sorted("hour_from")[3]
        self.stay.patient_id.preferred_band_ids = evening
        Task = self.env["followup.task"].with_user(self.ward_a)
        with at("18 09:00"):
            self.assertFalse(Task.claim_next())
        self.assertRecordValues(
            self.task, [{"next_at": utc("18 17:00"), "next_band_id": evening.id}]
        )
        self._log("18 17:00")
        self.assertEqual(self.task.next_at, utc("19 17:00"))

    def test_a_put_off_call_comes_back_at_its_time(self):
        with at("18 09:00"):
            self.task.action_snooze("2026-11-18 07:30:00")
            with self.assertRaisesRegex(UserError, "latest date"):
                self.task.action_snooze(utc("21 09:00"))
            with self.assertRaises(UserError):
                self.task.action_snooze(utc("18 08:00"))
        self.assertRecordValues(
            self.task, [{"state": "waiting", "next_at": utc("18 15:30")}]
        )

    def test_a_promised_call_comes_at_its_time_whatever_the_bands_say(self):
        self._log("18 09:00", "callback", callback_at=utc("18 21:00"))
        self.assertRecordValues(
            self.task,
            [
                {
                    "state": "waiting",
                    "next_at": utc("18 21:00"),
                    "callback_at": utc("18 21:00"),
                    "snoozed_until": utc("18 21:00"),
                    "claimed_by_id": False,
                }
            ],
        )
        Task = self.env["followup.task"].with_user(self.ward_a)
        with at("18 20:59"):
            self.assertFalse(Task.claim_next())
        with at("18 21:00"):
            self.assertEqual(Task.claim_next(), self.task)

    def test_a_promise_ends_with_the_next_call(self):
        self._log("18 09:00", "callback", callback_at=utc("18 15:00"))
        self._log("18 15:00")
        self.assertFalse(self.task.callback_at)
        self.assertEqual(self.task.next_at, utc("18 17:00"))

    # ------------------------------------------------------------
    # NUMBERS
    # ------------------------------------------------------------

    def test_a_wrong_number_is_no_attempt_and_offers_the_next_contact(self):
        """E-9: the contact is marked, the ward is asked, the next one proposed."""
        other = self.env["followup.patient.contact"].create(
            {
                "patient_id": self.stay.patient_id.id,
                "relation": "spouse",
                "phone": "13800009999",
            }
        )
        self.assertEqual(self.task.next_contact_id, self.contact)
        self._log("18 09:00", "wrong_number", contact_id=self.contact.id)
        self.task.invalidate_recordset()
        self.assertEqual(self.contact.validity, "wrong")
        self.assertEqual(self.task.next_contact_id, other)
        with at("18 09:00"):
            self.assertRecordValues(
                self.task,
                [
                    {
                        "attempt_count": 0,
                        "attempt_state": "none",
                        "state": "in_progress",
                        "claimed_by_id": self.ward_a.id,
                    }
                ],
            )

    def test_without_another_number_the_task_waits_for_the_ward(self):
        self._log("18 09:00", "wrong_number", contact_id=self.contact.id)
        self.assertRecordValues(
            self.task, [{"state": "waiting", "next_at": utc("19 08:00")}]
        )

    def test_a_wrong_number_must_be_named(self):
        with self.assertRaises(UserError):
            self._log("18 09:00", "wrong_number")

    def test_an_answered_number_is_valid(self):
        self._log("18 09:00", "reached", contact_id=self.contact.id)
        self.assertEqual(self.contact.validity, "valid")

    def test_a_number_of_another_patient_is_refused(self):
        foreign = self._patient().contact_ids
        with self.assertRaises(ValidationError):
            self._log("18 09:00", "reached", contact_id=foreign.id)

    # ------------------------------------------------------------
    # TIMES
    # ------------------------------------------------------------

    def test_impossible_times_are_refused_in_words(self):
        table = [
            {"started_at": utc("18 10:05")},
            {"started_at": utc("18 09:00"), "ended_at": utc("18 08:59")},
            {"started_at": utc("18 09:00"), "ended_at": utc("18 10:30")},
            {"started_at": utc("17 11:00")},
            {"started_at": "2026-02-30 10:00:00"},
            {"started_at": "2026-11-18T09:00:00+08:00"},
            {"result": "callback"},
            {"result": "callback", "callback_at": utc("18 09:59")},
            {"result": "answered"},
            {"method": "pigeon"},
            {"direction": "sideways"},
            {"direction": "in", "result": "no_answer"},
        ]
        for vals in table:
            with self.assertRaises(ValidationError, msg=vals):
                self._log("18 10:00", **{"result": "no_answer", **vals})

    def test_band_and_duration_come_from_the_time_of_the_call(self):
        attempt = self._log(
            "18 15:00",
            "reached",
            started_at="2026-11-18 04:30:00",
            ended_at="2026-11-18 04:33:20",
        )
        self.assertRecordValues(
            attempt,
            [
                {
                    "band_id": self.policy.band_ids.sorted("hour_from")[1].id,
                    "duration": 200,
                    "entered_at": utc("18 15:00"),
                    "is_late_entry": False,
                }
            ],
        )

    def test_a_later_entry_keeps_both_times_and_is_marked(self):
        attempt = self._log("19 09:30", "reached", started_at=utc("18 09:00"))
        self.assertRecordValues(
            attempt,
            [
                {
                    "started_at": utc("18 09:00"),
                    "entered_at": utc("19 09:30"),
                    "is_late_entry": True,
                }
            ],
        )

    def test_a_back_dated_call_makes_no_task_punctual(self):
        """The deadline passed between call and entry: the entry counts."""
        attempt = self._log("21 00:30", "reached", started_at=utc("20 23:00"))
        with at("21 00:31"):
            self.task.action_complete()
        self.assertTrue(attempt.is_late_entry)
        self.assertEqual(self.task.completed_at, utc("21 00:30"))
        self.assertGreater(self.task.completed_at, self.task.date_deadline)

    def test_a_call_entered_soon_after_counts_from_its_own_time(self):
        self._log("18 18:00", "reached", started_at=utc("18 16:00"))
        with at("18 18:05"):
            self.task.action_complete()
        self.assertEqual(self.task.completed_at, utc("18 16:00"))

    def test_a_late_entry_of_yesterday_completes_yesterday(self):
        """Tries count on the day of the call, whenever they are entered."""
        for hour in ("09:00", "12:00"):
            self._log(f"18 {hour}")
        self._log("19 08:10", started_at=utc("18 15:00"))
        self.assertEqual(self.task.exhausted_days, 1)
        self.assertEqual(self.task.next_at, utc("19 08:00"))

    # ------------------------------------------------------------
    # RECORDS
    # ------------------------------------------------------------

    def test_a_relative_who_answers_is_a_proxy(self):
        self._log("18 09:00", "reached_relative")
        self.assertTrue(self.task.proxy)

    def test_a_recorded_call_never_changes_for_the_superuser_neither(self):
        attempt = self._log("18 09:00").sudo()
        with self.assertRaises(AccessError):
            attempt.write({"result": "reached"})
        with self.assertRaises(AccessError):
            attempt.write({"note": "changed"})
        with self.assertRaises(AccessError):
            attempt.unlink()
        with self.assertRaises(AccessError):
            attempt.copy()
        with self.assertRaises(AccessError):
            self.env["followup.attempt"].create(attempt.copy_data()[0])

    def test_nul_bytes_in_a_note_are_dropped(self):
        attempt = self._log("18 09:00", note="a\x00b")
        self.assertEqual(attempt.note, "ab")

    def test_other_ways_than_ringing_know_no_bands(self):
        task = self._new_task(method="home")
        self.assertEqual(task.next_at, utc("18 00:00"))
        self._log("18 07:00", task=task, method="home")
        self.assertRecordValues(
            task,
            [{"state": "waiting", "next_at": utc("19 08:00"), "attempt_tally": False}],
        )

    def test_who_must_not_be_contacted_is_not_called_but_may_call(self):
        """I-12: no outgoing call after a withdrawal."""
        self.stay.patient_id.write(
            {"do_not_contact": True, "do_not_contact_reason": "wish"}
        )
        self.assertEqual(self.task.state, "cancelled")
        task = self._new_task()
        with self.assertRaisesRegex(UserError, "must not be contacted"):
            self._log("18 09:00", task=task)
        self._log("18 09:00", "reached", task, direction="in")
