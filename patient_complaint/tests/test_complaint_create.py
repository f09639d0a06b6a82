# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import freeze_time, tagged

from .common import ComplaintCommon

MONDAY = "2026-03-02 02:00:00"  # 10:00


@tagged("post_install", "-at_install")
class TestComplaintCreate(ComplaintCommon):
    """Cases are registered by the batch as by the piece, only faster (section 8)."""

    @contextmanager
    def _queries(self):
        """Yield the list of statements, without those that only take a number."""
        seen = []
        run = Cursor.execute

        def execute(cursor, query, *args, **kwargs):
            text = getattr(query, "code", str(query))
            if "nextval" not in text:
                seen.append(text)
            return run(cursor, query, *args, **kwargs)

        self.env.flush_all()
        with patch.object(Cursor, "execute", execute):
            yield seen
            self.env.flush_all()

    def _create(self, count):
        values = {"description": "Waited", "issue_ids": [(0, 0, {"text": "x"})]}
        cases = self.env["complaint.case"].with_user(self.specialist)
        return cases.with_company(self.company).create([dict(values)] * count)

    @freeze_time(MONDAY)
    def test_a_hundred_cases_take_as_many_statements_as_ten(self):
        self._create(1)
        counts = []
        for count in (10, 100):
            with self._queries() as seen:
                self._create(count)
            counts.append(len(seen))
        # rows are inserted by the hundred: six clocks a case
        self.assertLessEqual(counts[1], counts[0] + 6, counts)
        self.assertLessEqual(counts[0], 20)

    @freeze_time(MONDAY)
    def test_every_case_of_a_batch_has_number_and_clocks_of_its_own(self):
        one = self._create(1)
        many = self._create(20)
        self.assertEqual(len(set(many.mapped("name"))), 20)
        wanted = {(row.kind, row.is_legal, row.deadline) for row in one.clock_ids}
        for case in many:
            found = {(row.kind, row.is_legal, row.deadline) for row in case.clock_ids}
            self.assertEqual(found, wanted)
            self.assertEqual(case.next_deadline, one.next_deadline)
