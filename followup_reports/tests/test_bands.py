# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Edges of the penalty bands, periods and targets: plain calculations (W-3, K-2)."""

from datetime import date

from odoo.tests import BaseCase, tagged

from ..tools import bands, periods
from ..tools.bands import Band
from ..tools.targets import Subject, Target, best

PRESET = [Band(10, 20, "a"), Band(20, 50, "b"), Band(50, 90, "c"), Band(100, None, "d")]


@tagged("post_install", "-at_install")
class TestBands(BaseCase):
    def test_every_edge_belongs_to_one_band(self):
        table = [
            (0, None),
            (9.999, None),
            (10, "a"),
            (19.999, "a"),
            (20, "b"),
            (49.999, "b"),
            (50, "c"),
            (89.999, "c"),
            (90, None),
            (99.999, None),
            (100, "d"),
        ]
        for share, key in table:
            with self.subTest(share=share):
                band = bands.find(PRESET, share)
                self.assertEqual(band and band.key, key)

    def test_what_the_policy_leaves_out_is_named(self):
        self.assertEqual(bands.gaps(PRESET), [(0, 10), (90, 100)])
        self.assertEqual(bands.gaps([Band(0, None)]), [])
        self.assertEqual(bands.gaps([Band(0, 100)]), [(100, 100)])
        self.assertEqual(bands.gaps([]), [(0, 100)])

    def test_overlaps_are_named(self):
        self.assertEqual(bands.overlaps(PRESET), [])
        self.assertEqual(bands.overlaps([Band(10, 25), Band(20, 50)]), [(20, 25)])
        self.assertEqual(bands.overlaps([Band(10), Band(20, 50)]), [(20, 50)])


@tagged("post_install", "-at_install")
class TestPeriods(BaseCase):
    def test_periods_end_where_the_calendar_does(self):
        table = [
            ("half_month", "2024-02-15", "2024-02-01", "2024-02-15", "2024-02a"),
            ("half_month", "2024-02-16", "2024-02-16", "2024-02-29", "2024-02b"),
            ("half_month", "2026-02-28", "2026-02-16", "2026-02-28", "2026-02b"),
            ("month", "2026-12-31", "2026-12-01", "2026-12-31", "2026-12"),
            ("quarter", "2026-05-05", "2026-04-01", "2026-06-30", "2026-Q2"),
            ("quarter", "2026-12-31", "2026-10-01", "2026-12-31", "2026-Q4"),
            ("year", "2024-02-29", "2024-01-01", "2024-12-31", "2024"),
        ]
        for kind, day, first, last, name in table:
            with self.subTest(kind=kind, day=day):
                found = periods.period_of(kind, date.fromisoformat(day))
                self.assertEqual(tuple(map(str, found)), (first, last))
                self.assertEqual(periods.period_name(kind, found[0]), name)

    def test_the_period_before_crosses_years(self):
        found = periods.period_before("quarter", date(2026, 1, 1))
        self.assertEqual(tuple(map(str, found)), ("2025-10-01", "2025-12-31"))
        found = periods.period_before("half_month", date(2026, 3, 1))
        self.assertEqual(tuple(map(str, found)), ("2026-02-16", "2026-02-28"))


@tagged("post_install", "-at_install")
class TestTargets(BaseCase):
    def test_the_most_particular_target_holds(self):
        targets = [
            Target("coverage", 40, scope="hospital"),
            Target("coverage", 30, scope="department"),
            Target("coverage", 70, level="2"),
            Target("coverage", 10, unit_type="imaging"),
            Target("coverage", 55, department=7),
            Target("coverage", 56, department=9),
            Target("coverage", 20, encounter_class="checkup", own=True),
        ]
        table = [
            (Subject("coverage"), 40),
            (Subject("coverage", "1", (3,)), 30),
            (Subject("coverage", "2", (3,)), 70),
            (Subject("coverage", "2", (3,), "imaging"), 10),
            (Subject("coverage", "1", (8, 7)), 55),
            (Subject("coverage", "1", (9, 7)), 56),
            (Subject("coverage", "1", (), False, "checkup"), 20),
            (Subject("effective", "1"), None),
        ]
        for subject, value in table:
            with self.subTest(subject=subject):
                found = best(targets, subject)
                self.assertEqual(found and found.value, value)
