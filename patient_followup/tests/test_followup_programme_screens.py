# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged

from .test_followup_goal import GoalCase


@tagged("post_install", "-at_install", "patient_followup_http")
class TestProgrammeScreens(GoalCase, HttpCase):
    """The screens of programmes in a real browser, at a desk and on a phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for day, value in (("2026-03-01", 165), ("2026-04-01", 150)):
            cls._answer(day, value)
        cls.enrolment = cls.env["followup.enrolment"].create(
            {
                "patient_id": cls.patient.id,
                "programme_id": cls.env.ref(
                    "patient_followup.followup_programme_chronic"
                ).id,
            }
        )
        cls.event = cls.env["followup.group.event"].create(
            {
                "name": "Salt",
                "company_id": cls.company.id,
                "department_id": cls.department_a.id,
                "date_start": "2026-06-10 06:00:00",
            }
        )

    def _open(self, path, ready, login="ward_a"):
        self.browser_js(
            path,
            code="console.log('test successful')",
            ready=f"document.querySelector({ready!r}) !== null",
            login=login,
        )

    def _look_at_trend(self):
        """The page shows the line and its values as a table."""
        self.browser_js(
            f"/odoo/followup-patients/{self.patient.id}",
            code="""
                document.querySelector(".nav-link[name=programmes]").click();
                const wait = setInterval(() => {
                    const trend = document.querySelector(".o_followup_trend");
                    const canvas = trend?.querySelector("canvas");
                    const rows = trend?.querySelectorAll("tbody tr") || [];
                    if (canvas && canvas.width && rows.length) {
                        clearInterval(wait);
                        const width = document.documentElement.clientWidth;
                        const text = [...rows].map((row) => row.textContent).join();
                        const fits = canvas.getBoundingClientRect().right <= width;
                        if (rows.length === 2 && text.includes("150 mmHg") && fits) {
                            console.log("test successful");
                        } else {
                            console.error(`rows: ${text}; fits: ${fits}`);
                        }
                    }
                }, 100);
            """,
            ready="document.querySelector('.nav-link[name=programmes]') !== null",
            login="ward_a",
        )

    def test_course_over_time_at_a_desk(self):
        """R-8: a line, the target, and a table for those who cannot see it."""
        self._look_at_trend()

    def test_course_over_time_on_a_phone(self):
        """R-8: nothing lies outside a screen of 390 px."""
        self.browser_size = "390x844"
        self._look_at_trend()

    def test_lists_and_forms_open(self):
        for path, ready in (
            ("/odoo/followup-programmes", ".o_kanban_record:not(.o_kanban_ghost)"),
            ("/odoo/followup-enrolments", ".o_data_row"),
            (
                f"/odoo/followup-enrolments/{self.enrolment.id}",
                ".o_field_widget[name=goal_ids]",
            ),
            ("/odoo/followup-goals", ".o_list_view, .o_view_nocontent"),
            ("/odoo/followup-group-events", ".o_calendar_view"),
            (
                f"/odoo/followup-group-events/{self.event.id}",
                ".o_field_widget[name=attendance_ids]",
            ),
        ):
            with self.subTest(path):
                self._open(path, ready)

    def test_a_leader_sees_programmes_without_patients(self):
        self._open(
            "/odoo/followup-programmes",
            ".o_kanban_record:not(.o_kanban_ghost)",
            login="leader",
        )
