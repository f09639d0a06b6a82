# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import ComplaintCommon

MONDAY = "2026-03-02 02:00:00"
TUESDAY = "2026-03-03 02:00:00"


@tagged("post_install", "-at_install")
class TestComplaintDuplicate(ComplaintCommon):
    """The same matter twice is one case; who complains again is known (section 1)."""

    def _two(self):
        with freeze_time(MONDAY):
            first = self._case(complainant_phone="13800000001")
        return first, self._case(complainant_phone="13800000001")

    @freeze_time(TUESDAY)
    def test_the_later_case_ends_and_the_first_keeps_its_clocks(self):
        first, later = self._two()
        before = {clock.kind: clock.deadline for clock in first.clock_ids}
        self.assertIn(first, later.similar_ids)
        self.assertTrue(later.is_repeat)
        later.action_link_duplicate(first.id)
        self.assertEqual(later.state, "withdrawn")
        self.assertEqual(later.duplicate_of_id, first)
        self.assertIn(first.name, later.closing_reason)
        self.assertTrue(all(later.clock_ids.mapped("stopped_at")))
        self.assertFalse(later.next_deadline)
        after = {clock.kind: clock.deadline for clock in first.clock_ids}
        self.assertEqual(after, before)
        self.assertEqual(first.state, "received")
        self.assertEqual(first.duplicate_ids, later)
        # the same matter is no second complaint
        self.assertFalse(later.is_repeat)

    @freeze_time(TUESDAY)
    def test_a_stricter_deadline_of_an_authority_moves_to_the_first(self):
        first, later = self._two()
        later.write(
            {
                "channel_id": self.env.ref(
                    "patient_complaint.complaint_channel_hotline"
                ).id,
                "external_number": "12345-7",
                "external_deadline": "2026-03-03 12:00:00",
            }
        )
        later.action_link_duplicate(first.id)
        self.assertEqual(first.external_number, "12345-7")
        self.assertEqual(str(first.next_deadline), "2026-03-03 02:00:00")
        self.assertEqual(
            str(self._clock(first, "external", True).deadline), "2026-03-03 12:00:00"
        )

    @freeze_time(TUESDAY)
    def test_what_cannot_be_one_matter_is_refused_in_words(self):
        first, later = self._two()
        over = self._case()
        over.action_not_accept("Another hospital")
        linked = self._case()
        linked.action_link_duplicate(first.id)
        table = [later.id, over.id, linked.id, 0, 2**31 - 1]
        for case_id in table:
            with self.subTest(case_id), self.assertRaises(UserError):
                later.action_link_duplicate(case_id)
        for case_id in (None, "x", [], -1, 2**40):
            with self.subTest(case_id), self.assertRaises(UserError):
                later.action_link_duplicate(case_id)
        with self.assertRaises(UserError):
            first.action_link_duplicate(later.id)
        with self.assertRaises(AccessError):
            later.with_user(self.leader).action_link_duplicate(first.id)
        with self.assertRaises(AccessError):
            later.write({"duplicate_of_id": first.id})

    @freeze_time(TUESDAY)
    def test_another_matter_after_all_is_taken_up_again(self):
        first, later = self._two()
        later.action_link_duplicate(first.id)
        later.action_unlink_duplicate()
        self.assertEqual(later.state, "received")
        self.assertFalse(later.duplicate_of_id)
        self.assertTrue(later.next_deadline)

    @freeze_time(TUESDAY)
    def test_the_dialog_offers_the_other_cases_of_the_person(self):
        first, later = self._two()
        wizard = (
            self.env["complaint.duplicate"]
            .with_user(self.specialist)
            .create({"case_id": later.id, "first_id": first.id})
        )
        self.assertIn(first, wizard.similar_ids)
        wizard.action_confirm()
        self.assertEqual(later.duplicate_of_id, first)
