# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Draws and windows as plain functions: literal tables, no database (V-6, E-8)."""

from datetime import date
from unittest import TestCase

from ..tools import periods, sampling
from ..tools.sampling import Quota

SEED = "0123456789abcdef0123456789abcdef"
POPULATION = [(number, "7") for number in range(1, 21)]
POPULATION += [(number, "9") for number in range(101, 106)]


class TestSampling(TestCase):
    def test_the_same_seed_draws_the_same_list_on_any_machine(self):
        """Literal values: another computer, another day, the same list."""
        drawn = sampling.draw(SEED, reversed(POPULATION), Quota.of(25, 0, 50))
        self.assertEqual(
            [tuple(row) for row in drawn],
            [
                (3, "7", 1, False),
                (13, "7", 2, False),
                (14, "7", 3, False),
                (4, "7", 4, False),
                (20, "7", 5, False),
                (18, "7", 6, True),
                (9, "7", 7, True),
                (6, "7", 8, True),
                (105, "9", 1, False),
                (104, "9", 2, False),
                (103, "9", 3, True),
            ],
        )

    def test_the_fingerprint_of_a_population_does_not_depend_on_its_order(self):
        text = sampling.population_text(reversed(POPULATION))
        self.assertEqual(
            sampling.population_hash(text),
            "8d7b0d3a34463a6d1b1a52130d6d913843f4d246c1a9c471d3f7f59a0970c0bd",
        )
        self.assertEqual(sampling.read_population(text), sorted(POPULATION))

    def test_at_least_the_share_is_drawn_of_each_stratum(self):
        table = (
            (Quota.of(10), 0, 0),
            (Quota.of(10), 1, 1),
            (Quota.of(10), 10, 1),
            (Quota.of(10), 11, 2),
            (Quota.of(33.3), 10, 4),
            (Quota.of(0, 2), 1, 1),
            (Quota.of(0, 2), 9, 2),
            (Quota.of(2, 2), 300, 6),
        )
        for quota, size, expected in table:
            with self.subTest(quota=quota, size=size):
                self.assertEqual(quota.wanted(size), expected)

    def test_the_reserve_follows_the_sample(self):
        table = ((Quota.of(10, 0, 50), 100, 5), (Quota.of(10, 0, 50), 1, 0))
        for quota, size, expected in table:
            with self.subTest(size=size):
                self.assertEqual(quota.spare(size), expected)

    def test_everybody_has_the_same_chance(self):
        """E-8: over many draws nobody is preferred."""
        hits = dict.fromkeys(range(20), 0)
        for seed in range(1000):
            for row in sampling.draw(str(seed), [(n, "") for n in hits], Quota.of(25)):
                hits[row.subject] += 1
        self.assertEqual(sum(hits.values()), 5000)
        self.assertTrue(all(200 < count < 300 for count in hits.values()), hits)

    def test_the_rolling_share_keeps_to_each_department(self):
        """V-3: 25 % per discharge, by a keyed hash, near 25 % in every ward."""
        for ward in range(10):
            stays = range(ward * 1000, ward * 1000 + 1000)
            drawn = sum(
                sampling.is_drawn(b"secret", f"5:encounter:{stay}", 25)
                for stay in stays
            )
            with self.subTest(ward=ward):
                self.assertTrue(205 < drawn < 295, drawn)
        again = [sampling.is_drawn(b"secret", f"5:encounter:{n}", 25) for n in range(8)]
        self.assertEqual(
            again,
            [sampling.position(b"secret", f"5:encounter:{n}") < 0.25 for n in range(8)],
        )


class TestPeriods(TestCase):
    def test_windows_of_campaigns(self):
        """V-6: the 20th to the 30th, checking the month before; V-10: each week."""
        table = (
            # day, recurrence, from, to: window and what it checks
            ("2026-03-25", "month", 20, 30, "03-20 03-30 02-01 02-28"),
            ("2026-03-05", "month", 20, 30, "02-20 02-28 01-01 01-31"),
            ("2026-01-10", "month", 1, 10, "01-01 01-10 12-01 12-31"),
            ("2026-03-11", "week", 1, 7, "03-09 03-15 03-02 03-08"),
            ("2026-03-11", "week", 5, 7, "03-06 03-08 02-23 03-01"),
            ("2026-04-02", "quarter", 1, 20, "04-01 04-20 01-01 03-31"),
            ("2026-02-02", "quarter", 40, 50, "11-09 11-19 07-01 09-30"),
        )
        for day, recurrence, first, last, expected in table:
            with self.subTest(day=day, recurrence=recurrence):
                window = periods.latest_window(
                    date.fromisoformat(day), recurrence, first, last
                )
                found = (window.opens, window.closes, window.first, window.last)
                self.assertEqual(" ".join(str(d)[5:] for d in found), expected)
