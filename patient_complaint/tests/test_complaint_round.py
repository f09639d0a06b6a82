# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .action_common import ActionCommon


@tagged("post_install", "-at_install")
class TestComplaintRound(ActionCommon):
    """A look at the service of a department (S-4 ... S-6)."""

    def setUp(self):
        super().setUp()
        rounds = self.env["complaint.round"].with_user(self.inspector)
        self.round = rounds.with_company(self.company).create(
            {"department_id": self.department_a.id, "area": "Window 3"}
        )

    def _line(self, **vals):
        indicator = self.env.ref("patient_complaint.complaint_indicator_queue")
        vals = {"round_id": self.round.id, "indicator_id": indicator.id, **vals}
        return self.round.line_ids.create(vals)

    def test_the_list_of_indicators_fills_the_round_once(self):
        self.round.action_fill()
        count = len(self.round.line_ids)
        self.assertGreaterEqual(count, 8)
        self.round.action_fill()
        self.assertEqual(len(self.round.line_ids), count)

    def test_what_is_wrong_becomes_a_rectification(self):
        self._line(result="not_met", note="Nobody at noon")
        self._line(result="not_met", note="Wet floor", is_fixed=True, fix="Dried")
        self._line()
        self.round.action_finish()
        action = self.round.line_ids.action_ids
        self.assertEqual(len(action), 1)
        self.assertEqual(action.source, "round")
        self.assertEqual(action.responsible_id, self.head_a)
        self.assertEqual(action.checker_id, self.inspector)
        self.assertEqual(action.description, "Nobody at noon")
        self.assertEqual((self.round.finding_count, self.round.fixed_count), (2, 1))
        self.assertEqual(action.with_user(self.head_a).state, "open")

    def test_a_department_without_a_head_needs_a_name(self):
        self.round.department_id = self.department_b
        line = self._line(result="not_met", note="x")
        with self.assertRaisesRegex(UserError, "who puts it right"):
            self.round.action_finish()
        line.responsible_id = self.ward_b
        self.round.action_finish()
        self.assertEqual(line.action_ids.responsible_id, self.ward_b)

    def test_what_was_found_is_said(self):
        for vals in (
            {"result": "not_met"},
            {"result": "not_met", "note": "x", "is_fixed": True},
            {"result": "met", "is_fixed": True, "fix": "x"},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self._line(**vals)
        with self.assertRaises(UserError):
            self.round.action_finish()

    def test_a_finished_round_changes_no_more(self):
        line = self._line()
        self.round.action_finish()
        for change in (
            lambda: self.round.write({"area": "x"}),
            lambda: line.write({"note": "x"}),
            lambda: line.unlink(),
            lambda: self._line(),
            lambda: self.round.action_finish(),
        ):
            with self.assertRaises(UserError):
                change()
        with self.assertRaises(AccessError):
            self.round.create({"department_id": self.department_a.id, "state": "done"})

    def test_heads_read_the_rounds_of_their_departments(self):
        self.assertTrue(self.round.with_user(self.head_a).read(["area"]))
        self.round.department_id = self.department_b
        with self.assertRaises(AccessError):
            self.round.with_user(self.head_a).read(["area"])
