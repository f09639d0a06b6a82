# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Times made from clinic hours: time zone, holidays, horizon, changes (B-3, M-3)."""

from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .appointment_common import AppointmentCase


@tagged("post_install", "-at_install")
class TestFollowupSlot(AppointmentCase):
    """The clock stands at Monday, 28 September 2026, 07:00 in Shanghai."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-09-27 23:00:00"))
        days = cls.env["followup.workday.exception"]
        days.search(
            [("date", ">=", "2026-09-27"), ("date", "<=", "2026-10-31")]
        ).unlink()
        days.create(
            [
                {"name": "National Day", "date": "2026-10-01"},
                {"name": "Make-up", "date": "2026-10-10", "is_workday": True},
            ]
        )
        cls.company.followup_slot_horizon_days = 14

    def _template(self, **vals):
        return self.env["followup.slot.template"].create(
            {
                "name": "Clinic",
                "company_id": self.company.id,
                "department_id": self.department_a.id,
                "on_monday": True,
                "on_thursday": True,
                "hour_from": 8.0,
                "hour_to": 9.0,
                "minutes": 30,
                "capacity": 2,
                "date_from": "2026-09-01",
                **vals,
            }
        )

    def _days(self, template):
        return sorted(set(template.slot_ids.mapped("day")))

    def test_times_of_the_horizon(self):
        """Mondays, Thursdays but the holiday, and the make-up Saturday."""
        template = self._template()
        self.assertEqual(
            self._days(template),
            [
                date(2026, 9, 28),
                date(2026, 10, 5),
                date(2026, 10, 8),
                date(2026, 10, 10),
                date(2026, 10, 12),
            ],
        )
        first = template.slot_ids.sorted("starts_at")[0]
        self.assertEqual(str(first.starts_at), "2026-09-28 00:00:00")
        self.assertEqual((first.capacity, first.day), (2, date(2026, 9, 28)))
        self.assertEqual(len(template.slot_ids), 10)
        self.assertEqual(template.made_until, date(2026, 10, 12))

    def test_made_again_nothing_is_made_twice(self):
        """I-2: idempotent; the horizon rolls on by the cron."""
        template = self._template()
        known = template.slot_ids
        self.env["followup.slot.template"]._cron_make_slots()
        self.assertEqual(template.slot_ids, known)
        with freeze_time("2026-09-30 23:00:00"):
            self.env["followup.slot.template"]._cron_make_slots()
        self.assertEqual(self._days(template)[-1], date(2026, 10, 15))

    def test_nothing_lies_before_now_or_beyond_the_template(self):
        with freeze_time("2026-09-28 00:10:00"):  # 08:10 in Shanghai
            template = self._template(date_to="2026-10-05")
        starts = [str(slot.starts_at) for slot in template.slot_ids.sorted("starts_at")]
        self.assertEqual(
            starts,
            ["2026-09-28 00:30:00", "2026-10-05 00:00:00", "2026-10-05 00:30:00"],
        )

    def test_another_hour_moves_free_times_and_keeps_booked_ones(self):
        template = self._template(date_to="2026-09-28")
        booked = template.slot_ids.sorted("starts_at")[0]
        self._ask().action_book(booked)
        template.write({"hour_from": 14.0, "hour_to": 15.0})
        self.assertEqual(
            [str(slot.starts_at) for slot in template.slot_ids.sorted("starts_at")],
            ["2026-09-28 00:00:00", "2026-09-28 06:00:00", "2026-09-28 06:30:00"],
        )

    def test_a_holiday_published_later_takes_free_times_back(self):
        """I-7: booked ones are marked, not dropped."""
        template = self._template()
        monday = template.slot_ids.filtered(lambda slot: slot.day == date(2026, 10, 5))
        self._ask().action_book(monday[0])
        self.env["followup.workday.exception"].create(
            {"name": "New", "date": "2026-10-05"}
        )
        self.env["followup.slot.template"]._cron_make_slots()
        left = template.slot_ids.filtered(lambda slot: slot.day == date(2026, 10, 5))
        self.assertEqual(left, monday[0])
        self.assertTrue(left.on_day_off)

    def test_archiving_takes_free_times_back(self):
        template = self._template()
        template.active = False
        self.assertFalse(template.slot_ids)

    def test_hours_must_make_sense(self):
        for vals in (
            {"on_monday": False, "on_thursday": False},
            {"minutes": 90},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self._template(**vals)

    def test_new_times_go_to_who_waits(self):
        row = self._ask()
        row.action_waitlist()
        template = self._template()
        self.assertEqual(row.state, "offered")
        self.assertEqual(row.slot_id, template.slot_ids.sorted("starts_at")[0])

    def test_a_head_plans_his_department_only(self):
        vals = {
            "name": "Clinic",
            "company_id": self.company.id,
            "on_monday": True,
            "date_from": "2026-09-01",
        }
        templates = self.env["followup.slot.template"].with_user(self.head_a)
        self.assertTrue(
            templates.create({**vals, "department_id": self.department_a.id})
        )
        with self.assertRaises(AccessError):
            templates.create({**vals, "department_id": self.department_b.id})

    def test_a_booked_time_is_never_deleted(self):
        slot = self._slot(starts_at=fields.Datetime.now() + timedelta(days=1))
        row = self._ask()
        row.action_book(slot)
        with self.assertRaises(UserError):
            slot.unlink()
