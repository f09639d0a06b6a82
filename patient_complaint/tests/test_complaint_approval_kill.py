# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reminders and mails of to-dos: two workers, and a worker killed in between (C-15).

Cursors of their own on committed rows; whoever is killed loses what he had not
committed, as a process does.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.mail.models.mail_activity import MailActivity

from ..models import complaint_approval_turn, mail_activity
from .race_common import ApprovalRaceCase

CASES = 5
BATCH = 2
APPROVERS = 2


class Killed(BaseException):
    """Ends a worker as a kill does: nothing catches it."""


@tagged("post_install", "-at_install")
class TestComplaintApprovalKill(ApprovalRaceCase):
    def setUp(self):
        super().setUp()
        self.commits_left = self.mails_left = None
        for module in (complaint_approval_turn, mail_activity):
            self.patch(module, "BATCH", BATCH)
        for target, name, stub in (
            (IrCron, "_commit_progress", self._stub_commit()),
            (MailActivity, "action_notify", self._stub_notify()),
        ):
            patcher = patch.object(target, name, stub)
            patcher.start()
            self.addCleanup(patcher.stop)
        self.waiting_ids = [self._submitted(1)[0] for _case in range(CASES)]

    def _stub_commit(self):
        """Stand for the commit of a batch: commit, or die where the test says."""

        def commit(cron, *args, **kwargs):
            self._count_down("commits_left")
            cron.env.cr.commit()
            return 60

        return commit

    def _stub_notify(self):
        """Write the mails, then die where the test says: in the middle of a batch."""
        notify = MailActivity.action_notify

        def stub(activities):
            result = notify(activities)
            self._count_down("mails_left")
            return result

        return stub

    def _count_down(self, name):
        left = getattr(self, name)
        if left:
            setattr(self, name, left - 1)
            if left == 1:
                raise Killed

    def _work(self, model, method, **killed):
        """Run a job as a worker does; killed before the n-th commit or in a batch."""
        self.commits_left = killed.get("commit")
        self.mails_left = killed.get("mail")
        cr = self.registry.cursor()
        try:
            # of two workers who meet on a row one gives up, and comes again
            with suppress(Killed, SerializationFailure):
                getattr(self._env(cr, SUPERUSER_ID)[model], method)()
        finally:
            cr.rollback()
            cr.close()

    def _tell(self, **killed):
        self._work("mail.activity", "_cron_complaint_tell", **killed)

    def _remind(self, **killed):
        self._work("complaint.approval", "_cron_remind", **killed)

    def _at_once(self, job):
        with ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(job) for _worker in range(2)]:
                future.result(timeout=60)
        job()

    def _let_remind(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE complaint_approval SET remind_at = now() AT TIME ZONE 'UTC',"
                " wake_at = now() AT TIME ZONE 'UTC' WHERE case_id = ANY(%s)",
                [self.waiting_ids],
            )

    def _count(self):
        """Return {number of mails of a case} over all cases."""
        with self.registry.cursor() as cr:
            messages = self._env(cr, SUPERUSER_ID)["mail.message"]
            return {
                messages.search_count(
                    [
                        ("model", "=", "complaint.case"),
                        ("res_id", "=", case_id),
                        ("message_type", "=", "user_notification"),
                    ]
                )
                for case_id in self.waiting_ids
            }

    @mute_logger("odoo.sql_db")
    def test_two_workers_tell_and_remind_each_approver_once(self):
        self.assertEqual(self._count(), {0}, "submitting waits for no mail")
        self._at_once(self._tell)
        self.assertEqual(self._count(), {APPROVERS})
        self._let_remind()
        self._at_once(self._remind)
        self.assertEqual(self._count(), {2 * APPROVERS})

    def test_killed_anywhere_each_approver_is_told_and_reminded_once(self):
        for job, total in ((self._tell, APPROVERS), (self._remind, 2 * APPROVERS)):
            with self.subTest(total=total):
                job(mail=1)
                self.assertLess(min(self._count()), total)
                job(mail=2)
                job(commit=1)
                job(commit=2)
                job(commit=3)
                job()
                job()
                self.assertEqual(self._count(), {total})
            self._let_remind()
