# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demo hospital shows its leaders figures, not empty pages."""

from odoo.tests import TransactionCase, tagged

SUMMARIES = (
    "followup.report.task.summary",
    "followup.report.complaint.summary",
    "followup.answer.summary",
)


@tagged("-standard", "post_install", "-at_install", "demo_zh")
class TestReportDemo(TransactionCase):
    def test_leaders_see_several_departments_of_the_last_months(self):
        company = self.env.ref("patient_followup.demo_company_main")
        leader = self.env.ref("patient_followup.demo_user_leader")
        for model in SUMMARIES:
            rows = self.env[model].with_user(leader).with_company(company).search([])
            with self.subTest(model=model):
                self.assertGreaterEqual(len(set(rows.mapped("month"))), 2)
                self.assertGreaterEqual(len(rows.department_id), 2)

    def test_the_rules_are_in_force_and_a_change_is_under_review(self):
        """C-26, in the language of the hospital."""
        nurse = self.env.ref("patient_followup.demo_user_nurse")
        seen = self.env["followup.policy.version"].with_user(nurse).search([])
        self.assertEqual(seen.mapped("state"), ["force"])
        self.assertEqual(seen.rules[1][0], "目标")
        manager = self.env.ref("patient_followup.demo_user_manager")
        version = seen.with_user(manager).search([("state", "=", "review")])
        self.assertIn("95%", version.changes_html)
        self.assertEqual(set(version.review_ids.mapped("answer")), {False, "object"})
