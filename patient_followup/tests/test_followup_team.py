# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import GROUP, FollowupCase


@tagged("post_install", "-at_install")
class TestFollowupTeam(FollowupCase):
    """Departments of a user, responsible persons, leaving, role log (D-6, A-3)."""

    @classmethod
    def _team(cls, department):
        return department.followup_team_ids[:1]

    @classmethod
    def _member(cls, user):
        members = cls.env["followup.team.member"]
        return members.search([("user_id", "=", user.id)])

    def _log(self, **domain):
        return self.env["followup.access.log"].search(
            [("action", "=", "role"), *((key, "=", val) for key, val in domain.items())]
        )

    # ------------------------------------------------------------
    # DEPARTMENTS OF A USER
    # ------------------------------------------------------------

    def test_member_sees_his_ward_until_he_is_removed(self):
        """D-6: rule domains are cached, a removal counts at the next read."""
        task = self._task()
        tasks = self.env["followup.task"].with_user(self.ward_a)
        self.assertIn(task, tasks.search([]))
        self._member(self.ward_a).unlink()
        self.assertFalse(self.ward_a.followup_department_ids)
        self.assertNotIn(task, tasks.search([]))
        with self.assertRaises(AccessError):
            task.with_user(self.ward_a).read(["name"])

    def test_moving_a_member_moves_what_he_sees(self):
        self._member(self.ward_a).team_id = self._team(self.department_b)
        self.assertEqual(self.ward_a.followup_department_ids, self.department_b)

    def test_archived_or_deleted_team_gives_nothing(self):
        self._team(self.department_a).active = False
        self.assertFalse(self.ward_a.followup_department_ids)
        self._team(self.department_b).unlink()
        self.assertFalse(self.ward_b.followup_department_ids)

    def test_members_edited_on_the_team_form_count(self):
        team = self._team(self.department_b).with_user(self.manager)
        team.write({"member_ids": [Command.create({"user_id": self.ward_a.id})]})
        self.assertEqual(
            self.ward_a.followup_department_ids, self.department_a | self.department_b
        )

    def test_head_sees_departments_below_his(self):
        child = self._department("Ward A1", parent_id=self.department_a.id)
        grandchild = self._department("Ward A11", parent_id=child.id)
        self.assertLessEqual(child | grandchild, self.head_a.followup_department_ids)
        self.assertNotIn(child, self.ward_a.followup_department_ids)
        child.parent_id = self.department_b
        self.assertFalse((child | grandchild) & self.head_a.followup_department_ids)

    def test_a_new_manager_gets_the_department_and_the_old_one_loses_it(self):
        employee = self.env["hr.employee"].create(
            {"name": "New head", "user_id": self.ward_b.id}
        )
        self._member(self.head_a).unlink()
        self.department_a.manager_id = employee
        self.assertIn(self.department_a, self.ward_b.followup_department_ids)
        self.assertNotIn(self.department_a, self.head_a.followup_department_ids)

    def test_a_manager_without_account_gives_nobody_anything(self):
        self._member(self.head_a).unlink()
        self.department_a.manager_id.user_id = False
        self.assertFalse(self.head_a.followup_department_ids)

    def test_departments_cannot_be_written_even_by_the_superuser(self):
        vals = {"followup_department_ids": [Command.link(self.department_b.id)]}
        for user in (self.ward_a, self.administrator, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.ward_a.with_user(user).write(vals)
        with self.assertRaises(AccessError):
            self.ward_a.sudo().write(vals)
        with self.assertRaises(AccessError):
            new_test_user(self.env, "sly", groups="base.group_user", **vals)
        self.assertNotIn(
            "followup_department_ids", self.env["res.users"].SELF_WRITEABLE_FIELDS
        )

    def test_a_head_cannot_put_himself_or_others_into_a_team(self):
        """D-6: only centre managers and administrators edit teams."""
        team = self._team(self.department_b)
        for user in (self.head_a, self.ward_a, self.centre, self.inspector):
            with self.assertRaises(AccessError):
                self.env["followup.team.member"].with_user(user).create(
                    {"team_id": team.id, "user_id": user.id}
                )
            with self.assertRaises(AccessError):
                team.with_user(user).write({"hotline": "1"})
            with self.assertRaises(AccessError):
                self.department_b.with_user(user).write({"name": "Mine"})
        team.with_user(self.administrator).hotline = "13800000009"

    @mute_logger("odoo.sql_db")
    def test_one_team_for_each_department(self):
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            self.env["followup.team"].create({"department_id": self.department_a.id})

    def test_refreshing_costs_few_queries_whatever_the_size(self):
        users = self.env["res.users"]
        users._followup_refresh_departments()
        self.env["hr.department"].create([{"name": f"D{index}"} for index in range(50)])
        with self.assertQueryCount(6):
            users._followup_refresh_departments()

    # ------------------------------------------------------------
    # LOG
    # ------------------------------------------------------------

    def test_a_change_of_manager_is_logged(self):
        """D-6: in the access log and in the chatter of the department."""
        self.department_a.with_context(tracking_disable=False).manager_id = False
        row = self._log(res_model="hr.department", res_id=self.department_a.id)[:1]
        self.assertIn("head_a", row.reason)
        self.assertEqual(row.user_id, self.env.user)

    def test_departments_gained_and_lost_are_logged(self):
        self._member(self.ward_a).unlink()
        row = self._log(
            res_model="res.users",
            res_id=self.ward_a.id,
            field_name="followup_department_ids",
        )[:1]
        self.assertIn("Ward A", row.reason.split("lost:")[1])

    def test_giving_oneself_a_role_is_logged_by_every_door(self):
        """D-18: through the user, the group and a group that implies it."""
        admin = new_test_user(
            self.env,
            "it",
            groups="base.group_system,base.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        role = self.env.ref(GROUP + "auditor")
        before = len(self._log(res_id=admin.id, field_name="group_ids"))
        admin.with_user(admin).write({"group_ids": [Command.link(role.id)]})
        admin.with_user(admin).write({"group_ids": [Command.unlink(role.id)]})
        role.with_user(admin).write({"user_ids": [Command.link(admin.id)]})
        role.with_user(admin).write({"user_ids": [Command.unlink(admin.id)]})
        self.env["res.groups"].with_user(admin).create(
            {
                "name": "Trojan",
                "implied_ids": [Command.link(role.id)],
                "user_ids": [Command.link(admin.id)],
            }
        )
        rows = self._log(res_id=admin.id, field_name="group_ids")
        self.assertEqual(len(rows) - before, 5)
        self.assertEqual(rows[:5].user_id, admin)
        self.assertIn("his own rights", rows[0].reason)
        self.assertIn("Auditor", rows[0].reason)

    def test_the_system_administrator_holds_the_administrator_role_only(self):
        """D-18: base.user_admin."""
        roles = self.env["res.groups"]._followup_roles()
        held = self.env.ref("base.user_admin").all_group_ids & roles
        self.assertEqual(
            held, self.env.ref(GROUP + "administrator") | self.env.ref(GROUP + "user")
        )

    # ------------------------------------------------------------
    # LEAVING
    # ------------------------------------------------------------

    def test_archiving_a_user_leaves_teams_and_gives_work_back(self):
        """No open call stays silently assigned to somebody who left."""
        mine = self._task(user_id=self.ward_a.id)
        held = self._task()
        held.with_user(self.ward_a).action_claim()
        it = new_test_user(self.env, "it", groups="base.group_erp_manager")
        self.ward_a.with_user(it).active = False
        self.assertFalse(self._member(self.ward_a))
        self.assertFalse(self.ward_a.followup_department_ids)
        self.assertFalse(mine.user_id)
        self.assertFalse(held.claimed_by_id)
        self.assertIn("ward_a", mine.assignment_note)
        self.assertIn(mine, self.env["followup.task"].with_user(self.head_a).search([]))

    def test_coming_back_does_not_bring_the_teams_back(self):
        self.ward_a.active = False
        self.ward_a.active = True
        self.assertFalse(self.ward_a.followup_department_ids)

    # ------------------------------------------------------------
    # WHO IS RESPONSIBLE
    # ------------------------------------------------------------

    def test_responsible_rules(self):
        """A-4: who treats, heads, nurses, is named; else the pool."""
        nurse = self._user("head_nurse", "ward_caller")
        self._join(nurse, self.department_a, "head_nurse")
        doctor = self._user("doctor", "ward_caller")
        employee = self.env["hr.employee"].create(
            {"name": "Doctor", "user_id": doctor.id}
        )
        stay = self._encounter(attending_id=employee.id)
        below = self._department("Ward A1", parent_id=self.department_a.id)
        child = self._encounter(department_id=below.id)
        nobody = self.env["res.users"]
        cases = {
            "attending": ("attending", stay, nobody, doctor.id),
            "resident": ("resident", stay, nobody, False),
            "head": ("head", stay, nobody, self.head_a.id),
            "head above": ("head", child, nobody, self.head_a.id),
            "no head": (
                "head",
                self._encounter(department_id=self.department_b.id),
                nobody,
                False,
            ),
            "nurse": ("head_nurse", stay, nobody, nurse.id),
            "user": ("user", stay, self.centre, self.centre.id),
            "no role": ("user", stay, self.plain, False),
            "team": ("department_team", stay, nobody, False),
            "centre": ("centre", stay, nobody, False),
        }
        items = [(key, *case[:3]) for key, case in cases.items()]
        self.assertEqual(
            self.env["followup.team"]._resolve_responsibles(items),
            {key: case[3] for key, case in cases.items()},
        )

    def test_resolving_many_stays_costs_as_many_queries_as_one(self):
        stays = [self._encounter() for _index in range(20)]
        team = self.env["followup.team"]
        nobody = self.env["res.users"]

        def count(rows):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            items = [(row.id, "head", row, nobody) for row in rows]
            team._resolve_responsibles(items)
            return self.env.cr.sql_log_count - before

        count(stays)
        self.assertEqual(count(stays), count(stays[:1]))

    def test_may_call(self):
        may = self.env["followup.team"]._may_call
        table = [
            # user, ward A level 1, ward B level 1, level 2
            (self.ward_a, True, False, False),
            (self.head_a, True, False, False),
            (self.centre, False, False, True),
            (self.manager, True, True, True),
            (self.inspector, False, False, False),
            (self.plain, False, False, False),
        ]
        for user, ward_a, ward_b, centre in table:
            with self.subTest(user=user.login):
                self.assertEqual(may(user, self.department_a), ward_a)
                self.assertEqual(may(user, self.department_b), ward_b)
                self.assertEqual(may(user, self.department_a, "2"), centre)

    def test_title_ranks(self):
        """A-11: the head counts as deputy chief at least."""
        rank = self.env["followup.team"]._title_rank
        self.assertEqual(rank(self.ward_a), 0)
        self._member(self.ward_a).title = "attending"
        self.assertEqual(rank(self.ward_a), 1)
        self._member(self.head_a).title = "none"
        self.assertEqual(rank(self.head_a), 2)
        self._member(self.head_a).title = "chief"
        self.assertEqual(rank(self.head_a), 3)

    def test_the_rota_goes_before_weekdays_and_they_before_everybody(self):
        team = self._team(self.department_a)
        monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
        self.assertEqual(team._on_duty(monday), self.ward_a | self.head_a)
        self._member(self.ward_a).duty_monday = True
        self.assertEqual(team._on_duty(monday), self.ward_a)
        self.assertEqual(team._on_duty(tuesday), self.ward_a | self.head_a)
        self.env["followup.team.rota"].with_user(self.head_a).create(
            {"team_id": team.id, "date": monday, "user_id": self.head_a.id}
        )
        self.assertEqual(team._on_duty(monday), self.head_a)

    def test_a_head_plans_the_rota_of_his_own_department_only(self):
        rota = self.env["followup.team.rota"].with_user(self.head_a)
        with self.assertRaises(AccessError):
            rota.create(
                {
                    "team_id": self._team(self.department_b).id,
                    "date": "2026-11-23",
                    "user_id": self.ward_b.id,
                }
            )

    def test_only_follow_up_roles_see_the_team_of_a_department(self):
        fields = self.department_a.with_user(self.plain).fields_get()
        self.assertNotIn("followup_team_ids", fields)
        action = self.department_a.with_user(self.ward_a).action_followup_team()
        self.assertEqual(action["res_id"], self._team(self.department_a).id)
