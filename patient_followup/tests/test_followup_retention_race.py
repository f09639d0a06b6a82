# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Anonymising on two workers, and killed at each commit: exact in the end (I-2)."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from odoo import SUPERUSER_ID, fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .kill_common import KillCase, Killed

PATIENTS = 6
COMMITS = PATIENTS + 3  # start, each patient, the end, and one more that is not there
QUIET = ("odoo.sql_db", "odoo.service.model", "odoo.models.unlink")


@tagged("post_install", "-at_install")
class TestFollowupRetentionRace(KillCase):
    job = ("followup.retention.run", "_cron_run")

    def setUp(self):
        super().setUp()
        # what is patched is patched for all threads: once, not in each
        self.enterContext(mute_logger(*QUIET))
        self.mark = uuid4().hex[:8]
        self.addCleanup(self._clean_up)
        with self.registry.cursor() as cr:
            self._fill(self._env(cr))

    def _fill(self, env):
        company = env.ref("base.main_company")
        patients = env["followup.patient"].create(
            [
                {
                    "name": f"Race {self.mark} {index}",
                    "mrn": f"{self.mark}-{index}",
                    "company_id": company.id,
                    "contact_ids": [(0, 0, {"phone": f"1380000{index:04}"})],
                }
                for index in range(PATIENTS)
            ]
        )
        run = (
            env["followup.retention.run"]
            ._guarded()
            .create(
                {
                    "company_id": company.id,
                    "kind": "request",
                    "state": "approved",
                    "proposed_by_id": SUPERUSER_ID,
                    "proposed_at": fields.Datetime.now(),
                    "not_before": "2020-01-01",
                }
            )
        )
        env["followup.retention.line"]._guarded().create(
            [
                {"run_id": run.id, "company_id": company.id, "patient_id": patient.id}
                for patient in patients
            ]
        )
        self.patient_ids, self.run_id = patients.ids, run.id

    def _clean_up(self):
        with self.registry.cursor() as cr:
            for query in (
                "DELETE FROM followup_retention_run WHERE id = %(run)s",
                "DELETE FROM followup_protected_value WHERE res_model ="
                " 'followup.patient.contact' AND res_id IN (SELECT id FROM"
                " followup_patient_contact WHERE patient_id = ANY(%(patients)s))",
                "DELETE FROM followup_access_log WHERE res_model = 'followup.patient'"
                " AND res_id = ANY(%(patients)s)",
                "DELETE FROM mail_message WHERE model = 'followup.patient'"
                " AND res_id = ANY(%(patients)s)",
                "DELETE FROM followup_patient WHERE id = ANY(%(patients)s)",
            ):
                cr.execute(query, {"run": self.run_id, "patients": self.patient_ids})

    def _assert_exact(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            run = env["followup.retention.run"].browse(self.run_id)
            patients = env["followup.patient"].browse(self.patient_ids)
            self.assertEqual(run.state, "done")
            self.assertEqual(run.line_ids.mapped("state"), ["done"] * PATIENTS)
            self.assertTrue(all(patients.mapped("anonymised_at")))
            self.assertEqual(
                patients.mapped("name"), [f"#{id_}" for id_ in patients.ids]
            )
            logs = env["followup.access.log"].search(
                [("action", "=", "erase"), ("res_id", "in", patients.ids)]
            )
            self.assertEqual(sorted(logs.mapped("res_id")), sorted(patients.ids))

    def _is_whole(self):
        """Each patient is as he was, or anonymised with his contact and line."""
        with self.registry.cursor() as cr:
            env = self._env(cr)
            lines = env["followup.retention.run"].browse(self.run_id).line_ids
            for line in lines:
                patient = line.patient_id.with_context(active_test=False)
                gone = bool(patient.anonymised_at)
                self.assertEqual(gone, line.state == "done")
                self.assertEqual(gone, not patient.contact_ids.phone_masked)
                self.assertEqual(gone, not patient.name.startswith("Race"))

    def test_two_workers_anonymise_each_patient_once(self):
        with ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(self._work) for _worker in range(2)]:
                future.result(timeout=120)
        self._work()
        self._assert_exact()

    def test_killed_before_any_commit_the_rest_is_done_later(self):
        for commit in range(1, COMMITS + 1):
            try:
                self._work(killed_at=commit)
            except Killed:
                self._is_whole()
        self._work()
        self._assert_exact()

    def test_a_patient_somebody_works_on_is_taken_later(self):
        with self.registry.cursor() as other:
            other.execute(
                "SELECT FROM followup_patient WHERE id = %s FOR UPDATE",
                [self.patient_ids[0]],
            )
            self._work()
            other.rollback()
        self._work()
        self._assert_exact()
