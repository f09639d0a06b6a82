# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Signing (A-1), answers of departments (A-7, K-2, K-18), sentences, charts."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..tools import svg
from .hospital_common import SmallHospitalCase


@tagged("post_install", "-at_install")
class TestReportSign(SmallHospitalCase):
    def _answer(self, run, user, department, at="2026-04-06 02:00:00"):
        with freeze_time(at):
            return run.with_user(user)._acknowledge(
                department, "Call in the evening", date(2026, 4, 30)
            )

    def test_the_committee_signs_once_what_somebody_else_made(self):
        run = self._produce()
        with self.assertRaises(UserError):
            run.with_user(self.manager).action_sign()
        run.with_user(self.leader).action_sign()
        signature = run.sudo().signature_ids
        self.assertEqual(signature.signed_by_id, self.leader)
        self.assertEqual(signature.figures_digest, run.figures_digest)
        with self.assertRaises(UserError):
            run.with_user(self.leader).action_sign()

    def test_an_old_version_is_not_signed(self):
        run = self._produce()
        self._produce()
        with self.assertRaises(UserError):
            run.with_user(self.leader).action_sign()

    def test_signatures_and_answers_are_made_by_their_buttons_only(self):
        run = self._produce()
        vals = {"run_id": run.id, "code": "x", "figures_digest": "x"}
        with self.assertRaises(AccessError):
            self.env["followup.report.signature"].with_user(self.leader).create(vals)
        receipt = self._answer(run, self.head_a, self.department_a)
        with self.assertRaises(AccessError):
            receipt.with_user(self.head_a).write({"is_late": False})

    def test_a_head_answers_for_his_department_only(self):
        run = self._produce()
        with self.assertRaises(AccessError):
            self._answer(run, self.head_a, self.department_b)
        with self.assertRaises(AccessError):
            self._answer(run, self.manager, self.department_a)
        receipt = self._answer(run, self.head_a, self.department_a)
        self.assertEqual(receipt.kind, "acknowledge")
        self.assertFalse(receipt.due_day)

    def test_who_has_answered_is_not_asked_again(self):
        """K-18: heads with figures and no answer yet; nobody else."""
        run = self._produce()

        def asked():
            readers = (self.head_a, self.head_b, self.manager, self.leader)
            return [run.with_user(user).can_answer for user in readers]

        self.assertEqual(asked(), [True, True, False, False])
        dialog = self.env["followup.report.acknowledge"].with_user(self.head_a)
        dialog = dialog.with_context(default_run_id=run.id)
        chosen = dialog.default_get(["department_id"])["department_id"]
        self.assertEqual(chosen, self.department_a.id)
        self._answer(run, self.head_a, self.department_a)
        self.assertEqual(asked(), [False, True, False, False])
        self.assertFalse(dialog.default_get(["department_id"])["department_id"])

    def test_a_half_month_table_after_the_15th_is_late(self):
        """K-2: due until the 15th has ended in the hospital."""
        run = self._produce(
            "half_month", "half_month", "2026-03-15", at="2026-03-15 02:00:00"
        )
        self.assertEqual(str(run.date_to), "2026-03-15")
        in_time = self._answer(
            run, self.head_a, self.department_a, "2026-03-15 15:59:00"
        )
        late = self._answer(run, self.head_b, self.department_b, "2026-03-15 16:01:00")
        self.assertEqual((in_time.is_late, late.is_late), (False, True))
        self.assertEqual(late.kind, "hand_in")
        self.env.flush_all()
        month = self._produce()
        row = self._figures(month, "hand_in")
        self.assertEqual(row, {"hand_in": (2, 2), "hand_in_on_time": (1, 2)})
        row = self._figures(month, "hand_in", department=self.department_b)
        self.assertEqual(row["hand_in_on_time"], (0, 1))

    # ------------------------------------------------------------
    # WORDS AND CHARTS
    # ------------------------------------------------------------

    def _sentences(self, run, user):
        run = run.with_user(user).with_context(lang="en_US")
        return run._get_matrix().sentences

    def test_the_report_says_what_changed_and_where_to_look(self):
        self._produce(day="2026-02-10", at="2026-03-05 00:00:00")
        sentences = self._sentences(self._produce(), self.manager)
        self.assertEqual(
            sentences[:2],
            [
                "Effective Rate (Level 1): 42.9% (3/7).",
                "Effective Rate misses the target in: Ward A 40.0%, Ward B 50.0%.",
            ],
        )
        self.assertIn(
            "Coverage (Level 2): 0.0% (0/1). The target of 70 is missed.", sentences
        )

    def test_a_head_reads_sentences_of_his_department_alone(self):
        sentences = " ".join(self._sentences(self._produce(), self.head_b))
        self.assertIn("50.0% (1/2)", sentences)
        self.assertNotIn("Ward A", sentences)
        self.assertNotIn("3/7", sentences)

    def test_charts_draw_what_the_table_says_and_escape_names(self):
        drawn = svg.bars([("<b>Ward</b>", 40.0, "40.0%"), ("B", None, "–")], 90, 100)
        self.assertIn("&lt;b&gt;Ward", drawn)
        self.assertNotIn("<b>", drawn)
        self.assertEqual(drawn.count("<rect"), 1)
        self.assertIn(">90<", drawn)
        run = self._produce().with_user(self.manager).with_context(lang="en_US")
        tables = {table.code: table for table in run._get_matrix().tables}
        self.assertIn("40.0%", tables["follow_up_1"].chart)
        self.assertIn("Ward B", tables["follow_up_1"].chart)
