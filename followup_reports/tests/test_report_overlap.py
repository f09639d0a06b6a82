# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reports with days in common tell of few neither alone nor together (I-11, Y-10)."""

import random
from datetime import date, timedelta
from fractions import Fraction

from odoo.exceptions import UserError
from odoo.tests import BaseCase, freeze_time, tagged

from ..models.followup_report_page import Page
from ..tools.overlap import Figure, Sheet, find_telling
from .hospital_common import SmallHospitalCase

LEAST = 5
TOTAL = "total"
MARCH = date(2026, 3, 1), date(2026, 3, 31)
FIRST_HALF = date(2026, 3, 1), date(2026, 3, 15)
SECOND_HALF = date(2026, 3, 16), date(2026, 3, 31)
QUARTER = date(2026, 1, 1), date(2026, 3, 31)
JANUARY = date(2026, 1, 1), date(2026, 1, 31)
FEBRUARY = date(2026, 2, 1), date(2026, 2, 28)


def figures(numbers, quantity="answers", level=None):
    """Return figures of wards and their total."""
    rows = {**numbers, TOTAL: sum(numbers.values())}
    return [
        Figure(
            f"{ward} {quantity} {level}",
            (level, None if ward == TOTAL else ward, None),
            (((quantity, ""), number),),
        )
        for ward, number in rows.items()
    ]


def sheet(days, numbers, kept_back=(), **kwargs):
    rows = figures(numbers, **kwargs)
    shown = {row.id for row in rows if row.id.split()[0] not in kept_back}
    return Sheet.of(*days, rows, shown)


def told(days, numbers, known, kept_back=(), **kwargs):
    """Return the wards left out besides those kept back anyway."""
    rows = figures(numbers, **kwargs)
    shown = {row.id for row in rows if row.id.split()[0] not in kept_back}
    out = find_telling(*days, rows, shown, known, LEAST)
    return {name.split()[0] for name in out}


@tagged("post_install", "-at_install")
class TestOverlap(BaseCase):
    """The rule itself, without a database."""

    month = {"A": 40, "B": 30, "C": 50}

    def test_a_month_less_its_half_tells_of_two(self):
        """A's two of the second half, and a neighbour: the total would tell them."""
        half = {"A": 38, "B": 20, "C": 20}
        for days, numbers, other, known in (
            (MARCH, self.month, FIRST_HALF, half),
            (FIRST_HALF, half, MARCH, self.month),
        ):
            with self.subTest(days=days):
                out = told(days, numbers, [sheet(other, known)])
                self.assertEqual(out, {"A", "B"})

    def test_nothing_is_left_out_where_nothing_is_told(self):
        for known in (
            [],
            [sheet(FIRST_HALF, {"A": 20, "B": 15, "C": 25})],
            [sheet(MARCH, self.month)],  # the same once more
            [sheet(FEBRUARY, {"A": 38, "B": 29, "C": 49})],  # other days
            [sheet(FIRST_HALF, {"A": 38, "B": 29, "C": 49}, quantity="attempts")],
        ):
            self.assertEqual(told(MARCH, self.month, known), set())

    def test_a_second_version_tells_of_the_one_who_was_added(self):
        out = told(MARCH, {**self.month, "A": 41}, [sheet(MARCH, self.month)])
        self.assertEqual(out, {"A", TOTAL})

    def test_a_quarter_less_two_months_is_the_third(self):
        known = [sheet(JANUARY, {"A": 10, "B": 10, "C": 10})]
        known += [sheet(FEBRUARY, {"A": 10, "B": 10, "C": 10})]
        out = told(QUARTER, {"A": 22, "B": 40, "C": 60}, known)
        self.assertEqual(out, {"A", "B"})

    def test_what_was_kept_back_is_kept_back_again(self):
        """A stood for two in the half month, B hid it."""
        known = [sheet(FIRST_HALF, {"A": 2, "B": 9, "C": 20}, ("A", "B"))]
        self.assertEqual(told(MARCH, self.month, known), {"A", "B"})

    def test_two_levels_are_not_told_by_their_sum(self):
        """Level 2 of A stands for two; the scorecard counts both levels."""
        known = [
            sheet(MARCH, {"A": 2, "B": 9, "C": 20}, ("A", "B"), **LEVEL_2),
            sheet(MARCH, {"A": 80, "B": 90, "C": 70}, **LEVEL_1),
        ]
        both = {"A": 82, "B": 99, "C": 90}
        out = told(MARCH, both, known, quantity="base")
        self.assertEqual(out, {"A", "B"})
        # the other way round: the levels after the scorecard
        rows = figures({"A": 2, "B": 9, "C": 20}, **LEVEL_2)
        rows += figures({"A": 80, "B": 90, "C": 70}, **LEVEL_1)
        shown = {row.id for row in rows} - {"A base 2", "B base 2"}
        scorecard = sheet(MARCH, both, quantity="base")
        out = find_telling(*MARCH, rows, shown, [scorecard], LEAST)
        self.assertEqual(out, {"A base 1", "B base 1"})


LEVEL_1 = {"quantity": "base", "level": "1"}
LEVEL_2 = {"quantity": "base", "level": "2"}


@tagged("post_install", "-at_install")
class TestOverlapAttack(BaseCase):
    """Somebody who keeps all reports and solves the equations they are."""

    wards = "ABCD"
    # half months by their place in the quarter
    orders = (
        ((0, 1), (2, 3), (4, 5), (0, 5)),
        ((0, 5), (0, 1), (2, 3), (4, 5)),
        ((0, 0), (1, 1), (0, 1), (2, 2), (3, 3), (2, 3)),
        ((0, 1), (0, 0), (1, 1)),
        ((0, 0), (0, 1), (2, 3), (0, 5), (4, 5)),
    )

    def _publish(self, order, counts):
        """Return what is told, as rows over (half month, ward), report by report."""
        known, rows = [], []
        for first, last in order:
            days = [date(2026, 1, 1) + timedelta(half) for half in (first, last)]
            numbers = {
                ward: sum(counts[half, ward] for half in range(first, last + 1))
                for ward in self.wards
            }
            mine = figures(numbers)
            shown = {row.id for row in mine} - self._own(numbers)
            shown -= find_telling(*days, mine, shown, known, LEAST)
            known.insert(0, Sheet.of(*days, mine, shown))
            for name in shown:
                wards = self.wards if name.startswith(TOTAL) else name[0]
                rows.append(self._row(first, last, wards))
        return rows

    def _own(self, numbers):
        """Return what a report keeps back by itself: few, and what would tell it."""
        out = {ward for ward, number in numbers.items() if 0 < number < LEAST}
        order = sorted(numbers, key=lambda ward: (numbers[ward] == 0, numbers[ward]))
        for ward in order:
            hidden = sum(numbers[name] for name in out)
            if out and (len(out) == 1 or hidden < LEAST):
                out.add(ward)
        return {f"{ward} answers None" for ward in out} | {
            f"{TOTAL} answers None" for total in [sum(numbers.values())] if total < 5
        }

    def _row(self, first, last, wards):
        return [
            Fraction(first <= half <= last and ward in wards)
            for half in range(6)
            for ward in self.wards
        ]

    def _solve(self, rows):
        """Return the rows in echelon form: {column: row}."""
        found = {}
        for row in rows:
            row = self._reduce(row, found)
            column = next((place for place, x in enumerate(row) if x), None)
            if column is not None:
                found[column] = [x / row[column] for x in row]
        return found

    def _reduce(self, row, found):
        for column, pivot in sorted(found.items()):
            if row[column]:
                factor = row[column]
                row = [x - factor * y for x, y in zip(row, pivot, strict=True)]
        return row

    def _find_told(self, order, counts):
        solved = self._solve(self._publish(order, counts))
        for first in range(6):
            for last in range(first, 6):
                for ward in self.wards:
                    span = range(first, last + 1)
                    number = sum(counts[half, ward] for half in span)
                    row = self._reduce(self._row(first, last, ward), solved)
                    if 0 < number < LEAST and not any(row):
                        yield first, last, ward

    def test_no_ward_of_few_follows_from_any_order_of_reports(self):
        """Five orders of publishing, twelve hospitals each of small wards."""
        dice = random.Random(7)
        for order in self.orders:
            for number in range(12):
                counts = {
                    (half, ward): dice.choice((0, 1, 2, 3, 6, 8, 12, 20, 30))
                    for half in range(6)
                    for ward in self.wards
                }
                with self.subTest(order=order, number=number):
                    self.assertEqual(list(self._find_told(order, counts)), [])


@tagged("post_install", "-at_install")
class TestReportOverlap(SmallHospitalCase):
    """Reports as they are made and released."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # April: ward A 12 in the first half, 2 in the second; ward B 8 and 8
        for ward, days in (
            (cls.department_a, [*range(1, 13), 20, 21]),
            (cls.department_b, [*range(3, 11), *range(20, 28)]),
        ):
            for day in days:
                day = f"2026-04-{day:02}"
                cls._done(cls._due(cls._stay(day, ward), day), day)
        cls.env.flush_all()

    def _april(self, kind="month", day="2026-04-05", code="bulletin"):
        return self._produce(code, kind, day, at="2026-05-05 00:00:00")

    def _propose(self, run, audience="internal"):
        run = run.with_user(self.manager).with_context(lang="en_US")
        row = run.env["followup.report.release"].browse(
            run._publish(audience)["res_id"]
        )
        return row.with_user(self.leader)

    def _bases(self, run, reader=None):
        """Return {ward: whether its base of level 1 is shown}."""
        published = reader is None
        page = Page(run.with_user(reader or self.manager), published)
        wards = {"A": self.department_a, "B": self.department_b, "all": run.browse()}
        return {
            name: ("follow_up", "1", ward.id or None, None, "base") in page.lines
            for name, ward in wards.items()
        }

    def test_a_month_is_published_without_what_its_half_tells(self):
        """K-8: both wards stand in the month; less the half month A has two."""
        month = self._april()
        self.assertEqual(self._bases(month), {"A": True, "B": True, "all": True})
        half = self._propose(self._april("half_month"))
        # proposed is not told yet
        self.assertEqual(self._bases(month), {"A": True, "B": True, "all": True})
        half.action_release()
        self.assertEqual(self._bases(month), {"A": False, "B": False, "all": True})
        # what was read once is known
        half.action_withdraw()
        self.assertFalse(self._bases(month)["A"])
        self.assertGreater(self._propose(month).left_out_count, 0)

    def test_what_was_published_before_this_rule_is_known_too(self):
        month, half = self._april(), self._propose(self._april("half_month"))
        half.action_release()
        half._guarded().sudo().told = False
        self.assertFalse(self._bases(month)["A"])

    def test_leaders_do_not_subtract_reports_either(self):
        month = self._april()
        half = self._april("half_month")
        self.assertTrue(self._bases(month, self.leader)["A"])
        self.assertFalse(self._bases(half, self.leader)["A"])
        self.assertTrue(self._bases(half, self.manager)["A"])

    def test_a_proposal_is_checked_again_when_it_is_released(self):
        month, half = self._propose(self._april()), self._april("half_month")
        half = self._propose(half)
        half.action_release()
        with self.assertRaises(UserError):
            month.action_release()
        self.assertEqual(month.state, "proposed")
        again = self._propose(month.sudo().run_id)
        again.action_release()
        self.assertEqual(again.state, "released")

    def test_a_new_version_replaces_the_old_one_and_says_what_it_leaves_out(self):
        """The second person sees it before releasing."""
        first = self._propose(self._april(), "public")
        first.action_release()
        late = self._due(self._stay("2026-04-15"), "2026-04-16")
        self._done(late, "2026-04-16")
        self.env.flush_all()
        same = self._propose(first.sudo().run_id, "public")
        self.assertFalse(same.replaces_id)
        second = self._propose(self._april(), "public")
        self.assertEqual(second.replaces_id, first)
        self.assertGreater(second.changed_count, 0)
        self.assertEqual(self._bases(second.sudo().run_id)["all"], False)
        second.action_release()
        self.assertEqual((first.state, second.state), ("withdrawn", "released"))
        self.assertEqual(
            [row["title"] for row in second._get_published(("public",), self.company)],
            [second.title],
        )

    def test_the_public_gets_whole_periods_that_are_over(self):
        with self.assertRaises(UserError):
            self._propose(self._april("half_month"), "public")
        month = self._april()
        with freeze_time("2026-04-30 12:00:00"), self.assertRaises(UserError):
            self._propose(month, "public")
        self.assertTrue(self._propose(month, "public"))
