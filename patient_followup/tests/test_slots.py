# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Times cut from weekly hours, without a database (B-3)."""

from datetime import date, datetime

from odoo.tests import BaseCase, tagged

from ..tools.slots import Week, cut, moments, runs_on
from ..tools.working_time import WorkCalendar

WEEK = {day: [(8.0, 12.0), (13.0, 17.0)] for day in range(5)}
# National Day 2026 and its make-up workday, a Saturday
EXCEPTIONS = {date(2026, 10, 1): False, date(2026, 10, 10): True}


def week(**vals):
    values = {
        "weekdays": frozenset({0, 3, 5}),  # Mon, Thu, Sat
        "on_makeup_days": True,
        "on_free_days": False,
        "hour_from": 8.0,
        "hour_to": 9.0,
        "minutes": 30,
        **vals,
    }
    return Week(**values)


@tagged("post_install", "-at_install")
class TestSlots(BaseCase):
    def setUp(self):
        super().setUp()
        self.calendar = WorkCalendar("Asia/Shanghai", WEEK, EXCEPTIONS)

    def test_whole_times_only(self):
        table = (
            (8, 9, 30, [(8, 8.5), (8.5, 9)]),
            (8, 9, 45, [(8, 8.75)]),
            (8, 9, 60, [(8, 9)]),
            (8, 9, 90, []),
            (23.5, 24, 30, [(23.5, 24)]),
        )
        for start, end, minutes, expected in table:
            with self.subTest(start=start, end=end, minutes=minutes):
                self.assertEqual(cut(start, end, minutes), expected)
        for start, end, minutes in ((8, 8, 30), (9, 8, 30), (8, 9, 0)):
            with self.assertRaises(ValueError):
                cut(start, end, minutes)

    def test_days_it_runs_on(self):
        """Never on a holiday; on a make-up workday and on weekends if ticked."""
        table = (
            (date(2026, 9, 28), {}, True),  # Monday
            (date(2026, 9, 29), {}, False),  # Tuesday is not ticked
            (date(2026, 10, 1), {}, False),  # Thursday, National Day
            (date(2026, 10, 1), {"on_free_days": True}, False),
            (date(2026, 10, 3), {}, False),  # Saturday is free here
            (date(2026, 10, 3), {"on_free_days": True}, True),
            (date(2026, 10, 10), {}, True),  # Saturday, make-up workday
            (date(2026, 10, 10), {"on_makeup_days": False}, False),
            (date(2026, 10, 10), {"weekdays": frozenset({0})}, True),
        )
        for day, vals, expected in table:
            with self.subTest(day=day, vals=vals):
                self.assertIs(runs_on(week(**vals), day, self.calendar), expected)

    def test_moments_are_those_of_the_hospitals_clock(self):
        """08:00 in Shanghai is midnight in UTC."""
        self.assertEqual(
            moments(week(), date(2026, 9, 28), self.calendar),
            [
                (datetime(2026, 9, 28, 0, 0), datetime(2026, 9, 28, 0, 30)),
                (datetime(2026, 9, 28, 0, 30), datetime(2026, 9, 28, 1, 0)),
            ],
        )
        late = week(hour_from=23.5, hour_to=24.0)
        self.assertEqual(
            moments(late, date(2026, 9, 28), self.calendar),
            [(datetime(2026, 9, 28, 15, 30), datetime(2026, 9, 28, 16, 0))],
        )
