# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every list and report as a workbook: totals, a sheet each, no formula (5)."""

import io
import json
import tracemalloc

import openpyxl

from odoo import http
from odoo.tests import BaseCase, HttpCase, tagged
from odoo.tools import mute_logger

from ..tools.book import Book, Sum
from .hospital_common import SmallHospitalCase

EVIL = '=cmd|"/c calc"!A1'


@tagged("post_install", "-at_install")
class TestBook(BaseCase):
    """The workbook itself, without a database."""

    def _open(self, book):
        return openpyxl.load_workbook(io.BytesIO(book.close()))

    def test_the_total_adds_up_the_column_below_the_filter(self):
        book = Book()
        total = Sum("Total", 3, [1])
        rows = [["a", 2, 5], ["b", 3.5, 5], ["c", None, 5]]
        kinds = [None, "amount", "count"]
        book.sheet("Sums", ["Name", "Sum", "Other"], rows, kinds=kinds, total=total)
        sheet = self._open(book)["Sums"]
        last = [cell.value for cell in sheet[5]]
        self.assertEqual(last, ["Total", 5.5, None])
        self.assertTrue(sheet["B5"].font.b)
        self.assertEqual(sheet.auto_filter.ref, "A1:C4")
        self.assertEqual(sheet.freeze_panes, "B2")

    def test_nothing_typed_becomes_a_formula(self):
        evil = [EVIL, "+1", "-1", "@x", "\t=1", "＝1", "＋1", "－1", "＠1", " =1"]
        book = Book()
        book.sheet("=1", [EVIL], [[text] for text in evil], total=[EVIL])
        sheet = self._open(book).worksheets[0]
        cells = [cell for row in sheet.iter_rows() for cell in row]
        self.assertEqual(len(cells), 12)
        for cell in cells:
            with self.subTest(cell=cell.coordinate):
                self.assertEqual(cell.data_type, "s")
                self.assertTrue(cell.value.startswith("'"))

    def test_the_length_of_a_list_costs_no_memory(self):
        """20,000 rows more grow the peak by their packed file only."""
        peaks = {}
        for count in (5_000, 25_000):
            tracemalloc.start()
            book = Book()
            rows = ([f"Patient {number}", number, 3.5] for number in range(count))
            book.sheet("Long", ["Name", "Number", "Value"], rows)
            book.close()
            peaks[count] = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        self.assertLess(peaks[25_000] - peaks[5_000], 2 * 2**20)


@tagged("post_install", "-at_install")
class TestListExport(SmallHospitalCase):
    """Lists and reports of the small hospital."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        export = cls.env.ref("base.group_allow_export")
        for user in (cls.manager, cls.head_b, cls.leader):
            user.group_ids = [(4, export.id)]

    def _book(self, user, name="follow-ups"):
        lists = self.env["followup.report.list"].with_user(user)
        content = lists.with_context(lang="en_US")._get_xlsx(name)
        return openpyxl.load_workbook(io.BytesIO(content))

    def _cells(self, sheet):
        return [[cell.value for cell in row] for row in sheet.iter_rows()]

    def test_a_list_has_types_totals_and_definitions(self):
        book = self._book(self.manager)
        rows = self._cells(book.worksheets[0])
        heads, *lines, total = rows
        base = heads.index("Base")
        self.assertEqual(len(lines), 13)
        self.assertEqual(total[0], "Total")
        self.assertEqual(total[base], sum(line[base] for line in lines))
        self.assertEqual(book.worksheets[0].auto_filter.ref, "A1:M14")
        meant = {row[0]: row[1] for row in self._cells(book["Definitions"])}
        self.assertEqual(meant["Rows"], 13)
        self.assertTrue(meant["Base"])
        self.assertEqual(meant["Exported by"], self.manager.name)

    def test_plain_columns_read_as_odoo_exports_them(self):
        """The quick way gives the cells that the slow one gives."""
        lists = self.env["followup.report.list"].with_user(self.manager)
        lists = lists.with_context(lang="en_US", tz="Asia/Shanghai")
        rows = lists.env["followup.task"].search([])
        names = ["department_id", "state", "due_day", "date_due", "attempt_count"]
        columns = lists._get_columns(rows, names)
        self.assertTrue(all(lists._is_plain(rows, column) for column in columns))
        quick = [list(row) for row in lists._read_plain(rows, columns, {})]
        slow = lists._read_any(rows, columns, {})
        self.assertEqual(len(quick), len(rows))
        blank = [[cell or cell == 0 and cell or "" for cell in row] for row in quick]
        self.assertEqual(
            [[cell or "" for cell in row] for row in blank],
            [[cell or "" for cell in row] for row in slow],
        )

    def test_the_list_is_logged_once_with_its_length(self):
        logs = self.env["followup.access.log"]
        before = logs.search([])
        self._book(self.manager)
        log = logs.search([]) - before
        self.assertEqual((log.action, log.user_id), ("export", self.manager))
        self.assertEqual((log.res_model, log.count), ("followup.report.task", 13))

    def test_a_report_has_a_sheet_for_each_department_the_reader_sees(self):
        run = self._produce()
        for user, mine, others in (
            (self.manager, {"Ward A", "Ward B"}, set()),
            (self.head_b, {"Ward B"}, {"Ward A"}),
        ):
            report = run.with_user(user).with_context(lang="en_US")
            book = openpyxl.load_workbook(io.BytesIO(report._get_xlsx()))
            with self.subTest(user=user.login):
                self.assertLessEqual(mine, set(book.sheetnames))
                self.assertFalse(others & set(book.sheetnames))
        rows = self._cells(book["Ward B"])
        heads = ["Section", "Figure", "Value", "Counted", "Of"]
        self.assertEqual(rows[0], heads)
        self.assertIn(["Follow-up, Level 1", "Effective Rate", 0.5, 1, 2], rows)

    def test_totals_of_reports_are_bold_and_not_filtered(self):
        report = self._produce().with_user(self.manager).with_context(lang="en_US")
        book = openpyxl.load_workbook(io.BytesIO(report._get_xlsx()))
        sheet = book["Follow-up, Level 1"]
        self.assertEqual(sheet.cell(sheet.max_row, 1).value, "Total")
        self.assertTrue(sheet.cell(sheet.max_row, 2).font.b)
        self.assertTrue(sheet.auto_filter.ref.endswith(str(sheet.max_row - 1)))


@tagged("post_install", "-at_install")
class TestListExportHttp(SmallHospitalCase, HttpCase):
    """The export button of any list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        export = cls.env.ref("base.group_allow_export")
        for user in (cls.manager, cls.head_b):
            user.group_ids = [(4, export.id)]

    def _export(self, user, model, fields, **params):
        self.authenticate(user.login, user.login.ljust(8, "x"))
        data = {
            "model": model,
            "fields": [{"name": name, "label": name} for name in fields],
            "ids": False,
            "domain": [],
            "groupby": [],
            "import_compat": False,
            "context": {"lang": "en_US", "allowed_company_ids": [self.company.id]},
            **params,
        }
        token = http.Request.csrf_token(self)
        return self.url_open(
            "/web/export/xlsx",
            data={"data": json.dumps(data), "csrf_token": token},
        )

    def _sheets(self, answer):
        self.assertEqual(answer.status_code, 200)
        return openpyxl.load_workbook(io.BytesIO(answer.content))

    def test_the_button_gives_the_readers_rows_as_our_workbook(self):
        self.department_b.with_context(lang="en_US").name = EVIL
        names = ["department_id", "state", "attempt_count", "encounter_id/source"]
        for user, count in ((self.manager, 13), (self.head_b, 2)):
            book = self._sheets(self._export(user, "followup.task", names))
            sheet = book.worksheets[0]
            with self.subTest(user=user.login):
                self.assertEqual(sheet.max_row, count + 2)
                self.assertEqual(sheet.freeze_panes, "B2")
                types = {cell.data_type for row in sheet.iter_rows() for cell in row}
                self.assertNotIn("f", types)
                self.assertIn("Definitions", book.sheetnames)
        self.assertEqual(sheet["A2"].value, "'" + EVIL)
        log = self.env["followup.access.log"].search([], limit=1)
        self.assertEqual((log.action, log.user_id), ("export", self.head_b))
        self.assertEqual((log.res_model, log.count), ("followup.task", 2))

    def test_rows_of_others_are_not_given_by_their_ids(self):
        tasks = self.env["followup.task"].search([])
        answer = self._export(
            self.head_b, "followup.task", ["department_id"], ids=tasks.ids
        )
        sheet = self._sheets(answer).worksheets[0]
        words = {cell.value for row in sheet.iter_rows() for cell in row}
        self.assertEqual(words, {"department_id", "Ward B"})

    def test_a_list_grouped_by_department_has_a_sheet_for_each(self):
        answer = self._export(
            self.manager,
            "followup.task",
            ["state", "attempt_count"],
            groupby=["department_id"],
        )
        book = self._sheets(answer)
        self.assertLessEqual({"Ward A", "Ward B"}, set(book.sheetnames))
        self.assertEqual(book["Ward B"].max_row, 4)

    @mute_logger("odoo.addons.web.controllers.export", "odoo.http")
    def test_who_may_not_export_gets_nothing(self):
        answer = self._export(self.ward_a, "followup.task", ["state"])
        self.assertEqual(answer.status_code, 500)
        self.assertIn("not allowed to export", answer.text)
