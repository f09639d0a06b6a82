# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .concern_common import MORNING, ConcernCase

# asked (Shanghai) -> answered until (Shanghai), in UTC: calendar hours stay such
CLOCK = (
    # Friday 17:00 -> Saturday 17:00
    ("2026-03-06 09:00:00", "2026-03-07 09:00:00"),
    # Saturday 23:30 -> Sunday 23:30
    ("2026-03-07 15:30:00", "2026-03-08 15:30:00"),
    # the eve of a holiday is no different: 30 April 16:00 -> 1 May 16:00
    ("2026-04-30 08:00:00", "2026-05-01 08:00:00"),
)


@tagged("post_install", "-at_install")
class TestFollowupConcernQuestion(ConcernCase):
    """A question comes back to the patient by the promised hour (X-1, P-7)."""

    def _answered(self, **vals):
        concern = self._ask(**vals)
        concern.with_user(self.doctor).action_answer("Yes, after ten days")
        return concern

    # ------------------------------------------------------------
    # CLOCK
    # ------------------------------------------------------------

    def test_24_hours_run_over_the_weekend(self):
        """X-1, I-6: 24 h from Friday 17:00 is Saturday 17:00."""
        for asked, until in CLOCK:
            with self._at(asked):
                concern = self._ask()
                self.assertEqual(str(concern.deadline), until)

    def test_the_clock_explains_itself(self):
        with self._at("2026-03-06 09:00:00"):
            concern = self._ask()
        self.assertIn("24 hours later", concern.deadline_explanation)
        self.assertIn("17:00", concern.deadline_explanation)

    def test_another_policy_gives_another_deadline(self):
        """I-1: 8 working hours from Friday 16:00 end on Monday 16:00."""
        self.env["followup.concern.policy"].create(
            {
                "name": "Eight working hours",
                "company_id": self.company.id,
                "kind": "question",
                "answer_amount": 8,
                "answer_unit": "working_hours",
            }
        )
        with self._at("2026-03-06 08:00:00"):
            self.assertEqual(str(self._ask().deadline), "2026-03-09 08:00:00")

    def test_a_policy_changed_later_moves_nothing(self):
        with self._at(MORNING):
            concern = self._ask()
            before = concern.deadline
            concern.sudo().policy_id.answer_amount = 1
            self.assertEqual(concern.deadline, before)
            self.assertIn("24 hours", concern.deadline_explanation)

    def test_lateness_is_a_search_and_writes_nothing(self):
        """D-10: no cron has run."""
        with self._at("2026-03-06 09:00:00"):
            concern = self._ask()
            late = [("is_overdue", "=", True), ("id", "=", concern.id)]
            self.assertFalse(concern.is_overdue)
            self.assertFalse(concern.search(late))
        with self._at("2026-03-07 09:00:01"):
            concern.invalidate_recordset(["is_overdue"])
            self.assertTrue(concern.is_overdue)
            self.assertEqual(concern.search(late), concern)
            self.assertFalse(
                concern.search([("is_overdue", "=", False), ("id", "=", concern.id)])
            )

    # ------------------------------------------------------------
    # WHO IS ASKED
    # ------------------------------------------------------------

    def test_without_a_name_doctor_and_head_are_asked(self):
        concern = self._ask()
        self.assertEqual(concern.alerted_user_ids, self.doctor | self.head_a)

    def test_a_named_specialist_of_another_ward_can_open_and_answer(self):
        """A-12: he sees the question, not the patient's ward."""
        concern = self._ask(
            department_id=self.department_b.id, specialist_id=self.expert.id
        )
        self.assertEqual(concern.alerted_user_ids, self.expert)
        asked = concern.with_user(self.expert)
        self.assertEqual(asked.text, "May I bathe?")
        asked.action_answer("Yes")
        self.assertEqual(concern.state, "answered")
        with self.assertRaises(AccessError):
            self.task.with_user(self.expert).read(["name"])

    def test_another_department_is_asked_through_its_head(self):
        concern = self._ask(department_id=self.department_b)
        self.assertEqual(concern.alerted_user_ids, self.head_b)
        self.assertEqual(concern.department_id, self.department_b)
        self.assertEqual(concern.origin_department_id, self.department_a)
        # who rings back must be able to read the answer
        self.assertTrue(concern.with_user(self.ward_a).has_access("read"))

    def test_nobody_is_asked_who_could_not_open_it(self):
        with self.assertRaises(UserError):
            self._ask(specialist_id=self.plain.id)

    def test_a_department_of_another_hospital_is_refused(self):
        other = self._company("Elsewhere")
        department = self.env["hr.department"].create(
            {"name": "Far Ward", "company_id": other.id}
        )
        with self.assertRaises(UserError):
            self._ask(department_id=department.id)

    def test_an_empty_question_is_refused(self):
        for text in ("", "  ", None):
            with self.assertRaises(UserError):
                self._ask(text=text)

    def test_made_up_values_are_refused_in_words(self):
        for vals in (
            {"department_id": "x"},
            {"specialist_id": True},
            {"promised_at": "tomorrow"},
            {"promised_at": "2031-02-30 08:00:00"},
        ):
            with self.assertRaises(UserError):
                self._ask(**vals)
        concern = self._ask(text="May I\x00 bathe?")
        self.assertEqual(concern.text, "May I bathe?")
        concern.with_user(self.doctor).action_answer("Ye\x00s")
        self.assertEqual(concern.answer, "Yes")
        with self.assertRaises(UserError):
            concern.action_told(attempt_id="1 or 1")

    # ------------------------------------------------------------
    # PROMISE
    # ------------------------------------------------------------

    def test_without_a_time_the_deadline_is_promised(self):
        """P-7: the patient always hears a definite time."""
        concern = self._ask()
        self.assertEqual(concern.promised_at, concern.deadline)

    def test_a_promise_lies_ahead(self):
        with self._at(MORNING), self.assertRaises(UserError):
            self._ask(promised_at="2026-03-05 01:59:00")

    def test_an_answer_becomes_a_call_at_the_promised_hour(self):
        """D-10: 20:30 in the evening, though no policy rings that late."""
        with self._at(MORNING):
            concern = self._answered(promised_at="2026-03-05 12:30:00")
            task = concern.telling_task_id
            self.assertEqual(task.kind, "event")
            self.assertEqual(task.origin_key, f"concern:{concern.id}")
            self.assertEqual(str(task.next_at), "2026-03-05 12:30:00")
            self.assertEqual(task.department_id, self.department_a)
            self.assertFalse(task.is_claimable)
        with self._at("2026-03-05 12:30:00"):
            self.env.invalidate_all()
            mine = self.env["followup.task"].with_user(self.ward_a)
            claimed = mine.claim_next([("id", "=", task.id)])
            self.assertEqual(claimed, task)

    def test_answering_twice_makes_one_call(self):
        concern = self._answered()
        first = concern.telling_task_id
        concern.with_user(self.doctor).action_answer("Better not")
        self.assertEqual(concern.telling_task_id, first)

    def test_the_board_shows_the_promise_and_not_the_question(self):
        with self._at(MORNING):
            self._ask(promised_at="2026-03-05 12:30:00")
            card = self.task.with_user(self.ward_a).board_card
            self.assertEqual(card["promise"], {"at": "03-05 20:30", "late": False})
            self.assertNotIn("bathe", str(card))
        with self._at("2026-03-05 13:00:00"):
            self.env.invalidate_all()
            card = self.task.with_user(self.ward_a).board_card
            self.assertTrue(card["promise"]["late"])

    def test_promises_open_broken_kept(self):
        states = self.env["followup.concern"]
        with self._at(MORNING):
            concern = self._answered(promised_at="2026-03-05 08:00:00")
            states = concern.search([("id", "=", concern.id)])
            self.assertEqual(states.promise_state, "open")
        with self._at("2026-03-05 08:00:01"):
            self.env.invalidate_all()
            self.assertEqual(concern.promise_state, "broken")
            found = concern.search([("promise_state", "=", "broken")])
            self.assertIn(concern, found)
            self.assertNotIn(concern, concern.search([("promise_state", "=", "open")]))

    def test_a_kept_promise_is_kept(self):
        with self._at(MORNING):
            concern = self._answered(promised_at="2026-03-05 08:00:00")
        with self._at("2026-03-05 07:50:00"):
            concern.telling_task_id.with_user(self.ward_a).log_attempt("reached")
            concern.telling_task_id.with_user(self.ward_a).action_complete()
            self.assertEqual(concern.promise_state, "kept")
            self.assertEqual(concern.broken_count, 0)

    def test_a_missed_promise_stays_counted(self):
        """A new time does not wipe out the old one."""
        with self._at(MORNING):
            concern = self._answered(promised_at="2026-03-05 08:00:00")
        with self._at("2026-03-05 09:00:00"):
            concern.action_promise("2026-03-05 11:00:00")
            self.assertEqual(concern.broken_count, 1)
            self.assertEqual(concern.promise_state, "broken")
            task = concern.telling_task_id
            self.assertEqual(str(task.next_at), "2026-03-05 11:00:00")

    # ------------------------------------------------------------
    # TOLD
    # ------------------------------------------------------------

    def test_completing_the_call_tells_the_patient(self):
        concern = self._answered()
        call = concern.telling_task_id.with_user(self.ward_a)
        call.log_attempt("no_answer")
        self.assertEqual(concern.state, "answered")
        attempt = call.log_attempt("reached")
        call.action_complete()
        self.assertEqual(concern.state, "told")
        self.assertEqual(concern.told_attempt_id, attempt)
        self.assertEqual(concern.told_by_id, self.ward_a)

    def test_a_call_before_the_answer_tells_nothing(self):
        with self._at(MORNING):
            concern = self._ask()
            self.task.with_user(self.ward_a).log_attempt("reached")
        with self._at("2026-03-05 03:00:00"):
            concern.with_user(self.doctor).action_answer("Yes")
            with self.assertRaises(UserError):
                concern.action_told()

    def test_a_relative_hears_it_only_with_the_patients_leave(self):
        """Section 2: `may_receive_medical_info`."""
        relative = self.env["followup.patient.contact"].create(
            {
                "patient_id": self.task.patient_id.id,
                "relation": "child",
                "phone": "13900000009",
            }
        )
        concern = self._answered()
        call = concern.telling_task_id.with_user(self.ward_a)
        call.log_attempt("reached_relative", contact_id=relative.id)
        with self.assertRaises(UserError):
            concern.action_told()
        with self.assertRaises(UserError):
            call.action_complete()
        relative.may_receive_medical_info = True
        concern.action_told()
        self.assertEqual(concern.state, "told")

    def test_told_in_another_call_ends_the_planned_one(self):
        concern = self._answered()
        self.task.with_user(self.ward_a).log_attempt("reached")
        concern.action_told()
        self.assertEqual(concern.telling_task_id.state, "cancelled")

    def test_a_delivered_message_tells_too(self):
        """The hook the messages use."""
        with self._at(MORNING):
            concern = self._answered()
            self.env["followup.concern"]._told_by_message(
                concern, datetime(2026, 3, 5, 3, 0)
            )
            self.assertEqual(concern.state, "told")
            self.assertEqual(concern.telling_task_id.state, "cancelled")

    def test_an_untold_question_never_closes(self):
        concern = self._ask()
        with self.assertRaises(UserError):
            concern.with_user(self.doctor).action_close()
        concern.with_user(self.doctor).action_answer("Yes")
        with self.assertRaises(UserError):
            concern.with_user(self.manager).action_close("done")

    def test_who_raised_it_does_not_answer_for_the_specialist(self):
        concern = self._ask()
        with self.assertRaises(AccessError):
            concern.action_answer("Sure")

    # ------------------------------------------------------------
    # DEATH, WITHDRAWAL (I-12)
    # ------------------------------------------------------------

    def test_death_ends_the_call_but_the_question_stays_visible(self):
        concern = self._answered()
        self.task.patient_id.deceased_date = "2026-03-05"
        self.assertEqual(concern.telling_task_id.state, "cancelled")
        self.assertEqual(concern.state, "answered")
        self.assertEqual(concern.promise_state, "void")
        with self.assertRaises(UserError):
            concern.action_plan_telling()
        concern.action_close()
        self.assertEqual(concern.state, "closed")

    def test_an_answer_after_the_withdrawal_makes_no_call(self):
        concern = self._ask()
        self.task.patient_id.write(
            {"do_not_contact": True, "do_not_contact_reason": "Wants peace"}
        )
        concern.with_user(self.doctor).action_answer("Yes")
        self.assertFalse(concern.telling_task_id)

    def test_no_question_is_taken_for_a_patient_nobody_may_call(self):
        self.task.patient_id.write(
            {"do_not_contact": True, "do_not_contact_reason": "Wants peace"}
        )
        with self.assertRaises(UserError):
            self._ask()

    def test_a_call_that_failed_is_planned_anew(self):
        concern = self._answered()
        first = concern.telling_task_id
        first.with_user(self.ward_a).action_cancel("Called by mistake")
        concern.action_plan_telling()
        again = concern.telling_task_id
        self.assertNotEqual(again, first)
        self.assertEqual(again.origin_key, f"concern:{concern.id}:2")
