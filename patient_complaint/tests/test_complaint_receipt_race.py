# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Receipts on two workers, and killed at each commit: none goes out twice (C-10)."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.patient_followup.tests.kill_common import KillCase, Killed

from ..models.complaint_case_receipt import ComplaintCase

CASES = 6
COMMITS = 5


@tagged("post_install", "-at_install")
class TestComplaintReceiptRace(KillCase):
    job = ("complaint.case", "_cron_send_receipts")

    def setUp(self):
        super().setUp()
        self.sent = []
        self.enterContext(mute_logger("odoo.sql_db"))
        self.enterContext(
            patch.object(ComplaintCase, "_transmit_receipt", self._stub_transmit())
        )
        self.addCleanup(self._clean_up)
        with self.registry.cursor() as cr:
            env = self._env(cr)
            vals = {"description": "x", "company_id": env.ref("base.main_company").id}
            cases = env["complaint.case"].create([dict(vals) for _case in range(CASES)])
            cases._guarded().write({"receipt_state": "wanted"})
            self.case_ids = cases.ids

    def _stub_transmit(self):
        def transmit(case, _identifier):
            self.sent.append(case.id)
            return True

        return transmit

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            for model, name in (
                ("mail.message", "model"),
                ("mail.followers", "res_model"),
                ("mail.activity", "res_model"),
            ):
                of_cases = [(name, "=", "complaint.case")]
                of_cases += [("res_id", "in", self.case_ids)]
                env[model].search(of_cases).unlink()
            for query in (
                "DELETE FROM complaint_clock WHERE case_id = ANY(%s)",
                "DELETE FROM complaint_case WHERE id = ANY(%s)",
            ):
                cr.execute(query, [self.case_ids])
            cr.execute("DELETE FROM followup_throttle WHERE kind = 'receipt'")

    def _states(self):
        with self.registry.cursor() as cr:
            cases = self._env(cr)["complaint.case"].browse(self.case_ids)
            return dict(zip(cases.ids, cases.mapped("receipt_state"), strict=True))

    def _meet(self):
        # of two workers who meet on a row one gives up, and comes again
        with suppress(SerializationFailure):
            self._work()

    def test_two_workers_send_each_once(self):
        with ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(self._meet) for _worker in range(2)]:
                future.result(timeout=120)
        self._work()
        self.assertEqual(sorted(self.sent), sorted(self.case_ids))
        self.assertEqual(set(self._states().values()), {"sent"})

    def test_killed_before_any_commit_none_goes_out_twice(self):
        for commit in range(1, COMMITS + 1):
            with suppress(Killed):
                self._work(killed_at=commit)
        self._work()
        self.assertEqual(len(self.sent), len(set(self.sent)))
        old = fields.Datetime.now() - timedelta(hours=1)
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE complaint_case SET write_date = %s WHERE id = ANY(%s)",
                [old, self.case_ids],
            )
        self._work()
        states = self._states()
        self.assertLessEqual(set(states.values()), {"sent", "failed"})
        kept = [case_id for case_id, state in states.items() if state == "sent"]
        self.assertLessEqual(set(kept), set(self.sent))
