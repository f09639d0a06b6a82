# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Attempt policy: bands, gaps, quiet hours, days (P-2, D-10), no database."""

from datetime import date, datetime, timedelta

from odoo.tests import BaseCase, tagged

from odoo.addons.patient_followup.tools import attempts as policy
from odoo.addons.patient_followup.tools.attempts import Band, Tally, make_rules
from odoo.addons.patient_followup.tools.working_time import WorkCalendar

WEEK = {day: [(8, 12), (13, 17)] for day in range(5)}
CALENDAR = WorkCalendar("Asia/Shanghai", WEEK)
BANDS = [Band(1, 8, 11), Band(2, 11, 14), Band(3, 14, 17), Band(4, 17, 20)]
HOUR = timedelta(hours=1)
RULES = make_rules(BANDS, quiet_from=20, quiet_to=8, max_attempts=3, gap=HOUR)
WEDNESDAY = date(2026, 11, 18)


def local(text, day=WEDNESDAY):
    return datetime.combine(day, datetime.strptime(text, "%H:%M").time())


def utc(text, day=WEDNESDAY):
    return local(text, day) - timedelta(hours=8)


def tally(*texts, rules=RULES):
    return policy.tally_day(rules, WEDNESDAY, [local(text) for text in texts])


@tagged("post_install", "-at_install")
class TestAttemptPolicy(BaseCase):
    def test_an_hour_lies_in_one_band_and_the_end_is_outside(self):
        """P-2: literal table of hours and bands."""
        table = [
            (7.99, None),
            (8, 1),
            (10.99, 1),
            (11, 2),
            (13.5, 2),
            (14, 3),
            (17, 4),
            (19.99, 4),
            (20, None),
        ]
        for hour, expected in table:
            band = policy.find_band(BANDS, hour)
            self.assertEqual(band and band.id, expected, hour)

    def test_three_calls_in_three_bands_complete_the_day_and_nothing_else_does(self):
        """P-2: three unanswered calls in three different bands of one day."""
        table = [
            ((), "none"),
            (("09:00",), "open"),
            (("09:00", "12:00"), "open"),
            (("09:00", "12:00", "15:00"), "complete"),
            (("09:00", "12:00", "18:00"), "complete"),
            (("08:00", "09:00", "10:00"), "same_band"),
            (("09:00", "12:00", "13:30"), "same_band"),
            (("08:00", "09:10", "10:20", "12:00", "13:30"), "same_band"),
            (("08:00", "09:10", "10:20", "12:00", "15:00"), "complete"),
            (("10:59", "11:01", "14:00"), "too_close"),
            (("07:00", "21:00", "22:30"), "same_band"),
        ]
        for moments, expected in table:
            found = policy.judge(RULES, tally(*moments))
            self.assertEqual(found, expected, moments)

    def test_a_call_too_soon_after_the_one_before_does_not_count(self):
        self.assertEqual(
            tally("10:59", "11:01", "12:00"), Tally(WEDNESDAY, {1: 1, 2: 1}, 0, 1)
        )

    def test_without_distinct_bands_the_number_decides(self):
        rules = make_rules(BANDS, max_attempts=2, distinct=False, gap=HOUR)
        self.assertEqual(policy.judge(rules, tally("09:00", rules=rules)), "open")
        twice = tally("08:00", "09:30", rules=rules)
        self.assertEqual(policy.judge(rules, twice), "complete")

    def test_the_tally_survives_storage(self):
        for found in (tally("09:00", "12:00", "12:30", "22:00"), policy.NO_TALLY):
            stored = policy.dump_tally(found)
            self.assertEqual(policy.load_tally(stored), found)

    # ------------------------------------------------------------
    # NEXT CALL
    # ------------------------------------------------------------

    def check_next(self, start, expected, tried=(), deadline=None):
        found, _band = policy.next_opening(
            RULES, CALENDAR, utc(*start), tally(*tried), deadline
        )
        self.assertEqual(found, utc(*expected), (start, tried))

    def test_the_next_call_opens_with_an_untried_band(self):
        """D-10: literal table of what was tried and when the next call opens."""
        friday, saturday, monday = (
            date(2026, 11, 20),
            date(2026, 11, 21),
            date(2026, 11, 23),
        )
        thursday = date(2026, 11, 19)
        self.check_next(("00:00",), ("08:00",))
        self.check_next(("09:30",), ("09:30",))
        self.check_next(("20:00",), ("08:00", thursday))
        self.check_next(("10:00",), ("11:00",), tried=["09:00"])
        self.check_next(("12:10",), ("14:00",), tried=["09:00", "12:00"])
        self.check_next(("13:00",), ("14:00",), tried=["12:00"])
        self.check_next(("18:10",), ("08:00", thursday), tried=["18:00"])
        # a completed day is over: the next working day
        done = ["09:00", "12:00", "15:00"]
        self.check_next(("15:00",), ("08:00", thursday), tried=done)
        tried = policy.tally_day(RULES, friday, [local(text, friday) for text in done])
        args = (RULES, CALENDAR, utc("15:00", friday), tried)
        self.assertEqual(policy.next_opening(*args), (utc("08:00", monday), 1))
        # the weekend is better than no try at all
        sunday_night = utc("23:59", date(2026, 11, 22))
        self.assertEqual(
            policy.next_opening(*args, sunday_night), (utc("08:00", saturday), 1)
        )
        friday_night = utc("23:59", friday)
        self.assertEqual(
            policy.next_opening(*args, friday_night), (utc("08:00", monday), 1)
        )

    def test_what_the_patient_prefers_comes_first(self):
        """M-9: his bands as long as they are left, then the others."""
        for start, expected in (("08:00", "17:00"), ("18:00", "18:00")):
            found = policy.next_opening(RULES, CALENDAR, utc(start), preferred={4})
            self.assertEqual(found, (utc(expected), 4))
        tomorrow = date(2026, 11, 19)
        found = policy.next_opening(
            RULES, CALENDAR, utc("18:10"), tally("17:10"), preferred={4}
        )
        self.assertEqual(found, (utc("17:00", tomorrow), 4))
        found = policy.next_opening(RULES, CALENDAR, utc("09:00"), preferred={9})
        self.assertEqual(found, (utc("09:00"), 1))

    def test_quiet_hours_cut_the_bands(self):
        rules = make_rules(BANDS, quiet_from=19, quiet_to=8.5)
        table = [("07:00", "08:30"), ("18:59", "18:59")]
        for start, expected in table:
            found, _band = policy.next_opening(rules, CALENDAR, utc(start))
            self.assertEqual(found, utc(expected), start)
        found, _band = policy.next_opening(rules, CALENDAR, utc("19:00"))
        self.assertEqual(found, utc("08:30", date(2026, 11, 19)))
        self.assertFalse(policy.is_open(rules, CALENDAR, utc("19:00")))
        self.assertTrue(policy.is_open(rules, CALENDAR, utc("08:30")))

    def test_quiet_hours_at_noon_leave_both_sides(self):
        rules = make_rules(BANDS, quiet_from=12, quiet_to=13)
        self.assertEqual(
            [(part.start, part.end) for part in rules.openings],
            [(8, 11), (11, 12), (13, 14), (14, 17), (17, 20)],
        )

    def test_a_policy_without_bands_allows_the_day(self):
        rules = make_rules(quiet_from=20, quiet_to=8, max_attempts=2)
        found = policy.next_opening(rules, CALENDAR, utc("05:00"))
        self.assertEqual(found, (utc("08:00"), None))

    # ------------------------------------------------------------
    # TIMES
    # ------------------------------------------------------------

    def test_back_dating_makes_nothing_punctual(self):
        """The call counts from its own time only if no limit passed in between."""
        deadline = utc("17:00")
        day = timedelta(hours=24)
        table = [
            # called, entered, limits, counts from, late
            ("16:00", "16:30", [deadline], "16:00", False),
            ("16:00", "17:30", [deadline], "17:30", True),
            ("16:00", "17:30", [], "16:00", False),
            ("17:10", "17:30", [deadline], "17:10", False),
        ]
        for called, entered, limits, expected, late in table:
            found = policy.effective_moment(utc(called), utc(entered), day, limits)
            self.assertEqual(found, (utc(expected), late), (called, entered))
        called, entered = utc("08:00"), utc("08:01", date(2026, 11, 19))
        found = policy.effective_moment(called, entered, day)
        self.assertEqual(found, (entered, True))

    def test_unclear_moments_are_refused(self):
        """Offsets, impossible days and junk never become a time."""
        for text in (
            "2026-02-30 10:00:00",
            "2026-11-18T10:00:00+08:00",
            "2026-11-18T10:00:00Z",
            "0001-01-01 00:00:00",
            "9999-12-31 23:59:59",
            "soon",
            "\x00",
            12,
            [1],
        ):
            with self.assertRaises(ValueError, msg=repr(text)):
                policy.parse_moment(text)
        self.assertEqual(policy.parse_moment("2026-11-18 02:00:00"), utc("10:00"))
        self.assertIsNone(policy.parse_moment(None))
