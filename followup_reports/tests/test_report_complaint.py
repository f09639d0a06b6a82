# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The quarterly complaint analysis against five cases reckoned by hand (K-12)."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .hospital_common import SmallHospitalCase

QUARTER_REPORT = "2026-04-10 00:00:00"
WAITING = "patient_complaint.complaint_category_process_waiting"


class ReportComplaintCase(SmallHospitalCase):
    """Ward A: C1 and C2 of one category, C3 closed; ward B: C4; C5 is praise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env.ref(WAITING)
        cls.cause = cls.env["complaint.cause"].search([], limit=2)
        with freeze_time(QUARTER_REPORT):
            cls.c1 = cls._complaint("2026-01-05", "upheld", cls.cause[0])
            cls.c2 = cls._complaint("2026-03-20", "not_upheld", cls.cause[0])
            cls.c3 = cls._complaint("2026-03-31", "partly", cls.cause[1], hour=23.9)
            cls.c4 = cls._complaint("2026-02-02", False, department=cls.department_b)
            cls._complaint("2026-02-03", False, kind="praise")
            cls._complaint("2026-04-01", False, hour=0.1)  # the next quarter
            cls._end(cls.c1, "2026-01-15", "5")
            cls._end(cls.c2, "2026-04-02", "1")  # closed in the next quarter
            cls._end(cls.c4, "2026-03-04", "2")
            cls.env.flush_all()

    @classmethod
    def _complaint(cls, day, finding, cause=None, department=None, hour=10, **vals):
        department = department or cls.department_a
        issue = {
            "category_id": cls.category.id,
            "finding": finding,
            "department_id": department.id,
            "cause_ids": [(6, 0, cause.ids if cause else [])],
        }
        cases = cls.env["complaint.case"].with_user(cls.specialist)
        case = cases.with_company(cls.company).create(
            {
                "description": "Waited long",
                "received_at": cls._moment(day, hour),
                "department_id": department.id,
                "issue_ids": [(0, 0, issue)],
                **vals,
            }
        )
        return case.with_env(cls.env)

    @classmethod
    def _end(cls, case, day, satisfaction):
        at = cls._moment(day, 10)
        cls._write(case, state="closed", closed_at=at, satisfaction=satisfaction)

    def _analysis(self):
        return self._produce(
            "complaints", "quarter", "2026-02-01", user=self.officer, at=QUARTER_REPORT
        )


@tagged("post_install", "-at_install")
class TestReportComplaint(ReportComplaintCase):
    def test_the_quarter_is_what_the_hand_reckons(self):
        run = self._analysis()
        row = self._figures(run, "complaints")
        self.assertEqual(row["complaints"], 4)
        self.assertEqual(row["closed"], 2)
        self.assertEqual(row["open_cases"], 2)
        self.assertEqual(row["upheld"], (2, 3))
        # C2 and C3 follow C1 or C2 of the same ward and category within 90 days
        self.assertEqual(row["recurrence"], (2, 4))
        self.assertEqual(row["complaint_satisfaction"], (1, 2))
        # ten and thirty days
        self.assertEqual((row["close_median"], row["close_ninety"]), (20, 28))
        row = self._figures(run, "complaints", department=self.department_b)
        self.assertEqual((row["complaints"], row["close_median"]), (1, 30))

    def test_kinds_categories_and_causes(self):
        run = self._analysis()
        self.assertEqual(self._figures(run, "cases", key="praise"), {"cases": 1})
        self.assertEqual(self._figures(run, "cases", key="complaint"), {"cases": 4})
        key = str(self.category.id)
        self.assertEqual(self._figures(run, "issues", key=key), {"issues": 4})
        first, second = (
            self._figures(run, "causes", key=str(cause.id)) for cause in self.cause
        )
        self.assertEqual((first["causes"], first["pareto"]), (2, (2, 3)))
        self.assertEqual((second["causes"], second["pareto"]), (1, (3, 3)))

    def test_a_clock_kept_and_one_missed(self):
        """Deadlines in the quarter count; stopped in time or not (C-23)."""
        self.c3.clock_ids.sudo()._guarded().unlink()
        for case in (self.c1, self.c2, self.c4):
            case.clock_ids.sudo()._guarded().unlink()
        clock = self.env["complaint.clock"].sudo()._guarded()
        start = self._moment("2026-03-01")
        rows = [
            (self.c1, start + timedelta(hours=3), False),
            (self.c2, start + timedelta(days=3), True),
            (self.c3, False, False),
        ]
        for case, stopped, breached in rows:
            clock.create(
                {
                    "case_id": case.id,
                    "kind": "triage",
                    "stop_event": "triaged",
                    "started_at": start,
                    "running_since": start,
                    "deadline": start + timedelta(days=1),
                    "stopped_at": stopped,
                    "breached": breached,
                }
            )
        run = self._analysis()
        row = self._figures(run, "clocks", key="triage")
        self.assertEqual(row, {"punctual": (1, 3)})

    def test_the_office_makes_it_and_follow_up_does_not_read_it(self):
        with self.assertRaises(AccessError):
            self._produce("complaints", "quarter", "2026-02-01", user=self.manager)
        run = self._analysis()
        for user in (self.manager, self.head_a, self.inspector):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                run.with_user(user).read(["code"])
        with self.assertRaises(AccessError):
            self._produce(user=self.officer)

    def test_leaders_read_no_share_of_fewer_than_five(self):
        """Seven cases, of which one issue was judged: no finding of it (I-11)."""
        with freeze_time(QUARTER_REPORT):
            for _number in range(6):
                self._complaint("2026-01-06", False)
            self.env.flush_all()
        rows = self.env["followup.report.complaint.summary"].with_user(self.leader)
        row = rows.search(
            [
                ("month", "=", "2026-01-01"),
                ("department_id", "=", self.department_a.id),
                ("kind", "=", "complaint"),
            ]
        )
        self.assertEqual(row.case_count, 7)
        self.assertEqual((row.judged_count, row.upheld_count), (0, 0))
        self.assertFalse(row.upheld_rate)

    def test_leaders_read_no_cell_of_fewer_than_five(self):
        run = self._analysis()
        matrix = run.with_user(self.leader).with_context(lang="en_US")._get_matrix()
        cells = [
            cell
            for table in matrix.tables
            for row in table.rows
            for cell in row.cells
            if cell.state == "data"
        ]
        for cell in cells:
            stands_for = cell.numerator if cell.kind == "count" else cell.denominator
            self.assertTrue(not stands_for or stands_for >= 5, cell)
        states = {
            cell.state
            for table in matrix.tables
            for r in table.rows
            for cell in r.cells
        }
        self.assertIn("small", states)
