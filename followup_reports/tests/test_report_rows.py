# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From a figure to its rows, and no further than the reader may (section 1)."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .hospital_common import SmallHospitalCase

# figures whose rows are what they count; of other rates, what they are taken of
COUNTED = ("unreachable", "refused", "wrong_number", "readmission")


@tagged("post_install", "-at_install")
class TestReportRows(SmallHospitalCase):
    def _count(self, line, user):
        model = line._get_rows_model()
        rows = self.env[model].with_user(user).with_context(active_test=False)
        return rows.search_count([("figure_id", "in", [line.id])])

    def _wanted(self, line):
        is_rate = line.denominator and line.section != "reasons"
        if not is_rate or line.kpi in COUNTED:
            return line.numerator
        if line.kpi == "satisfaction":
            return line.denominator / 100
        return line.denominator

    def test_every_figure_leads_to_the_rows_it_counts(self):
        for code, basis in (
            ("bulletin", "discharge"),
            ("bulletin", "due"),
            ("scorecard", "discharge"),
            ("half_month", "discharge"),
        ):
            run = self._produce(code, basis=basis)
            lines = run.sudo().line_ids.filtered(lambda line: line._get_rows_model())
            self.assertTrue(lines)
            for line in lines.filtered(lambda line: line.section != "employees"):
                with self.subTest(
                    code=code,
                    basis=basis,
                    section=line.section,
                    kpi=line.kpi,
                    level=line.level,
                    ward=line.department_id.name,
                    key=line.key,
                ):
                    self.assertEqual(
                        self._count(line, self.manager), self._wanted(line)
                    )

    def test_a_head_reaches_rows_of_his_own_figures_only(self):
        run = self._produce()
        lines = run.sudo().line_ids.filtered(
            lambda line: line.kpi == "base" and line.level == "1" and not line.key
        )
        counts = {
            line.department_id.name: self._count(line, self.head_b) for line in lines
        }
        self.assertEqual(counts, {"Ward A": 0, "Ward B": 2, False: 0})

    def test_links_stand_on_screen_for_readers_of_rows_only(self):
        run = self._produce()
        pages = {
            user.login: str(run.with_user(user).matrix_html)
            for user in (self.manager, self.head_b, self.leader)
        }
        self.assertIn("/figure-follow-ups", pages["manager"])
        self.assertIn("/figure-attempts", pages["head_b"])
        self.assertNotIn("/figure-", pages["leader"])
        with self.assertRaises(AccessError):
            self._count(run.sudo().line_ids[:1], self.leader)

    def test_what_is_published_links_nowhere(self):
        matrix = self._produce().with_user(self.manager)._get_matrix(published=True)
        links = [
            cell.link
            for table in matrix.tables
            for row in table.rows
            for cell in row.cells
            if cell.link
        ]
        self.assertFalse(links)
