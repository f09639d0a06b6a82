# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Working days and hours (I-6, D-11), without a database."""

import random
from datetime import date, datetime, timedelta, timezone
from unittest.mock import patch
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odoo.tests import BaseCase, tagged

from odoo.addons.patient_followup.tools import working_time
from odoo.addons.patient_followup.tools.working_time import WorkCalendar, merge_hours

OFFICE = [(8, 12), (13, 17)]
MONDAY_TO_FRIDAY = {weekday: OFFICE for weekday in range(5)}
# first day, number of days, as the State Council published them
CHINA_HOLIDAYS = (
    ("2024-01-01", 1, "New Year's Day"),
    ("2024-02-10", 8, "Spring Festival"),
    ("2024-04-04", 3, "Tomb-Sweeping Day"),
    ("2024-05-01", 5, "Labour Day"),
    ("2024-06-10", 1, "Dragon Boat Festival"),
    ("2024-09-15", 3, "Mid-Autumn Festival"),
    ("2024-10-01", 7, "National Day"),
    ("2025-01-01", 1, "New Year's Day"),
    ("2025-01-28", 8, "Spring Festival"),
    ("2025-04-04", 3, "Tomb-Sweeping Day"),
    ("2025-05-01", 5, "Labour Day"),
    ("2025-05-31", 3, "Dragon Boat Festival"),
    ("2025-10-01", 8, "National Day"),
    ("2026-01-01", 3, "New Year's Day"),
    ("2026-02-15", 9, "Spring Festival"),
    ("2026-04-04", 3, "Tomb-Sweeping Day"),
    ("2026-05-01", 5, "Labour Day"),
    ("2026-06-19", 3, "Dragon Boat Festival"),
    ("2026-09-25", 3, "Mid-Autumn Festival"),
    ("2026-10-01", 7, "National Day"),
)
CHINA_MAKEUP_DAYS = [
    "2024-02-04",
    "2024-02-18",
    "2024-04-07",
    "2024-04-28",
    "2024-05-11",
    "2024-09-14",
    "2024-09-29",
    "2024-10-12",
    "2025-01-26",
    "2025-02-08",
    "2025-04-27",
    "2025-09-28",
    "2025-10-11",
    "2026-01-04",
    "2026-02-14",
    "2026-02-28",
    "2026-05-09",
    "2026-09-20",
    "2026-10-10",
]


def day(text):
    return date.fromisoformat(text)


def moment(text):
    return datetime.fromisoformat(text)


def china_exceptions():
    days = {day(text): True for text in CHINA_MAKEUP_DAYS}
    for first, length, _name in CHINA_HOLIDAYS:
        days.update({day(first) + timedelta(i): False for i in range(length)})
    return days


def china_names():
    return {
        day(first) + timedelta(i): name
        for first, length, name in CHINA_HOLIDAYS
        for i in range(length)
    }


def make_calendar(tz="Asia/Shanghai", week=None, **values):
    return WorkCalendar(tz, MONDAY_TO_FRIDAY if week is None else week, **values)


def make_china():
    return make_calendar(
        exceptions=china_exceptions(),
        published_years=frozenset({2024, 2025, 2026}),
        names=china_names(),
    )


def slow_nth_workday(is_workday, start, n):
    """The oracle: walk day by day, as one does with a finger on a wall calendar."""
    step = timedelta(1 if n >= 0 else -1)
    if n == 0:
        while not is_workday(start):
            start += step
        return start
    left = abs(n)
    while left:
        start += step
        left -= is_workday(start)
    return start


@tagged("post_install", "-at_install")
class TestWorkdays(BaseCase):
    def test_weekends_are_skipped_and_the_day_itself_does_not_count(self):
        # 2026-03-06 is a Friday
        table = [
            ("2026-03-06", 1, "2026-03-09"),
            ("2026-03-06", 2, "2026-03-10"),
            ("2026-03-06", 3, "2026-03-11"),  # T-1: Friday + 3 is Wednesday
            ("2026-03-06", 5, "2026-03-13"),
            ("2026-03-02", 3, "2026-03-05"),
            ("2026-03-07", 1, "2026-03-09"),
            ("2026-03-08", 1, "2026-03-09"),
            ("2026-03-08", 3, "2026-03-11"),
            ("2026-03-06", 0, "2026-03-06"),
            ("2026-03-07", 0, "2026-03-09"),
            ("2026-03-09", -1, "2026-03-06"),
            ("2026-03-08", -1, "2026-03-06"),
            ("2026-03-11", -3, "2026-03-06"),
            ("2026-03-13", -10, "2026-02-27"),
        ]
        calendar = make_calendar()
        for start, n, expected in table:
            with self.subTest(start=start, n=n):
                self.assertEqual(calendar.add_workdays(day(start), n), day(expected))

    def test_chinese_holidays_and_makeup_workdays(self):
        table = [
            # the third workday after 30 Sep 2026 is Saturday 10 Oct
            ("2026-09-30", 1, "2026-10-08"),
            ("2026-09-30", 2, "2026-10-09"),
            ("2026-09-30", 3, "2026-10-10"),
            ("2026-09-30", 4, "2026-10-12"),
            # Mid-autumn Festival from Friday 25 to Sunday 27 Sep 2026
            ("2026-09-25", 3, "2026-09-30"),
            ("2026-09-24", 1, "2026-09-28"),
            # Sunday 20 Sep 2026 is worked
            ("2026-09-18", 1, "2026-09-20"),
            ("2026-09-21", -1, "2026-09-20"),
            # Spring Festival 2026: nine days, worked Saturdays on both sides
            ("2026-02-13", 1, "2026-02-14"),
            ("2026-02-13", 2, "2026-02-24"),
            ("2026-02-14", 5, "2026-02-28"),
            ("2026-02-24", -1, "2026-02-14"),
            # over the turn of the year, Sunday 4 Jan 2026 is worked
            ("2025-12-31", 1, "2026-01-04"),
            ("2025-12-31", 3, "2026-01-06"),
            # National Day 2025: eight days, Saturday 11 Oct is worked
            ("2025-09-30", 3, "2025-10-11"),
            ("2025-01-27", 1, "2025-02-05"),
            ("2024-09-30", 5, "2024-10-12"),
            ("2024-02-09", 3, "2024-02-20"),
        ]
        calendar = make_china()
        for start, n, expected in table:
            with self.subTest(start=start, n=n):
                self.assertEqual(calendar.add_workdays(day(start), n), day(expected))

    def test_every_makeup_day_is_a_weekend_that_is_worked(self):
        calendar = make_china()
        for text in CHINA_MAKEUP_DAYS:
            with self.subTest(day=text):
                self.assertGreaterEqual(day(text).weekday(), 5)
                self.assertTrue(calendar.is_workday(day(text)))
                self.assertTrue(calendar.is_makeup_workday(day(text)))
                self.assertEqual(calendar.attendance(day(text)), ((8, 12), (13, 17)))

    def test_workdays_of_the_chinese_years(self):
        # the working days of each year, as the papers print them (251, 248, 248)
        calendar = make_china()
        counts = [
            calendar.workdays_between(date(year - 1, 12, 31), date(year, 12, 31))
            for year in (2024, 2025, 2026)
        ]
        self.assertEqual(counts, [251, 248, 248])

    def test_workdays_between_undoes_add_workdays(self):
        calendar = make_china()
        for n in (-40, -3, -1, 1, 2, 3, 25):
            for start in ("2026-09-26", "2026-09-30", "2026-10-10", "2026-02-20"):
                with self.subTest(start=start, n=n):
                    end = calendar.add_workdays(day(start), n)
                    self.assertEqual(calendar.workdays_between(day(start), end), n)
        self.assertEqual(
            calendar.workdays_between(day("2026-10-01"), day("2026-10-07")), 0
        )

    def test_makeup_day_takes_the_fullest_weekday(self):
        week = {0: [(9, 12)], 1: [(8, 12), (13, 18)], 2: [(8, 18)]}
        saturday = day("2026-10-10")
        calendar = make_calendar(week=week, exceptions={saturday: True})
        # Wednesday has ten hours, Tuesday nine
        self.assertEqual(calendar.attendance(saturday), ((8, 18),))
        calendar = make_calendar(
            week=week, exceptions={saturday: True}, makeup_attendance=[(9, 11)]
        )
        self.assertEqual(calendar.attendance(saturday), ((9, 11),))

    def test_exception_true_on_a_working_day_keeps_its_own_hours(self):
        week = dict(MONDAY_TO_FRIDAY) | {5: [(8, 12)]}
        saturday = day("2026-10-10")
        calendar = make_calendar(week=week, exceptions={saturday: True})
        self.assertEqual(calendar.attendance(saturday), ((8, 12),))
        self.assertFalse(calendar.is_makeup_workday(saturday))

    def test_holiday_has_no_hours(self):
        calendar = make_china()
        self.assertEqual(calendar.attendance(day("2026-10-01")), ())
        self.assertFalse(calendar.is_workday(day("2026-10-01")))

    def test_two_week_calendar_alternates_like_odoo(self):
        second = {weekday: [(9, 15)] for weekday in range(6)}
        calendar = make_calendar(second_week=second)
        # Odoo: floor((ordinal - 1) / 7) % 2 is the type of the week
        for text in ("2026-03-07", "2026-03-14", "2026-03-21", "2026-03-28"):
            is_second = (day(text).toordinal() - 1) // 7 % 2 == 1
            self.assertEqual(calendar.is_workday(day(text)), is_second, text)
        kinds = [
            calendar.is_workday(day("2026-03-07") + timedelta(7 * i)) for i in (0, 1)
        ]
        self.assertEqual(sorted(kinds), [False, True])

    def test_published_years(self):
        calendar = make_china()
        self.assertTrue(calendar.year_is_published(2026))
        self.assertFalse(calendar.year_is_published(2027))
        missing = calendar.missing_years(day("2026-12-31"), day("2028-01-03"))
        self.assertEqual(missing, [2027, 2028])
        self.assertEqual(
            calendar.missing_years(day("2026-03-01"), day("2024-03-01")), []
        )

    def test_what_cannot_be_computed_is_refused_in_words(self):
        calendar = make_calendar()
        with self.assertRaisesRegex(ValueError, "leaves? the calendar"):
            calendar.add_workdays(date(9999, 12, 30), 3)
        with self.assertRaisesRegex(ValueError, "leaves? the calendar"):
            calendar.add_workdays(date(9999, 12, 1), 30)
        with self.assertRaisesRegex(ValueError, "leaves? the calendar"):
            calendar.add_workdays(date(1, 1, 3), -3)
        with self.assertRaisesRegex(ValueError, "leaves? the calendar"):
            calendar.add_workdays(date(2026, 1, 1), 10**9)
        with self.assertRaisesRegex(ValueError, "leaves? the calendar"):
            calendar.add_calendar_hours(datetime(9999, 12, 31), 48)
        with self.assertRaisesRegex(ValueError, "leaves? the calendar"):
            calendar.to_local(datetime(9999, 12, 31, 23))
        with self.assertRaisesRegex(ValueError, "no working day"):
            make_calendar(week={}).add_workdays(date(2026, 1, 1), 1)
        with self.assertRaisesRegex(ValueError, "forward"):
            calendar.add_work_hours(datetime(2026, 1, 1), -1)

    def test_thousands_of_random_days_against_the_slow_oracle(self):
        rng = random.Random(20260930)
        calendars = [make_calendar(), make_china(), self._random_calendar(rng)]
        for calendar in calendars:
            for _case in range(1500):
                start = date(2023, 6, 1) + timedelta(rng.randrange(1500))
                n = rng.randint(-40, 60)
                expected = slow_nth_workday(calendar.is_workday, start, n)
                self.assertEqual(calendar.add_workdays(start, n), expected)

    def _random_calendar(self, rng):
        start = date(2023, 1, 1)
        exceptions = {
            start + timedelta(rng.randrange(2500)): rng.random() < 0.5
            for _i in range(400)
        }
        second = {1: OFFICE, 4: [(0, 24)]}
        return make_calendar(exceptions=exceptions, second_week=second)

    def test_days_far_away_need_few_looks_at_the_calendar(self):
        """50,000 deadlines look at each day of their years once, not once each."""
        calendar = make_china()
        with patch.object(
            WorkCalendar,
            "is_workday",
            autospec=True,
            side_effect=WorkCalendar.is_workday,
        ) as looks:
            for i in range(5000):
                calendar.add_workdays(date(2026, 1, 1) + timedelta(i % 365), i % 9)
        self.assertLess(looks.call_count, 5000)


@tagged("post_install", "-at_install")
class TestWorkMoments(BaseCase):
    def test_day_bounds_are_stored_in_utc(self):
        table = [
            ("Asia/Shanghai", "2026-03-06", "2026-03-05 16:00", "2026-03-06 15:59:59"),
            ("UTC", "2026-03-06", "2026-03-06 00:00", "2026-03-06 23:59:59"),
            (
                "America/New_York",
                "2026-01-15",
                "2026-01-15 05:00",
                "2026-01-16 04:59:59",
            ),
            (
                "America/New_York",
                "2026-07-15",
                "2026-07-15 04:00",
                "2026-07-16 03:59:59",
            ),
            # the days with 23 and 25 hours
            (
                "Europe/Brussels",
                "2026-03-29",
                "2026-03-28 23:00",
                "2026-03-29 21:59:59",
            ),
            (
                "Europe/Brussels",
                "2026-10-25",
                "2026-10-24 22:00",
                "2026-10-25 22:59:59",
            ),
            (
                "America/New_York",
                "2026-03-08",
                "2026-03-08 05:00",
                "2026-03-09 03:59:59",
            ),
            (
                "America/New_York",
                "2026-11-01",
                "2026-11-01 04:00",
                "2026-11-02 04:59:59",
            ),
            # the change at midnight: no 00:00 in Santiago, two 23:59 a season later
            (
                "America/Santiago",
                "2026-09-06",
                "2026-09-06 04:00",
                "2026-09-07 02:59:59",
            ),
            (
                "America/Santiago",
                "2026-04-04",
                "2026-04-04 03:00",
                "2026-04-05 03:59:59",
            ),
            # half an hour, and the other side of the date line
            (
                "Australia/Lord_Howe",
                "2026-10-04",
                "2026-10-03 13:30",
                "2026-10-04 12:59:59",
            ),
            (
                "Pacific/Kiritimati",
                "2026-03-06",
                "2026-03-05 10:00",
                "2026-03-06 09:59:59",
            ),
            (
                "Pacific/Pago_Pago",
                "2026-03-06",
                "2026-03-06 11:00",
                "2026-03-07 10:59:59",
            ),
            ("Asia/Kathmandu", "2026-03-06", "2026-03-05 18:15", "2026-03-06 18:14:59"),
        ]
        for tz, local, start, end in table:
            with self.subTest(tz=tz, day=local):
                self.assertEqual(
                    make_calendar(tz).day_bounds(day(local)),
                    (moment(start), moment(end)),
                )

    def test_day_bounds_stay_inside_their_day_in_every_zone(self):
        zones = [
            "Asia/Shanghai",
            "Europe/Brussels",
            "America/New_York",
            "America/Santiago",
            "America/Havana",
            "Asia/Beirut",
            "America/Scoresbysund",
            "Australia/Lord_Howe",
            "Africa/Casablanca",
            "Africa/Cairo",
            "America/Sao_Paulo",
            "Pacific/Auckland",
        ]
        for tz in zones:
            calendar = make_calendar(tz)
            previous_end = None
            for i in range(800):
                local = date(2024, 12, 1) + timedelta(i)
                start, end = calendar.day_bounds(local)
                with self.subTest(tz=tz, day=local):
                    self.assertEqual(calendar.local_date(start), local)
                    self.assertEqual(calendar.local_date(end), local)
                    if previous_end:
                        self.assertEqual(start - previous_end, timedelta(seconds=1))
                previous_end = end

    def test_work_bounds_are_the_edges_of_the_attendances(self):
        calendar = make_china()
        expected = (moment("2026-03-06 00:00"), moment("2026-03-06 09:00"))
        self.assertEqual(calendar.work_bounds(day("2026-03-06")), expected)
        # a day without work has the bounds of the day
        self.assertEqual(
            calendar.work_bounds(day("2026-03-07")),
            calendar.day_bounds(day("2026-03-07")),
        )

    def test_a_shift_until_midnight_ends_inside_its_day(self):
        calendar = make_calendar(week={weekday: [(0, 24)] for weekday in range(7)})
        start, end = calendar.work_bounds(day("2026-03-06"))
        self.assertEqual(start, moment("2026-03-05 16:00"))
        self.assertEqual(end, moment("2026-03-06 15:59:59"))

    def test_hours_that_do_not_exist_or_come_twice(self):
        brussels = make_calendar("Europe/Brussels")
        spring, autumn = day("2026-03-29"), day("2026-10-25")
        # 02:30 is missing in spring: a start is later, an end earlier
        self.assertEqual(brussels.to_utc(spring, 2.5), moment("2026-03-29 01:30"))
        self.assertEqual(
            brussels.to_utc(spring, 2.5, end=True), moment("2026-03-29 00:30")
        )
        # 02:30 comes twice in autumn: a start is the first, an end the second
        self.assertEqual(brussels.to_utc(autumn, 2.5), moment("2026-10-25 00:30"))
        self.assertEqual(
            brussels.to_utc(autumn, 2.5, end=True), moment("2026-10-25 01:30")
        )
        new_york = make_calendar("America/New_York")
        self.assertEqual(
            new_york.to_utc(day("2026-03-08"), 2.5), moment("2026-03-08 07:30")
        )
        self.assertEqual(
            new_york.to_utc(day("2026-11-01"), 1.5), moment("2026-11-01 05:30")
        )

    def test_hours_are_read_to_the_minute(self):
        calendar = make_calendar("UTC")
        table = [(8, "08:00"), (13.5, "13:30"), (16.67, "16:40"), (23.99, "23:59")]
        for hour, expected in table:
            found = calendar.to_utc(day("2026-03-06"), hour)
            self.assertEqual(found, moment(f"2026-03-06 {expected}"))
        self.assertEqual(
            calendar.to_utc(day("2026-03-06"), 24), moment("2026-03-07 00:00")
        )

    def test_local_date_of_a_late_discharge(self):
        """23:30 in Shanghai is the same day in UTC, 00:30 is the day before."""
        calendar = make_calendar()
        table = [
            ("2026-03-06 15:30", "2026-03-06"),
            ("2026-03-06 15:59:59", "2026-03-06"),
            ("2026-03-06 16:00", "2026-03-07"),
            ("2026-03-05 16:30", "2026-03-06"),
        ]
        for utc, expected in table:
            self.assertEqual(calendar.local_date(moment(utc)), day(expected), utc)
        # 23:30 in New York is the next day in UTC
        new_york = make_calendar("America/New_York")
        self.assertEqual(
            new_york.local_date(moment("2026-03-07 04:30")), day("2026-03-06")
        )

    def test_local_date_agrees_with_the_conversion(self):
        rng = random.Random(11)
        zones = ("Asia/Shanghai", "America/Santiago", "America/Scoresbysund")
        for tz in (*zones, "Pacific/Apia", "Pacific/Kiritimati", "Pacific/Pago_Pago"):
            calendar = make_calendar(tz)
            # Samoa had no 30 December 2011
            for start in ("2011-12-25", "2026-03-28", "2026-09-04", "2026-10-23"):
                for _case in range(200):
                    when = moment(start) + timedelta(milliseconds=rng.randrange(10**9))
                    expected = calendar.to_local(when).date()
                    self.assertEqual(calendar.local_date(when), expected, (tz, when))
        shanghai = make_calendar()
        last = moment("2026-03-06 15:59:59.999999")
        self.assertEqual(shanghai.local_date(last), day("2026-03-06"))
        for edge in (datetime.min, datetime.max):
            with self.assertRaisesRegex(ValueError, "calendar"):
                shanghai.local_date(edge)

    def test_calendar_hours_run_through_nights_and_weekends(self):
        """24 h from Friday 17:00 is Saturday 17:00 (I-6)."""
        calendar = make_china()
        friday = moment("2026-03-06 09:00")
        self.assertEqual(
            calendar.add_calendar_hours(friday, 24), moment("2026-03-07 09:00")
        )
        # real hours: over the clock change the wall shows one hour more
        brussels = make_calendar("Europe/Brussels")
        end = brussels.add_calendar_hours(moment("2026-03-28 16:00"), 24)
        self.assertEqual(brussels.to_local(end), moment("2026-03-29 18:00"))

    def test_working_hours(self):
        table = [
            # local start, hours, local end; 2026-03-06 is a Friday
            ("2026-03-02 10:00", 8, "2026-03-03 10:00"),
            ("2026-03-02 08:00", 8, "2026-03-02 17:00"),
            ("2026-03-02 08:00", 4, "2026-03-02 12:00"),
            ("2026-03-02 08:00", 4.5, "2026-03-02 13:30"),
            ("2026-03-02 12:30", 1, "2026-03-02 14:00"),
            ("2026-03-06 17:00", 24, "2026-03-11 17:00"),
            ("2026-03-06 19:30", 1, "2026-03-09 09:00"),
            ("2026-03-07 11:00", 2, "2026-03-09 10:00"),
            ("2026-03-02 05:00", 1, "2026-03-02 09:00"),
            ("2026-09-30 16:00", 2, "2026-10-08 09:00"),
            ("2026-10-09 16:00", 2, "2026-10-10 09:00"),
            ("2026-10-10 16:00", 2, "2026-10-12 09:00"),
            ("2026-03-06 19:30", 0, "2026-03-06 19:30"),
        ]
        calendar = make_china()
        for start, hours, expected in table:
            with self.subTest(start=start, hours=hours):
                begin = moment(start) - timedelta(hours=8)
                end = calendar.add_work_hours(begin, hours)
                self.assertEqual(calendar.to_local(end), moment(expected))
                self.assertEqual(calendar.work_hours_between(begin, end), hours)

    def test_work_hours_between_never_counts_backwards(self):
        calendar = make_china()
        start, end = moment("2026-03-02 02:00"), moment("2026-03-02 01:00")
        self.assertEqual(calendar.work_hours_between(start, end), 0)
        self.assertEqual(
            calendar.work_hours_between(
                moment("2026-03-02 02:00"), moment("2026-03-02 04:30")
            ),
            2,  # lunch starts at 04:00 UTC
        )

    def test_round_the_clock_service_counts_the_clock_change_once(self):
        """The 25th hour of a night is worked once and not forgotten."""
        week = {weekday: [(0, 24)] for weekday in range(7)}
        for tz in ("Europe/Brussels", "America/Havana", "America/Santiago"):
            calendar = make_calendar(tz, week=week)
            for i in range(0, 730, 3):
                start = moment("2025-01-01 07:15") + timedelta(days=i)
                with self.subTest(tz=tz, start=start):
                    self.assertEqual(
                        calendar.add_work_hours(start, 100),
                        start + timedelta(hours=100),
                    )

    def test_random_working_hours_against_a_minute_counter(self):
        rng = random.Random(17)
        for tz in ("Asia/Shanghai", "Europe/Brussels", "America/New_York"):
            exceptions = {day("2026-03-28"): True, day("2026-10-26"): False}
            calendar = make_calendar(
                tz, week=dict(MONDAY_TO_FRIDAY) | {6: [(0, 5)]}, exceptions=exceptions
            )
            for _case in range(15):
                start = moment(rng.choice(["2026-03-26 01:00", "2026-10-22 01:00"]))
                start += timedelta(minutes=rng.randrange(4000))
                minutes = rng.randrange(1, 1500)
                found = calendar.add_work_hours(start, minutes / 60)
                expected = self._count_minutes(calendar, start, minutes)
                self.assertEqual(found, expected, (tz, start, minutes))

    def _count_minutes(self, calendar, start, minutes):
        zone = ZoneInfo(calendar.tz)
        while minutes:
            local = start.replace(tzinfo=timezone.utc).astimezone(zone)
            hour = local.hour + local.minute / 60
            worked = calendar.attendance(local.date())
            minutes -= any(first <= hour < last for first, last in worked)
            start += timedelta(minutes=1)
        return start

    def test_overlapping_attendances_are_joined(self):
        self.assertEqual(
            merge_hours([(13, 17), (8, 12), (11, 13), (20, 20)]), ((8, 17),)
        )

    def test_conversions_are_done_once_per_day(self):
        """The costly zone conversions are remembered (50,000 tasks)."""
        calendar = make_china()
        with patch.object(
            WorkCalendar, "_utc", autospec=True, side_effect=WorkCalendar._utc
        ) as conversions:
            for i in range(5000):
                calendar.day_bounds(date(2026, 1, 1) + timedelta(i % 30))
                calendar.work_bounds(date(2026, 1, 1) + timedelta(i % 30))
        self.assertLessEqual(conversions.call_count, 30 * 6)

    def test_zones_the_machine_does_not_know(self):
        """A slim server without zone data uses the zones Odoo ships."""
        with patch.object(working_time, "ZoneInfo", wraps=ZoneInfo) as zone_info:
            zone_info.side_effect = ZoneInfoNotFoundError
            zone_info.from_file = ZoneInfo.from_file
            calendar = make_calendar("America/New_York")
        self.assertEqual(
            calendar.to_utc(day("2026-07-15"), 8), moment("2026-07-15 12:00")
        )
        for tz in ("Mars/Olympus", "", "../../etc/passwd"):
            with self.assertRaisesRegex(ValueError, "unknown time zone"):
                make_calendar(tz)

    def test_tools_do_not_know_odoo(self):
        with open(working_time.__file__, encoding="utf-8") as source:
            self.assertNotIn("import odoo", source.read())
