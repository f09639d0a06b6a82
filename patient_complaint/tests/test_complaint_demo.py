# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demo's cases are told whatever the hour at which it is installed."""

from odoo.tests import TransactionCase, freeze_time, tagged

from ..demo import cases as told

# steps that are refused once a clock is late
TOUCH_CLOCKS = ("freeze", "extend")


@tagged("-standard", "post_install", "-at_install", "demo_zh")
class TestComplaintDemo(TransactionCase):
    def test_clocks_are_frozen_and_extended_before_they_are_late(self):
        demo = self.env["complaint.demo"].with_context(lang="zh_CN")
        rows = [row for row in told.ROWS if row.end in TOUCH_CLOCKS]
        self.assertEqual({row.end for row in rows}, set(TOUCH_CLOCKS))
        for hour in range(0, 24, 2):
            with self.subTest(hour=hour), freeze_time(f"2026-11-23 {hour:02}:30"):
                cases = demo._receive(rows)
                for case, row in zip(cases, rows, strict=True):
                    demo._play(case, row)
                self.assertEqual(
                    [bool(case.freeze_ids) for case in cases],
                    [row.end == "freeze" for row in rows],
                )
