# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Due dates of protocol steps (design 9; T-1 to T-25), without a database."""

import random
from datetime import date, datetime, timedelta
from itertools import islice
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo.tests import BaseCase, tagged

from odoo.addons.patient_followup.tools import schedule
from odoo.addons.patient_followup.tools.schedule import (
    Step,
    explain,
    occurrences,
    slot,
)
from odoo.addons.patient_followup.tools.working_time import WorkCalendar

from .test_working_time import (
    MONDAY_TO_FRIDAY,
    day,
    make_calendar,
    make_china,
    moment,
    slow_nth_workday,
)

# code of the preset: steps as (target, unit, before, after, day type, every, until)
PRESETS = {
    "discharge_3wd": [(2, "day", 1, 1, "working")],
    "discharge_5wd": [(3, "day", 2, 2, "working")],
    "obstetrics": [(n, "day", 0, 1, "calendar") for n in (3, 7, 14)],
    "first_year": [
        (1, "week", 6, 0, "calendar"),
        (1, "month", 7, 7, "calendar"),
        (3, "month", 7, 7, "calendar"),
        (6, "month", 7, 7, "calendar"),
        (1, "year", 14, 14, "calendar"),
    ],
    "general_1w": [(1, "week", 3, 0, "calendar")],
    "chronic_2w": [(2, "week", 3, 3, "calendar")],
    "tumour_3w": [(3, "week", 3, 3, "calendar")],
    "five_years": [
        (15, "day", 3, 3, "calendar"),
        (1, "month", 7, 7, "calendar"),
        (3, "month", 7, 7, "calendar"),
        (6, "month", 7, 7, "calendar"),
        (1, "year", 14, 14, "calendar", 1, 5),
    ],
    "chronic_quarterly": [
        (3, "week", 7, 7, "calendar"),
        (3, "month", 7, 7, "calendar", 3, 0),
    ],
    "special_disease": [
        (7, "day", 6, 3, "calendar"),
        (3, "month", 14, 0, "calendar"),
    ],
    "two_level": [(7, "day", 6, 3, "calendar"), (12, "day", 2, 2, "calendar")],
    "complaint_return": [(1, "week", 3, 7, "calendar")],
}


def shanghai(text):
    """Return the naive UTC moment of a local time in Shanghai."""
    return moment(text) - timedelta(hours=8)


def local(found):
    """Return a slot as local texts, for literal tables."""
    return tuple(
        str(found.calendar.to_local(value))[:16]
        for value in (found.date_earliest, found.date_due, found.date_deadline)
    )


@tagged("post_install", "-at_install")
class TestSlot(BaseCase):
    def setUp(self):
        super().setUp()
        self.china = make_china()

    def assertDue(self, step, anchor, expected, occurrence=0, calendar=None):
        calendar = calendar or self.china
        found = slot(step, shanghai(anchor), calendar, occurrence)
        self.assertEqual(str(found.due_date), expected, (step, anchor, occurrence))

    # ------------------------------------------------------------
    # examples of the design, section 9
    # ------------------------------------------------------------

    def test_friday_discharge_plus_three_working_days_is_wednesday(self):
        """T-1: Wednesday, end of the working day."""
        found = slot(
            Step(3, "day", 0, 0, "working"), shanghai("2026-03-06 10:00"), self.china
        )
        self.assertEqual(
            local(found), ("2026-03-11 08:00", "2026-03-11 17:00", "2026-03-11 17:00")
        )
        self.assertEqual(found.date_deadline, moment("2026-03-11 09:00:00"))
        self.assertEqual(found.due_date, date(2026, 3, 11))

    def test_calendar_day_runs_from_midnight_to_midnight(self):
        found = slot(Step(3, "day", 0, 1), shanghai("2026-03-06 10:00"), self.china)
        self.assertEqual(found.date_earliest, shanghai("2026-03-09 00:00:00"))
        self.assertEqual(found.date_due, shanghai("2026-03-09 23:59:59"))
        self.assertEqual(found.date_deadline, shanghai("2026-03-10 23:59:59"))

    def test_twenty_four_hours_from_friday_evening_is_saturday(self):
        """Calendar hours stay calendar hours (I-6)."""
        found = slot(Step(24, "hour"), shanghai("2026-03-06 17:00"), self.china)
        due = "2026-03-07 17:00"
        self.assertEqual(local(found), (due, due, due))

    def test_third_working_day_after_national_eve_is_the_makeup_saturday(self):
        """30 Sep 2026 + 3 is Saturday 10 Oct, worked in exchange (I-6)."""
        found = slot(
            Step(3, "day", 0, 0, "working"), shanghai("2026-09-30 09:00"), self.china
        )
        self.assertEqual(local(found)[1], "2026-10-10 17:00")

    def test_month_ends_clamp_from_the_original_day(self):
        table = [
            ("2026-01-31 10:00", 1, "month", "2026-02-28"),
            ("2026-01-31 10:00", 2, "month", "2026-03-31"),
            ("2026-01-31 10:00", 3, "month", "2026-04-30"),
            ("2028-01-31 10:00", 1, "month", "2028-02-29"),
            ("2026-08-31 10:00", 6, "month", "2027-02-28"),
            ("2026-11-30 10:00", 3, "month", "2027-02-28"),
            ("2026-12-15 10:00", 1, "month", "2027-01-15"),
            ("2026-12-31 10:00", 12, "month", "2027-12-31"),
            ("2028-02-29 10:00", 1, "year", "2029-02-28"),
            ("2028-02-29 10:00", 4, "year", "2032-02-29"),
            ("2028-02-29 10:00", 1, "month", "2028-03-29"),
            ("2027-02-28 10:00", 1, "year", "2028-02-28"),
        ]
        for anchor, target, unit, expected in table:
            self.assertDue(Step(target, unit), anchor, expected)

    def test_discharge_late_in_the_evening_counts_from_its_local_day(self):
        """The date in UTC may differ on either side (D-11)."""
        step = Step(3, "day")
        self.assertDue(step, "2026-03-06 23:30", "2026-03-09")
        self.assertDue(step, "2026-03-06 00:30", "2026-03-09")
        new_york = make_calendar("America/New_York")
        # 23:30 on 6 March in New York is 7 March in UTC
        found = slot(step, moment("2026-03-07 04:30"), new_york)
        self.assertEqual(found.due_date, date(2026, 3, 9))
        # the clocks change on 8 March: midnight is 04:00 in UTC, no longer 05:00
        self.assertEqual(found.date_earliest, moment("2026-03-09 04:00"))
        self.assertEqual(found.date_due, moment("2026-03-10 03:59:59"))

    def test_windows_around_the_clock_changes(self):
        brussels = make_calendar("Europe/Brussels")
        table = [
            # earliest, due, deadline in UTC
            (
                "2026-03-27 12:00",
                "2026-03-27 23:00",
                "2026-03-29 21:59:59",
                "2026-03-30 21:59:59",
            ),
            (
                "2026-10-23 12:00",
                "2026-10-23 22:00",
                "2026-10-25 22:59:59",
                "2026-10-26 22:59:59",
            ),
        ]
        for anchor, *expected in table:
            found = slot(Step(2, "day", 1, 1), moment(anchor), brussels)
            self.assertEqual(found[1:4], tuple(moment(text) for text in expected))
        # two days later the same hour on the wall, an hour less in between
        found = slot(Step(1, "hour", 0, 2), moment("2026-03-27 12:00"), brussels)
        self.assertEqual(found.date_deadline, moment("2026-03-29 12:00"))

    # ------------------------------------------------------------
    # rules
    # ------------------------------------------------------------

    def test_working_windows_are_counted_in_working_days(self):
        step = Step(3, "day", 2, 2, "working")
        found = slot(step, shanghai("2026-03-05 10:00"), self.china)
        self.assertEqual(
            local(found), ("2026-03-06 08:00", "2026-03-10 17:00", "2026-03-12 17:00")
        )
        found = slot(step, shanghai("2026-09-30 10:00"), self.china)
        self.assertEqual(
            local(found), ("2026-10-08 08:00", "2026-10-10 17:00", "2026-10-13 17:00")
        )

    def test_weeks_and_months_in_working_days_move_to_the_next_working_day(self):
        table = [
            ("2026-02-28 10:00", 1, "week", "2026-03-09"),  # Saturday 7 March
            ("2026-03-05 10:00", 1, "week", "2026-03-12"),
            ("2026-09-01 10:00", 1, "month", "2026-10-08"),  # National Day
            ("2026-09-10 10:00", 1, "month", "2026-10-10"),  # the make-up Saturday
            ("2025-10-03 10:00", 1, "year", "2026-10-08"),
            ("2026-01-31 10:00", 1, "month", "2026-02-28"),  # worked Saturday
        ]
        for anchor, target, unit, expected in table:
            self.assertDue(Step(target, unit, 0, 0, "working"), anchor, expected)
        step = Step(1, "month", 1, 1, "working")
        found = slot(step, shanghai("2026-09-01 10:00"), self.china)
        self.assertEqual(
            local(found), ("2026-09-30 08:00", "2026-10-08 17:00", "2026-10-09 17:00")
        )

    def test_nothing_starts_before_the_anchor(self):
        found = slot(Step(2, "day", 5, 0), shanghai("2026-03-06 10:20"), self.china)
        self.assertEqual(found.date_earliest, shanghai("2026-03-06 10:20"))
        found = slot(Step(1, "hour", 1, 1), shanghai("2026-03-06 10:20"), self.china)
        self.assertEqual(
            local(found), ("2026-03-06 10:20", "2026-03-06 11:20", "2026-03-07 11:20")
        )
        found = slot(
            Step(1, "day", 1, 0, "working"), shanghai("2026-03-06 10:20"), self.china
        )
        self.assertEqual(found.date_earliest, shanghai("2026-03-06 10:20"))

    def test_due_at_once(self):
        calendar_day = slot(Step(0, "day"), shanghai("2026-03-06 18:00"), self.china)
        self.assertEqual(
            local(calendar_day),
            ("2026-03-06 18:00", "2026-03-06 23:59", "2026-03-06 23:59"),
        )
        working = Step(0, "day", 0, 0, "working")
        self.assertDue(working, "2026-03-06 10:00", "2026-03-06")
        # after closing time on Friday the same day would be over already
        self.assertDue(working, "2026-03-06 18:00", "2026-03-09")
        self.assertDue(working, "2026-03-07 10:00", "2026-03-09")
        hour = slot(Step(0, "hour"), shanghai("2026-03-06 18:00"), self.china)
        self.assertEqual(hour.date_due, hour.anchor)

    def test_working_hours_stop_at_closing_time(self):
        found = slot(
            Step(4, "hour", 0, 1, "working"), shanghai("2026-03-06 16:00"), self.china
        )
        self.assertEqual(
            local(found), ("2026-03-09 11:00", "2026-03-09 11:00", "2026-03-10 11:00")
        )

    def test_unknown_words_and_negative_numbers_are_refused(self):
        for values in (
            (1, "fortnight"),
            (1, "day", 0, 0, "lunar"),
            (-1, "day"),
            (1, "day", -1),
            (1, "day", 0, -1),
            (1, "day", 0, 0, "calendar", -1),
        ):
            with self.subTest(values=values), self.assertRaises(ValueError):
                Step(*values)

    def test_what_leaves_the_calendar_is_refused(self):
        for step in (
            Step(9000, "year"),
            Step(99999, "month"),
            Step(10**7, "day"),
            Step(10**12, "day"),
            Step(10**9, "hour"),
            Step(10**9, "day", 0, 0, "working"),
            Step(10**9, "hour", 0, 0, "working"),
        ):
            with self.subTest(step=step), self.assertRaises(ValueError):
                slot(step, shanghai("2026-03-06 10:00"), self.china)

    # ------------------------------------------------------------
    # repetition
    # ------------------------------------------------------------

    def test_yearly_to_five_years_from_a_leap_day(self):
        """T-20: each year counts from the original day, not from the last one."""
        step = Step(1, "year", 14, 14, "calendar", 1, 5)
        found = occurrences(step, shanghai("2028-02-29 10:00"), self.china)
        self.assertEqual(
            [(one.occurrence, str(one.due_date)) for one in found],
            [
                (0, "2029-02-28"),
                (1, "2030-02-28"),
                (2, "2031-02-28"),
                (3, "2032-02-29"),
                (4, "2033-02-28"),
            ],
        )

    def test_rolling_horizon_holds_repetitions_only(self):
        anchor, until = shanghai("2026-01-31 10:00"), day("2026-10-31")
        quarterly = Step(3, "month", 7, 7, "calendar", 3, 0)
        found = occurrences(quarterly, anchor, self.china, until=until)
        self.assertEqual(
            [str(one.due_date) for one in found],
            ["2026-04-30", "2026-07-31", "2026-10-31"],
        )
        once = Step(5, "year")
        found = occurrences(once, anchor, self.china, until=until)
        self.assertEqual([str(one.due_date) for one in found], ["2031-01-31"])

    def test_repetition_without_end_needs_a_horizon(self):
        with self.assertRaisesRegex(ValueError, "horizon"):
            list(
                occurrences(
                    Step(1, "month", repeat_every=1), moment("2026-01-01"), self.china
                )
            )

    def test_repeat_until_is_included_and_the_first_always_stands(self):
        anchor = shanghai("2026-03-02 10:00")
        weekly = Step(1, "week", 0, 0, "calendar", 1, 4)
        self.assertEqual(len(list(occurrences(weekly, anchor, self.china))), 4)
        short = Step(5, "day", 0, 0, "calendar", 2, 3)
        self.assertEqual(len(list(occurrences(short, anchor, self.china))), 1)
        three_hourly = Step(3, "hour", repeat_every=3, repeat_until=12)
        found = occurrences(three_hourly, anchor, self.china)
        self.assertEqual(
            [local(one)[1][11:] for one in found], ["13:00", "16:00", "19:00", "22:00"]
        )

    def test_occurrences_are_lazy(self):
        with patch.object(schedule, "slot", side_effect=slot) as computed:
            endless = occurrences(
                Step(1, "day", repeat_every=1),
                moment("2026-01-01"),
                self.china,
                until=date(2100, 1, 1),
            )
            list(islice(endless, 3))
        self.assertEqual(computed.call_count, 3)


@tagged("post_install", "-at_install")
class TestPolicies(BaseCase):
    """The cadences of the policies as dates (requirements, sections 4 and 22)."""

    def check(self, step, anchor, expected, until=None):
        found = occurrences(step, shanghai(anchor), make_china(), until=until)
        self.assertEqual([str(one.due_date) for one in found], expected)

    def test_t1_t2_within_three_working_days(self):
        # Friday 6 March: latest Wednesday 11 March
        found = self._slots("discharge_3wd", "2026-03-06 10:00")[0]
        self.assertEqual(
            local(found), ("2026-03-09 08:00", "2026-03-10 17:00", "2026-03-11 17:00")
        )
        # over National Day the latest is the worked Saturday
        found = self._slots("discharge_3wd", "2026-09-30 10:00")[0]
        self.assertEqual(
            local(found), ("2026-10-08 08:00", "2026-10-09 17:00", "2026-10-10 17:00")
        )

    def test_t3_t5_within_five_working_days(self):
        found = self._slots("discharge_5wd", "2026-03-06 10:00")[0]
        self.assertEqual(
            local(found), ("2026-03-09 08:00", "2026-03-11 17:00", "2026-03-13 17:00")
        )
        found = self._slots("discharge_5wd", "2026-02-13 16:00")[0]
        self.assertEqual(
            local(found), ("2026-02-14 08:00", "2026-02-25 17:00", "2026-02-27 17:00")
        )

    def test_all_other_cadences(self):
        """(requirement, step, discharge, [days due])"""
        table = [
            ("T-6", (1, "month"), "2026-01-31", ["2026-02-28"]),
            ("T-6", (3, "month"), "2026-01-31", ["2026-04-30"]),
            ("T-6", (6, "month"), "2026-01-31", ["2026-07-31"]),
            ("T-6", (1, "year"), "2026-01-31", ["2027-01-31"]),
            ("T-7", (1, "month", 0, 0, "calendar", 1, 3), "2026-01-31",
             ["2026-02-28", "2026-03-31", "2026-04-30"]),
            ("T-7", (1, "week", 0, 0, "calendar", 1, 3), "2026-01-31",
             ["2026-02-07", "2026-02-14", "2026-02-21"]),
            ("T-8", (12, "day", 2, 2), "2026-03-06", ["2026-03-18"]),
            ("T-9", (1, "week", 3, 0), "2026-03-06", ["2026-03-13"]),
            ("T-9", (2, "week", 3, 3), "2026-03-06", ["2026-03-20"]),
            ("T-9", (3, "week", 3, 3), "2026-03-06", ["2026-03-27"]),
            ("T-10", (3, "day", 0, 1), "2026-02-26", ["2026-03-01"]),
            ("T-10", (7, "day", 0, 1), "2026-02-26", ["2026-03-05"]),
            ("T-10", (14, "day", 0, 1), "2026-02-26", ["2026-03-12"]),
            ("T-11", (0, "day"), "2026-03-06", ["2026-03-06"]),
            ("T-14", (7, "day", 6, 3), "2026-03-06", ["2026-03-13"]),
            ("T-15", (3, "month", 14, 0), "2026-11-30", ["2027-02-28"]),
            ("T-18", (1, "week", 6, 0), "2026-12-28", ["2027-01-04"]),
            ("T-18", (6, "month", 7, 7), "2026-08-31", ["2027-02-28"]),
            ("T-18", (1, "year", 14, 14), "2024-02-29", ["2025-02-28"]),
            ("T-20", (15, "day", 3, 3), "2026-02-20", ["2026-03-07"]),
            ("T-22", (30, "day"), "2026-02-20", ["2026-03-22"]),
            ("T-24", (1, "day"), "2026-12-31", ["2027-01-01"]),
            ("T-25", (3, "month", 0, 0, "calendar", 3, 12), "2026-01-31",
             ["2026-04-30", "2026-07-31", "2026-10-31", "2027-01-31"]),
        ]  # fmt: skip
        for code, values, discharge, expected in table:
            with self.subTest(code=code, step=values):
                self.check(Step(*values), f"{discharge} 15:00", expected)

    def _slots(self, code, anchor, until=None):
        return [
            found
            for values in PRESETS[code]
            for found in occurrences(
                Step(*values), shanghai(anchor), make_china(), until=until
            )
        ]

    def assertWindows(self, code, discharge, expected, until=None):
        """Compare (earliest day, day due, latest day) of every slot of a preset."""
        found = self._slots(code, f"{discharge} 15:00", until and day(until))
        self.assertEqual(
            [tuple(text[:10] for text in local(one)) for one in found], expected
        )

    def test_t10_obstetrics_window(self):
        expected = [
            ("2026-03-09", "2026-03-09", "2026-03-10"),
            ("2026-03-13", "2026-03-13", "2026-03-14"),
            ("2026-03-20", "2026-03-20", "2026-03-21"),
        ]
        self.assertWindows("obstetrics", "2026-03-06", expected)

    def test_t12_t13_two_to_four_weeks_then_every_three_months(self):
        expected = [
            ("2026-03-20", "2026-03-27", "2026-04-03"),
            ("2026-05-30", "2026-06-06", "2026-06-13"),
            ("2026-08-30", "2026-09-06", "2026-09-13"),
            ("2026-11-29", "2026-12-06", "2026-12-13"),
        ]
        self.assertWindows("chronic_quarterly", "2026-03-06", expected, "2027-03-05")

    def test_t14_t15_t16_level_one_within_ten_days(self):
        """T-14, T-15: from the first to the tenth day."""
        expected = [("2026-03-07", "2026-03-13", "2026-03-16")]
        self.assertWindows(
            "special_disease",
            "2026-03-06",
            [*expected, ("2026-05-23", "2026-06-06", "2026-06-06")],
        )
        # T-8: level 2 until the fourteenth day
        self.assertWindows(
            "two_level",
            "2026-03-06",
            [*expected, ("2026-03-16", "2026-03-18", "2026-03-20")],
        )
        # T-16: the third to the tenth day
        found = slot(Step(7, "day", 4, 3), shanghai("2026-03-06 10:00"), make_china())
        self.assertEqual(local(found)[0][:10], "2026-03-09")
        self.assertEqual(local(found)[2][:10], "2026-03-16")

    def test_t17_three_to_five_days(self):
        found = slot(Step(4, "day", 1, 1), shanghai("2026-03-06 10:00"), make_china())
        self.assertEqual(
            local(found), ("2026-03-09 00:00", "2026-03-10 23:59", "2026-03-11 23:59")
        )

    def test_t19_first_year(self):
        expected = [
            ("2026-02-01", "2026-02-07", "2026-02-07"),
            ("2026-02-21", "2026-02-28", "2026-03-07"),
            ("2026-04-23", "2026-04-30", "2026-05-07"),
            ("2026-07-24", "2026-07-31", "2026-08-07"),
            ("2027-01-17", "2027-01-31", "2027-02-14"),
        ]
        self.assertWindows("first_year", "2026-01-31", expected)

    def test_t20_half_month_to_five_years(self):
        expected = [
            ("2024-03-12", "2024-03-15", "2024-03-18"),
            ("2024-03-22", "2024-03-29", "2024-04-05"),
            ("2024-05-22", "2024-05-29", "2024-06-05"),
            ("2024-08-22", "2024-08-29", "2024-09-05"),
            ("2025-02-14", "2025-02-28", "2025-03-14"),
            ("2026-02-14", "2026-02-28", "2026-03-14"),
            ("2027-02-14", "2027-02-28", "2027-03-14"),
            ("2028-02-15", "2028-02-29", "2028-03-14"),
            ("2029-02-14", "2029-02-28", "2029-03-14"),
        ]
        self.assertWindows("five_years", "2024-02-29", expected)

    def test_complaint_return_visit(self):
        expected = [("2026-03-10", "2026-03-13", "2026-03-20")]
        self.assertWindows("complaint_return", "2026-03-06", expected)


@tagged("post_install", "-at_install")
class TestRandomSlots(BaseCase):
    """Thousands of cases against an oracle written another way (I-6)."""

    def test_thousands_of_random_slots_against_the_oracle(self):
        rng = random.Random(42)
        calendars = [
            make_china(),
            make_calendar("Europe/Brussels"),
            make_calendar("America/New_York", week={6: [(9, 15)], 2: [(7, 11)]}),
            make_calendar(
                "Australia/Lord_Howe",
                second_week=dict(MONDAY_TO_FRIDAY) | {5: [(8, 12)]},
            ),
        ]
        for _case in range(4000):
            calendar = rng.choice(calendars)
            step = Step(
                rng.randint(0, 9),
                rng.choice(("day", "day", "week", "month", "year")),
                rng.randint(0, 6),
                rng.randint(0, 6),
                rng.choice(("calendar", "working")),
            )
            anchor = datetime(2024, 1, 1) + timedelta(minutes=rng.randrange(1_500_000))
            found = slot(step, anchor, calendar)
            self.assertEqual(found[1:5], oracle(step, anchor, calendar), (step, anchor))
            self.assertLessEqual(anchor, found.date_earliest)
            self.assertLessEqual(found.date_earliest, found.date_due)
            self.assertLessEqual(found.date_due, found.date_deadline)

    def test_later_targets_are_never_due_earlier(self):
        rng = random.Random(7)
        calendar = make_china()
        for _case in range(300):
            anchor = datetime(2024, 6, 1) + timedelta(minutes=rng.randrange(1_200_000))
            unit = rng.choice(("hour", "day", "week", "month", "year"))
            day_type = rng.choice(("calendar", "working"))
            slots = [
                slot(Step(target, unit, 1, 1, day_type), anchor, calendar)
                for target in range(8)
            ]
            for attribute in ("date_earliest", "date_due", "date_deadline"):
                values = [getattr(one, attribute) for one in slots]
                self.assertEqual(values, sorted(values), (anchor, unit, day_type))

    def test_many_slots_look_few_times_at_zone_and_calendar(self):
        """Counted, not timed: 6,000 tasks of 60 days of discharge."""
        calendar = make_china()
        step = Step(3, "day", 1, 1, "working")
        with (
            patch.object(
                WorkCalendar, "_utc", autospec=True, side_effect=WorkCalendar._utc
            ) as conversions,
            patch.object(
                WorkCalendar,
                "is_workday",
                autospec=True,
                side_effect=WorkCalendar.is_workday,
            ) as looks,
        ):
            for i in range(6000):
                slot(
                    step, moment("2026-03-01 02:00") + timedelta(days=i % 60), calendar
                )
        self.assertLess(conversions.call_count, 6 * 70)
        self.assertLess(looks.call_count, 4000)


def oracle(step, anchor, calendar):
    """Compute (earliest, due, deadline, day) the slow way."""
    import pytz

    zone = pytz.timezone(calendar.tz)
    start = pytz.utc.localize(anchor).astimezone(zone).date()
    working = step.day_type == "working"
    if working and step.offset_unit == "day":
        due = slow_nth_workday(calendar.is_workday, start, step.offset_target)
    else:
        due = start + relativedelta(**{f"{step.offset_unit}s": step.offset_target})
        while working and not calendar.is_workday(due):
            due += timedelta(1)

    def edge(which, last):
        hour = 0
        if working:
            hours = calendar.attendance(which)
            hour = hours[-1][1] if last else hours[0][0]
        naive = datetime(which.year, which.month, which.day, int(hour))
        if last and not working:
            naive += timedelta(days=1, seconds=-1)
        aware = zone.normalize(zone.localize(naive, is_dst=not last))
        return aware.astimezone(pytz.utc).replace(tzinfo=None)

    if working and edge(due, True) <= anchor:
        due = slow_nth_workday(calendar.is_workday, due, 1)

    def move(days):
        if working and days:
            return slow_nth_workday(calendar.is_workday, due, days)
        return due + timedelta(days)

    earliest = max(edge(move(-step.days_before), False), anchor)
    end = max(edge(due, True), anchor)
    return earliest, end, max(edge(move(step.days_after), True), end), due


@tagged("post_install", "-at_install")
class TestExplanation(BaseCase):
    """The parts of the sentence; the words are tested with `followup.clock`."""

    def parts(self, step, anchor, calendar=None, **values):
        calendar = calendar or make_china()
        anchor = shanghai(anchor)
        found = slot(step, anchor, calendar)
        return {
            part.code: part.params
            for part in explain(step, anchor, found, calendar, **values)
        }

    def test_working_days_name_what_was_skipped(self):
        parts = self.parts(
            Step(3, "day", 1, 1, "working"), "2026-09-30 09:00", anchor_kind="discharge"
        )
        self.assertEqual(
            parts["anchor"],
            {"kind": "discharge", "moment": datetime(2026, 9, 30, 9)},
        )
        self.assertEqual(parts["offset"]["amount"], 3)
        self.assertEqual(parts["offset"]["day"], date(2026, 10, 10))
        self.assertEqual(
            parts["skipped"],
            {"days_off": [(date(2026, 10, 1), date(2026, 10, 7), "National Day")]},
        )
        self.assertEqual(parts["makeup"], {"days": [(date(2026, 10, 10), "")]})
        self.assertEqual(parts["window"]["earliest"], datetime(2026, 10, 9, 8))
        self.assertEqual(parts["window"]["deadline"], datetime(2026, 10, 12, 17))
        self.assertNotIn("unpublished", parts)

    def test_weekends_have_no_name(self):
        parts = self.parts(Step(3, "day", 0, 0, "working"), "2026-03-06 09:00")
        self.assertEqual(
            parts["skipped"]["days_off"], [(date(2026, 3, 7), date(2026, 3, 8), "")]
        )

    def test_moved_and_clamped(self):
        parts = self.parts(Step(1, "month", 0, 0, "working"), "2026-09-01 09:00")
        self.assertEqual(
            parts["moved"], {"planned": date(2026, 10, 1), "day": date(2026, 10, 8)}
        )
        self.assertEqual(parts["skipped"]["days_off"][0].name, "National Day")
        parts = self.parts(Step(1, "month"), "2026-01-31 09:00")
        self.assertEqual(parts["clamped"], {"day": 31, "last": date(2026, 2, 28)})
        self.assertNotIn("skipped", parts)

    def test_due_today_after_closing_time_is_moved(self):
        parts = self.parts(Step(0, "day", 0, 0, "working"), "2026-03-06 18:00")
        self.assertEqual(
            parts["moved"], {"planned": date(2026, 3, 6), "day": date(2026, 3, 9)}
        )

    def test_years_without_published_data_are_named(self):
        parts = self.parts(Step(3, "day", 1, 1, "working"), "2026-12-30 09:00")
        self.assertEqual(parts["unpublished"], {"years": [2027]})
        # calendar days need no holidays
        self.assertNotIn("unpublished", self.parts(Step(3, "day"), "2026-12-30 09:00"))

    def test_a_slot_explains_itself_when_asked(self):
        found = slot(Step(24, "hour"), shanghai("2026-03-06 17:00"), make_china())
        self.assertEqual(
            [part.code for part in found.explanation], ["anchor", "offset", "window"]
        )

    def test_every_combination_can_be_explained(self):
        calendar = make_china()
        for unit in schedule.UNITS:
            for day_type in schedule.DAY_TYPES:
                for target in (0, 1, 5):
                    step = Step(target, unit, 1, 1, day_type)
                    found = slot(step, shanghai("2026-09-29 23:30"), calendar)
                    codes = [part.code for part in found.explanation]
                    self.assertEqual(codes[0], "anchor")
                    self.assertEqual(codes[-1], "window")
