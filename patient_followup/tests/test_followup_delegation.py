# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

import psycopg2

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import FollowupCase

# 23:30 on 30 November in Shanghai
NIGHT = "2026-11-30 15:30:00"


@tagged("post_install", "-at_install")
class TestFollowupDelegation(FollowupCase):
    """A deputy sees the departments for the days, no more and no longer (D-6)."""

    def _delegate(self, user, deputy, start=0, stop=0, by=None, **vals):
        today = self.env["followup.clock"]._today(self.company)
        return (
            self.env["followup.delegation"]
            .with_user(by or self.env.user)
            .create(
                {
                    "company_id": self.company.id,
                    "user_id": user.id,
                    "deputy_id": deputy.id,
                    "date_from": today + timedelta(days=start),
                    "date_to": today + timedelta(days=stop),
                    **vals,
                }
            )
        )

    # ------------------------------------------------------------
    # WHAT A DEPUTY GETS
    # ------------------------------------------------------------

    def test_deputy_sees_the_ward_at_once_and_not_after_the_end(self):
        task = self._task()
        tasks = self.env["followup.task"].with_user(self.ward_b)
        self.assertNotIn(task, tasks.search([]))
        row = self._delegate(self.ward_a, self.ward_b, by=self.head_a)
        self.assertIn(task, tasks.search([]))
        row.unlink()
        self.assertNotIn(task, tasks.search([]))

    def test_it_begins_and_ends_at_midnight_of_the_hospital(self):
        with freeze_time(NIGHT):
            self._delegate(self.ward_a, self.ward_b, start=1, stop=1)
            refresh = self.env["followup.delegation"]._cron_refresh
            refresh()
            self.assertNotIn(self.department_a, self.ward_b.followup_department_ids)
        for moment, seen in (
            ("2026-11-30 16:30:00", True),  # 00:30 on 1 December
            ("2026-12-01 15:59:00", True),
            ("2026-12-01 16:01:00", False),
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                refresh()
                departments = self.ward_b.followup_department_ids
                self.assertEqual(self.department_a in departments, seen)

    def test_it_gives_only_what_the_person_has_himself(self):
        """Naming a foreign department gives nothing; losing one takes it along."""
        row = self._delegate(
            self.ward_a,
            self.centre,
            department_ids=[
                Command.set((self.department_a | self.department_b).ids),
            ],
        )
        self.assertEqual(self.centre.followup_department_ids, self.department_a)
        members = self.env["followup.team.member"]
        members.search([("user_id", "=", self.ward_a.id)]).unlink()
        self.assertFalse(self.centre.followup_department_ids)
        self.assertTrue(row.exists())

    def test_it_is_not_handed_on(self):
        """A deputy's deputy sees what the deputy has himself."""
        other = self._user("other", "ward_caller")
        self._delegate(self.ward_a, self.ward_b)
        self._delegate(self.ward_b, other)
        self.assertEqual(other.followup_department_ids, self.department_b)

    def test_new_work_goes_to_the_deputy(self):
        items = [("x", "user", self._encounter(), self.ward_a)]
        resolve = self.env["followup.team"]._resolve_responsibles
        self.assertEqual(resolve(items), {"x": self.ward_a.id})
        self._delegate(self.ward_a, self.ward_b)
        self.assertEqual(resolve(items), {"x": self.ward_b.id})

    def test_new_work_of_other_departments_does_not_go_to_the_deputy(self):
        """Who stands in for ward A gets nothing of ward B."""
        self._join(self.ward_a, self.department_b)
        other = self._user("other", "ward_caller")
        self._join(other, self.department_b)
        mine = [Command.set(self.department_a.ids)]
        theirs = [Command.set(self.department_b.ids)]
        stays = {
            "a": self._encounter(),
            "b": self._encounter(department_id=self.department_b.id),
        }
        items = [(key, "user", stay, self.ward_a) for key, stay in stays.items()]
        resolve = self.env["followup.team"]._resolve_responsibles
        self._delegate(self.ward_a, self.head_a, department_ids=mine)
        self.assertEqual(resolve(items), {"a": self.head_a.id, "b": self.ward_a.id})
        self._delegate(self.ward_a, other, department_ids=theirs)
        self.assertEqual(resolve(items), {"a": self.head_a.id, "b": other.id})
        teams = (self.department_a | self.department_b).followup_team_ids
        self.assertNotIn(other, teams[0].duty_user_ids)
        self.assertNotIn(self.head_a, teams[1].duty_user_ids)

    def test_dialog_hands_calls_to_the_deputy_of_their_department(self):
        self._join(self.ward_a, self.department_b)
        self._delegate(
            self.ward_a,
            self.head_a,
            department_ids=[Command.set(self.department_a.ids)],
        )
        stay = self._encounter(department_id=self.department_b.id)
        tasks = self._task(user_id=self.ward_a.id) | self._task(
            stay, user_id=self.ward_a.id
        )
        dialog = self.env["followup.task.assign"].with_user(self.manager)
        dialog.create({"task_ids": [(6, 0, tasks.ids)]})._deputy()
        self.assertEqual(tasks.mapped("user_id.login"), ["head_a", "ward_a"])

    def test_the_deputy_stands_on_the_list_of_today(self):
        team = self.department_a.followup_team_ids
        self.assertEqual(team.duty_user_ids, self.ward_a | self.head_a)
        self._delegate(self.ward_a, self.ward_b)
        team.invalidate_recordset(["duty_user_ids"])
        self.assertEqual(team.duty_user_ids, self.ward_b | self.head_a)

    def test_archiving_either_ends_it(self):
        row = self._delegate(self.ward_a, self.ward_b, start=-3, stop=3)
        coming = self._delegate(self.ward_a, self.ward_b, start=5, stop=6)
        self.ward_b.active = False
        today = self.env["followup.clock"]._today(self.company)
        self.assertEqual(row.date_to, today - timedelta(days=1))
        self.assertFalse(coming.exists())
        self.assertEqual(row.state, "past")

    # ------------------------------------------------------------
    # WHO ARRANGES IT
    # ------------------------------------------------------------

    def test_a_head_arranges_himself_and_his_staff(self):
        self._delegate(self.head_a, self.ward_a, by=self.head_a)
        row = self._delegate(self.ward_a, self.head_a, by=self.head_a)
        row.with_user(self.head_a).date_to += timedelta(days=1)
        self.assertEqual(row.department_ids, self.department_a)

    def test_a_head_takes_no_foreign_ward_through_his_staff(self):
        """Staff that also belongs elsewhere would be a way in."""
        self._join(self.ward_a, self.department_b)
        with self.assertRaises(AccessError):
            self._delegate(self.ward_a, self.head_a, by=self.head_a)
        row = self._delegate(
            self.ward_a,
            self.head_a,
            by=self.head_a,
            department_ids=[Command.set(self.department_a.ids)],
        )
        with self.assertRaises(AccessError):
            row.with_user(self.head_a).department_ids |= self.department_b
        self.assertNotIn(self.department_b, self.head_a.followup_department_ids)

    def test_a_head_cannot_arrange_other_wards(self):
        with self.assertRaises(AccessError):
            self._delegate(self.ward_b, self.head_a, by=self.head_a)
        row = self._delegate(self.ward_b, self.ward_a)
        for method in (lambda rows: rows.write({"reason": "x"}), lambda r: r.unlink()):
            with self.assertRaises(AccessError):
                method(row.with_user(self.head_a))
        row = self._delegate(self.ward_a, self.ward_b, by=self.head_a)
        with self.assertRaises(AccessError):
            row.with_user(self.head_a).user_id = self.ward_b

    def test_callers_and_overseers_arrange_nothing(self):
        for user in (self.ward_a, self.centre, self.inspector, self.leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._delegate(user, self.ward_b, by=user)

    def test_a_deputy_needs_a_calling_role_in_the_hospital(self):
        with self.assertRaises(ValidationError):
            self._delegate(self.ward_a, self.plain)
        foreigner = self._user("foreigner", "ward_caller", self._company("Other"))
        with self.assertRaises(ValidationError):
            self._delegate(self.ward_a, foreigner)

    @mute_logger("odoo.sql_db")
    def test_days_in_order_and_two_people(self):
        with self.assertRaises(psycopg2.errors.CheckViolation):
            with self.env.cr.savepoint():
                self._delegate(self.ward_a, self.ward_b, start=1, stop=0)
        with self.assertRaises(psycopg2.errors.CheckViolation):
            self._delegate(self.ward_a, self.ward_a)

    def test_gaining_a_ward_as_deputy_is_logged(self):
        self._delegate(self.ward_a, self.ward_b)
        row = self.env["followup.access.log"].search(
            [("res_model", "=", "res.users"), ("res_id", "=", self.ward_b.id)], limit=1
        )
        self.assertIn("Ward A", row.reason)
        self.assertLessEqual(row.create_date, fields.Datetime.now())
