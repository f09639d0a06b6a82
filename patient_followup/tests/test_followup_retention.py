# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is anonymised, when, and by whose decision (Y-1)."""

from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import FollowupCase

TODAY = "2026-03-05 02:00:00"


@tagged("post_install", "-at_install")
class TestFollowupRetention(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.manager_b = cls._user("manager_b", "centre_manager")
        cls.policy = cls.env["followup.retention.policy"].create(
            {"name": "Ten years", "company_id": cls.company.id, "years": 10}
        )
        cls.old = cls._last_seen("2015-12-31")
        cls.recent = cls._last_seen("2016-04-01")
        cls.runs = cls.env["followup.retention.run"]
        cls.cron = cls.registry["ir.cron"]

    @classmethod
    def _last_seen(cls, day, **vals):
        """Create a patient whose only stay ended on this day."""
        at = datetime.fromisoformat(f"{day} 04:00:00")
        patient = cls._patient()
        cls._encounter(patient, admission_date=at, discharge_date=at, **vals)
        return patient

    def _propose(self, policy=None, user=None):
        action = (policy or self.policy).with_user(user or self.manager)
        return self.runs.browse(action.action_propose()["res_id"])

    def _work(self):
        """Run the cron without its commits."""
        with patch.object(self.cron, "_commit_progress", lambda *a, **k: 1):
            self.runs._cron_run()

    def _listed(self, run):
        return {line.patient_id: line.state for line in run.line_ids}

    # ------------------------------------------------------------
    # WHO IS LISTED
    # ------------------------------------------------------------

    def test_the_list_holds_who_was_not_seen_for_the_years(self):
        self.assertEqual(self._listed(self._propose()), {self.old: "listed"})

    def test_a_call_counts_as_contact_and_a_planned_one_keeps_the_patient(self):
        called = self._last_seen("2010-01-01")
        task = self._task(called.encounter_ids)
        task.with_user(self.ward_a).log_attempt("reached", direction="in")
        self.assertNotIn(called, self._listed(self._propose()))

    def test_who_is_listed_but_kept_stands_there_with_the_reason(self):
        held = self._last_seen("2010-01-01")
        held.write({"legal_hold": True, "legal_hold_reason": "dispute"})
        run = self._propose()
        line = run.line_ids.filtered(lambda row: row.patient_id == held)
        self.assertEqual(line.state, "kept")
        self.assertEqual(line.obstacle, "Kept for legal reasons.")
        self.assertEqual((run.listed_count, run.kept_count), (1, 1))

    def test_a_policy_of_one_class_leaves_patients_with_other_stays(self):
        mixed = self._last_seen("2010-01-01", encounter_class="outpatient")
        self._encounter(
            mixed,
            discharge_date=datetime(2011, 1, 1, 4),
            admission_date=datetime(2011, 1, 1, 4),
        )
        only = self._last_seen("2010-01-01", encounter_class="outpatient")
        self.policy.encounter_class = "outpatient"
        self.assertEqual(self._listed(self._propose()), {only: "listed"})

    def test_proposing_again_refreshes_the_list_that_waits(self):
        run = self._propose()
        another = self._last_seen("2010-01-01")
        self.assertEqual(self._propose(), run)
        self.assertEqual(set(self._listed(run)), {self.old, another})

    def test_the_monthly_job_lists_once_and_anonymises_nobody(self):
        with patch.object(self.cron, "_commit_progress", lambda *a, **k: 1):
            self.runs._cron_propose()
            self.runs._cron_propose()
        run = self.runs.search([("policy_id", "=", self.policy.id)])
        self.assertEqual(len(run), 1)
        self.assertEqual(run.state, "proposed")
        self._work()
        self.assertFalse(self.old.anonymised_at)

    # ------------------------------------------------------------
    # WHO DECIDES
    # ------------------------------------------------------------

    def test_a_second_person_approves(self):
        run = self._propose()
        for user in (self.manager, self.head_a, self.inspector, self.auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                run.with_user(user).action_approve()
        run.with_user(self.manager_b).action_approve()
        self.assertEqual((run.state, run.approved_by_id), ("approved", self.manager_b))

    def test_an_administrator_approves_figures_without_names(self):
        run = self._propose().with_user(self.administrator)
        self.assertEqual(run.listed_count, 1)
        with self.assertRaises(AccessError):
            run.line_ids.read(["patient_id"])
        run.action_approve()
        self.assertEqual(run.state, "approved")

    def test_only_managers_of_the_centre_propose(self):
        for user in (self.head_a, self.administrator, self.auditor, self.ward_a):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.policy.with_user(user).action_propose()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["followup.patient.erase"].with_user(user).create(
                    {"patient_id": self.old.id, "reason": "x"}
                ).action_propose()

    def test_states_are_written_by_nobody(self):
        run = self._propose()
        for user in (self.manager, self.administrator):
            with self.assertRaises(AccessError):
                run.with_user(user).write({"state": "approved"})
        with self.assertRaises(AccessError):
            run.sudo().write({"state": "approved"})
        with self.assertRaises(UserError):
            run.sudo().unlink()

    def test_a_list_of_the_monthly_job_needs_two_people_as_well(self):
        with patch.object(self.cron, "_commit_progress", lambda *a, **k: 1):
            self.runs._cron_propose()
        run = self.runs.search([("policy_id", "=", self.policy.id)])
        with self.assertRaises(AccessError):
            run.with_user(self.manager_b).action_approve()
        with self.assertRaises(AccessError):
            run.with_user(self.administrator).action_propose()
        run.with_user(self.manager).action_propose()
        with self.assertRaises(AccessError):
            run.with_user(self.manager).action_approve()
        run.with_user(self.manager_b).action_approve()
        self.assertEqual(run.state, "approved")

    # ------------------------------------------------------------
    # WHAT HAPPENS
    # ------------------------------------------------------------

    @mute_logger("odoo.models.unlink")
    def test_nothing_happens_before_the_days_of_notice_are_over(self):
        run = self._propose()
        run.with_user(self.manager_b).action_approve()
        self._work()
        self.assertFalse(self.old.anonymised_at)
        with freeze_time("2026-04-05 02:00:00"):
            self._work()
        self.assertTrue(self.old.anonymised_at)
        self.assertFalse(self.recent.anonymised_at)
        self.assertEqual((run.state, run.done_count), ("done", 1))

    def test_a_hold_or_a_new_contact_in_between_keeps_the_patient(self):
        seen = self._last_seen("2010-01-01")
        run = self._propose()
        run.with_user(self.manager_b).action_approve()
        self.old.write({"legal_hold": True, "legal_hold_reason": "dispute"})
        self._encounter(seen)
        with freeze_time("2026-04-05 02:00:00"):
            self._work()
        self.assertFalse(self.old.anonymised_at or seen.anonymised_at)
        self.assertEqual((run.state, run.kept_count), ("done", 2))

    @mute_logger("odoo.models.unlink")
    def test_a_request_of_the_person_takes_the_same_way_at_once(self):
        patient = self._last_seen("2026-03-01")
        task = self._task(patient.encounter_ids)
        wizard = self.env["followup.patient.erase"].with_user(self.manager)
        action = wizard.create(
            {"patient_id": patient.id, "reason": "letter of 3 March"}
        ).action_propose()
        run = self.runs.browse(action["res_id"])
        with self.assertRaises(AccessError):
            run.with_user(self.manager).action_approve()
        with self.assertRaises(UserError):
            wizard.create({"patient_id": patient.id, "reason": "x"}).action_propose()
        run.with_user(self.manager_b).action_approve()
        self._work()
        self.assertTrue(patient.anonymised_at)
        self.assertEqual(task.state, "cancelled")
        self.assertFalse(run.line_ids.reason)
        self.assertEqual(run.state, "done")

    def test_a_request_that_meets_an_open_question_says_so(self):
        patient = self._last_seen("2026-03-01")
        self._task(patient.encounter_ids).with_user(self.ward_a).action_red_flag("x")
        run = self.runs.with_user(self.manager)._propose_request(patient, "asked")
        run.with_user(self.manager_b).action_approve()
        self._work()
        self.assertFalse(patient.anonymised_at)
        self.assertEqual(run.line_ids.obstacle, "A question or red flag is open.")

    def test_a_run_given_up_does_nothing_more(self):
        run = self._propose()
        run.with_user(self.manager_b).action_approve()
        run.with_user(self.manager).action_cancel()
        with freeze_time("2026-04-05 02:00:00"):
            self._work()
        self.assertFalse(self.old.anonymised_at)
        with self.assertRaises(UserError):
            run.with_user(self.manager).action_cancel()
