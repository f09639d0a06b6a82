# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every report: screen, paper, spreadsheet and live figures say the same (K-4)."""

import io
import re
import shutil
import subprocess

import openpyxl

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext, mute_logger

from ..models.followup_report_run import COMPLAINT_CODES, REPORTS
from ..tools.matrix import SMALL_TEXT, plain
from .hospital_common import REPORT_DAY, SmallHospitalCase

DOCTOR, NURSE = "satisfaction_doctor", "satisfaction_nurse"
# a spreadsheet has no sheet for what is empty
PERIODS = {"half_month": "half_month", "complaints": "quarter"}


@tagged("post_install", "-at_install")
class TestReportSame(SmallHospitalCase):
    """March of two wards with answers, opinions, suggestions and complaints."""

    def setUp(self):
        super().setUp()
        for ward, metric, points in (
            ("a", DOCTOR, 90),
            ("a", NURSE, 70),
            ("b", DOCTOR, 50),
        ):
            self._answer(ward, metric, points, "2026-03-10")
        self._raised(self.a1, "praise", "2026-03-05")
        opinion = self._raised(self.a1, "suggestion", "2026-03-06")
        self.env["followup.report.suggestion"].with_user(self.manager).create(
            {
                "concern_id": opinion.id,
                "wording": "Warm water at night",
                "proposal": "A second boiler",
            }
        )
        with freeze_time(REPORT_DAY):
            for ward, finding in (
                ("a", "upheld"),
                ("a", "not_upheld"),
                ("b", "partly"),
            ):
                self._complain(self._ward(ward), finding)
        self.env.flush_all()

    def _complain(self, ward, finding):
        category = self.env.ref("patient_complaint.complaint_category_process_waiting")
        issue = {
            "category_id": category.id,
            "finding": finding,
            "department_id": ward.id,
        }
        cases = self.env["complaint.case"].with_user(self.specialist)
        cases.with_company(self.company).create(
            {
                "description": "Waited long",
                "received_at": self._moment("2026-03-20"),
                "department_id": ward.id,
                "issue_ids": [(0, 0, issue)],
            }
        )

    def _each(self):
        """Yield (code, report, its reader) of every kind of report."""
        for code, _label in REPORTS:
            user = self.officer if code in COMPLAINT_CODES else self.manager
            run = self._produce(code, PERIODS.get(code, "month"), user=user)
            yield code, run.with_user(user).with_context(lang="en_US")

    def _pdf_text(self, run):
        reports = self.env["ir.actions.report"].with_user(run.env.user)
        reports = reports.with_context(lang="en_US", force_report_rendering=True)
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            content, _kind = reports._render_qweb_pdf(
                "followup_reports.followup_report_run", run.ids
            )
        answer = subprocess.run(
            [shutil.which("pdftotext"), "-layout", "-", "-"],
            input=content,
            capture_output=True,
            check=True,
        )
        text = re.sub(r"[▼*]", "", answer.stdout.decode()).replace("‒", "–")
        return " ".join(text.split())

    def _shown(self, row):
        """Return the figures of a row as paper and screen print them."""
        cells = [cell for cell in row.cells if cell.kind != "text"]
        return " ".join(f"{cell.text} {cell.fraction}".strip() for cell in cells)

    def _printed(self, cell, columns):
        """Return what the columns of a sheet say of a figure, as a report does."""
        value = columns[0].value
        if cell.state == "none":
            return "–" if value is None else value
        if cell.state == "small":
            return value
        if cell.kind == "rate":
            return f"{100 * value:.1f}%"
        if cell.kind == "count":
            return plain(value)
        if cell.kind == "text":
            return value or ""
        return f"{value:.1f}" if cell.kind == "number" else f"{value:+.1f}"

    def test_paper_and_screen_of_every_report(self):
        for code, run in self._each():
            matrix = run._get_matrix()
            paper = self._pdf_text(run)
            screen = " ".join(html2plaintext(run.matrix_html).split())
            self.assertTrue(matrix.tables, code)
            for table in matrix.tables:
                for row in table.rows:
                    with self.subTest(code=code, table=table.code, row=row.label):
                        self.assertIn(self._shown(row), paper)
                        for cell in row.cells:
                            self.assertIn(cell.text.split(" ")[0], screen)
                            if cell.kind == "text":
                                self.assertLessEqual(
                                    set(cell.text.split()), set(paper.split())
                                )

    def test_spreadsheet_of_every_report(self):
        for code, run in self._each():
            matrix = run._get_matrix()
            book = openpyxl.load_workbook(io.BytesIO(run._get_xlsx()))
            for table in matrix.tables:
                sheet = book[table.title[:31]]
                for number, row in enumerate(table.rows, start=2):
                    place = 2
                    self.assertEqual(sheet.cell(number, 1).value, row.label)
                    for cell, column in zip(row.cells, table.columns, strict=True):
                        width = 3 if column.kind == "rate" else 1
                        columns = [
                            sheet.cell(number, place + step) for step in range(width)
                        ]
                        place += width
                        with self.subTest(
                            code=code, table=table.code, row=row.label, of=column.key
                        ):
                            self.assertEqual(self._printed(cell, columns), cell.text)
                            if cell.fraction:
                                fraction = "/".join(
                                    plain(column.value) for column in columns[1:]
                                )
                                self.assertEqual(fraction, cell.fraction)

    def test_live_figures_of_attempts_opinions_and_complaints(self):
        """What a pivot shows of the month is what the report froze."""
        self._compare(
            ("bulletin", "attempts", "followup.report.attempt", "day"),
            {"attempts": "attempt_count:sum"},
            {"connect": "connect_rate:avg", "wrong_number": "wrong_rate:avg"},
            level="1",
        )
        self._compare(
            ("satisfaction", "satisfaction", "followup.answer.report", "day"),
            {"answers": "is_scored:count"},
            {"satisfaction": "score:avg"},
        )
        self._compare(
            ("complaints", "complaints", "followup.report.complaint", "received_day"),
            {"complaints": "case_count:sum"},
            {"upheld": "upheld_rate:avg"},
        )

    def _compare(self, what, counts, rates, level=None):
        code, section, model, day = what
        user = self.officer if code in COMPLAINT_CODES else self.manager
        run = self._produce(code, PERIODS.get(code, "month"), user=user)
        domain = [(day, ">=", run.date_from), (day, "<=", run.date_to)]
        domain += [("company_id", "=", self.company.id)]
        names = {**counts, **rates}
        rows = self.env[model].with_user(user)
        found = rows._read_group(domain, ["department_id"], list(names.values()))
        self.assertEqual(len(found), 2, code)
        for ward, *values in found:
            figures = self._figures(run, section, level, ward)
            for (kpi, _name), value in zip(names.items(), values, strict=True):
                with self.subTest(code=code, ward=ward.name, kpi=kpi):
                    wanted = figures[kpi]
                    if kpi in rates:
                        wanted = 100 * wanted[0] / wanted[1]
                    self.assertAlmostEqual(value, wanted)

    def test_leaders_read_suggestions_in_the_words_of_the_centre(self):
        """K-6: by the 5th; never the words of the patient."""
        run = self._produce("suggestions").with_user(self.leader)
        words = [
            cell.text
            for table in run._get_matrix().tables
            for row in table.rows
            for cell in row.cells
            if cell.kind == "text"
        ]
        self.assertEqual(words, ["Warm water at night", "A second boiler"])
        with self.assertRaises(AccessError):
            self.env["followup.report.suggestion"].with_user(self.leader).search([])

    def test_a_commendation_names_no_patient(self):
        """W-6: praise to hang up."""
        praise = self.env["followup.concern"].search([("kind", "=", "praise")], limit=1)
        reports = self.env["ir.actions.report"].with_user(self.head_a)
        html, _kind = reports._render_qweb_html(
            "followup_reports.followup_commendation", praise.ids
        )
        text = html2plaintext(html.decode())
        self.assertIn("Ward A", text)
        self.assertNotIn(praise.patient_id.name, text)

    # ------------------------------------------------------------
    # A HEAD SEES HIS WARD ONLY
    # ------------------------------------------------------------

    def test_no_report_tells_a_head_of_another_ward(self):
        for code, run in self._each():
            if code in COMPLAINT_CODES:
                continue
            mine = run.with_user(self.head_b)
            paper, screen = self._pdf_text(mine), str(mine.matrix_html)
            book = openpyxl.load_workbook(io.BytesIO(mine._get_xlsx()))
            cells = {
                str(cell.value)
                for sheet in book
                for row in sheet.iter_rows()
                for cell in row
            }
            with self.subTest(code=code):
                self.assertNotIn("Ward A", paper)
                self.assertNotIn("Ward A", screen)
                self.assertNotIn("Warm water", f"{paper} {screen} {cells}")
                self.assertFalse([cell for cell in cells if "Ward A" in cell])
                self.assertNotIn(SMALL_TEXT, cells)

    def test_no_dashboard_tells_a_head_of_another_ward(self):
        """Every source of the dashboards answers with his own rows only."""
        dashboards = self.env["spreadsheet.dashboard"].with_user(self.head_b)
        ours = self.env.ref("followup_reports.spreadsheet_dashboard_group")
        found = dashboards.search([("dashboard_group_id", "=", ours.id)])
        self.assertEqual(
            found, self.env.ref("followup_reports.spreadsheet_dashboard_followup")
        )
        for model in (
            "followup.report.task",
            "followup.report.attempt",
            "followup.report.concern",
            "followup.answer.report",
        ):
            groups = self._call(
                self.head_b, model, "formatted_read_group", [], ["department_id"], []
            )
            seen = {row["department_id"] and row["department_id"][0] for row in groups}
            with self.subTest(model=model):
                self.assertLessEqual(seen, {self.department_b.id})

    def test_who_opens_which_dashboard(self):
        ours = self.env.ref("followup_reports.spreadsheet_dashboard_group")
        wanted = {
            self.ward_a: [],
            self.centre: [],
            self.administrator: [],
            self.plain: [],
            self.manager: ["followup"],
            self.inspector: ["followup"],
            self.specialist: ["complaint"],
            self.leader: ["followup_summary", "complaint_summary"],
        }
        for user, names in wanted.items():
            dashboards = self.env["spreadsheet.dashboard"].with_user(user)
            found = dashboards.search([("dashboard_group_id", "=", ours.id)])
            refs = (
                self.env.ref(f"followup_reports.spreadsheet_dashboard_{name}")
                for name in names
            )
            with self.subTest(user=user.login):
                self.assertEqual(found.ids, [row.id for row in refs])

    def test_no_dashboard_is_shared_by_a_link(self):
        """Y-10: a shared copy opens without log-in."""
        dashboard = self.env.ref("followup_reports.spreadsheet_dashboard_followup")
        shares = self.env["spreadsheet.dashboard.share"].with_user(self.manager)
        with self.assertRaises(AccessError):
            shares.action_get_share_url(
                {"dashboard_id": dashboard.id, "spreadsheet_data": "{}"}
            )
