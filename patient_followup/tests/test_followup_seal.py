# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Closed calls never change, and whoever changes one is found out (I-5, R-4)."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models import followup_seal, followup_seal_check
from .common import FollowupCase


@tagged("post_install", "-at_install")
class TestFollowupSeal(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Seal = cls.env["followup.seal"]
        cls.task = cls._done_task("well")
        cls.attempt = cls.task.attempt_ids

    @classmethod
    def _done_task(cls, note):
        task = cls._task(cls._encounter())
        call = task.with_user(cls.ward_a)
        call.log_attempt("reached", direction="in", note="spoke with her")
        call.action_complete(note)
        return task

    def _link(self):
        """Run the cron without its commits."""
        with patch.object(
            self.registry["ir.cron"], "_commit_progress", lambda *a, **k: 1
        ):
            self.Seal._cron_link()

    def _check(self):
        self.env.flush_all()
        self.env.invalidate_all()
        action = self.env["followup.seal.check"].with_user(self.auditor).action_check()
        return self.env["followup.seal.check"].browse(action["res_id"])

    def _tamper(self, record, column, value):
        """Change a row behind Odoo's back."""
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE {record._table} SET {column} = %s WHERE id = %s",
            [value, record.id],
        )
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # FROZEN
    # ------------------------------------------------------------

    def test_a_completed_call_is_sealed_in_its_transaction(self):
        self.assertTrue(self.task.followup_seal_digest)
        self.assertTrue(self.attempt.followup_seal_digest)
        self.assertEqual(self.task._check_seal(), "intact")
        self.assertEqual(self.attempt._check_seal(), "intact")

    def test_a_sealed_row_refuses_the_superuser_too(self):
        for record, vals in (
            (self.task, {"outcome_note": "very well"}),
            (self.task._guarded(), {"state": "ready"}),
            (self.task._guarded(), {"followup_seal_digest": False}),
            (self.attempt._guarded(), {"result": "no_answer"}),
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                record.sudo().write(vals)
        for record in (self.task, self.attempt):
            with self.assertRaises(UserError):
                record.sudo().unlink()

    def test_nobody_reads_or_writes_the_seal_of_a_row(self):
        for user in (self.manager, self.auditor, self.administrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.task.with_user(user).read(["followup_seal_salt"])

    def test_calls_cancelled_in_bulk_are_sealed_by_the_cron(self):
        task = self._task(self._encounter())
        task._cancel_engine("the patient moved away")
        self.assertFalse(task.followup_seal_digest)
        self._link()
        self.assertEqual(task._check_seal(), "intact")
        self.assertTrue(task.followup_seal_linked)

    # ------------------------------------------------------------
    # CHAIN
    # ------------------------------------------------------------

    def test_linking_again_adds_nothing(self):
        self._link()
        count = self.Seal.search_count([])
        self.assertGreaterEqual(count, 2)
        self._link()
        self.assertEqual(self.Seal.search_count([]), count)

    def test_the_chain_is_the_same_in_small_batches(self):
        self._done_task("fine")
        with patch.object(followup_seal, "BATCH", 1):
            self._link()
        with patch.object(followup_seal_check, "BATCH", 2):
            check = self._check()
        self.assertEqual(check.state, "intact")
        self.assertEqual(check.intact_count, self.Seal.search_count([]))

    def test_a_check_of_untouched_records_finds_nothing(self):
        self._link()
        check = self._check()
        self.assertEqual(check.state, "intact")
        self.assertEqual(check.unsealed_count, 0)
        self.assertEqual(check.head_hash, self.Seal.search([], limit=1).chain_hash)

    def test_a_check_is_run_by_auditors_and_never_written_by_hand(self):
        checks = self.env["followup.seal.check"]
        for user in (self.manager, self.administrator, self.head_a):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                checks.with_user(user).action_check()
        with self.assertRaises(AccessError):
            checks.with_user(self.auditor).create({"state": "intact"})

    def test_every_change_in_the_database_is_found(self):
        self._link()
        link = self.Seal.search(
            [("res_model", "=", "followup.task"), ("res_id", "=", self.task.id)]
        )
        later = self._done_task("fine")
        self._link()
        table = [
            (self.task, "state", "refused", "altered"),
            (self.task, "outcome_note", "excellent", "altered"),
            (self.task, "followup_seal_salt", None, "altered"),
            (self.task, "followup_seal_digest", "00", "altered"),
            (self.attempt, "started_at", "2020-01-01", "altered"),
            (link, "chain_hash", "00", "chain"),
            (link, "digest", "00", "chain"),
            (link, "res_id", later.id + 1000, "missing"),
        ]
        for record, column, value, kind in table:
            with self.subTest(column=column), self.env.cr.savepoint() as savepoint:
                self._tamper(record, column, value)
                check = self._check()
                self.assertEqual(check.state, "broken")
                self.assertIn(kind, check.finding_ids.mapped("kind"))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_links_taken_out_are_found(self):
        self._done_task("fine")
        self._link()
        links = self.Seal.search([], order="number")
        for link, kind in ((links[0], "gap"), (links[-1], "cut")):
            with self.subTest(kind=kind), self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(
                    "DELETE FROM followup_seal WHERE id = %s", [link.id]
                )
                self.env.invalidate_all()
                check = self._check()
                self.assertIn(kind, check.finding_ids.mapped("kind"))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_anonymised_texts_leave_the_rest_provable(self):
        self._link()
        (self.task._guarded())._erase_texts()
        self.assertFalse(self.task.outcome_note)
        self.assertEqual(self.task._check_seal(), "anonymised")
        check = self._check()
        self.assertEqual(check.state, "intact")
        self.assertEqual(check.anonymised_count, 1)
        self._tamper(self.task, "state", "refused")
        self.assertEqual(self.task._check_seal(), "altered")

    def test_merging_patients_leaves_the_seals_intact(self):
        patient = self._patient()
        patient._merge(self.task.patient_id)
        self.env.invalidate_all()
        self.assertEqual(self.task.patient_id, patient)
        self.assertEqual(self.task._check_seal(), "intact")
        self.assertEqual(self.attempt._check_seal(), "intact")

    # ------------------------------------------------------------
    # AMENDMENTS
    # ------------------------------------------------------------

    def _amend(self, user, **vals):
        return (
            self.env["followup.amendment"]
            .with_user(user)
            .create({"task_id": self.task.id, "text": "x", "reason": "y", **vals})
        )

    def test_an_amendment_leaves_the_original(self):
        amendment = self._amend(self.ward_a, text="She takes 5 mg, not 50 mg")
        self.assertEqual(self.task.outcome_note, "well")
        self.assertEqual(amendment.user_id, self.ward_a)
        self.assertEqual(amendment.sudo()._check_seal(), "intact")
        self.assertEqual(self.task.amendment_ids, amendment)

    def test_who_may_amend(self):
        for user in (self.ward_a, self.head_a, self.manager):
            with self.subTest(user=user.login):
                self.assertTrue(self._amend(user))
        for user in (self.ward_b, self.centre, self.inspector, self.plain):
            with (
                self.subTest(user=user.login),
                self.assertRaises(UserError),
            ):
                self._amend(user)

    def test_an_amendment_is_in_the_name_of_its_author_and_of_now(self):
        amendment = self._amend(
            self.head_a, user_id=self.ward_a.id, amended_at="2020-01-01 00:00:00"
        )
        self.assertEqual(amendment.user_id, self.head_a)
        self.assertGreater(amendment.amended_at.year, 2020)

    def test_an_amendment_needs_words_and_a_closed_call(self):
        with self.assertRaises(ValidationError):
            self._amend(self.ward_a, reason=" ")
        self.task = self._task(self._encounter())
        with self.assertRaises(UserError):
            self._amend(self.ward_a)

    def test_an_amendment_never_changes(self):
        amendment = self._amend(self.ward_a)
        with self.assertRaises(UserError):
            amendment.sudo().write({"text": "z"})
        with self.assertRaises(UserError):
            amendment.sudo().unlink()
