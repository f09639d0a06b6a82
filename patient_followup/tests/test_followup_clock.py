# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The clock of a hospital: calendar, zone, days off, sentences (I-6, D-11)."""

import base64
from datetime import date, datetime
from unittest import skipUnless

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import BaseCase, TransactionCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.patient_followup.tools.schedule import Step, slot
from odoo.addons.patient_followup.tools.workday_file import (
    MAX_BYTES,
    MAX_LINES,
    read_workday_file,
)

from .test_schedule import shanghai
from .test_working_time import china_exceptions, day, moment

try:
    import chinese_calendar
except ImportError:
    chinese_calendar = None

OFFICE_HOURS = ((8, 12, "morning"), (12, 13, "lunch"), (13, 17, "afternoon"))


class ClockCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US"))
        cls.clock = cls.env["followup.clock"]
        cls.days = cls.env["followup.workday.exception"]
        cls.company = cls.env["res.company"].create({"name": "Clock Hospital"})
        cls.calendar = cls._create_calendar("Asia/Shanghai")
        cls.company.resource_calendar_id = cls.calendar

    @classmethod
    def _create_calendar(cls, tz, weekdays=range(5), hours=OFFICE_HOURS, **values):
        lines = [
            Command.create(
                {
                    "name": period,
                    "dayofweek": str(weekday),
                    "hour_from": start,
                    "hour_to": end,
                    "day_period": period,
                }
            )
            for weekday in weekdays
            for start, end, period in hours
        ]
        return cls.env["resource.calendar"].create(
            {
                "name": f"Hours {tz}",
                "tz": tz,
                "company_id": cls.company.id,
                "attendance_ids": lines,
                **values,
            }
        )

    def _create_day(self, text, is_workday=False, **values):
        return self.days.create(
            {"date": text, "is_workday": is_workday, "name": "Own day", **values}
        )

    def deadline(self, start, amount, unit):
        """Return the local text of a deadline from a local text (Shanghai)."""
        found = self.clock._deadline(self.company, shanghai(start), amount, unit)
        return str(self.clock._for_company(self.company).to_local(found))


@tagged("post_install", "-at_install")
class TestFollowupClock(ClockCase):
    # ------------------------------------------------------------
    # calendar and zone
    # ------------------------------------------------------------

    def test_hours_come_from_the_calendar_without_lunch(self):
        calendar = self.clock._for_company(self.company)
        self.assertEqual(calendar.tz, "Asia/Shanghai")
        self.assertEqual(calendar.attendance(day("2026-03-06")), ((8, 12), (13, 17)))
        self.assertEqual(calendar.attendance(day("2026-03-07")), ())

    def test_an_empty_company_is_the_current_one(self):
        found = self.clock._for_company(self.env["res.company"])
        self.assertIs(found, self.clock._for_company(self.env.company))

    def test_d11_zone_of_the_calendar_else_of_the_partner_else_shanghai(self):
        self.company.partner_id.tz = "Europe/Brussels"
        self.assertEqual(self.clock._for_company(self.company).tz, "Asia/Shanghai")
        self.calendar.tz = "America/New_York"
        self.assertEqual(self.clock._for_company(self.company).tz, "America/New_York")
        self.company.resource_calendar_id = False
        self.assertEqual(self.clock._for_company(self.company).tz, "Europe/Brussels")
        self.company.partner_id.tz = "Asia/Tokyo"
        self.assertEqual(self.clock._for_company(self.company).tz, "Asia/Tokyo")
        self.company.partner_id.tz = False
        self.assertEqual(self.clock._for_company(self.company).tz, "Asia/Shanghai")

    def test_a_hospital_without_hours_gets_the_usual_ones(self):
        self.company.resource_calendar_id = False
        calendar = self.clock._for_company(self.company)
        self.assertEqual(calendar.attendance(day("2026-03-06")), ((8, 12), (13, 17)))
        flexible = self._create_calendar("Asia/Shanghai", weekdays=())
        flexible.schedule_type = "flexible"
        flexible.attendance_ids.unlink()
        self.company.resource_calendar_id = flexible
        self.assertTrue(
            self.clock._for_company(self.company).is_workday(day("2026-03-06"))
        )

    def test_two_week_calendar(self):
        self.calendar.switch_calendar_type()
        lines = self.calendar.attendance_ids
        lines.filtered(
            lambda line: line.week_type == "1" and line.dayofweek == "4"
        ).unlink()
        calendar = self.clock._for_company(self.company)
        for text in ("2026-03-06", "2026-03-13", "2026-03-20"):
            week_type = lines.browse().get_week_type(day(text))
            self.assertEqual(calendar.is_workday(day(text)), week_type == 0, text)

    def test_the_calendar_is_read_once(self):
        self.clock._for_company(self.company)
        with self.assertQueryCount(0):
            for _i in range(100):
                self.clock._for_company(self.company)
                self.clock._today(self.company)

    def test_whatever_changes_the_calendar_is_seen_at_once(self):
        saturday = day("2026-03-07")

        def saturday_hours():
            return self.clock._for_company(self.company).attendance(saturday)

        self.assertEqual(saturday_hours(), ())
        line = self.env["resource.calendar.attendance"].create(
            {
                "name": "Saturday",
                "calendar_id": self.calendar.id,
                "dayofweek": "5",
                "hour_from": 9,
                "hour_to": 12,
            }
        )
        self.assertEqual(saturday_hours(), ((9, 12),))
        line.hour_to = 11
        self.assertEqual(saturday_hours(), ((9, 11),))
        holiday = self._create_day("2026-03-07")
        self.assertEqual(saturday_hours(), ())
        holiday.is_workday = True
        self.assertEqual(saturday_hours(), ((9, 11),))
        line.unlink()
        self.assertEqual(saturday_hours(), ((8, 12), (13, 17)))
        holiday.unlink()
        self.assertEqual(saturday_hours(), ())
        other = self._create_calendar("UTC", weekdays=[5])
        self.company.resource_calendar_id = other
        self.assertEqual(saturday_hours(), ((8, 12), (13, 17)))

    def test_callers_without_rights_on_calendars_get_the_clock(self):
        portal = new_test_user(self.env, "clock_portal", groups="base.group_portal")
        clock = self.clock.with_user(portal)
        self.clock._forget_calendars()
        self.assertEqual(
            clock._local_date(self.company, moment("2026-03-06 16:30")),
            day("2026-03-07"),
        )
        self.assertIn(
            "weekend",
            clock._explain(
                self.company,
                Step(1, "day", day_type="working"),
                shanghai("2026-03-06 10:00"),
            ),
        )

    # ------------------------------------------------------------
    # days off
    # ------------------------------------------------------------

    def test_the_more_precise_day_wins(self):
        friday = "2026-03-06"

        def is_workday():
            return self.clock._for_company(self.company).is_workday(day(friday))

        self._create_day(friday)
        self.assertFalse(is_workday())
        self._create_day(friday, True, calendar_id=self.calendar.id)
        self.assertTrue(is_workday())
        self._create_day(friday, company_id=self.company.id)
        self.assertFalse(is_workday())
        self._create_day(
            friday, True, company_id=self.company.id, calendar_id=self.calendar.id
        )
        self.assertTrue(is_workday())

    def test_days_of_others_do_not_count(self):
        other = self.env["res.company"].create({"name": "Other Hospital"})
        self._create_day("2026-03-06", company_id=other.id)
        self._create_day("2026-03-05", calendar_id=other.resource_calendar_id.id)
        self._create_day("2026-03-04", active=False)
        calendar = self.clock._for_company(self.company)
        for text in ("2026-03-04", "2026-03-05", "2026-03-06"):
            self.assertTrue(calendar.is_workday(day(text)), text)

    def test_one_row_per_day_hospital_and_calendar(self):
        self._create_day("2031-03-06")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._create_day("2031-03-06", True)

    def test_weekday_is_shown(self):
        self.assertEqual(self._create_day("2031-03-08").weekday, "5")
        self.assertFalse(self.days.new({}).weekday)

    def test_shipped_days_are_the_published_ones(self):
        """China 2024 to 2026, against the literal table of the tests."""
        shipped = self._get_shipped_days()
        expected = china_exceptions()
        self.assertEqual({one.date: one.is_workday for one in shipped}, expected)
        self.assertFalse(shipped.company_id)
        self.assertFalse(shipped.calendar_id)
        worked = shipped.filtered("is_workday")
        self.assertTrue(all(one.name.startswith("Make-up workday") for one in worked))

    @skipUnless(chinese_calendar, "chinesecalendar is not installed")
    def test_shipped_days_agree_with_chinesecalendar(self):
        for one in self._get_shipped_days():
            is_workday = chinese_calendar.is_workday(one.date)
            self.assertEqual(is_workday, one.is_workday, one.date)

    def test_an_upgrade_adopts_the_days_a_hospital_recorded_itself(self):
        own = self._create_day("2031-10-01", name="Our name")
        own.active = False
        data = [
            {
                "xml_id": f"patient_followup.test_day_{text}",
                "values": {"date": text, "name": "Shipped"},
                "noupdate": True,
            }
            for text in ("2031-10-01", "2031-10-02")
        ]
        first, second = self.days._load_records(data, update=True)
        self.assertEqual(first, own)
        self.assertEqual((first.name, first.active), ("Our name", False))
        self.assertEqual(second.name, "Shipped")
        self.assertEqual(self.days._load_records(data, update=True), first + second)

    def _get_shipped_days(self):
        data = self.env["ir.model.data"].search(
            [
                ("module", "=", "patient_followup"),
                ("model", "=", "followup.workday.exception"),
            ]
        )
        return self.days.browse(data.mapped("res_id"))

    def test_missing_years_are_named(self):
        missing = self.days._missing_years
        args = (self.company, day("2026-11-01"), day("2028-02-01"))
        self.assertEqual(missing(*args), [2027, 2028])
        self.assertIn("2027, 2028", self.days._missing_years_warning(*args))
        self._create_day("2027-01-01", company_id=self.company.id)
        self.assertEqual(missing(*args), [2028])
        # the day of one hospital publishes nothing for another
        self.assertEqual(missing(self.env.company, *args[1:]), [2027, 2028])
        args = (self.company, day("2026-11-01"), day("2026-12-01"))
        self.assertFalse(self.days._missing_years_warning(*args))

    # ------------------------------------------------------------
    # deadlines
    # ------------------------------------------------------------

    def test_deadlines_of_clocks(self):
        table = [
            # 24 h from Friday 17:00 is Saturday 17:00 (I-6)
            ("2026-03-06 17:00", 24, "hours", "2026-03-07 17:00:00"),
            ("2026-03-06 17:00", 48, "hours", "2026-03-08 17:00:00"),
            ("2026-03-06 17:00", 1.5, "hours", "2026-03-06 18:30:00"),
            ("2026-03-06 16:00", 2, "working_hours", "2026-03-09 09:00:00"),
            ("2026-09-30 16:30", 1, "working_hours", "2026-10-08 08:30:00"),
            ("2026-03-06 10:00", 3, "days", "2026-03-09 23:59:59"),
            ("2026-03-06 23:30", 3, "days", "2026-03-09 23:59:59"),
            ("2026-03-06 10:00", 3, "working_days", "2026-03-11 17:00:00"),
            ("2026-09-30 10:00", 3, "working_days", "2026-10-10 17:00:00"),
            # the law: 5 and 10 working days
            ("2026-03-06 10:00", 5, "working_days", "2026-03-13 17:00:00"),
            ("2026-02-13 10:00", 10, "working_days", "2026-03-05 17:00:00"),
        ]
        for start, amount, unit, expected in table:
            with self.subTest(start=start, amount=amount, unit=unit):
                self.assertEqual(self.deadline(start, amount, unit), expected)

    def test_unknown_units_are_refused(self):
        with self.assertRaisesRegex(ValueError, "fortnights"):
            self.clock._deadline(self.company, moment("2026-03-06"), 1, "fortnights")

    def test_today_is_the_day_at_the_hospital(self):
        with freeze_time("2026-03-06 16:30:00"):
            self.assertEqual(self.clock._today(self.company), day("2026-03-07"))
            self.calendar.tz = "America/New_York"
            self.assertEqual(self.clock._today(self.company), day("2026-03-06"))

    def test_local_date(self):
        found = self.clock._local_date(self.company, moment("2026-03-06 15:59:59"))
        self.assertEqual(found, date(2026, 3, 6))

    def test_thousand_slots_need_no_query(self):
        calendar = self.clock._for_company(self.company)
        step = Step(3, "day", 1, 1, "working")
        with self.assertQueryCount(0):
            for i in range(1000):
                slot(step, datetime(2026, 3, 1 + i % 28, 2, i % 60), calendar)


@tagged("post_install", "-at_install")
class TestExplanationSentences(ClockCase):
    """The clock explains itself in one sentence (I-6)."""

    def explain(self, step, anchor, **values):
        return self.clock._explain(self.company, step, shanghai(anchor), **values)

    def test_working_days_over_a_weekend(self):
        sentence = self.explain(
            Step(3, "day", 1, 1, "working"), "2026-03-06 10:00", anchor_kind="discharge"
        )
        self.assertEqual(
            sentence,
            "Discharged Fri, Mar 6, 2026; 3 working days later is Wed, Mar 11, 2026;"
            " skipped: Mar 7–8 (weekend); to be done from Tue, Mar 10, 2026 08:00 to"
            " Thu, Mar 12, 2026 17:00.",
        )

    def test_national_day_is_named_and_the_makeup_day_too(self):
        sentence = self.explain(Step(3, "day", 0, 0, "working"), "2026-09-30 10:00")
        self.assertIn("skipped: Oct 1–7 (National Day)", sentence)
        self.assertIn("counted as make-up workday: Sat, Oct 10", sentence)
        self.assertNotIn("attention", sentence)

    def test_unpublished_years_are_a_warning(self):
        sentence = self.explain(Step(3, "day", 0, 0, "working"), "2026-12-30 10:00")
        self.assertIn("attention: no public holidays are recorded for 2027", sentence)

    def test_months_that_are_shorter_and_days_that_move(self):
        sentence = self.explain(
            Step(1, "month"), "2026-01-31 10:00", anchor_kind="procedure"
        )
        self.assertTrue(
            sentence.startswith("Operated Sat, Jan 31, 2026; 1 month later")
        )
        self.assertIn("that month has no day 31, so its last day counts", sentence)
        sentence = self.explain(Step(1, "month", 0, 0, "working"), "2026-09-01 10:00")
        self.assertIn("1 month later is Thu, Oct 1, 2026", sentence)
        self.assertIn("moved on to the next working day, Thu, Oct 8, 2026", sentence)

    def test_long_lists_of_days_off_are_cut(self):
        sentence = self.explain(Step(60, "day", 0, 0, "working"), "2026-09-01 10:00")
        self.assertIn("Sep 25–27 (Mid-Autumn Festival)", sentence)
        self.assertIn("Oct 1–7 (National Day)", sentence)
        self.assertIn("other days off", sentence)

    def test_weekly_rest_that_is_no_weekend(self):
        self.calendar.attendance_ids.filtered(lambda a: a.dayofweek == "4").unlink()
        sentence = self.explain(Step(1, "day", 0, 0, "working"), "2026-03-05 10:00")
        self.assertIn("(no working hours)", sentence)

    def test_every_kind_of_anchor_and_unit_has_its_words(self):
        for kind in ("discharge", "admission", "procedure", "encounter", "previous"):
            self.assertRegex(
                self.explain(Step(1, "day"), "2026-03-06 10:00", anchor_kind=kind),
                r"^\w[\w ]+ Fri, Mar 6, 2026; 1 day later is Sat, Mar 7, 2026; to be",
            )
        for unit in ("hour", "day", "week", "month", "year"):
            for day_type in ("calendar", "working"):
                for amount in (0, 1, 2):
                    step = Step(amount, unit, 0, 0, day_type)
                    sentence = self.explain(step, "2026-03-06 10:00")
                    self.assertTrue(
                        sentence.startswith("Start Fri, Mar 6, 2026 10:00;")
                    )
                    self.assertTrue(sentence.endswith("."))

    def test_deadlines_of_clocks_explain_themselves(self):
        def explain(*values):
            start = shanghai("2026-03-06 17:00")
            return self.clock._explain_deadline(self.company, start, *values)

        self.assertEqual(
            explain(24, "hours"),
            "Start Fri, Mar 6, 2026 17:00; 24 hours later is Sat, Mar 7, 2026 17:00;"
            " deadline Sat, Mar 7, 2026 17:00.",
        )
        self.assertIn("3 working days later is Wed, Mar 11", explain(3, "working_days"))
        self.assertIn("1.5 hours later", explain(1.5, "hours"))

    def test_names_of_holidays_come_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        step = Step(1, "day", 0, 0, "working")
        holiday = self._create_day("2031-03-06", name="Founding Day")
        self.assertIn("Founding Day", self.explain(step, "2031-03-05 10:00"))
        holiday.with_context(lang="zh_CN").name = "院庆"
        clock = self.clock.with_context(lang="zh_CN")
        sentence = clock._explain(self.company, step, shanghai("2031-03-05 10:00"))
        self.assertIn("院庆", sentence)
        self.assertIn("2031年3月7日周五", sentence)
        self.assertTrue(sentence.endswith("。"))
        self.assertIn("Founding Day", self.explain(step, "2031-03-05 10:00"))


@tagged("post_install", "-at_install")
class TestWorkdayImport(ClockCase):
    FILE = "date,is_workday,name\n2031-10-01,0,National Day\n2031-10-11,1,Make-up\n"

    def _import(self, content, **values):
        if isinstance(content, str):
            content = content.encode()
        wizard = self.env["followup.workday.import"].create(
            {"file": base64.b64encode(content), **values}
        )
        return wizard.action_import()["params"]["message"]

    def _search(self):
        return self.days.search(
            [("date", ">=", "2031-01-01"), ("date", "<", "2032-01-01")]
        )

    def test_a_year_file_moves_deadlines_and_publishes_the_year(self):
        self.assertEqual(
            self._import(self.FILE), "2 days added, 0 changed, 0 already known."
        )
        calendar = self.clock._for_company(self.company)
        self.assertFalse(calendar.is_workday(day("2031-10-01")))
        self.assertTrue(calendar.is_workday(day("2031-10-11")))
        self.assertTrue(calendar.year_is_published(2031))

    def test_the_same_file_imports_once(self):
        """I-2"""
        self._import(self.FILE)
        before = self._search()
        self.assertEqual(
            self._import(self.FILE), "0 days added, 0 changed, 2 already known."
        )
        self.assertEqual(self._search(), before)

    def test_a_corrected_file_corrects(self):
        self._import(self.FILE)
        self._search().filtered("is_workday").action_archive()
        message = self._import(self.FILE.replace("National Day", "National Week"))
        self.assertEqual(message, "0 days added, 2 changed, 0 already known.")
        self.assertIn("National Week", self._search().mapped("name"))
        self.assertEqual(len(self._search()), 2)

    def test_days_of_one_hospital_stand_beside_the_shared_ones(self):
        self._import(self.FILE)
        message = self._import(self.FILE, company_id=self.company.id)
        self.assertEqual(message, "2 days added, 0 changed, 0 already known.")

    def test_one_bad_line_imports_nothing_and_every_bad_line_is_named(self):
        """I-7"""
        content = (
            self.FILE
            + "2031-02-30,0,No such day\n2031-10-02,maybe,What\n2031-10-03,0\n"
            + "2031-10-01,1,Again\n2031-10-04,0,\n"
        )
        with self.assertRaises(UserError) as caught:
            self._import(content)
        message = str(caught.exception)
        for text in (
            "Nothing was imported",
            "Line 4: “2031-02-30” is no date such as 2026-10-01",
            "Line 5: “maybe” is neither 1 (workday) nor 0 (holiday)",
            "Line 6: three columns are needed",
            "Line 7: the same day already stands in line 2",
            "Line 8: a name of at most",
        ):
            self.assertIn(text, message)
        self.assertFalse(self._search())

    def test_endless_errors_are_cut(self):
        with self.assertRaisesRegex(UserError, "and 80 more lines"):
            self._import("x,0,bad\n" * 100)

    def test_every_problem_has_its_words(self):
        for content, expected in (
            (b"", "Choose the file"),
            (b"\n \n", "holds no day"),
            (b"\x00\x01\x02", "no CSV text"),
            (b"\xff\xfe\x00\xd8", "no CSV text"),
            (b"a" * (MAX_BYTES + 1), "larger than 1000 kB"),
            (b"2031-10-01,0,x\n" * (MAX_LINES + 1), "more than 5000 lines"),
        ):
            with self.subTest(content=content[:9]):
                self.assertRaisesRegex(UserError, expected, self._import, content)

    def test_the_wizard_warns_of_years_without_data(self):
        wizard = self.env["followup.workday.import"].new({})
        with freeze_time("2040-05-01 02:00:00"):
            self.assertIn("2040, 2041", wizard.missing_warning)

    def test_only_managers_import(self):
        groups = "patient_followup.followup_group_"
        caller = new_test_user(self.env, "clock_caller", groups=f"{groups}ward_caller")
        manager = new_test_user(
            self.env, "clock_manager", groups=f"{groups}centre_manager"
        )
        wizards = self.env["followup.workday.import"]
        content = base64.b64encode(self.FILE.encode())
        with self.assertRaises(AccessError):
            wizards.with_user(caller).create({"file": content})
        self.assertTrue(self.days.with_user(caller).has_access("read"))
        self.assertFalse(self.days.with_user(caller).has_access("write"))
        wizards.with_user(manager).create({"file": content}).action_import()
        self.assertEqual(len(self._search()), 2)


@tagged("post_install", "-at_install")
class TestWorkdayFile(BaseCase):
    def assertDays(self, content, expected):
        lines, problems = read_workday_file(content)
        self.assertFalse(problems)
        self.assertEqual(
            [(str(line.date), line.is_workday, line.name) for line in lines], expected
        )

    def test_what_spreadsheets_write(self):
        expected = [("2026-10-01", False, "国庆节"), ("2026-10-10", True, "补班")]
        text = "日期,是否工作日,名称\r\n2026-10-01,0,国庆节\r\n2026-10-10,1,补班\r\n"
        for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
            self.assertDays(text.encode(encoding), expected)
        for separator in ";\t":
            self.assertDays(text.replace(",", separator).encode(), expected)
        self.assertDays(text.split("\r\n", 1)[1].encode(), expected)

    def test_dates_and_flags_as_people_write_them(self):
        dates = ("2026-10-01", "2026/10/1", "2026.10.01", "20261001", "2026年10月1日")
        for text in dates:
            self.assertDays(f"{text},休,x".encode(), [("2026-10-01", False, "x")])
        for flag in ("1", "TRUE", "Yes", "是", "班", "工作日"):
            self.assertDays(
                f"2026-10-10,{flag},x".encode(), [("2026-10-10", True, "x")]
            )

    def test_hostile_dates_are_refused_in_words(self):
        for text in (
            "0001-01-01",
            "9999-12-31",
            "2026-13-01",
            "2026-02-29",
            "=1+1",
            "٢٠٢٦-١٠-٠١x",
        ):
            _lines, problems = read_workday_file(f"{text},0,x".encode())
            self.assertEqual([one.code for one in problems], ["date"], text)

    def test_lines_are_counted_as_the_spreadsheet_counts(self):
        content = b"date,is_workday,name\n\n2026-10-01,0,x\n\n2026-10-02,?,y\n"
        _lines, problems = read_workday_file(content)
        self.assertEqual([(one.line, one.code) for one in problems], [(5, "workday")])
