# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Published reports hold no cell under five and need a second person (K-8, K-13)."""

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import html2plaintext

from .hospital_common import SmallHospitalCase


@tagged("post_install", "-at_install")
class TestReportRelease(SmallHospitalCase):
    def _release(self, audience="internal"):
        run = self._produce().with_user(self.manager).with_context(lang="en_US")
        run._publish(audience)
        return self.env["followup.report.release"].search([("run_id", "=", run.id)])

    def test_cells_under_five_are_left_out_for_every_reader(self):
        """Ward B has two patients; Ward A alone would give them away."""
        text = html2plaintext(self._release().content)
        self.assertIn("85.7%", text)
        for hidden in ("4/5", "1/2", "User manager"):
            with self.subTest(hidden=hidden):
                self.assertNotIn(hidden, text)

    def test_nobodys_work_is_published_by_name(self):
        run = self._produce("scorecard").with_user(self.manager)
        run = run.with_context(lang="en_US")
        self.assertIn("User ward_a", str(run.matrix_html))
        run._publish("internal")
        row = self.env["followup.report.release"].search([("run_id", "=", run.id)])
        self.assertNotIn("User ward_a", str(row.content))

    def test_somebody_else_releases_it(self):
        row = self._release()
        with self.assertRaises(AccessError):
            row.with_user(self.manager).action_release()
        self.assertFalse(row._get_published(("internal",), self.company))
        row.with_user(self.leader).action_release()
        shown = row._get_published(("internal",), self.company)
        self.assertEqual([entry["title"] for entry in shown], [row.title])
        row.with_user(self.leader).action_withdraw()
        self.assertFalse(row._get_published(("internal",), self.company))

    def test_heads_and_callers_publish_nothing(self):
        run = self._produce()
        for user in (self.head_a, self.leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                run.with_user(user).action_publish_public()


@tagged("post_install", "-at_install", "followup_reports_http")
class TestReportPages(SmallHospitalCase, HttpCase):
    def test_pages_show_what_was_released_for_their_readers(self):
        run = self._produce().with_user(self.manager).with_context(lang="en_US")
        for audience in ("internal", "public"):
            run._publish(audience)
        rows = self.env["followup.report.release"].search([("run_id", "=", run.id)])
        rows.with_user(self.leader).action_release()
        rows.filtered(
            lambda row: row.audience == "internal"
        )._guarded().title = "Inside"
        rows.filtered(lambda row: row.audience == "public")._guarded().title = "Outside"
        self.env.flush_all()
        text = self.url_open("/followup/published").text
        self.assertIn("Outside", text)
        self.assertNotIn("Inside", text)
        self.authenticate("plain", "plainxxx")
        text = self.url_open("/followup/bulletins").text
        self.assertIn("Inside", text)
        self.assertIn("Outside", text)

    def test_bulletins_are_for_employees_not_for_whoever_logs_in(self):
        """A patient with a portal account reads what is for everybody (K-8)."""
        new_test_user(self.env, "portal_user", groups="base.group_portal")
        self.authenticate("portal_user", "portal_user")
        self.assertEqual(self.url_open("/followup/bulletins").status_code, 404)
        self.assertEqual(self.url_open("/followup/published").status_code, 200)

    def test_the_spreadsheet_is_for_its_readers_and_logged(self):
        run = self._produce()
        path = f"/followup/report/{run.id}/xlsx"
        self.authenticate("ward_b", "ward_bxx")
        self.assertEqual(self.url_open(path).status_code, 404)
        self.assertEqual(self.url_open("/followup/report/0/xlsx").status_code, 404)
        self.authenticate("head_a", "head_axx")
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("bulletin-2026-03-v1.xlsx", answer.headers["Content-Disposition"])
        logged = self.env["followup.access.log"].search(
            [("action", "=", "export"), ("res_model", "=", run._name)]
        )
        self.assertEqual(logged.user_id, self.head_a)

    def test_the_wallboard_shows_numbers_to_the_centre_only(self):
        self.authenticate("ward_b", "ward_bxx")
        self.assertEqual(self.url_open("/followup/wallboard").status_code, 404)
        self.authenticate("manager", "managerx")
        answer = self.url_open("/followup/wallboard")
        self.assertEqual(answer.status_code, 200)
        self.assertIn('http-equiv="refresh"', answer.text)
        self.assertIn("Overdue", answer.text)
        self.assertNotIn("Patient ", answer.text)
