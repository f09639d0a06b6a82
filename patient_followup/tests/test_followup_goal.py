# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..tools.answers import Missing
from ..tools.trend import is_within, judge
from .common import FollowupCase

TODAY = "2026-06-01 02:00:00"
LOW, HIGH = 90, 140


def _day(number):
    return date(2026, 1, 1) + timedelta(days=number)


# (values by day, needed, last day that counts, today) -> (state, day reached)
JUDGED = [
    ([], 1, None, 9, ("active", None)),
    ([], 1, 5, 5, ("active", None)),
    ([], 1, 5, 6, ("missed", None)),
    ([(1, 150)], 1, None, 9, ("active", None)),
    ([(1, 140)], 1, None, 9, ("achieved", 1)),
    ([(1, 90)], 1, None, 9, ("achieved", 1)),
    ([(1, 89.9)], 1, None, 9, ("active", None)),
    ([(1, 130), (2, 120)], 1, None, 9, ("achieved", 1)),
    ([(1, 130), (2, 150)], 1, None, 9, ("active", None)),
    ([(1, 130), (2, 150), (3, 135)], 1, None, 9, ("achieved", 3)),
    ([(1, 130)], 2, None, 9, ("active", None)),
    ([(1, 130), (2, 130)], 2, None, 9, ("achieved", 2)),
    ([(1, 130), (2, 150), (3, 130)], 2, None, 9, ("active", None)),
    ([(6, 130)], 1, 5, 9, ("missed", None)),
    ([(5, 130)], 1, 5, 9, ("achieved", 5)),
    ([(4, 130), (6, 170)], 1, 5, 9, ("achieved", 4)),
]


class GoalCase(FollowupCase):
    """A patient whose calls ask for blood pressure and medicine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.patient = cls._patient()
        cls._encounter(cls.patient)
        cls.survey = cls.env.ref("patient_followup.survey_chronic")
        questions = cls.survey.question_ids
        cls.systolic = questions.filtered(lambda q: q.followup_metric == "systolic")
        cls.adherence = questions.filtered(
            lambda q: (
                q.followup_metric == "adherence" and q.question_type == "simple_choice"
            )
        )

    @classmethod
    def _answer(cls, day, value, patient=None, level="1", question=None, **vals):
        """Answer one question on that day, in a call of ward A."""
        patient = patient or cls.patient
        question = question or cls.systolic
        task = cls._task(
            patient.encounter_ids[:1] or cls._encounter(patient), level=level, **vals
        )
        task._create_user_input(question.survey_id, False)
        answers = task.user_input_id._guarded()
        answers._followup_store({question.id: value}, "patient")
        answers._followup_end(force=True, at=datetime.fromisoformat(f"{day} 02:00:00"))
        return task

    def _goal(self, user=None, **vals):
        return (
            self.env["followup.goal"]
            .with_user(user or self.ward_a)
            .create(
                {
                    "patient_id": self.patient.id,
                    "metric": "systolic",
                    "target_high": HIGH,
                    **vals,
                }
            )
        )


@tagged("post_install", "-at_install")
class TestFollowupGoal(GoalCase):
    """Personal goals judged by answers (issue 3 section 8, G-4)."""

    # ------------------------------------------------------------
    # JUDGING
    # ------------------------------------------------------------

    def test_table_of_judgements(self):
        for values, needed, due, today, (state, reached) in JUDGED:
            with self.subTest(values=values, needed=needed, due=due):
                found = judge(
                    [(_day(day), value) for day, value in values],
                    LOW,
                    HIGH,
                    needed,
                    _day(due) if due else None,
                    _day(today),
                )
                self.assertEqual(found, (state, reached and _day(reached)))

    def test_a_limit_of_zero_is_none(self):
        self.assertTrue(is_within(500, 90, 0))
        self.assertTrue(is_within(1, 0, 140))
        self.assertFalse(is_within(141, 0, 140))

    def test_an_answer_decides_as_it_is_finished(self):
        goal = self._goal()
        self._answer("2026-06-01", 150)
        self.assertEqual((goal.state, goal.last_value), ("active", 150))
        with freeze_time("2026-06-08 02:00:00"):
            self._answer("2026-06-08", 135)
        self.assertEqual(goal.state, "achieved")
        self.assertEqual(str(goal.achieved_on), "2026-06-08")
        with freeze_time("2026-06-15 02:00:00"):
            self._answer("2026-06-15", 155)
        self.assertEqual((goal.state, goal.achieved_on), ("active", False))

    def test_an_unfinished_call_decides_nothing(self):
        goal = self._goal()
        task = self._task(self.patient.encounter_ids)
        task._create_user_input(self.survey, False)
        task.user_input_id._guarded()._followup_store(
            {self.systolic.id: 120}, "patient"
        )
        goal.sudo()._evaluate()
        self.assertEqual(goal.state, "active")

    def test_medicine_taken_is_measured_by_its_choice(self):
        """Choices have places on a scale of 100; "none ordered" has none."""
        goal = self._goal(metric="adherence", target_low=67, target_high=0)
        for number, (code, state) in enumerate(
            (("none", "active"), ("changed", "active"), ("mostly", "achieved")), start=1
        ):
            choice = self.adherence.suggested_answer_ids.filtered(
                lambda answer, code=code: answer.followup_code == code
            )
            self._answer(f"2026-06-0{number}", choice.ids, question=self.adherence)
            with self.subTest(code):
                self.assertEqual(goal.state, state)

    def test_the_last_value_before_is_where_he_starts(self):
        self._answer("2026-05-01", 170)
        goal = self._goal()
        self.assertEqual((goal.start_value, goal.last_value), (170, 170))
        self.assertEqual(goal.state, "active")

    def test_time_over_is_missed_by_the_daily_job(self):
        goal = self._goal(due_date="2026-06-30")
        self._answer("2026-06-01", 150)
        for day, state in (("2026-06-30", "active"), ("2026-07-01", "missed")):
            with freeze_time(f"{day} 02:00:00"), self.subTest(day):
                self.env["followup.goal"]._cron_judge()
                self.assertEqual(goal.state, state)

    def test_a_longer_time_gives_a_missed_goal_another_chance(self):
        goal = self._goal(due_date="2026-06-30")
        with freeze_time("2026-07-01 02:00:00"):
            self.env["followup.goal"]._cron_judge()
            goal.due_date = "2026-08-01"
            self.assertEqual(goal.state, "active")

    def test_a_proposed_goal_waits_for_the_patient(self):
        goal = self._goal()
        goal.sudo()._guarded().state = "proposed"
        self._answer("2026-06-01", 120)
        self.assertEqual(goal.state, "proposed")
        goal.action_accept()
        self.assertEqual(goal.state, "achieved")

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    def test_a_goal_in_words_is_judged_by_a_person(self):
        goal = self._goal(metric=False, name="Walk to the market", target_high=0)
        goal.action_achieve()
        self.assertEqual(
            (goal.state, str(goal.achieved_on)), ("achieved", "2026-06-01")
        )
        goal.action_miss()
        self.assertEqual((goal.state, goal.achieved_on), ("missed", False))

    def test_a_measured_goal_is_not_ticked_by_hand(self):
        goal = self._goal()
        for step in (goal.action_achieve, goal.action_miss):
            with self.assertRaisesRegex(UserError, "judged by the answers"):
                step()
        with self.assertRaises(AccessError):
            goal.write({"state": "achieved"})
        with self.assertRaises(AccessError):
            self._goal(last_value=120)

    def test_it_reads_as_one_says_it(self):
        for vals, words in (
            ({"target_high": 140}, "Blood Pressure, Upper at most 140 mmHg"),
            (
                {"target_low": 110, "target_high": 140},
                "Blood Pressure, Upper 110 to 140 mmHg",
            ),
            (
                {"metric": False, "name": "Walk", "target_high": 0},
                "Walk",
            ),
        ):
            with self.subTest(words):
                self.assertEqual(self._goal(**vals).display_name, words)

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @mute_logger("odoo.sql_db")
    def test_a_goal_says_what_to_reach(self):
        for vals in (
            {"target_high": 0},
            {"target_low": 150, "target_high": 140},
            {"needed": 0},
        ):
            with (
                self.subTest(vals),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self._goal(**vals)
                self.env.flush_all()
        with self.assertRaisesRegex(ValidationError, "in words"):
            self._goal(metric=False, target_high=0)

    def test_a_goal_belongs_to_the_patient_of_its_programme(self):
        other = self._patient()
        self._encounter(other)
        enrolment = self.env["followup.enrolment"].create(
            {
                "patient_id": other.id,
                "programme_id": self.env.ref(
                    "patient_followup.followup_programme_chronic"
                ).id,
            }
        )
        with self.assertRaisesRegex(ValidationError, "another patient"):
            self._goal(enrolment_id=enrolment.id)

    def test_nobody_sets_goals_for_a_patient_he_does_not_see(self):
        with self.assertRaises(AccessError):
            self._goal(user=self.ward_b)


@tagged("post_install", "-at_install")
class TestResponseTrend(GoalCase):
    """The course of a patient over time (R-8), by the rights of the reader."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for day, value in (("2026-03-01", 165), ("2026-04-01", 150)):
            cls._answer(day, value)
        cls._answer("2026-05-01", 185, level="2")

    def _trend(self, user, metric=None):
        return self.patient.with_user(user).get_response_trend(metric)

    def _values(self, user, metric=None):
        return [point["value"] for point in self._trend(user, metric)["points"]]

    def test_values_in_order_of_time_with_unit_and_limits(self):
        trend = self._trend(self.manager)
        self.assertEqual(trend["metric"], "systolic")
        self.assertEqual(trend["unit"], "mmHg")
        self.assertEqual(trend["plausible"], {"low": 90, "high": 180})
        self.assertEqual(
            [
                (point["day"], point["value"], point["alert"])
                for point in trend["points"]
            ],
            [
                ("2026-03-01", 165, ""),
                ("2026-04-01", 150, ""),
                ("2026-05-01", 185, "range"),
            ],
        )
        self.assertEqual(
            trend["metrics"],
            [{"key": "systolic", "label": "Blood Pressure, Upper", "count": 3}],
        )

    def test_the_target_is_that_of_the_open_goal(self):
        self.assertIsNone(self._trend(self.manager)["target"])
        self.assertIsNone(self._trend(self.manager)["points"][0]["in_target"])
        self._goal(target_high=160)
        trend = self._trend(self.manager)
        self.assertEqual(trend["target"], {"low": None, "high": 160})
        self.assertEqual(
            [point["in_target"] for point in trend["points"]], [False, True, False]
        )

    def test_each_role_sees_the_answers_it_may_read(self):
        """I-3: wards level 1, heads both, the centre level 2, managers all."""
        table = {
            "ward_a": [165, 150],
            "head_a": [165, 150, 185],
            "centre": [185],
            "manager": [165, 150, 185],
            "inspector": [165, 150, 185],
        }
        for login, values in table.items():
            with self.subTest(login):
                self.assertEqual(self._values(getattr(self, login)), values)

    def test_nobody_else_gets_any(self):
        for user in (
            self.ward_b,
            self.leader,
            self.auditor,
            self.administrator,
            self.plain,
        ):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._trend(user)

    def test_refused_and_unfinished_answers_are_no_points(self):
        self._answer("2026-05-10", Missing("refused"))
        task = self._task(self.patient.encounter_ids)
        task._create_user_input(self.survey, False)
        task.user_input_id._guarded()._followup_store({self.systolic.id: 99}, "patient")
        self.assertEqual(self._values(self.manager), [165, 150, 185])

    def test_a_made_up_metric_gives_the_first_one(self):
        for metric in ("self_harm", "x' OR 1=1", ""):
            with self.subTest(metric):
                self.assertEqual(
                    self._trend(self.manager, metric)["metric"], "systolic"
                )

    def test_a_metric_that_is_no_text_is_refused_in_words(self):
        with self.assertRaisesRegex(ValidationError, "not possible here"):
            self._trend(self.manager, 7)

    def test_without_answers_it_is_empty(self):
        patient = self._patient()
        trend = patient.with_user(self.manager).get_response_trend()
        self.assertEqual((trend["metrics"], trend["points"]), ([], []))

    def test_queries_do_not_grow_with_the_answers(self):
        counts = []
        for more in (0, 30):
            for number in range(more):
                self._answer(f"2025-01-{number + 1:02}", 120)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._trend(self.ward_a)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
