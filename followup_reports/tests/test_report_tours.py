# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged

from .hospital_common import SmallHospitalCase


@tagged("post_install", "-at_install", "followup_reports_http")
class TestReportTours(SmallHospitalCase, HttpCase):
    """The screens of reports in a real browser."""

    def _set_default(self, model, **values):
        """Choose a date beforehand: pickers follow the clock of the browser."""
        for name, value in values.items():
            self.env["ir.default"].set(model, name, value)

    def _open(self, run, name, user):
        self.start_tour(f"/odoo/followup-reports/{run.id}", name, login=user.login)

    def test_a_manager_makes_a_report_and_opens_the_rows_of_a_figure(self):
        """K-4: from any figure to what it counts."""
        self._set_default("followup.report.produce", day="2026-03-15")
        action = "followup_reports.followup_report_produce_action"
        self.start_tour(
            f"/odoo/action-{action}", "followup_report_make", login=self.manager.login
        )
        run = self.env["followup.report.run"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual((run.code, run.period), ("bulletin", "2026-03"))
        self.assertEqual(run.computed_by_id, self.manager)

    def test_guided_tour_of_a_leader(self):
        """Reports, figures, rewards, releases: every step points at something."""
        tour = self.env.ref("followup_reports.followup_tour_leader")
        self.start_tour(tour.url, tour.name, login=self.leader.login)

    def test_a_head_answers_for_his_department(self):
        """K-18: a measure and a date."""
        self._set_default("followup.report.acknowledge", measure_date="2026-12-31")
        run = self._produce()
        self._open(run, "followup_report_answer", self.head_a)
        receipt = run.sudo().receipt_ids
        self.assertEqual(receipt.department_id, self.department_a)
        self.assertEqual(receipt.given_by_id, self.head_a)
        self.assertEqual(receipt.measure, "Calls in the evening")

    def test_a_leader_signs_what_somebody_else_made(self):
        """A-1: one signature, for these figures."""
        run = self._produce()
        self._open(run, "followup_report_sign", self.leader)
        self.assertEqual(run.sudo().signature_ids.signed_by_id, self.leader)

    def test_a_leader_releases_what_was_proposed(self):
        """K-8: the pages show it from then on."""
        run = self._produce().with_user(self.manager)
        run._publish("internal")
        releases = self.env["followup.report.release"]
        row = releases.search([("run_id", "=", run.id)])
        url = "/odoo/followup-published-reports"
        self.start_tour(url, "followup_report_release", login=self.leader.login)
        self.assertEqual(row.state, "released")
        self.assertEqual(row.released_by_id, self.leader)
