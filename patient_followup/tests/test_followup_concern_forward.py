# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A question goes on to who knows better; the promise stays (X-1, X-9)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .concern_common import MORNING, ConcernCase

NOON = "2026-03-05 04:00:00"


@tagged("post_install", "-at_install")
class TestFollowupConcernForward(ConcernCase):
    def _asked(self):
        with self._at(MORNING):
            return self._ask()

    def _forward(self, concern, user=None, reason="A matter of diet", **vals):
        vals.setdefault("department_id", self.department_b.id)
        return concern.with_user(user or self.doctor).action_forward(reason, **vals)

    def test_the_clock_goes_on_and_the_promise_stays(self):
        concern = self._asked()
        before = concern.deadline, concern.promised_at, concern.raised_at
        with self._at(NOON):
            self._forward(concern)
        self.assertEqual(
            (concern.deadline, concern.promised_at, concern.raised_at), before
        )
        self.assertEqual(concern.handler_department_id, self.department_b)
        self.assertEqual(concern.origin_department_id, self.department_a)
        self.assertEqual(concern.forward_count, 1)

    def test_the_next_ones_are_told_and_the_first_see_where_it_is(self):
        concern = self._asked()
        with self._at(NOON):
            told = self._forward(concern, specialist_id=self.expert.id)
        self.assertEqual(told, self.expert)
        self.assertEqual(concern.sudo().activity_ids.user_id, self.expert)
        seen = concern.with_user(self.doctor)
        self.assertEqual(seen.specialist_id, self.expert)
        self.assertEqual(seen.state, "new")
        with self._at(NOON):
            concern.with_user(self.expert).action_answer("Yes, from Monday on")
        self.assertEqual(concern.state, "answered")
        self.assertTrue(concern.telling_task_id)

    def test_without_a_name_the_head_of_the_department_is_asked(self):
        concern = self._asked()
        with self._at(NOON):
            self.assertEqual(self._forward(concern), self.head_b)

    def test_the_history_keeps_who_why_and_to_whom(self):
        concern = self._asked()
        with self._at(NOON):
            self._forward(concern, specialist_id=self.expert.id)
        notice = concern.sudo().notice_ids.filtered(lambda row: row.kind == "forward")
        self.assertEqual(
            (notice.by_id, notice.user_id, notice.note),
            (self.doctor, self.expert, "A matter of diet"),
        )

    def test_mails_and_to_dos_carry_the_number_only(self):
        """D-7: the reason may speak of health."""
        concern = self._asked()
        with self._at(NOON):
            self._forward(concern, reason="Suspected cancer")
        concern = concern.sudo()
        told = concern.message_ids.mapped("body") + concern.message_ids.mapped(
            "subject"
        )
        told += concern.activity_ids.mapped("summary")
        self.assertNotIn("cancer", str(told))

    def test_who_took_it_hands_it_on_and_it_is_new_again(self):
        concern = self._asked()
        with self._at(NOON):
            concern.with_user(self.doctor).action_acknowledge()
            self._forward(concern)
        self.assertEqual(concern.state, "new")
        self.assertFalse(concern.acknowledged_by_id)
        if concern.ack_deadline:
            self.assertLessEqual(concern.ack_deadline, concern.deadline)

    def test_who_may_not_forward(self):
        concern = self._asked()
        for user in (self.ward_b, self.expert, self.leader, self.plain):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._forward(concern, user)
        with self.assertRaises(AccessError):
            self._forward(concern, self.ward_a)

    def test_what_cannot_be_forwarded(self):
        concern = self._asked()
        other = self._company("Other Hospital")
        foreign = self._department("Elsewhere", company=other)
        wrong = (
            {"reason": " "},
            {"department_id": self.department_a.id},
            {"department_id": foreign.id},
            {"specialist_id": self.plain.id},
        )
        for vals in wrong:
            with (
                self.subTest(vals=vals),
                self._at(NOON),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                self._forward(concern, **vals)
        self.env.invalidate_all()
        flag = self._flag()
        with self.assertRaisesRegex(UserError, "question"):
            self._forward(flag)
        with self._at(NOON):
            concern.with_user(self.doctor).action_answer("Yes")
            with self.assertRaisesRegex(UserError, "without an answer"):
                self._forward(concern)

    def test_the_dialog_forwards(self):
        concern = self._asked()
        dialog = self.env["followup.concern.forward"].with_user(self.doctor)
        dialog = dialog.create(
            {
                "concern_id": concern.id,
                "department_id": self.department_b.id,
                "specialist_id": self.expert.id,
                "reason": "A matter of diet",
            }
        )
        self.assertIn(self.expert, dialog.specialist_ids)
        with self._at(NOON):
            dialog.action_confirm()
        self.assertEqual(concern.specialist_id, self.expert)
