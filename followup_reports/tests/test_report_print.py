# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Screen, PDF and XLSX say what the lines say (section 2), to whom they may."""

import io
import re
import shutil
import subprocess

import openpyxl

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import html2plaintext, mute_logger

from ..tools.book import Book, sheet_of
from .hospital_common import SmallHospitalCase

RATES = ("coverage", "effective", "on_time", "unreachable", "refused")


@tagged("post_install", "-at_install")
class TestReportPrint(SmallHospitalCase):
    """One report of March, read by the roles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_ = cls._produce(cls)

    def _matrix(self, user):
        return self.run_.with_user(user).with_context(lang="en_US")._get_matrix()

    def _rows(self, user, code):
        """Return {label: [texts]} of a table."""
        tables = {table.code: table for table in self._matrix(user).tables}
        if code not in tables:
            return {}
        return {
            row.label: [cell.text for cell in row.cells] for row in tables[code].rows
        }

    def _book(self, user):
        run = self.run_.with_user(user).with_context(lang="en_US")
        return openpyxl.load_workbook(io.BytesIO(run._get_xlsx()))

    def _pdf_text(self, user):
        reports = self.env["ir.actions.report"].with_user(user)
        reports = reports.with_context(lang="en_US", force_report_rendering=True)
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            content, _kind = reports._render_qweb_pdf(
                "followup_reports.followup_report_run", self.run_.ids
            )
        answer = subprocess.run(
            [shutil.which("pdftotext"), "-layout", "-", "-"],
            input=content,
            capture_output=True,
            check=True,
        )
        return " ".join(answer.stdout.decode().split())

    # ------------------------------------------------------------
    # ONE MATRIX
    # ------------------------------------------------------------

    def test_the_spreadsheet_holds_the_figures_of_the_lines(self):
        book = self._book(self.manager)
        sheet = book["Follow-up, Level 1"]
        heads = [cell.value for cell in sheet[1]]
        rows = {row[0].value: dict(zip(heads, row, strict=True)) for row in sheet}
        lines = self.run_.sudo().line_ids.filtered(
            lambda line: line.section == "follow_up" and line.level == "1"
        )
        names = self.env["followup.kpi"].with_context(lang="en_US")._get_words()
        self.assertTrue(lines)
        for line in lines:
            row = rows[line.department_id.name or "Total"]
            name, _text, unit, _lower = names[line.kpi]
            with self.subTest(ward=line.department_id.name, kpi=line.kpi):
                if unit == "percent":
                    self.assertAlmostEqual(row[name].value, line.value / 100)
                    self.assertEqual(row[f"{name}: counted"].value, line.numerator)
                    self.assertEqual(row[f"{name}: of"].value, line.denominator)
                    self.assertEqual(row[name].number_format, "0.0%")
                else:
                    self.assertEqual(row[name].value, line.numerator)

    def test_paper_screen_and_spreadsheet_show_the_same_figures(self):
        text = self._pdf_text(self.manager)
        matrix = self._matrix(self.manager)
        screen = html2plaintext(self.run_.with_user(self.manager).matrix_html)
        screen = " ".join(screen.split())
        for table in matrix.tables:
            for row in table.rows:
                shown = " ".join(
                    f"{cell.text} {cell.fraction}".strip() for cell in row.cells
                )
                with self.subTest(table=table.code, row=row.label):
                    # the font of the paper knows two dashes as one
                    found = re.sub(r"[▼*]", "", text).replace("‒", "–")
                    self.assertTrue(
                        " ".join(shown.split()) in " ".join(found.split()), shown
                    )
                    self.assertIn(row.label, screen)
        book = self._book(self.manager)
        for table in matrix.tables:
            heads, rows = sheet_of(table)
            sheet = book[table.title[:31]]
            with self.subTest(table=table.code):
                self.assertEqual([cell.value for cell in sheet[1]], heads)
                self.assertEqual(sheet.max_row, len(rows) + 1)
                self.assertEqual(sheet.freeze_panes, "B2")

    def test_every_figure_has_its_definition(self):
        matrix = self._matrix(self.manager)
        sheet = self._book(self.manager)["Definitions"]
        meant = {row[0].value for row in sheet}
        for table in matrix.tables:
            for column in table.columns:
                if ":" not in column.key:
                    self.assertIn(column.label, meant)

    def test_a_department_named_like_a_formula_is_text(self):
        name = '=cmd|"/c calc"!A1'
        self.department_a.with_context(lang="en_US").name = name
        self.run_ = self._produce()
        sheet = self._book(self.manager)["Follow-up, Level 1"]
        cells = {cell.value: cell.data_type for cell in sheet["A"]}
        self.assertEqual(cells["'" + name], "s")

    def test_names_of_sheets_are_made_possible(self):
        book = Book()
        for name in ("a/b:c", "a/b:c", "", "x" * 60):
            book.sheet(name, ["Head"], [["=1+1"], [3.5], [None]])
        made = openpyxl.load_workbook(io.BytesIO(book.close()))
        self.assertEqual(made.sheetnames, ["a b c", "a b c 2", "Sheet", "x" * 31])
        self.assertEqual(made["a b c"]["A2"].value, "'=1+1")

    # ------------------------------------------------------------
    # WHO SEES WHAT
    # ------------------------------------------------------------

    def test_a_head_sees_his_department_and_no_total(self):
        rows = self._rows(self.head_a, "follow_up_1")
        self.assertEqual(set(rows), {"Ward A"})
        for user, mine, others in (
            (self.head_a, "Ward A", "Ward B"),
            (self.head_b, "Ward B", "Ward A"),
        ):
            words = self._pdf_text(user)
            book = self._book(user)
            cells = {
                str(cell.value)
                for sheet in book
                for row in sheet.iter_rows()
                for cell in row
            }
            screen = str(self.run_.with_user(user).matrix_html)
            with self.subTest(user=user.login):
                self.assertIn(mine, words)
                self.assertNotIn(others, words)
                self.assertNotIn(others, cells)
                self.assertNotIn(others, screen)
                self.assertNotIn("Total", cells)

    def test_a_leader_sees_no_figure_of_fewer_than_five(self):
        """Ward B has two patients; Ward A's base alone would give it away."""
        rows = self._rows(self.leader, "follow_up_1")
        lines = self.env["followup.report.line"].with_user(self.leader)
        lines = lines.search([("run_id", "=", self.run_.id)])
        self.assertTrue(lines)
        self.assertFalse(lines.filtered("is_small"))
        self.assertNotIn("Ward B", rows)
        self.assertEqual(rows["Total"][6], "85.7%")
        words = self._pdf_text(self.leader)
        self.assertIn("* Kept back: fewer than five", words)
        screen = str(self.run_.with_user(self.leader).matrix_html)
        self.assertIn("* Kept back: fewer than five", screen)
        meant = self._book(self.leader)["Definitions"]
        self.assertIn("*", {row[0].value for row in meant})
        self.assertNotIn("4/5", words)

    def test_what_is_hidden_follows_from_nothing_shown(self):
        """Parts of departments go together: base and total would tell them."""
        lines = self.env["followup.report.line"].with_user(self.leader)
        shown = lines.search([("run_id", "=", self.run_.id), ("level", "=", "1")])
        for line in shown.filtered(lambda line: line.section == "follow_up"):
            with self.subTest(kpi=line.kpi, ward=line.department_id.name):
                self.assertFalse(line.department_id)
                self.assertIn(line.kpi, {"base", *RATES})
        # one class only: its base is the total's
        self.assertFalse(shown.filtered(lambda line: line.section == "reasons"))

    def test_who_has_no_part_in_reports_gets_none(self):
        for user in (self.ward_a, self.centre, self.administrator, self.plain):
            run = self.run_.with_user(user)
            with self.subTest(user=user.login):
                for read in (run._get_xlsx, run._get_matrix):
                    with self.assertRaises(AccessError):
                        read()

    def test_the_policy_sheet_names_rules_and_no_patient(self):
        """Section 4: protocols, targets, clocks and calendar in force."""
        reports = self.env["ir.actions.report"].with_context(lang="en_US")
        for user in (self.manager, self.officer, self.administrator):
            sheet = self.env["followup.policy.sheet"].with_user(user).create({})
            html, _kind = reports.with_user(user)._render_qweb_html(
                "followup_reports.followup_policy_sheet", sheet.ids
            )
            text = html2plaintext(html.decode())
            with self.subTest(user=user.login):
                self.assertIn("Effective Rate", text)
                self.assertIn("001L", text)
                self.assertIn("Monthly follow-up bulletin", text)
                self.assertIn("Head of the Department", text)
                self.assertIn("Calls not made: 20–50 %", text)

    def test_whole_lists_hold_the_readers_rows_and_keep_types(self):
        """Section 5: rights of the reader, typed cells, frozen header."""
        export = self.env.ref("base.group_allow_export")
        (self.manager | self.head_b).group_ids = [(4, export.id)]
        counts = {}
        for user in (self.manager, self.head_b):
            lists = self.env["followup.report.list"].with_user(user)
            content = lists.with_context(lang="en_US")._get_xlsx("follow-ups")
            sheet = openpyxl.load_workbook(io.BytesIO(content)).active
            counts[user.login] = sheet.max_row - 2  # header and total
            self.assertEqual(sheet.freeze_panes, "B2")
            self.assertEqual(sheet["A2"].data_type, "d")
            self.assertEqual(sheet["J2"].data_type, "n")
        self.assertEqual(counts, {"manager": 13, "head_b": 2})

    def test_who_may_not_read_or_export_gets_no_list(self):
        lists = self.env["followup.report.list"]
        for user, name in ((self.manager, "complaints"), (self.leader, "follow-ups")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                lists.with_user(user)._get_xlsx(name)
