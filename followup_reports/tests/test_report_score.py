# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The scorecard of departments and callers, and calls by hour (V-11, V-14, W-7)."""

from odoo.tests import tagged

from .hospital_common import SmallHospitalCase


@tagged("post_install", "-at_install")
class TestReportScore(SmallHospitalCase):
    def test_five_dimensions_of_a_department(self):
        """Ward A: nine stays, one excluded, one without a plan; two levels due."""
        run = self._produce("scorecard")
        row = self._figures(run, "score", department=self.department_a)
        self.assertEqual(
            row,
            {
                "planned": (7, 8),
                "coverage": (4, 6),
                "complete": (2, 2),
                "on_time": (1, 6),
            },
        )
        row = self._figures(run, "score", department=self.department_b)
        self.assertEqual(row["complete"], (1, 2))

    def test_a_caller_is_named_with_what_he_completed(self):
        run = self._produce("scorecard")
        row = self._figures(run, "employees", key=str(self.ward_a.id))
        self.assertEqual(row, {"completed": 4, "complete": (3, 4), "on_time": (3, 4)})
        matrix = run.with_user(self.manager).with_context(lang="en_US")._get_matrix()
        tables = {table.code: table for table in matrix.tables}
        self.assertEqual(
            [line.label for line in tables["employees"].rows], ["User ward_a"]
        )

    def test_a_head_sees_no_caller_of_others_in_the_scorecard(self):
        matrix = self._produce("scorecard").with_user(self.head_b)._get_matrix()
        self.assertEqual([table.code for table in matrix.tables], ["score"])

    def test_calls_by_the_hour_of_the_hospital(self):
        run = self._produce()
        # B1 at nine: a wrong number; A1 and others at ten; B1 at fifteen
        row = self._figures(run, "hours", key="09")
        self.assertEqual(row, {"attempts": 1, "connect": (0, 1)})
        row = self._figures(run, "hours", key="10")
        self.assertEqual(row, {"attempts": 3, "connect": (1, 3)})
        row = self._figures(run, "hours", key="15")
        self.assertEqual(row, {"attempts": 1, "connect": (1, 1)})
