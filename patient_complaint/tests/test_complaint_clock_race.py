# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Climbing the ladder on two workers, and killed at each commit: exact in the end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from odoo import SUPERUSER_ID, fields
from odoo.tests import tagged

from odoo.addons.patient_followup.tests.kill_common import KillCase, Killed

CASES = 20
COMMITS = 6


@tagged("post_install", "-at_install")
class TestComplaintClockRace(KillCase):
    """Nobody is told twice, nobody is forgotten (C-11, D-10, section 8)."""

    job = ("complaint.clock", "_cron_escalate")

    def setUp(self):
        super().setUp()
        self.addCleanup(self._clean_up)
        with self.registry.cursor() as cr:
            self._fill(self._env(cr))

    def _fill(self, env):
        """Commit cases that came in long ago; each clock of them is late."""
        company = env.ref("base.main_company")
        received = fields.Datetime.now() - timedelta(days=60)
        vals = {
            "description": "x",
            "company_id": company.id,
            "received_at": received,
            "receiver_id": SUPERUSER_ID,
        }
        cases = env["complaint.case"].create([dict(vals) for _case in range(CASES)])
        self.case_ids = cases.ids
        # what each must have in the end: its steps, told once each
        steps = cases[0].clock_ids.policy_id.step_ids
        self.expected = len(steps)
        self.assertGreater(self.expected, 10)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            for model, field in (
                ("mail.message", "model"),
                ("mail.followers", "res_model"),
                ("mail.activity", "res_model"),
            ):
                of_cases = [
                    (field, "=", "complaint.case"),
                    ("res_id", "in", self.case_ids),
                ]
                env[model].search(of_cases).unlink()
            for query in (
                "DELETE FROM complaint_clock WHERE case_id = ANY(%s)",
                "DELETE FROM complaint_case WHERE id = ANY(%s)",
            ):
                cr.execute(query, [self.case_ids])

    def _check_exact(self, whole=True):
        """Every step taken was told once, in a to-do or a note; none is left."""
        with self.registry.cursor() as cr:
            env = self._env(cr)
            now = fields.Datetime.now()
            for case in env["complaint.case"].browse(self.case_ids):
                taken = sum(len(clock.taken_step_ids) for clock in case.clock_ids)
                told = case.message_ids.filtered(
                    lambda message: "Nobody could be told" in (message.body or "")
                )
                # a step may reach several officers, each once
                reached = set(case.activity_ids.mapped("note"))
                self.assertGreaterEqual(len(told) + len(case.activity_ids), taken)
                if not reached:
                    self.assertEqual(len(told), taken)
                if whole:
                    self.assertEqual(taken, self.expected)
                    left = case.clock_ids.filtered(
                        lambda clock: clock.escalate_at and clock.escalate_at <= now
                    )
                    self.assertFalse(left)

    def test_two_workers_tell_everybody_once(self):
        with ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(self._work) for _worker in range(2)]:
                future.result(timeout=120)
        self._work()
        self._check_exact()

    def test_killed_before_any_commit_the_rest_is_told_later(self):
        for commit in range(1, COMMITS + 1):
            try:
                self._work(killed_at=commit)
            except Killed:
                self._check_exact(whole=False)
        self._work()
        self._check_exact()
