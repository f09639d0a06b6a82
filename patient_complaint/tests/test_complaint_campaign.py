# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .action_common import ActionCommon


@tagged("post_install", "-at_install")
class TestComplaintCampaign(ActionCommon):
    """What recurs gets a campaign (S-7, S-8, C-22)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env.ref(
            "patient_complaint.complaint_category_process_waiting"
        )

    def _issue(self, category=None, department=None, ago=1, **vals):
        department = department or self.department_a
        return self._case(
            received_at=fields.Datetime.now() - timedelta(days=ago),
            department_id=department.id,
            issue_ids=[(0, 0, {"category_id": (category or self.category).id})],
            **vals,
        )

    def _found(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("patient_complaint.complaint_campaign_cron_find")
            cron.method_direct_trigger()
        return self.env["complaint.campaign"].search(
            [("company_id", "=", self.company.id)]
        )

    def _running(self):
        for _index in range(3):
            self._issue()
        campaign = self._found().with_user(self.officer)
        campaign.write(
            {
                "owner_id": self.head_a.id,
                "goal": "Nobody waits",
                "milestone_ids": [(0, 0, {"name": "Window", "date": "2031-01-01"})],
            }
        )
        campaign.action_start()
        return campaign

    def test_three_cases_of_one_kind_propose_a_campaign(self):
        cases = self._issue() | self._issue() | self._issue(ago=80)
        self._issue(ago=95)
        self._issue(department=self.department_b)
        self._issue(self.env.ref("patient_complaint.complaint_category_cost_charge"))
        self._issue(kind="praise")
        self._issue().action_withdraw("x")
        campaign = self._found()
        self.assertEqual(campaign.case_ids, cases)
        self.assertEqual((campaign.case_count, campaign.case_days), (3, 90))
        self.assertEqual(campaign.department_id, self.department_a)
        self.assertEqual(campaign.activity_ids.user_id, self.officer)
        self.assertRegex(campaign.display_name, r"^Z20\d\d-\d{3}$")

    def test_the_span_is_a_setting(self):
        table = [(3, 90, 1), (4, 90, 0), (0, 90, 0), (3, 5, 0), (2, 5, 1)]
        for ago in (1, 2, 30):
            self._issue(ago=ago)
        for count, days, found in table:
            self.company.write(
                {"complaint_recur_count": count, "complaint_recur_days": days}
            )
            rows = self.env["complaint.campaign"]._find_recurring()
            rows = [row for row in rows if row["company_id"] == self.company.id]
            with self.subTest(count=count, days=days):
                self.assertEqual(len(rows), found)

    def test_the_same_is_proposed_once(self):
        for _index in range(3):
            self._issue()
        first = self._found()
        self.assertEqual(self._found(), first)

    def test_what_was_dismissed_is_proposed_again_only_by_new_cases(self):
        for _index in range(3):
            self._issue()
        first = self._found().with_user(self.officer)
        for reason in ("", " ", None):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                first.action_dismiss(reason)
        first.action_dismiss("One broken machine")
        self.assertEqual(first.dismiss_reason, "One broken machine")
        self.assertEqual(self._found(), first)
        first.sudo()._guarded().dismissed_at = fields.Datetime.now() - timedelta(days=4)
        self.assertEqual(len(self._found()), 2)

    def test_a_campaign_needs_leader_goal_and_milestone(self):
        for _index in range(3):
            self._issue()
        campaign = self._found().with_user(self.officer)
        with self.assertRaisesRegex(UserError, "who leads it, the goal, a milestone"):
            campaign.action_start()

    def test_the_evaluation_waits_for_milestones_and_rectification(self):
        campaign = self._running()
        action = self._action(campaign_id=campaign.id)
        with self.assertRaisesRegex(UserError, "what lasts.*milestone.*rectification"):
            campaign.action_evaluate()
        campaign.milestone_ids.state = "reached"
        campaign.write({"evaluation": "Half the wait", "mechanism": "Noon rota"})
        with self.assertRaisesRegex(UserError, "rectification"):
            campaign.action_evaluate()
        self._settle(action)
        campaign.action_evaluate()
        self.assertEqual(
            (campaign.state, campaign.evaluated_by_id), ("evaluated", self.officer)
        )
        with self.assertRaises(UserError):
            campaign.goal = "x"
        with self.assertRaises(UserError):
            campaign.milestone_ids.note = "x"

    def test_cases_since_it_began_are_counted(self):
        campaign = self._running()
        campaign.sudo()._guarded().started_at = fields.Datetime.now() - timedelta(
            days=2
        )
        self._issue(ago=0)
        campaign.invalidate_recordset()
        self.assertEqual(campaign.later_count, 4)

    def test_states_cannot_be_written(self):
        """D-18"""
        campaign = self._running()
        for vals in ({"state": "evaluated"}, {"case_count": 9}, {"name": "Z"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                campaign.write(vals)
        with self.assertRaises(UserError):
            campaign.unlink()

    def test_one_statement_finds_what_recurs(self):
        for _index in range(3):
            self._issue()
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.env["complaint.campaign"]._find_recurring()
