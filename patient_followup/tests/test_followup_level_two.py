# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Level 2 begins when level 1 is done or its latest date has passed (T-8, V-3)."""

from datetime import date, datetime
from unittest import TestCase

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from ..tools import levels
from ..tools.levels import Claim, Told
from .common import FollowupCase

DISCHARGE = "2026-03-02 02:00:00"  # Monday 10:00 in Shanghai
ADMISSION = "2026-02-23 02:00:00"
LATEST_ONE = datetime(2026, 3, 12, 15, 59, 59)  # day 10, 23:59:59 in Shanghai
EARLIEST_TWO = datetime(2026, 3, 11, 16)  # day 10, 00:00 in Shanghai


class TestLevels(TestCase):
    """Pure functions: the gate, and what an answer says of the record."""

    def test_level_two_waits_for_the_latest_level_one_before_its_own_end(self):
        week, month = datetime(2026, 3, 12), datetime(2026, 4, 9)
        deadline = datetime(2026, 3, 16)
        table = (
            ([], None),
            ([week], week),
            ([datetime(2026, 3, 5), week], week),
            ([week, month], week),
            ([month], None),
        )
        for level_one, expected in table:
            with self.subTest(level_one=level_one):
                self.assertEqual(levels.gate(deadline, level_one), expected)

    def test_an_answer_is_matched_with_the_recorded_calls(self):
        """Q-10: confirmed, not remembered, contradicted, no such call."""
        call = Claim(date(2026, 3, 9))
        of_wife = Claim(date(2026, 3, 9), by_relative=True)
        near, far = date(2026, 3, 12), date(2026, 3, 13)
        table = (
            (None, [call], None),
            (Told(True), [], None),
            (Told(False), [], None),
            (Told(True), [call], "confirmed"),
            (Told(True, near), [call], "confirmed"),
            (Told(True, far), [call], "contradicted"),
            (Told(True, far), [call, Claim(far)], "confirmed"),
            (Told(None), [call], "not_remembered"),
            (Told(False), [call], "no_such_call"),
            # he was not the one on the phone
            (Told(False), [of_wife], "not_remembered"),
            (Told(False, by_relative=True), [call], "not_remembered"),
            (Told(False, by_relative=True), [of_wife], "no_such_call"),
            (Told(False), [of_wife, call], "no_such_call"),
        )
        for told, claims, expected in table:
            with self.subTest(told=told, claims=claims):
                self.assertEqual(levels.match(told, claims, 3), expected)


@tagged("post_install", "-at_install")
class TestFollowupLevelTwo(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.protocol = cls._protocol(
            [
                {"offset_target": 7, "days_before": 6, "days_after": 3},
                {"offset_target": 12, "days_before": 2, "days_after": 2, "level": "2"},
            ]
        )

    def _start(self, protocol=None):
        stay = self._encounter(admission_date=ADMISSION, discharge_date=DISCHARGE)
        tasks = (protocol or self.protocol).start_plan(stay).task_ids
        one = tasks.filtered(lambda task: task.level == "1")
        return one.with_user(self.ward_a), tasks - one

    def _call(self, one):
        one.log_attempt("reached", contact_id=one.patient_id.contact_ids.id)
        one.action_complete("well")

    @freeze_time("2026-03-03 01:00:00")
    def test_level_two_waits_for_the_latest_date_of_level_one(self):
        """T-8, T-14: nothing has to run for the gate to open (D-10)."""
        _one, two = self._start()
        self.assertEqual(two.date_earliest, EARLIEST_TWO)
        self.assertEqual(two.level_gate_at, LATEST_ONE)
        self.assertGreaterEqual(two.next_at, LATEST_ONE)
        with freeze_time("2026-03-12 06:00:00"):
            two.invalidate_recordset()
            self.assertFalse(two.is_claimable)
            self.assertIn("level 1", two.level_explanation)
            flip = self.env.ref("patient_followup.followup_task_cron_flip_ready")
            with self.enter_registry_test_mode():
                flip.method_direct_trigger()
            self.assertEqual(two.state, "planned")
        with freeze_time("2026-03-13 01:00:00"):
            two.invalidate_recordset()
            self.assertTrue(two.is_claimable)
            self.assertFalse(two.level_explanation)

    @freeze_time("2026-03-05 01:00:00")
    def test_level_two_is_free_from_its_own_date_once_level_one_is_done(self):
        one, two = self._start()
        self._call(one)
        self.assertFalse(two.level_gate_at)
        with freeze_time("2026-03-12 01:00:00"):
            two.invalidate_recordset()
            self.assertTrue(two.is_claimable)

    @freeze_time("2026-03-12 01:00:00")
    def test_level_two_opens_at_once_when_level_one_closes(self):
        """Done, refused, cancelled or given up: level 1 has had its turn."""
        ends = {
            "refused": lambda one: one.action_refuse("Does not want calls"),
            "cancelled": lambda one: one.action_cancel("Moved away"),
            "unreachable": lambda one: one.sudo()._guarded()._set_unreachable(),
            "done": self._call,
        }
        for state, end in ends.items():
            with self.subTest(state=state):
                one, two = self._start()
                self.assertFalse(two.is_claimable)
                end(one)
                two.invalidate_recordset()
                self.assertEqual(one.state, state)
                self.assertFalse(two.level_gate_at)
                self.assertTrue(two.is_claimable)

    @freeze_time("2026-03-03 01:00:00")
    def test_level_one_of_another_plan_counts_too(self):
        """The ward's protocol and the centre's are often two."""
        ward = self._protocol([{"offset_target": 7, "days_after": 3}])
        centre = self._protocol(
            [{"offset_target": 12, "days_before": 2, "days_after": 2, "level": "2"}]
        )
        for first, second in ((ward, centre), (centre, ward)):
            with self.subTest(first=first.name):
                stay = self._encounter(
                    admission_date=ADMISSION, discharge_date=DISCHARGE
                )
                tasks = first.start_plan(stay).task_ids
                tasks += second.start_plan(stay).task_ids
                two = tasks.filtered(lambda task: task.level == "2")
                self.assertEqual(two.level_gate_at, LATEST_ONE)

    @freeze_time("2026-03-03 01:00:00")
    def test_a_later_discharge_moves_the_gate(self):
        one, two = self._start()
        two.encounter_id._guarded().write({"discharge_date": "2026-03-03 02:00:00"})
        self.assertEqual(one.date_deadline, datetime(2026, 3, 13, 15, 59, 59))
        self.assertEqual(two.level_gate_at, datetime(2026, 3, 13, 15, 59, 59))

    @freeze_time("2026-03-03 01:00:00")
    def test_a_contact_in_three_months_holds_up_nobody(self):
        protocol = self._protocol(
            [
                {"offset_target": 3, "offset_unit": "month"},
                {"offset_target": 12, "days_before": 2, "level": "2"},
            ]
        )
        _one, two = self._start(protocol)
        self.assertFalse(two.level_gate_at)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-13 02:00:00")
class TestLevelTwoAnswers(FollowupCase):
    """Q-10: what level 2 is told is compared with the recorded level 1 calls."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.env.ref("patient_followup.survey_level_two")
        cls.protocol = cls._protocol(
            [
                {"offset_target": 7, "days_before": 6, "days_after": 3},
                {
                    "offset_target": 12,
                    "days_before": 2,
                    "days_after": 2,
                    "level": "2",
                    "survey_id": cls.survey.id,
                },
            ]
        )
        spec = cls.survey._followup_definition()["questions"]
        cls.called, cls.when = (
            next(row for row in spec if row["metric"] == metric)
            for metric in ("verification_called", "verification_when")
        )
        cls.codes = {row["code"]: row["id"] for row in cls.called["choices"]}

    def _level_two(self, called=True):
        """Return the level 2 call of a patient called on the 9th, if at all."""
        stay = self._encounter(admission_date=ADMISSION, discharge_date=DISCHARGE)
        with freeze_time("2026-03-09 02:00:00"):
            tasks = self.protocol.start_plan(stay).task_ids
            one = tasks.filtered(lambda task: task.level == "1")
            if called:
                one = one.with_user(self.ward_a)
                one.log_attempt("reached", contact_id=stay.patient_id.contact_ids.id)
                one.action_complete("well")
        two = (tasks - one.sudo()).with_user(self.centre)
        two.action_claim()
        two.log_attempt("reached", contact_id=stay.patient_id.contact_ids.id)
        return two

    def test_answers_are_matched_when_the_call_is_completed(self):
        yes, no = [self.codes["yes"]], [self.codes["no"]]
        called, when = self.called["id"], self.when["id"]
        table = (
            ({called: yes, when: "2026-03-10"}, True, "confirmed"),
            ({called: yes}, True, "confirmed"),
            ({called: yes, when: "2026-03-03"}, True, "contradicted"),
            ({called: no}, True, "no_such_call"),
            ({called: [self.codes["unsure"]]}, True, "not_remembered"),
            ({called: no}, False, False),
            ({}, True, False),
        )
        for answers, was_called, expected in table:
            with self.subTest(answers=answers, was_called=was_called):
                two = self._level_two(was_called)
                answer = two._start_user_input()._followup_save(answers, "patient")
                self.assertFalse(answer["errors"])
                two.confirm_identity(["name", "mrn"])
                two.finish_call(next_call=False, force=True)
                self.assertEqual(two.followup_verification, expected)

    def test_nobody_writes_the_outcome_by_hand(self):
        two = self._level_two()
        with self.assertRaises(AccessError):
            two.write({"followup_verification": "confirmed"})
