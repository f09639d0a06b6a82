# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Figures of answers: finished ones only, refused ones without a score (Q-1)."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .survey_common import FollowupSurveyCase


@tagged("post_install", "-at_install")
class TestFollowupAnswerReport(FollowupSurveyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        given = [
            (cls.department_a, "very"),
            (cls.department_a, "never"),
            (cls.department_a, "yes"),
            (cls.department_a, None),
            (cls.department_b, "fair"),
        ]
        for department, code in given:
            task = cls._asked(department_id=department.id)
            answers = task._start_user_input()
            value = {"refused": True} if not code else cls.choices["doctor", code].ids
            answers._followup_save({cls.questions["doctor"].id: value})
            answers._followup_finish(force=True)
        open_answers = cls.task._start_user_input()
        open_answers._followup_save(
            {cls.questions["doctor"].id: cls.choices["doctor", "never"].ids}
        )
        cls.env.flush_all()

    def _groups(self, user, domain=()):
        report = self.env["followup.answer.report"].with_user(user)
        domain = [("metric", "=", "satisfaction_doctor"), *domain]
        return report._read_group(
            domain,
            ["department_id"],
            ["__count", "score:avg", "satisfied_rate:avg"],
            order="department_id",
        )

    def test_scores_and_the_share_of_satisfied_by_department(self):
        figures = {
            department.name: (count, round(score, 2), round(rate, 2))
            for department, count, score, rate in self._groups(self.manager)
        }
        self.assertEqual(
            figures, {"Ward A": (4, 58.33, 66.67), "Ward B": (1, 50.0, 0.0)}
        )

    def test_open_answers_are_not_counted(self):
        report = self.env["followup.answer.report"]
        count = report.search_count([("question_id", "=", self._id("doctor"))])
        self.assertEqual(count, 5)

    def test_who_sees_which_figures(self):
        expected = {
            "manager": 2,
            "inspector": 2,
            "head_a": 1,
        }
        for login, departments in expected.items():
            with self.subTest(user=login):
                user = getattr(self, login)
                self.assertEqual(len(self._groups(user)), departments)
        for login in (
            "ward_a",
            "centre",
            "leader",
            "auditor",
            "administrator",
            "plain",
        ):
            with self.subTest(user=login), self.assertRaises(AccessError):
                self._groups(getattr(self, login))

    def test_no_row_names_a_patient_or_his_words(self):
        names = set(self.env["followup.answer.report"]._fields)
        self.assertFalse(
            {name for name in names if "patient" in name or "task" in name}
        )
        self.assertNotIn("text", names)

    def test_measured_values_are_averaged(self):
        for value in (36.0, 38.0):
            answers = self._asked()._start_user_input()
            answers._followup_save({self._id("temperature"): value})
            answers._followup_finish(force=True)
        self.env.flush_all()
        report = self.env["followup.answer.report"].with_user(self.manager)
        [[average]] = report._read_group(
            [("metric", "=", "temperature")], [], ["value:avg"]
        )
        self.assertEqual(average, 37.0)
