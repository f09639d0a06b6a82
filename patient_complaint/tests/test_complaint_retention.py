# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Complainants who are no patients are anonymised as patients are (Y-1)."""

from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import ComplaintCommon

THEN = datetime(2010, 3, 1, 2)
NOW = datetime(2026, 3, 5, 2)
WORD = "zhangsan-secret"


@tagged("post_install", "-at_install")
class TestComplaintRetention(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager_b = cls._user("manager_b", "centre_manager")
        cls.policy = cls.env["followup.retention.policy"].create(
            {"name": "Ten years", "company_id": cls.company.id, "years": 10}
        )
        cls.runs = cls.env["followup.retention.run"]
        cls.startClassPatcher(
            patch.object(cls.registry["ir.cron"], "_commit_progress", lambda *a, **k: 1)
        )

    def _closed(self, at=THEN, **vals):
        """Return a case that was told, noted, filed and closed at this moment."""
        with freeze_time(at):
            case = self._ready(
                self._case(
                    description=WORD,
                    complainant_name=WORD,
                    complainant_phone="13800000001",
                    remedy_sought=WORD,
                    external_number=WORD,
                    received_at=at,
                    **vals,
                ),
                track="fast",
            )
            case.issue_ids.write({"text": WORD})
            case.message_post(body=WORD)
            case.action_triage()
            self._tell(case, content=WORD, reaction=WORD, satisfaction="2")
            case.action_close()
        return case.sudo()

    def _propose(self):
        action = self.policy.with_user(self.manager).action_propose()
        return self.runs.browse(action["res_id"])

    def _carry_out(self):
        """Propose, approve by a second person, and run on the earliest day."""
        with freeze_time(NOW):
            run = self._propose()
            run.with_user(self.manager_b).action_approve()
        with freeze_time(datetime(2026, 5, 5, 2)):
            self.runs._cron_run()
        return run

    def _texts(self, case):
        """Return the names of columns and tables where the word still stands."""
        self.env.flush_all()
        left = set()
        for table, column in self._columns():
            self.env.cr.execute(
                f'SELECT 1 FROM "{table}" WHERE "{column}"::text LIKE %s LIMIT 1',
                (f"%{WORD}%",),
            )
            if self.env.cr.rowcount:
                left.add(f"{table}.{column}")
        return left

    def _columns(self):
        self.env.cr.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type IN"
            " ('text', 'character varying', 'jsonb')"
            " AND (table_name LIKE 'complaint%' OR table_name LIKE 'mail_m%'"
            " OR table_name LIKE 'followup%')"
        )
        return self.env.cr.fetchall()

    def test_nothing_of_the_words_is_left_and_the_figures_stay(self):
        case = self._closed()
        figures = ("kind", "state", "channel_id", "severity", "satisfaction", "name")
        before = case.read(figures)
        self.assertTrue(self._texts(case))
        run = self._carry_out()
        self.env.invalidate_all()
        self.assertEqual(self._texts(case), set())
        self.assertEqual(case.read(figures), before)
        self.assertTrue(case.anonymised_at)
        self.assertEqual(case.issue_ids.mapped("finding"), ["not_upheld"])
        self.assertEqual(run.state, "done")
        self.assertEqual((run.done_count, run.case_line_ids.state), (1, "done"))
        self.assertFalse(case.complainant_phone)
        self.assertFalse(
            self.env["followup.protected.value"].search(
                [("res_model", "=", case._name), ("res_id", "=", case.id)]
            )
        )
        self.assertEqual(case.closure_ids._check_seal(), "anonymised")
        log = self.env["followup.access.log"].search([("action", "=", "erase")])
        self.assertIn(case.id, log.mapped("res_id"))

    def test_what_is_listed_and_what_is_not(self):
        old = self._closed()
        patient = self._patient()
        table = {
            "young": self._closed(datetime(2020, 1, 1, 2)),
            "of a patient": self._closed(patient_id=patient.id),
            "open": self._closed(),
        }
        with freeze_time(NOW):
            table["open"].with_user(self.specialist).action_reopen("A new witness")
            run = self._propose()
        self.assertEqual(run.case_line_ids.case_id, old)
        for name, case in table.items():
            with self.subTest(name):
                self.assertNotIn(case, run.case_line_ids.case_id)
        self.policy.encounter_class = "outpatient"
        with freeze_time(NOW):
            self.assertFalse(self._propose().case_line_ids)

    def test_a_case_reopened_meanwhile_is_kept(self):
        case = self._closed()
        with freeze_time(NOW):
            run = self._propose()
            run.with_user(self.manager_b).action_approve()
            case.with_user(self.specialist).action_reopen("An inquiry")
        with freeze_time(datetime(2026, 5, 5, 2)):
            self.runs._cron_run()
        self.assertEqual(run.case_line_ids.state, "kept")
        self.assertEqual(run.case_line_ids.obstacle, "The case is open.")
        self.assertEqual(case.description, WORD)

    def test_nothing_happens_without_a_second_person_nor_before_the_day(self):
        case = self._closed()
        with freeze_time(NOW):
            run = self._propose()
            for user in (self.manager, self.officer, self.auditor):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    run.with_user(user).action_approve()
            self.runs._cron_run()
            run.with_user(self.administrator).action_approve()
            self.runs._cron_run()
        self.assertEqual(case.description, WORD)
        self.assertEqual(run.state, "approved")

    def test_the_monthly_job_finds_cases_alone(self):
        self._closed()
        with freeze_time(NOW):
            self.runs._cron_propose()
        run = self.runs.search([("policy_id", "=", self.policy.id)])
        self.assertEqual((run.state, run.case_count), ("proposed", 1))

    def test_an_anonymised_case_is_not_taken_up_again(self):
        case = self._closed()
        self._carry_out()
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "anonymised"):
            case.with_user(self.specialist).action_reopen("Again")

    def test_a_case_goes_with_its_patient(self):
        """Every model of complaints finds its way to the patient."""
        patient = self._patient()
        case = self._closed(patient_id=patient.id)
        patient._anonymise()
        self.env.invalidate_all()
        self.assertTrue(case.anonymised_at)
        self.assertEqual(self._texts(case), set())

    def test_a_patient_whose_complaint_is_open_is_not_anonymised(self):
        """I-12: it could never be answered nor closed."""
        patient = self._patient()
        case = self._case(description=WORD, patient_id=patient.id)
        with self.assertRaisesRegex(UserError, "complaint is still open"):
            patient._anonymise()
        self.assertFalse(case.sudo().anonymised_at)
        self.assertEqual(case.sudo().description, WORD)

    def test_a_case_closed_anew_meanwhile_begins_its_time_anew(self):
        case = self._closed()
        with freeze_time(NOW):
            run = self._propose()
            run.with_user(self.manager_b).action_approve()
            case._guarded().write({"closed_at": NOW})
        with freeze_time(datetime(2026, 5, 5, 2)):
            self.runs._cron_run()
        self.assertEqual(run.case_line_ids.state, "kept")
        self.assertFalse(case.anonymised_at)
        self.assertEqual(case.description, WORD)
