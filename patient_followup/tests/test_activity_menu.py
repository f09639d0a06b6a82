# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import FollowupCase

NOW = "2026-03-04 02:00:00"  # 10:00 in Shanghai, a Wednesday


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestActivityMenu(FollowupCase):
    """D-15: routine calls stand in the activity menu."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        now = fields.Datetime.to_datetime(NOW)
        cls.tasks = cls._tasks(
            [
                {"date_due": now + timedelta(days=days), "user_id": user}
                for days, user in (
                    (-2, cls.ward_a.id),
                    (-1, False),
                    (0, cls.ward_a.id),
                    (3, cls.ward_a.id),
                    (3, cls.head_a.id),
                )
            ]
        )

    def _group(self, user):
        groups = self.env["res.users"].with_user(user)._get_activity_groups()
        return next((g for g in groups if g["model"] == "followup.task"), None)

    def test_counts_late_today_and_planned_calls(self):
        group = self._group(self.ward_a)
        counts = ("total_count", "overdue_count", "today_count", "planned_count")
        self.assertEqual([group[name] for name in counts], [3, 2, 1, 1])

    def test_entry_has_all_the_client_needs(self):
        group = self._group(self.ward_a)
        self.assertEqual(
            set(group),
            {
                "id",
                "name",
                "model",
                "type",
                "icon",
                "domain",
                "total_count",
                "overdue_count",
                "today_count",
                "planned_count",
                "view_type",
            },
        )
        self.assertEqual(group["type"], "activity")
        self.assertEqual(group["view_type"], "kanban")

    def test_filters_of_the_menu_show_what_it_counts(self):
        """The client opens the board with these filters of the search view."""
        task_model = self.env["followup.task"].with_user(self.ward_a)
        arch = task_model.get_view(view_type="search")["arch"]
        for name in (
            "filter_activities_my",
            "activities_overdue",
            "activities_today",
            "activities_upcoming_all",
        ):
            self.assertIn(f'name="{name}"', arch)
        mine = [("is_mine", "=", True)]
        self.assertEqual(task_model.search_count(mine + [("due_day", "<", "today")]), 2)

    def test_other_ward_does_not_count_them(self):
        self.assertIsNone(self._group(self.ward_b))

    def test_user_without_role_gets_nothing(self):
        self.assertIsNone(self._group(self.plain))

    def test_counts_take_one_query(self):
        users = self.env["res.users"].with_user(self.ward_a)
        users._get_followup_call_counts()
        self.env.flush_all()
        with self.assertQueryCount(1):
            users._get_followup_call_counts()

    def test_not_mine_is_the_rest(self):
        task_model = self.env["followup.task"].with_user(self.ward_a)
        rest = task_model.search(
            [("is_mine", "=", False), ("id", "in", self.tasks.ids)]
        )
        self.assertEqual(rest, self.tasks[4])
