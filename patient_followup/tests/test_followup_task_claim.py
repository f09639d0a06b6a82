# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who calls: claims, order, take-over, assignment, titles (I-4, A-11, P-14)."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import FollowupCase

NOON = datetime(2026, 11, 18, 4, 0)  # Wednesday 12:00 in China
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestFollowupTaskClaim(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ward_a2 = cls._user("ward_a2", "ward_caller")
        cls._join(cls.ward_a2, cls.department_a)
        cls.policy = cls.env.ref("patient_followup.followup_attempt_policy_three_bands")
        cls.company.followup_default_policy_id = cls.policy

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOON))

    def _next(self, user, domain=None):
        return self.env["followup.task"].with_user(user).claim_next(domain)

    # ------------------------------------------------------------
    # CLAIM
    # ------------------------------------------------------------

    def test_a_claim_has_one_holder_and_the_error_names_him(self):
        """I-4: who comes second is told who has it."""
        task = self._task()
        task.with_user(self.ward_a).action_claim()
        self.assertRecordValues(
            task,
            [
                {
                    "state": "in_progress",
                    "claimed_by_id": self.ward_a.id,
                    "claimed_until": NOON + timedelta(minutes=30),
                }
            ],
        )
        with self.assertRaisesRegex(UserError, self.ward_a.name):
            task.with_user(self.ward_a2).action_claim()

    def test_a_claim_expires_by_itself(self):
        task = self._task()
        task.with_user(self.ward_a).action_claim()
        with freeze_time(NOON + timedelta(minutes=29)):
            self.assertFalse(task.is_claimable)
            self.assertFalse(self._next(self.ward_a2))
        self.env.invalidate_all()
        with freeze_time(NOON + timedelta(minutes=31)):
            self.assertTrue(task.is_claimable)
            self.assertEqual(self._next(self.ward_a2), task)

    def test_a_released_task_stands_where_it_stood(self):
        for vals, expected in (
            ({}, "ready"),
            ({"snoozed_until": NOON - HOUR}, "waiting"),
        ):
            task = self._task(**vals).with_user(self.ward_a)
            task.action_claim()
            task.action_release()
            self.assertRecordValues(task, [{"state": expected, "claimed_by_id": False}])

    def test_nobody_releases_the_call_of_another(self):
        task = self._task()
        task.with_user(self.ward_a).action_claim()
        with self.assertRaises(UserError):
            task.with_user(self.ward_a2).action_release()
        task.with_user(self.head_a).action_release()
        self.assertEqual(task.state, "ready")

    def test_head_takes_over_with_a_reason_and_it_is_logged(self):
        task = self._task()
        task.with_user(self.ward_a).action_claim()
        with self.assertRaises(UserError):
            task.with_user(self.ward_a2).action_take_over("faster")
        with self.assertRaisesRegex(UserError, "reason"):
            task.with_user(self.head_a).action_take_over("  ")
        task.with_user(self.head_a).action_take_over("nurse was called away")
        self.assertEqual(task.claimed_by_id, self.head_a)
        log = self.env["followup.access.log"].search(
            [("action", "=", "takeover"), ("res_id", "=", task.id)]
        )
        self.assertRecordValues(
            log,
            [
                {
                    "user_id": self.head_a.id,
                    "res_model": "followup.task",
                    "reason": "nurse was called away",
                }
            ],
        )

    def test_the_dialogs_take_over_and_put_off(self):
        task = self._task()
        task.with_user(self.ward_a).action_claim()
        self.assertFalse(task.with_user(self.ward_a2).can_take_over)
        self.assertTrue(task.with_user(self.head_a).can_take_over)
        with Form(
            self.env["followup.task.takeover"]
            .with_user(self.head_a)
            .with_context(default_task_id=task.id)
        ) as form:
            form.reason = "called away"
        form.record.action_confirm()
        self.assertEqual(task.claimed_by_id, self.head_a)
        with Form(
            self.env["followup.task.snooze"]
            .with_user(self.head_a)
            .with_context(default_task_id=task.id)
        ) as form:
            form.until = NOON + 3 * HOUR
        form.record.action_confirm()
        self.assertRecordValues(
            task, [{"state": "waiting", "next_at": NOON + 3 * HOUR}]
        )

    def test_a_task_is_claimable_from_its_next_moment_on(self):
        """D-10: states and next_at decide, nothing else."""
        later = self._task(date_earliest=NOON + HOUR)
        table = [
            (self._task(state="planned"), True),
            (self._task(state="ready"), True),
            (self._task(state="waiting"), True),
            (self._task(state="waiting", on_hold=True), False),
            (self._task(state="unreachable"), False),
            (self._task(state="done"), False),
            (self._task(state="refused"), False),
            (self._task(state="cancelled"), False),
            (later, False),
        ]
        tasks = self.env["followup.task"].browse(task.id for task, _is in table)
        found = tasks.search([("is_claimable", "=", True), ("id", "in", tasks.ids)])
        for task, expected in table:
            self.assertEqual(task.is_claimable, expected, task.state)
            self.assertEqual(task in found, expected, task.state)
        with self.assertRaisesRegex(UserError, "allowed from"):
            later.with_user(self.ward_a).action_claim()

    def test_the_dead_are_never_called(self):
        """I-12: neither claimed nor handed out."""
        stay = self._encounter()
        stay.patient_id.deceased_date = fields.Date.today()
        task = self._task(stay)
        with self.assertRaisesRegex(UserError, "must not be contacted"):
            task.with_user(self.ward_a).action_claim()
        self.assertFalse(self._next(self.ward_a))

    # ------------------------------------------------------------
    # NEXT
    # ------------------------------------------------------------

    def test_promises_then_the_late_then_the_urgent_then_the_first_due(self):
        """Issue 2, section 5: the order in which tasks are handed out."""
        urgent = self._task(priority="2", date_due=NOON + 2 * DAY)
        plain = self._task(date_due=NOON + DAY)
        late = self._task(date_due=NOON - DAY)
        late_urgent = self._task(date_due=NOON - HOUR, priority="1")
        promised = self._task(
            date_due=NOON + DAY, callback_at=NOON - HOUR, next_at=NOON - HOUR
        )
        self._task(callback_at=NOON + HOUR, next_at=NOON + HOUR)
        order = [self._next(self.ward_a) for _number in range(6)]
        self.assertEqual(
            order, [promised, late_urgent, late, urgent, plain, plain.browse()]
        )

    def test_the_assigned_call_is_handed_to_him_only(self):
        task = self._task(user_id=self.ward_a2.id)
        self.assertFalse(self._next(self.ward_a))
        with self.assertRaisesRegex(UserError, self.ward_a2.name):
            task.with_user(self.ward_a).action_claim()
        self.assertEqual(self._next(self.ward_a2), task)

    def test_wards_call_level_1_and_the_centre_level_2(self):
        first, second = self._task(), self._task(level="2")
        self.assertFalse(self._next(self.ward_b))
        self.assertFalse(self._next(self.inspector))  # his own verifications only
        self.assertEqual(self._next(self.centre), second)
        self.assertEqual(self._next(self.head_a), first)
        self.assertFalse(self._next(self.head_a))
        with self.assertRaises(AccessError):
            self._next(self.plain)

    def test_a_filter_of_the_board_narrows_the_next_task(self):
        self._task(priority="2")
        wanted = self._task()
        self.assertEqual(self._next(self.ward_a, [("priority", "=", "0")]), wanted)

    def test_quiet_hours_hand_out_nothing(self):
        self._task()
        with freeze_time(datetime(2026, 11, 18, 12, 30)):  # 20:30 in China
            self.assertFalse(self._next(self.ward_a))
        with freeze_time(datetime(2026, 11, 19, 0, 0)):  # 08:00
            self.assertTrue(self._next(self.ward_a))

    def test_two_callers_never_ring_the_same_patient_at_once(self):
        stay = self._encounter()
        first, second = self._task(stay), self._task(stay)
        taken = self._next(self.ward_a)
        self.assertIn(taken, first + second)
        self.assertFalse(self._next(self.ward_a2))
        self.assertTrue(self._next(self.ward_a))

    def test_what_the_limit_of_the_day_bars_is_put_off_and_the_next_one_taken(self):
        self.policy.max_contacts_per_day = 1
        stay = self._encounter(discharge_date=NOON - DAY)
        self._task(stay).with_user(self.ward_a).log_attempt("no_answer")
        barred = self._task(stay, priority="2")
        other = self._task()
        self.assertEqual(self._next(self.ward_a), other)
        self.assertEqual(barred.next_at, datetime(2026, 11, 19, 0, 0))

    # ------------------------------------------------------------
    # TITLES AND ASSIGNMENT
    # ------------------------------------------------------------

    def test_a_senior_doctor_must_call_personally(self):
        """A-11: the title is asked on claim, hand-out, assignment and result."""
        task = self._task(min_title="deputy_chief")
        self.assertFalse(self._next(self.ward_a))
        with self.assertRaisesRegex(UserError, "Deputy Chief"):
            task.with_user(self.ward_a).action_claim()
        with self.assertRaisesRegex(UserError, "Deputy Chief"):
            task.with_user(self.head_a)._assign(self.ward_a)
        with self.assertRaisesRegex(UserError, "Deputy Chief"):
            task.with_user(self.ward_a).log_attempt("reached")
        self.assertEqual(self._next(self.head_a), task)

    def test_the_head_hands_out_calls_of_his_ward_in_one_go(self):
        """P-14."""
        tasks = self._task() + self._task()
        tasks.with_user(self.head_a).action_assign(self.ward_a2.id)
        self.assertEqual(tasks.user_id, self.ward_a2)
        tasks.with_user(self.head_a).action_assign(False)
        self.assertFalse(tasks.user_id)
        with self.assertRaisesRegex(UserError, "hands out"):
            tasks.with_user(self.ward_a).action_assign(self.ward_a.id)
        with self.assertRaisesRegex(UserError, "may not call"):
            tasks.with_user(self.head_a).action_assign(self.ward_b.id)
        with self.assertRaisesRegex(UserError, "may not call"):
            tasks.with_user(self.head_a).action_assign(self.inspector.id)
        self._task(level="2").with_user(self.manager).action_assign(self.centre.id)
        with self.assertRaises(UserError):
            self._task(level="2").with_user(self.manager).action_assign(self.ward_a.id)

    def test_a_call_going_on_is_not_handed_to_another(self):
        task = self._task()
        task.with_user(self.ward_a).action_claim()
        with self.assertRaisesRegex(UserError, self.ward_a.name):
            task.with_user(self.head_a).action_assign(self.ward_a2.id)

    def test_a_deputy_calls_for_the_absent(self):
        task = self._task(user_id=self.ward_a2.id)
        self.env["followup.delegation"].create(
            {
                "company_id": self.company.id,
                "user_id": self.ward_a2.id,
                "deputy_id": self.ward_a.id,
                "date_from": "2026-11-18",
                "date_to": "2026-11-19",
            }
        )
        self.assertEqual(self._next(self.ward_a), task)

    def test_the_work_of_who_leaves_goes_back_to_the_team_with_a_note(self):
        """Archiving a nurse leaves no call silently assigned."""
        owned = self._task(user_id=self.ward_a2.id)
        held = self._task()
        held.with_user(self.ward_a2).action_claim()
        self.ward_a2.action_archive()
        self.assertRecordValues(
            owned + held,
            [
                {"user_id": False, "claimed_by_id": False, "state": "ready"},
                {"user_id": False, "claimed_by_id": False, "state": "ready"},
            ],
        )
        self.assertIn("ward_a2", owned.assignment_note)

    # ------------------------------------------------------------
    # GUARD
    # ------------------------------------------------------------

    def test_claims_and_states_change_by_methods_only(self):
        """D-18: refused for everybody, the superuser included."""
        task = self._task()
        for vals in (
            {"state": "done"},
            {"claimed_by_id": self.ward_a.id},
            {"user_id": self.ward_a.id},
            {"next_at": NOON},
            {"callback_at": NOON},
            {"attempt_count": 3},
            {"completed_at": NOON},
        ):
            for user in (self.ward_a, self.manager, self.env.user):
                with self.assertRaises(AccessError, msg=vals):
                    task.with_user(user).write(vals)

    def test_private_methods_are_named_privately(self):
        """No engine method can be called by RPC."""
        engine = (
            "_create_generated",
            "_cancel_engine",
            "_set_claim",
            "_refresh_next_at",
            "_return_to_pool",
            "_assign",
        )
        for name in engine:
            self.assertTrue(hasattr(self.env["followup.task"], name), name)

    def test_the_cron_shows_what_came_due(self):
        task = self._task(state="planned")
        later = self._task(date_earliest=NOON + HOUR)
        with self.enter_registry_test_mode():
            self.env.ref(
                "patient_followup.followup_task_cron_flip_ready"
            ).method_direct_trigger()
        self.assertEqual(task.state, "ready")
        self.assertEqual(later.state, "planned")

    def test_overdue_is_a_search_and_no_write(self):
        late, due = self._task(date_due=NOON - HOUR), self._task(date_due=NOON + HOUR)
        closed = self._task(date_due=NOON - HOUR, state="done")
        tasks = late + due + closed
        domain = [("id", "in", tasks.ids)]
        self.assertEqual(tasks.search(domain + [("is_overdue", "=", True)]), late)
        self.assertEqual(
            tasks.search(domain + [("is_overdue", "=", False)]), due + closed
        )
        self.assertEqual(tasks.filtered("is_overdue"), late)
