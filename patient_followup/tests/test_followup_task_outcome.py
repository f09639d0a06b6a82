# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How tasks end, and that what is closed stays closed (I-5, P-12)."""

from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import FollowupCase

NOON = datetime(2026, 11, 18, 4, 0)
DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestFollowupTaskOutcome(FollowupCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOON))
        self.task = self._task().with_user(self.ward_a)

    def _done(self, **vals):
        task = self._task(**vals).with_user(self.ward_a)
        task.log_attempt("reached")
        task.action_complete("well")
        return task

    # ------------------------------------------------------------
    # COMPLETION
    # ------------------------------------------------------------

    def test_a_call_completes_only_after_somebody_was_reached(self):
        with self.assertRaisesRegex(UserError, "reached first"):
            self.task.action_complete()
        self.task.log_attempt("no_answer")
        with self.assertRaisesRegex(UserError, "reached first"):
            self.task.action_complete()
        self.task.log_attempt("reached")
        self.assertEqual(self.task.state, "in_progress")
        self.task.action_complete("well")
        self.assertRecordValues(
            self.task,
            [
                {
                    "state": "done",
                    "outcome_note": "well",
                    "completed_by_id": self.ward_a.id,
                    "completed_at": NOON,
                    "completed_day": NOON.date(),
                    "closed_by_id": self.ward_a.id,
                    "claimed_by_id": False,
                    "next_at": False,
                }
            ],
        )

    def test_an_inbound_call_completes_too(self):
        """M-8: it counts, labelled inbound."""
        attempt = self.task.log_attempt("reached", direction="in")
        self.task.action_complete()
        self.assertEqual(attempt.direction, "in")
        self.assertEqual(self.task.state, "done")

    def test_a_visit_or_letter_needs_no_reached_call(self):
        task = self._task(method="mail").with_user(self.ward_a)
        task.action_complete("letter sent")
        self.assertEqual(task.state, "done")

    def test_the_day_of_completion_is_the_local_one(self):
        with freeze_time(datetime(2026, 11, 18, 16, 30)):  # 00:30 on the 19th
            self.task.log_attempt("reached", direction="in")
            self.task.action_complete()
        self.assertEqual(str(self.task.completed_day), "2026-11-19")

    def test_wards_cannot_finish_level_2(self):
        """Level guard: not even the head who may read it, nor when assigned."""
        task = self._task(level="2")
        with self.assertRaises(AccessError):
            task.with_user(self.head_a).action_complete()
        task.with_user(self.centre).log_attempt("reached")
        task._guarded().write({"user_id": self.ward_a.id, "claimed_by_id": False})
        with self.assertRaisesRegex(UserError, "centre"):
            task.with_user(self.ward_a).action_complete()
        task.with_user(self.manager).action_complete()
        self.assertEqual(task.state, "done")

    def test_a_colleague_cannot_finish_what_another_holds(self):
        other = self._user("ward_a2", "ward_caller")
        self._join(other, self.department_a)
        self.task.action_claim()
        for method, args in (
            ("log_attempt", ["reached"]),
            ("action_complete", []),
            ("action_refuse", ["no"]),
            ("action_cancel", ["no"]),
        ):
            with self.assertRaisesRegex(UserError, self.ward_a.name):
                getattr(self.task.with_user(other), method)(*args)

    # ------------------------------------------------------------
    # REASONS
    # ------------------------------------------------------------

    def test_refusing_cancelling_and_reopening_need_a_reason(self):
        """P-12."""
        for method in ("action_refuse", "action_cancel", "action_reopen"):
            for empty in ("", "  ", None, False):
                with self.assertRaises(UserError, msg=(method, empty)):
                    getattr(self.task, method)(empty)

    def test_a_reason_is_a_listed_one_or_words(self):
        listed = self.env.ref("patient_followup.followup_reason_no_wish")
        table = [
            (listed, listed.id, listed.name),
            (listed.id, listed.id, listed.name),
            (listed.name, listed.id, listed.name),
            ("moved abroad", False, "moved abroad"),
        ]
        for reason, reason_id, text in table:
            task = self._task().with_user(self.ward_a)
            task.action_refuse(reason)
            self.assertRecordValues(
                task,
                [
                    {
                        "state": "refused",
                        "reason_id": reason_id,
                        "closing_reason": text,
                        "completed_at": False,
                        "closed_at": NOON,
                    }
                ],
            )
        with self.assertRaisesRegex(UserError, "not a reason"):
            self.task.action_cancel(listed.id)

    def test_unreachable_by_hand_needs_the_calls_of_the_policy(self):
        with self.assertRaisesRegex(UserError, "policy"):
            self.task.action_unreachable("no answer")
        self.task._guarded().sudo().write({"exhausted_days": 1})
        self.task.action_unreachable("switched off for weeks")
        self.assertEqual(self.task.state, "unreachable")

    # ------------------------------------------------------------
    # FROZEN
    # ------------------------------------------------------------

    def test_a_closed_task_never_changes_for_the_superuser_neither(self):
        """I-5: no write, no unlink for anybody."""
        done, refused, cancelled = self._done(), self._task(), self._task()
        refused.with_user(self.ward_a).action_refuse("no")
        cancelled.with_user(self.ward_a).action_cancel("no")
        for task in (done.sudo(), refused, cancelled):
            for vals in (
                {"outcome_note": "x"},
                {"advice_note": "x"},
                {"priority": "1"},
            ):
                with self.assertRaises(UserError):
                    task.write(vals)
                with self.assertRaises(UserError):
                    task._guarded().write(vals)
            with self.assertRaises(UserError):
                task.unlink()
            for method in ("action_claim", "action_release", "action_complete"):
                with self.assertRaises(UserError):
                    getattr(task, method)()
            with self.assertRaises(UserError):
                task.log_attempt("reached")

    def test_a_task_with_calls_is_never_deleted(self):
        self.task.log_attempt("no_answer")
        with self.assertRaises(UserError):
            self.task.sudo().unlink()

    # ------------------------------------------------------------
    # REOPEN
    # ------------------------------------------------------------

    def test_reopening_a_done_task_makes_a_follow_on(self):
        """D-4: the done one stays as it is."""
        done = self._done()
        names = sorted(done._guarded_fields | {"outcome_note", "advice_note"})
        self.env.invalidate_all()
        before = done.read(names)
        follow_on = done.action_reopen("patient called back")
        self.env.invalidate_all()
        self.assertEqual(done.read(names), before)
        self.assertRecordValues(
            follow_on,
            [
                {
                    "state": "ready",
                    "reopened_from_id": done.id,
                    "patient_id": done.patient_id.id,
                    "department_id": self.department_a.id,
                    "outcome_note": False,
                    "completed_at": False,
                    "attempt_count": 0,
                }
            ],
        )
        with self.assertRaisesRegex(UserError, "before"):
            done.action_reopen("again")

    def test_an_unreachable_task_is_reopened_itself(self):
        self.task._guarded().sudo().write({"exhausted_days": 1})
        self.task.action_unreachable("no answer")
        self.assertEqual(self.task.action_reopen("new number"), self.task)
        self.assertEqual(self.task.state, "waiting")
        self.assertTrue(self.task.next_at)
        with self.assertRaisesRegex(UserError, "still open"):
            self.task.action_reopen("again")

    # ------------------------------------------------------------
    # ENGINE
    # ------------------------------------------------------------

    def test_the_engine_cancels_holds_and_moves_what_is_open_only(self):
        done, open_ = self._done(), self._task()
        tasks = done.sudo() + open_
        tasks._hold_engine("in hospital")
        self.assertRecordValues(tasks, [{"state": "done"}, {"state": "waiting"}])
        self.assertFalse(open_.is_claimable)
        with self.assertRaisesRegex(UserError, "in hospital"):
            open_.with_user(self.ward_a).action_claim()
        tasks._resume_engine()
        self.assertEqual(open_.state, "ready")
        self.assertTrue(open_.is_claimable)
        moved = {"date_earliest": NOON + 2 * DAY, "date_due": NOON + 3 * DAY}
        tasks._move_engine({task: moved for task in tasks})
        self.assertRecordValues(
            tasks,
            [
                {"state": "done", "date_due": done.date_due},
                {"state": "planned", "date_due": NOON + 3 * DAY},
            ],
        )
        self.assertEqual(str(open_.due_day), "2026-11-21")
        self.assertEqual(open_.next_at, NOON + 2 * DAY)
        tasks._cancel_engine("stay cancelled")
        self.assertRecordValues(
            tasks,
            [
                {"state": "done", "closing_reason": False},
                {"state": "cancelled", "closing_reason": "stay cancelled"},
            ],
        )

    def test_completion_reaches_the_plan(self):
        protocol = self._protocol([{"offset_target": 1}])
        stay = self._encounter()
        plan = protocol.start_plan(stay)
        task = plan.task_ids.with_user(self.ward_a)
        task.log_attempt("reached", direction="in")
        task.action_complete()
        self.assertEqual(plan.state, "completed")

    def test_level_2_work_opens_the_patient_to_the_centre(self):
        stay = self._encounter()
        patient = stay.patient_id
        self.assertFalse(patient.centre_visible)
        self._task(stay)
        self.assertFalse(patient.centre_visible)
        self._task(stay, level="2")
        self.assertTrue(patient.centre_visible)
        self.assertTrue(stay.centre_visible)

    def test_rows_of_two_hospitals_do_not_mix(self):
        """I-13."""
        other = self._company("Other Hospital")
        with self.assertRaises(UserError):
            self._task(company_id=other.id)

    def test_the_name_of_a_task_never_tells_who(self):
        self.assertNotIn(self.task.sudo().patient_id.name, self.task.display_name)
