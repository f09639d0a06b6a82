# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every preset as the table of dates its policy asks for (section 10)."""

from datetime import date, datetime

from odoo.tests import tagged

from .common import FollowupCase

# The patient leaves on Friday 6 March 2026; columns: due, from, until.
FRIDAY = date(2026, 3, 6)
PRESETS = {
    # T-1: within 3 working days
    "discharge_3wd": [("2026-03-10", "2026-03-09", "2026-03-11")],
    # T-5: within 5 working days
    "discharge_5wd": [("2026-03-11", "2026-03-09", "2026-03-13")],
    # T-2: outpatients within 3 working days of the visit
    "outpatient_3wd": [("2026-03-10", "2026-03-09", "2026-03-11")],
    # T-3: examinations within 5 working days
    "checkup_5wd": [("2026-03-11", "2026-03-09", "2026-03-13")],
    # T-4: as the contract says; 3 to 10 days (T-16) until it is known
    "commissioned": [("2026-03-13", "2026-03-07", "2026-03-16")],
    # T-10: days 3, 7 and 14
    "obstetrics": [
        ("2026-03-09", "2026-03-09", "2026-03-10"),
        ("2026-03-13", "2026-03-13", "2026-03-14"),
        ("2026-03-20", "2026-03-20", "2026-03-21"),
    ],
    # T-18: phone 1 w, 1, 3, 6 m; home 3, 6 m; clinic 6 m, 1 y
    "neurosurgery": [
        ("2026-03-13", "2026-03-07", "2026-03-13"),
        ("2026-04-06", "2026-03-30", "2026-04-13"),
        ("2026-06-06", "2026-05-30", "2026-06-13"),
        ("2026-06-06", "2026-05-30", "2026-06-13"),
        ("2026-09-06", "2026-08-30", "2026-09-13"),
        ("2026-09-06", "2026-08-30", "2026-09-13"),
        ("2026-09-06", "2026-08-30", "2026-09-13"),
        ("2027-03-06", "2027-02-20", "2027-03-20"),
    ],
    # T-9: general 1 week, chronic 2 weeks, tumour 3 weeks
    "general_1w": [("2026-03-13", "2026-03-10", "2026-03-13")],
    "chronic_2w": [("2026-03-20", "2026-03-17", "2026-03-23")],
    "tumour_3w": [("2026-03-27", "2026-03-24", "2026-03-30")],
    # T-19, T-6: first week, then 1, 3, 6 months and 1 year
    "first_year": [
        ("2026-03-13", "2026-03-07", "2026-03-13"),
        ("2026-04-06", "2026-03-30", "2026-04-13"),
        ("2026-06-06", "2026-05-30", "2026-06-13"),
        ("2026-09-06", "2026-08-30", "2026-09-13"),
        ("2027-03-06", "2027-02-20", "2027-03-20"),
    ],
    # T-20: half a month, 1, 3, 6 months, then yearly to 5 years
    "five_years": [
        ("2026-03-21", "2026-03-18", "2026-03-24"),
        ("2026-04-06", "2026-03-30", "2026-04-13"),
        ("2026-06-06", "2026-05-30", "2026-06-13"),
        ("2026-09-06", "2026-08-30", "2026-09-13"),
        ("2027-03-06", "2027-02-20", "2027-03-20"),
        ("2028-03-06", "2028-02-21", "2028-03-20"),
        ("2029-03-06", "2029-02-20", "2029-03-20"),
        ("2030-03-06", "2030-02-20", "2030-03-20"),
        ("2031-03-06", "2031-02-20", "2031-03-20"),
    ],
    # T-12: 2 to 4 weeks, then every 3 months (two years shown)
    "chronic_quarterly": [
        ("2026-03-27", "2026-03-20", "2026-04-03"),
        ("2026-06-06", "2026-05-30", "2026-06-13"),
        ("2026-09-06", "2026-08-30", "2026-09-13"),
        ("2026-12-06", "2026-11-29", "2026-12-13"),
        ("2027-03-06", "2027-02-27", "2027-03-13"),
        ("2027-06-06", "2027-05-30", "2027-06-13"),
        ("2027-09-06", "2027-08-30", "2027-09-13"),
        ("2027-12-06", "2027-11-29", "2027-12-13"),
        ("2028-03-06", "2028-02-28", "2028-03-13"),
    ],
    # T-15: within 10 days and 3 months
    "special_disease": [
        ("2026-03-13", "2026-03-07", "2026-03-16"),
        ("2026-06-06", "2026-05-23", "2026-06-06"),
    ],
    # T-14, T-8: level 1 within 10 days, level 2 within 14
    "two_level": [
        ("2026-03-13", "2026-03-07", "2026-03-16"),
        ("2026-03-18", "2026-03-16", "2026-03-20"),
    ],
}
DAYS_SHOWN = {"five_years": 5 * 365, "chronic_quarterly": 2 * 365}

# Schedules of the policies that no preset has, as an administrator would write
# them: (steps, table for the same Friday).
EXPRESSIBLE = {
    # T-7: outpatients once a month
    "monthly": (
        [
            {
                "offset_target": 1,
                "offset_unit": "month",
                "repeat_every": 1,
                "repeat_until": 3,
            }
        ],
        ["2026-04-06", "2026-05-06", "2026-06-06"],
    ),
    # T-7: inpatients once a week, from admission
    "weekly": (
        [
            {
                "anchor": "admission",
                "offset_target": 1,
                "offset_unit": "week",
                "repeat_every": 1,
                "repeat_until": 3,
            }
        ],
        ["2026-03-13", "2026-03-20", "2026-03-27"],
    ),
    # T-11, T-23: at once, any time: an hour after leaving
    "at_once": ([{"offset_target": 1, "offset_unit": "hour"}], ["2026-03-06"]),
    # T-13: 2 to 3 weeks, then every 3 months
    "weeks_2_3": (
        [
            {"offset_target": 18, "days_before": 4, "days_after": 3},
            {
                "offset_target": 3,
                "offset_unit": "month",
                "repeat_every": 3,
                "repeat_until": 6,
            },
        ],
        ["2026-03-24", "2026-06-06", "2026-09-06"],
    ),
    # T-16: days 3 to 10
    "days_3_10": (
        [{"offset_target": 7, "days_before": 4, "days_after": 3}],
        ["2026-03-13"],
    ),
    # T-17: days 3 to 5
    "days_3_5": (
        [{"offset_target": 4, "days_before": 1, "days_after": 1}],
        ["2026-03-10"],
    ),
    # T-21: newborns, days 1 and 7
    "newborn": (
        [{"offset_target": 1}, {"offset_target": 7}],
        ["2026-03-07", "2026-03-13"],
    ),
    # T-22: two weeks after the operation
    "operation": (
        [{"anchor": "procedure", "offset_target": 2, "offset_unit": "week"}],
        ["2026-03-20"],
    ),
    # T-24: satisfaction after every visit, the next working day by SMS
    "satisfaction": (
        [
            {
                "anchor": "encounter",
                "offset_target": 1,
                "day_type": "working",
                "method": "sms",
            }
        ],
        ["2026-03-09"],
    ),
    # T-25: every quarter
    "quarterly": (
        [{"offset_target": 3, "offset_unit": "month", "repeat_every": 3}],
        ["2026-06-06", "2026-09-06", "2026-12-06", "2027-03-06"],
    ),
}


@tagged("post_install", "-at_install")
class TestFollowupPresets(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.protocols = cls.env["followup.protocol"].search(
            [("code", "in", list(PRESETS)), ("company_id", "=", False)]
        )
        cls.calendar = cls.env["followup.clock"]._for_company(cls.company)

    def _preset(self, code):
        protocol = self.protocols.filtered(lambda p: p.code == code)
        self.assertEqual(len(protocol), 1, code)
        return protocol

    def _days(self, row):
        return tuple(
            str(self.calendar.local_date(row[name]))
            for name in ("due", "earliest", "deadline")
        )

    def test_each_preset_gives_the_dates_of_its_policy(self):
        for code, table in PRESETS.items():
            with self.subTest(code):
                rows = self._preset(code).simulate(FRIDAY, DAYS_SHOWN.get(code, 365))
                self.assertEqual([self._days(row) for row in rows], table)

    def test_each_other_schedule_of_the_policies_can_be_written(self):
        for name, (steps, days) in EXPRESSIBLE.items():
            with self.subTest(name):
                rows = self._protocol(steps=steps).simulate(FRIDAY)
                self.assertEqual([self._days(row)[0] for row in rows], days)

    def test_first_calls_within_working_days_skip_the_holiday(self):
        """T-1: left the day before the seven days of the 2025 national holiday."""
        rows = self._preset("discharge_3wd").simulate(date(2025, 9, 30))
        self.assertEqual(
            [self._days(row) for row in rows],
            [("2025-10-10", "2025-10-09", "2025-10-11")],
        )

    def test_working_windows_end_with_the_working_day(self):
        """Design 9: first and last attendance edge, stored in UTC."""
        [row] = self._preset("discharge_3wd").simulate(FRIDAY)
        self.assertEqual(row["earliest"], datetime(2026, 3, 9, 0, 0))
        self.assertEqual(row["deadline"], datetime(2026, 3, 11, 9, 0))

    def test_calendar_windows_fill_local_days(self):
        """Design 9: 00:00 local to 23:59:59 local, stored in UTC."""
        row = self._preset("obstetrics").simulate(FRIDAY)[0]
        self.assertEqual(row["earliest"], datetime(2026, 3, 8, 16, 0))
        self.assertEqual(row["due"], datetime(2026, 3, 9, 15, 59, 59))
        self.assertEqual(row["deadline"], datetime(2026, 3, 10, 15, 59, 59))

    def test_months_clamp_to_the_last_day(self):
        """T-18: left on 30 November, three months later is 28 February."""
        rows = self._preset("first_year").simulate(date(2026, 11, 30))
        self.assertEqual(self._days(rows[2])[0], "2027-02-28")

    def test_methods_of_neurosurgery(self):
        """T-18: phone, home visits and clinic visits side by side."""
        steps = self._preset("neurosurgery").step_ids
        self.assertEqual(
            [step.method for step in steps],
            ["phone"] * 4 + ["home"] * 2 + ["clinic"] * 2,
        )

    def test_level_two_belongs_to_the_centre(self):
        """T-8, T-14: level 1 by the attending doctor, level 2 by the centre."""
        steps = self._preset("two_level").step_ids
        self.assertEqual(
            [(step.level, step.responsible) for step in steps],
            [("1", "attending"), ("2", "centre")],
        )

    def test_special_diseases_need_a_senior_doctor(self):
        """A-11, T-15: deputy chief physician or higher."""
        steps = self._preset("special_disease").step_ids
        self.assertEqual(set(steps.mapped("min_title")), {"deputy_chief"})

    def test_one_default_is_active_for_each_class_of_stay(self):
        """Section 10: the rest waits in the library."""
        defaults = self.protocols.filtered("is_default")
        active = defaults.filtered(lambda protocol: protocol.state == "active")
        field = self.env["followup.encounter"]._fields["encounter_class"]
        classes = [value for value, _label in field.selection]
        self.assertEqual(sorted(active.mapped("encounter_class")), sorted(classes))

    def test_each_preset_names_its_clause(self):
        """Section 10: data, editable, each naming its clause."""
        self.assertFalse(self.protocols.filtered(lambda p: not p.source_text))
