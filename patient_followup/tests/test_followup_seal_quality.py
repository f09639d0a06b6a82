# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Advice, concerns, verdicts and scores are in the chain as calls are (I-5, R-4)."""

import importlib.util
from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FollowupCase

SCRIPT = "migrations/19.0.1.2.0/post-seals.py"


@tagged("post_install", "-at_install")
class TestFollowupSealQuality(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls._task(cls._encounter())
        cls.advice = cls._advise(cls.task)
        call = cls.task.with_user(cls.ward_a)
        call.log_attempt("reached", direction="in")
        cls.concern = call.action_opinion(
            "opinion", "long waiting", wants_reply=False
        ).sudo()
        call.action_complete("well")
        head = cls.concern.with_user(cls.head_a)
        head.action_answer("we open a second counter")
        head.action_close("done")
        cls.line = cls._verdict()
        cls.score = cls._score()
        cls.rows = [cls.advice, cls.concern, cls.line, cls.score]

    @classmethod
    def _advise(cls, task):
        advice = cls.env["followup.advice"]._guarded()
        return advice.create(
            {
                "task_id": task.id,
                "company_id": task.company_id.id,
                "department_id": task.department_id.id,
                "patient_id": task.patient_id.id,
                "level": "1",
                "kind": "lifestyle",
                "text": "drink more",
                "given_by_id": cls.ward_a.id,
            }
        )._unguarded()

    @classmethod
    def _verdict(cls):
        sample = cls.env["followup.sample"]._guarded()
        sample = sample.create(
            {
                "name": "Check",
                "company_id": cls.company.id,
                "date_from": "2026-03-01",
                "date_to": "2026-03-10",
                "call_until": "2026-03-20",
            }
        )
        return (
            cls.env["followup.sample.line"]
            ._guarded()
            .create(
                {
                    "sample_id": sample.id,
                    "company_id": cls.company.id,
                    "subject": cls.task.id,
                    "rank": 1,
                    "patient_id": cls.task.patient_id.id,
                    "task_id": cls.task.id,
                    "department_id": cls.department_a.id,
                    "state": "judged",
                    "verdict": "contradicted",
                    "verdict_note": "nobody called her",
                    "verdict_by_id": cls.inspector.id,
                    "verdict_at": fields.Datetime.now(),
                    "final_at": fields.Datetime.now(),
                }
            )
            ._unguarded()
        )

    @classmethod
    def _score(cls):
        scores = cls.env["followup.call.score"].with_user(cls.inspector)
        record = scores.create({"task_id": cls.task.id, "note": "too fast"})
        record.line_ids.write({"mark": "4", "note": "as it should be"})
        record.action_done()
        return record.sudo()

    def _link(self):
        """Run the cron without its commits."""
        with patch.object(
            self.registry["ir.cron"], "_commit_progress", lambda *a, **k: 1
        ):
            self.env["followup.seal"]._cron_link()

    def _check(self):
        self.env.flush_all()
        self.env.invalidate_all()
        action = self.env["followup.seal.check"].with_user(self.auditor).action_check()
        return self.env["followup.seal.check"].browse(action["res_id"])

    # ------------------------------------------------------------
    # TESTS
    # ------------------------------------------------------------

    def test_what_people_close_is_sealed_at_once_what_time_closes_by_the_cron(self):
        for row in (self.advice, self.concern, self.score):
            with self.subTest(model=row._name):
                self.assertEqual(row._check_seal(), "intact")
        self.assertFalse(self.line.followup_seal_digest)
        self._link()
        self.assertEqual(self.line._check_seal(), "intact")
        for row in self.rows:
            with self.subTest(model=row._name):
                self.assertTrue(row.followup_seal_linked)

    def test_the_superuser_changes_and_deletes_none(self):
        self._link()
        table = [
            (self.advice, {"text": "drink less"}),
            (self.concern._guarded(), {"answered_at": "2020-01-01 00:00:00"}),
            (self.concern._guarded(), {"text": "short waiting"}),
            (self.line._guarded(), {"verdict": "confirmed"}),
            (self.score._guarded(), {"total": 100}),
        ]
        for row, vals in table:
            with self.subTest(model=row._name, vals=vals):
                with self.assertRaises(UserError):
                    row.write(vals)
                with self.assertRaises(UserError):
                    row.unlink()

    def test_a_row_altered_in_the_database_is_found(self):
        self._link()
        self.assertEqual(self._check().state, "intact")
        table = [
            (self.advice, "text", "drink less"),
            (self.advice, "given_by_id", self.ward_b.id),
            (self.concern, "text", "short waiting"),
            (self.concern, "broken_count", 7),
            (self.concern, "state", "told"),
            (self.line, "verdict", "confirmed"),
            (self.line, "verdict_note", "all is well"),
            (self.score, "total", 100),
            (self.score, "note", "fine"),
            (self.score.line_ids[:1], "mark", "5"),
            (self.score.line_ids[:1], "note", "great"),
        ]
        for row, column, value in table:
            with (
                self.subTest(model=row._name, column=column),
                self.env.cr.savepoint() as savepoint,
            ):
                self.env.flush_all()
                self.env.cr.execute(
                    f"UPDATE {row._table} SET {column} = %s WHERE id = %s",
                    [value, row.id],
                )
                self.env.invalidate_all()
                check = self._check()
                self.assertEqual(check.state, "broken")
                self.assertEqual(check.finding_ids.kind, "altered")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_deleted_row_is_found(self):
        self._link()
        self.env.cr.execute(
            "DELETE FROM followup_advice WHERE id = %s", [self.advice.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self._check().finding_ids.kind, "missing")

    def test_advice_is_taken_back_while_the_call_is_open(self):
        advice = self._advise(self._task())
        self.assertTrue(advice.followup_seal_digest)
        self._link()
        self.assertFalse(advice.followup_seal_linked)
        advice._guarded().unlink()
        self._link()
        self.assertEqual(self._check().state, "intact")

    def test_a_verdict_that_can_be_appealed_has_no_seal_yet(self):
        self.line._guarded().final_at = fields.Datetime.add(
            fields.Datetime.now(), days=3
        )
        self._link()
        self.assertFalse(self.line.followup_seal_digest)

    def test_rows_of_an_earlier_version_are_sealed_after_the_upgrade(self):
        self.env.flush_all()
        for row in self.rows:
            self.env.cr.execute(
                f"UPDATE {row._table} SET followup_seal_digest = NULL,"
                " followup_seal_text = NULL, followup_seal_salt = NULL WHERE id = %s",
                [row.id],
            )
        self.env.invalidate_all()
        path = Path(__file__).parents[1] / SCRIPT
        spec = importlib.util.spec_from_file_location("post_seals", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        cron = self.env.ref(script.CRON)
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        script.migrate(self.env.cr, "19.0.1.1.0")
        after = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.assertEqual(after, before + 1)
        self._link()
        for row in self.rows:
            with self.subTest(model=row._name):
                self.assertEqual(row._check_seal(), "intact")
                self.assertTrue(row.followup_seal_linked)

    @mute_logger("odoo.models.unlink")
    def test_anonymised_they_stay_provable(self):
        self._link()
        self.task.patient_id._anonymise()
        self.env.invalidate_all()
        for row in self.rows:
            with self.subTest(model=row._name):
                self.assertEqual(row._check_seal(), "anonymised")
        self.assertFalse(self.score.line_ids.filtered("note"))
        check = self._check()
        self.assertEqual(check.state, "intact")
        self.assertEqual(check.unsealed_count, 0)
