# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Leaders see figures of five patients at least, however they ask (I-11)."""

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .survey_common import FollowupSurveyCase

DOCTOR = ("metric", "=", "satisfaction_doctor")


@tagged("post_install", "-at_install")
class TestFollowupAnswerSummary(FollowupSurveyCase):
    def setUp(self):
        super().setUp()
        later = freeze_time("2026-05-04 02:00:00")
        later.__enter__()
        self.addCleanup(later.__exit__, None, None, None)

    def _answer(self, codes, department=None, day="2026-03-10", tasks=None):
        """Have one patient each say how content he was with his doctor."""
        department = department or self.department_a
        with freeze_time(f"{day} 02:00:00"):
            for index, code in enumerate(codes):
                task = (
                    tasks[index] if tasks else self._asked(department_id=department.id)
                )
                answers = task._start_user_input()
                value = {"refused": True} if not code else self._id("doctor", code)
                answers._followup_save({self._id("doctor"): value})
                answers._followup_finish(force=True)
        self.env.flush_all()

    def _summary(self, user=None):
        return self.env["followup.answer.summary"].with_user(user or self.leader)

    def _figures(self, *groups, measures=("scored_count:sum", "score:avg")):
        rows = self._summary().formatted_read_group([DOCTOR], groups, measures)
        return [tuple(row[name] for name in measures) for row in rows]

    def test_a_group_of_fewer_than_five_patients_is_nowhere(self):
        self._answer(["very"] * 5)
        self._answer(["never"] * 4, self.department_b)
        model = self._summary()
        self.assertEqual(model.search([DOCTOR]).department_id, self.department_a)
        self.assertEqual(model.search_count([DOCTOR]), 1)
        self.assertEqual(self._figures(), [(5, 100.0)])
        self.assertEqual(self._figures("department_id"), [(5, 100.0)])
        hidden = [DOCTOR, ("department_id", "=", self.department_b.id)]
        self.assertFalse(model.search_count(hidden))
        self.assertFalse(model._read_group(hidden, ["month:month"], ["__count"]))

    def test_a_running_month_is_nowhere(self):
        """Two looks at it would tell what the patient between them said."""
        self._answer(["very"] * 5, day="2026-04-30")
        self._answer(["very"] * 6, day="2026-05-01")
        self.assertEqual(self._figures("month:month"), [(5, 100.0)])
        # Friday 00:30 in Shanghai: the first of June, still May in UTC
        with freeze_time("2026-05-31 16:30:00"):
            self.env.invalidate_all()
            self.assertEqual(self._figures("month:month"), [(5, 100.0), (6, 100.0)])

    def test_no_filter_takes_a_group_apart(self):
        """Rows are whole groups: what is filtered is never a patient."""
        self._answer(["very", "yes", "fair", "no", "never"])
        model = self._summary()
        for domain in ([("score", ">", 60)], [("satisfied_rate", "=", 100)]):
            self.assertFalse(model.search_count([DOCTOR, *domain]))
        self.assertEqual(model.search([DOCTOR]).scored_count, 5)
        self.assertEqual(model.search([DOCTOR]).satisfied_rate, 40.0)
        names = set(model._fields)
        self.assertFalse(names & {"day", "answer_id", "answered_by", "survey_id"})

    def test_five_answers_of_one_patient_are_one_patient(self):
        stay = self._encounter()
        tasks = [self._task(stay, step_id=self.protocol.step_ids.id) for _n in range(6)]
        self._answer(["very"] * 6, tasks=tasks)
        self.assertFalse(self._summary().search([DOCTOR]))

    def test_who_refused_does_not_fill_up_a_group(self):
        self._answer(["very"] * 4 + [None] * 3)
        self.assertFalse(self._summary().search([DOCTOR]))

    def test_figures_of_several_groups_are_weighed(self):
        self._answer(["very"] * 5)
        self._answer(["never"] * 15, self.department_b)
        self._answer(["never"] * 5, day="2026-04-10")
        self.assertEqual(
            self._figures(measures=("scored_count:sum", "score:avg")), [(25, 20.0)]
        )
        self.assertEqual(self._figures("month:month"), [(20, 25.0), (5, 0.0)])

    def test_measured_values_are_averaged(self):
        with freeze_time("2026-03-10 02:00:00"):
            for value in (36.0, 37.0, 38.0, 37.0, 37.0):
                answers = self._asked()._start_user_input()
                answers._followup_save({self._id("temperature"): value})
                answers._followup_finish(force=True)
        self.env.flush_all()
        [[average]] = self._summary()._read_group(
            [("metric", "=", "temperature")], [], ["value:avg"]
        )
        self.assertEqual(average, 37.0)

    def test_leaders_read_no_single_answers(self):
        self._answer(["very"] * 5)
        for model in ("followup.answer.report", "survey.user_input.line"):
            rows = self.env[model].with_user(self.leader)
            for call in (
                lambda rows=rows: rows.search_count([]),
                lambda rows=rows: rows.formatted_read_group([], [], ["__count"]),
                lambda rows=rows: rows.search_read([], ["id"]),
            ):
                with self.subTest(model=model), self.assertRaises(AccessError):
                    call()
        with self.assertRaises(AccessError):
            self._summary(self.ward_a).search_count([])

    def test_another_hospital_is_not_shown(self):
        self._answer(["very"] * 5)
        other = self._company("Other Hospital")
        stranger = self._user("other_leader", "leader", other)
        model = self._summary(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(model.search([]))
