# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Figures tell the totals, never the case, to whoever is in conflict (I-8)."""

import io

import openpyxl

from odoo.tests import freeze_time, tagged

from .test_report_complaint import QUARTER_REPORT, ReportComplaintCase


@tagged("post_install", "-at_install")
class TestReportConflict(ReportComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer.group_ids = [(4, cls.env.ref("base.group_allow_export").id)]
        cls._write(cls.c1, conflict_user_ids=[(4, cls.officer.id)])
        cls.env.flush_all()

    def _rows(self, domain=()):
        rows = self.env["followup.report.complaint"].with_user(self.officer)
        return rows.search([("company_id", "=", self.company.id), *domain])

    def test_the_rows_of_figures_leave_his_case_out(self):
        run = self._analysis()
        lines = run.line_ids.filtered("numerator")
        self.assertEqual(self._figures(run, "complaints")["complaints"], 4)
        self.assertIn(self.c2, self._rows().case_id)
        self.assertNotIn(self.c1, self._rows().case_id)
        for line in lines:
            rows = self._rows([("figure_id", "=", line.id)])
            with self.subTest(section=line.section, kpi=line.kpi):
                self.assertNotIn(self.c1.id, rows.ids)

    def test_groups_and_digests_leave_his_case_out(self):
        rows = self.env["followup.report.complaint"].with_user(self.officer)
        domain = [("received_day", "=", "2026-01-05")]
        domain.append(("company_id", "=", self.company.id))
        self.assertFalse(rows._read_group(domain, ["department_id"], ["__count"]))
        self.assertFalse(rows.name_search("", domain))
        with freeze_time(QUARTER_REPORT):
            digest = self.env["digest.digest"].create(
                {"name": "Figures", "company_id": self.company.id}
            )
            digest = digest.with_user(self.officer).with_company(self.company)
            start, end = self._moment("2026-01-01"), self._moment("2026-03-31", 24)
            digest = digest.with_context(start_datetime=start, end_datetime=end)
            self.assertEqual(digest.kpi_complaints_value, 3)

    def test_the_list_leaves_his_case_out(self):
        lists = self.env["followup.report.list"].with_user(self.officer)
        book = openpyxl.load_workbook(io.BytesIO(lists._get_xlsx("complaints")))
        cells = {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
        self.assertIn(self.c2.name, cells)
        self.assertNotIn(self.c1.name, cells)
