# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What stands for few follows from nothing else that is shown (I-11, K-8, Y-10)."""

from odoo.tests import tagged

from ..models.followup_report_page import Page
from .hospital_common import SmallHospitalCase

APRIL = {"day": "2026-04-01", "at": "2026-05-05 00:00:00"}


@tagged("post_install", "-at_install")
class TestReportHidden(SmallHospitalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        wards = [{"name": name, "company_id": cls.company.id} for name in "CD"]
        others = cls.env["hr.department"].create(wards)
        cls.wards = cls.department_a | cls.department_b | others

    def _put(self, run, kpi, figures, denominators=(None,) * 5, few=()):
        """Insert a figure of the hospital's wards, and of all, as it was counted."""
        rows = zip([*self.wards.ids, None], figures, denominators, strict=False)
        for place, (ward, numerator, denominator) in enumerate(rows):
            self._insert(
                "followup_report_line",
                {
                    "run_id": run.id,
                    "company_id": self.company.id,
                    "code": run.code,
                    "section": "tried",
                    "department_id": ward,
                    "kpi": kpi,
                    "numerator": numerator,
                    "denominator": denominator,
                    "value": numerator,
                    "has_data": True,
                    "is_small": place in few,
                },
            )
        run.invalidate_recordset()
        return run.line_ids.filtered(lambda line: line.section == "tried")

    def _protected(self, figures, few):
        """Return which of four wards are hidden."""
        run = self._produce().sudo()
        lines = self._put(run, "praise", figures, few=few)
        run._protect_last()
        lines.invalidate_recordset()
        small = lines.filtered("is_small").department_id
        return [ward in small for ward in self.wards]

    def test_a_row_of_nothing_hides_no_other(self):
        """Ward A's two would be all that is hidden of the total."""
        hidden = self._protected([2, 0, 10, 20, 32], few=[0])
        self.assertEqual(hidden, [True, False, True, False])

    def test_two_hidden_rows_of_one_are_not_enough(self):
        """The total minus the others is two: one and one."""
        hidden = self._protected([1, 1, 10, 20, 32], few=[0, 1])
        self.assertEqual(hidden, [True, True, True, False])

    def test_what_belongs_to_no_department_is_a_part_not_shown(self):
        """The total minus all wards is two; minus all but one it is not."""
        hidden = self._protected([9, 8, 10, 20, 49], few=[])
        self.assertEqual(hidden, [False, True, False, False])

    def test_what_belongs_to_no_department_is_not_published_by_the_total(self):
        run = self._produce()
        self._put(run.sudo(), "praise", [9, 8, 10, 20, 49])
        page = Page(run.with_user(self.manager), published=True)
        shown = {place[2] for place in page.lines if place[0] == "tried"}
        a, _b, c, d = self.wards.ids
        self.assertEqual(shown, {None, a, c, d})

    def test_what_was_hidden_is_not_told_by_the_next_period(self):
        """March of ward B stood for two; its head reads it in April, leaders not."""
        self._produce()
        for ward in (self.department_a, self.department_b):
            for day in range(10, 16):
                due = self._due(self._stay(f"2026-04-{day}", ward), f"2026-04-{day}")
                self._done(due, f"2026-04-{day}")
        run = self._produce(**APRIL)
        place = ("follow_up", "1", self.department_b.id, None, "coverage")
        for user, published, before in (
            (self.leader, False, False),
            (self.manager, True, False),
            (self.manager, False, 100),
            (self.head_b, False, 100),
        ):
            page = Page(run.with_user(user), published)
            line = page.lines[place]
            with self.subTest(user=user.login, published=published):
                self.assertEqual(page.get_previous(line), before)
                self.assertFalse(line.has_previous)

    def test_published_rows_left_out_for_few_follow_from_no_total(self):
        """850 patients, 30 not reached: ward A's two of 50 would be the rest."""
        run = self._produce()
        self._put(run.sudo(), "unreachable", [2, 8, 20, 0, 30], [50, 400, 400, 9, 859])
        page = Page(run.with_user(self.manager), published=True)
        shown = {place[2] for place in page.lines if place[0] == "tried"}
        self.assertEqual(shown, {None, *self.wards[2:].ids})
