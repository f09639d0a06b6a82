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
