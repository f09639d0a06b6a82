# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The calendar makes each report once, tells each recipient once, no figure (4)."""

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import BaseCase, freeze_time, tagged

from ..tools import calendar
from .hospital_common import SmallHospitalCase


@tagged("post_install", "-at_install")
class TestCalendar(BaseCase):
    def test_days_of_the_policies(self):
        """K-2, K-5, K-7, K-12; February's 30th is its last day."""
        table = [
            ("2026-02-28", "end", 15, "2026-02-28"),
            ("2026-03-15", "end", 15, "2026-03-15"),
            ("2026-03-31", "after", 5, "2026-04-05"),
            ("2026-01-31", "after", 30, "2026-02-28"),
            ("2026-12-31", "after", 10, "2027-01-10"),
        ]
        for last, kind, number, day in table:
            with self.subTest(last=last, number=number):
                found = calendar.due_day(date.fromisoformat(last), kind, number)
                self.assertEqual(str(found), day)

    def test_what_came_by_a_day(self):
        found = calendar.latest("month", "after", 5, date(2026, 4, 4), 2)
        self.assertEqual(
            [str(due.first) for due in found], ["2026-01-01", "2026-02-01"]
        )
        found = calendar.latest("month", "after", 5, date(2026, 4, 5), 2)
        self.assertEqual(
            [str(due.first) for due in found], ["2026-02-01", "2026-03-01"]
        )


@tagged("post_install", "-at_install")
class TestReportSchedule(SmallHospitalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["followup.report.schedule"].search([]).active = False
        cls.schedule = cls.env["followup.report.schedule"].create(
            {
                "name": "Bulletin",
                "code": "bulletin",
                "due_day": 5,
                "hour": 6,
                "company_id": cls.company.id,
                "start_day": "2026-03-01",
                "group_ids": [
                    (6, 0, cls.env.ref("patient_followup.followup_group_leader").ids)
                ],
                "to_heads": True,
            }
        )

    def _tick(self, at):
        """Do what the cron does, without its commits."""
        schedules = self.env["followup.report.schedule"]
        with freeze_time(at):
            while schedules._produce_next():
                pass
            while self.env["followup.report.delivery"]._send_next():
                pass
        return self.env["followup.report.due"].search(
            [("schedule_id", "=", self.schedule.id)]
        )

    def test_it_is_made_on_the_fifth_at_six_by_the_hospitals_clock(self):
        self.assertFalse(self._tick("2026-04-04 21:59:00"))
        due = self._tick("2026-04-04 22:01:00")
        self.assertEqual(str(due.date_from), "2026-03-01")
        self.assertEqual(due.late_days, 0)
        self.assertEqual(due.run_id.sudo().version, 1)

    def test_nothing_is_made_or_sent_twice(self):
        due = self._tick("2026-04-05 00:00:00")
        mails = self.env["mail.mail"].search_count([])
        again = self._tick("2026-04-05 01:00:00")
        self.assertEqual(again, due)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(len(due.delivery_ids), len(due.delivery_ids.user_id))

    def test_a_server_that_stood_still_makes_up_for_it_and_says_so(self):
        due = self._tick("2026-05-07 00:00:00")
        found = {str(row.date_from): row.late_days for row in due}
        self.assertEqual(found, {"2026-03-01": 32, "2026-04-01": 2})

    def test_leaders_and_the_heads_concerned_get_a_link_without_figures(self):
        due = self._tick("2026-04-05 00:00:00")
        self.assertEqual(
            due.delivery_ids.user_id, self.leader | self.head_a | self.head_b
        )
        partners = due.delivery_ids.user_id.partner_id
        mails = self.env["mail.mail"].search([("recipient_ids", "in", partners.ids)])
        self.assertEqual(len(mails), 3)
        for mail in mails:
            with self.subTest(to=mail.recipient_ids.name):
                self.assertEqual(
                    mail.subject, "Report ready: Follow-up Bulletin 2026-03"
                )
                self.assertIn(f"/odoo/followup-reports/{due.run_id.id}", mail.body_html)
                self.assertNotIn("Ward", mail.body_html)
                self.assertNotIn("%", mail.body_html)
                for_head = mail.recipient_ids != self.leader.partner_id
                self.assertEqual("your departments only" in mail.body_html, for_head)

    def test_an_entry_that_made_reports_is_archived_not_deleted(self):
        self._tick("2026-04-05 00:00:00")
        with self.assertRaises(UserError):
            self.schedule.with_user(self.administrator).unlink()

    def test_a_period_that_ended_before_the_start_is_not_made(self):
        self.schedule.start_day = "2026-04-01"
        self.assertFalse(self._tick("2026-04-05 00:00:00"))
