# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mails of to-dos: whom they reach, and what a bad row leaves alone (C-15, I-8)."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.models.mail_activity import MailActivity

from ..models.complaint_action_notice import ComplaintAction
from ..models.complaint_approval_turn import ComplaintApproval
from ..models.complaint_clock import ComplaintClock
from .approval_common import ApprovalCase

LOG = "odoo.addons.patient_followup.tools.one_by_one"


@tagged("post_install", "-at_install")
class TestComplaintTodoMail(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._only_rules(("department_head", {}))

    def _waiting(self):
        """Return (case, the to-do of its approver whose mail is not written yet)."""
        case = self._submitted()
        return case, case.sudo().activity_ids.filtered("complaint_untold")

    def _tell(self):
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 60
        ):
            self.env["mail.activity"].sudo()._cron_complaint_tell()
        self.env.invalidate_all()

    def _told(self, user):
        return self.env["mail.notification"].search_count(
            [("res_partner_id", "=", user.partner_id.id)]
        )

    def test_one_bad_to_do_stops_no_other(self):
        todos = self.env["mail.activity"].sudo()
        for _case in range(3):
            todos += self._waiting()[1]
        bad, notify = todos[1], MailActivity.action_notify

        def stub(rows):
            if bad in rows:
                raise ValueError("a name")
            return notify(rows)

        before = self._told(self.head_a)
        with (
            patch.object(MailActivity, "action_notify", stub),
            self.assertLogs(LOG, "ERROR") as log,
        ):
            self._tell()
            self._tell()
        self.assertEqual(self._told(self.head_a), before + 2)
        self.assertEqual(len(log.output), 1)
        self.assertNotIn("a name", log.output[0])
        self.assertFalse(any(todos.mapped("complaint_untold")))

    def test_who_may_not_see_it_by_now_gets_no_mail(self):
        """Named, without an account or gone: the mail would name the case."""
        for reason in ("archived", "gone", "named"):
            case, todo = self._waiting()
            user = todo.user_id
            before = self._told(user)
            with self.subTest(reason):
                getattr(self, f"_let_be_{reason}")(case, todo)
                self._tell()
                self.assertEqual(self._told(user), before)
                user.active = True

    def _let_be_archived(self, _case, todo):
        todo.user_id.active = False

    def _let_be_gone(self, _case, todo):
        query = "UPDATE mail_activity SET res_id = 2000000000 WHERE id = %s"
        self.env.cr.execute(query, [todo.id])
        self.env.invalidate_all()

    def _let_be_named(self, case, todo):
        """Past the engine, which takes the to-do away at once."""
        query = "INSERT INTO complaint_case_conflict_rel (case_id, user_id)"
        self.env.cr.execute(f"{query} VALUES (%s, %s)", [case.id, todo.user_id.id])
        self.env.invalidate_all()

    def test_whoever_takes_it_over_is_told_once_and_nobody_else(self):
        _case, todo = self._waiting()
        first, second = todo.user_id, self.officer
        before = [self._told(user) for user in (first, second)]
        todo.with_user(self.specialist).sudo().user_id = second
        self.assertFalse(todo.complaint_untold)
        self._tell()
        after = [self._told(user) for user in (first, second)]
        self.assertEqual(after, [before[0], before[1] + 1])

    def test_written_again_without_a_change_it_is_still_to_be_told(self):
        _case, todo = self._waiting()
        todo.user_id = todo.user_id
        self.assertTrue(todo.complaint_untold)

    @mute_logger(LOG)
    def test_a_row_that_cannot_be_reminded_of_waits_an_hour(self):
        """Approvals, rectifications, clocks: none stops the queue behind it."""
        case, _todo = self._waiting()
        action = self.env["complaint.action"].create(
            {
                "case_id": case.id,
                "description": "x",
                "responsible_id": self.head_a.id,
                "checker_id": self.officer.id,
            }
        )
        now = fields.Datetime.now()
        for model, method, rows, name in (
            (ComplaintApproval, "_wake", case.approval_ids, "wake_at"),
            (ComplaintAction, "_remind", action, "notice_at"),
            (ComplaintClock, "_escalate", case.clock_ids[:1], "escalate_at"),
        ):
            rows = rows.sudo()._guarded()
            rows.write({name: now - timedelta(minutes=1)})

            def fail(records):
                raise ValueError

            with self.subTest(method), patch.object(model, method, fail):
                getattr(rows, f"{method}_each")()
                self.assertGreater(rows[name], now)
