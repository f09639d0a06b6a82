# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Favourites of the live figures: one or more for each role (section 1)."""

import ast

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .hospital_common import SmallHospitalCase

# what each role finds in the search of a screen
OFFERED = {
    "followup.report.task": {
        "head_a": ["My Departments Last Month"],
        "manager": ["Level 2 by Caller, Last Month"],
        "inspector": ["Never Attempted, Last Three Months"],
    },
    "followup.report.attempt": {
        "head_a": ["My Departments by Hour, Last Month"],
        "manager": ["Wrong Numbers by Department"],
        "inspector": ["Results by Caller, Last Month"],
    },
    "followup.answer.report": {
        "head_a": ["Satisfaction of My Departments, Last Month"],
        "manager": ["Satisfaction Month by Month"],
        "inspector": ["Low Scores by Department"],
    },
    "followup.report.complaint": {
        "officer": ["Clocks and Findings, Last Three Months", "Open and Serious"],
    },
    "followup.report.task.summary": {"leader": ["Level 1 Month by Month"]},
    "followup.answer.summary": {
        "leader": ["Satisfaction by Department, Last Month"],
    },
    "followup.report.complaint.summary": {"leader": ["Complaints Month by Month"]},
}
ROLES = ("head_a", "manager", "inspector", "leader", "officer", "plain")


@tagged("post_install", "-at_install")
class TestReportFavourites(SmallHospitalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ids = cls.env["ir.model.data"].search(
            [("module", "=", "followup_reports"), ("model", "=", "ir.filters")]
        )
        cls.favourites = cls.env["ir.filters"].browse(ids.mapped("res_id"))

    def _offered(self, user, model):
        action = self.favourites.filtered(lambda one: one.model_id == model).action_id
        filters = self.env["ir.filters"].with_user(user)
        rows = filters.get_filters(model, action[:1].id)
        ours = set(self.favourites.ids)
        return sorted(row["name"] for row in rows if row["id"] in ours)

    def test_a_role_is_offered_its_own_favourites(self):
        for model, offered in OFFERED.items():
            for name in ROLES:
                user = getattr(self, name)
                user.lang = "en_US"
                with self.subTest(model=model, user=name):
                    found = self._offered(user, model)
                    self.assertEqual(found, offered.get(name, []))

    def test_a_favourite_of_nobodys_role_is_everybodys(self):
        vals = {"name": "Mine", "model_id": "followup.report.task"}
        self.env["ir.filters"].with_user(self.manager).create(vals)
        rows = self.env["ir.filters"].with_user(self.head_a)
        rows = rows.get_filters("followup.report.task")
        self.assertIn("Mine", [row["name"] for row in rows])

    def test_each_favourite_finds_and_groups_rows_of_its_screen(self):
        self.assertEqual(len(self.favourites), 14)
        for one in self.favourites:
            user = self._get_reader(one)
            rows = self.env[one.model_id].with_user(user)
            context = safe_eval(one.context)
            grouped = [
                *context["group_by"],
                *context.get("pivot_column_groupby", []),
            ]
            measures = [
                name if name == "__count" else f"{name}:{rows._fields[name].aggregator}"
                for name in context.get("pivot_measures", ["__count"])
            ]
            with self.subTest(name=one.name):
                domain = ast.literal_eval(one.domain)
                rows.search_count(domain)
                rows.formatted_read_group(domain, grouped, measures)
                self.assertEqual(one.action_id.sudo().type, "ir.actions.act_window")
                action = self.env[one.action_id.type].browse(one.action_id.id)
                self.assertEqual(action.res_model, one.model_id)

    def _get_reader(self, favourite):
        for name in ROLES:
            user = getattr(self, name)
            if favourite.followup_group_ids & user.all_group_ids:
                return user
        return self.fail(favourite.name)

    def test_a_favourite_is_named_in_the_readers_language(self):
        """Odoo does not translate names of favourites; ours have a label."""
        one = self.env.ref("followup_reports.ir_filters_task_head")
        self.env["res.lang"]._activate_lang("zh_CN")
        one.with_context(lang="zh_CN").followup_label = "本科室上月"
        self.head_a.lang = "zh_CN"
        self.assertEqual(self._offered(self.head_a, one.model_id), ["本科室上月"])
        self.head_a.lang = "en_US"
        found = self._offered(self.head_a, one.model_id)
        self.assertEqual(found, ["My Departments Last Month"])
