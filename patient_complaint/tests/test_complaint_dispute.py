# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintDispute(ComplaintCommon):
    """A dispute opens its checklist from editable presets (section 2)."""

    def test_the_flag_opens_the_checklist_once(self):
        case = self._case()
        self.assertFalse(case.dispute_ids)
        case.is_dispute = True
        presets = self.env["complaint.dispute.step"].search([])
        self.assertEqual(case.dispute_ids.mapped("name"), presets.mapped("name"))
        kinds = set(case.dispute_ids.mapped("kind"))
        self.assertLessEqual({"sealing", "appraisal", "mediation", "court"}, kinds)
        case.is_dispute = True
        self.assertEqual(len(case.dispute_ids), len(presets))

    def test_presets_say_that_the_hospital_must_confirm_them(self):
        for step in self.env["complaint.dispute.step"].search([]):
            with self.subTest(step.name):
                self.assertFalse(step.confirmed)
                self.assertIn("to be confirmed", f"{step.source_text}".lower())
                self.assertIn("to be confirmed", step.text.lower())

    def test_a_case_may_come_in_as_a_dispute(self):
        self.assertTrue(self._case(is_dispute=True).dispute_ids)

    def test_steps_are_ticked_with_who_and_when(self):
        case = self._case(is_dispute=True)
        step, other = case.dispute_ids[:2]
        step.note = "Both sides signed"
        step.action_done()
        self.assertEqual(step.done_by_id, self.specialist)
        self.assertTrue(step.done_at)
        with self.assertRaisesRegex(UserError, "write down why not"):
            other.action_not_needed()
        other.note = "Nobody died"
        other.action_not_needed()
        self.assertEqual(other.state, "not_needed")
        for act in (step.action_done, other.action_done):
            with self.assertRaises(UserError):
                act()
        with self.assertRaises(AccessError):
            step.note = "Another"
        with self.assertRaises(UserError):
            step.sudo().unlink()

    def test_rows_cannot_be_forged(self):
        case = self._case(is_dispute=True)
        step = case.dispute_ids[0]
        for user in (self.specialist, self.officer, self.administrator):
            with self.subTest(user.login), self.assertRaises(AccessError):
                step.with_user(user).write({"state": "done"})
        with self.assertRaises(AccessError):
            step.sudo().write({"done_by_id": self.officer.id})
        with self.assertRaises(AccessError):
            step.create({"case_id": case.id, "name": "x", "state": "done"})

    def test_a_dispute_that_began_stays_one(self):
        case = self._case(is_dispute=True)
        case.is_dispute = False
        self.assertFalse(case.dispute_ids)
        case.is_dispute = True
        case.dispute_ids[0].action_done()
        with self.assertRaises(UserError):
            case.is_dispute = False

    def test_it_closes_when_every_step_is_done_or_needless(self):
        case = self._ready(self._case(is_dispute=True), track="fast")
        case.action_triage()
        self._tell(case)
        with self.assertRaisesRegex(UserError, "is a dispute"):
            case.action_close()
        case.dispute_ids.action_done()
        case.action_close()
        self.assertEqual(case.state, "closed")

    def test_the_preset_may_change_and_the_row_stays(self):
        case = self._case(is_dispute=True)
        name = case.dispute_ids[0].name
        case.dispute_ids[0].step_id.sudo().name = "Another"
        self.assertEqual(case.dispute_ids[0].name, name)
