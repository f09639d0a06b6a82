# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A killed calendar makes and sends nothing twice; nor do two workers at once (4)."""

from threading import Barrier, Thread
from uuid import uuid4

from odoo import SUPERUSER_ID, api
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.patient_followup.tests.common import RaceCase

COMING = "2026-04-06 00:00:00"  # a day after the report was due


@tagged("post_install", "-at_install")
class TestScheduleKilled(RaceCase):
    """One hospital, one entry of the calendar, two leaders who hear of it."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._forget)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            company = env["res.company"].create({"name": f"Hospital {uuid4().hex}"})
            leader = env.ref("patient_followup.followup_group_leader")
            users = env["res.users"].with_context(no_reset_password=True)
            self.user_ids = users.create(
                [
                    {
                        "name": f"Leader {company.id} {number}",
                        "login": f"leader{company.id}-{number}@example.com",
                        "email": f"leader{company.id}-{number}@example.com",
                        "company_id": company.id,
                        "company_ids": [(6, 0, company.ids)],
                        "group_ids": [(6, 0, leader.ids)],
                    }
                    for number in "ab"
                ]
            ).ids
            schedule = env["followup.report.schedule"].create(
                {
                    "name": "Feedback",
                    "code": "feedback",
                    "company_id": company.id,
                    "due_day": 5,
                    "start_day": "2026-03-01",
                    "group_ids": [(6, 0, leader.ids)],
                }
            )
            self.company_id, self.schedule_id = company.id, schedule.id

    def _forget(self):
        """Remove what was committed; rows that stay on record go by statement."""
        tables = ("delivery", "due", "line", "run", "schedule")
        with self.registry.cursor() as cr:
            for name in tables:
                cr.execute(
                    f"DELETE FROM followup_report_{name} WHERE company_id = %s",
                    (self.company_id,),
                )
            env = api.Environment(cr, SUPERUSER_ID, {})
            users = env["res.users"].browse(self.user_ids)
            env["mail.mail"].search(
                [("recipient_ids", "in", users.partner_id.ids)]
            ).unlink()
            users.active = False
            env["res.company"].browse(self.company_id).active = False

    def _work(self, die_at=None, start=None, done=None):
        """Work as the cron does, each step a commit; die at a commit point.

        :param die_at: number of the commit before which the worker is killed
        """
        commits = []
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            schedules = env["followup.report.schedule"]
            company = env["res.company"].browse(self.company_id)
            entry = schedules.browse(self.schedule_id)
            if start:
                cr.execute("SELECT 1")  # both see the same
                start.wait()
            steps = [
                lambda: entry._make_missing(company),
                lambda: env["followup.report.delivery"]._send_next(),
            ]
            try:
                for step in steps:
                    while step():
                        if len(commits) == die_at:
                            raise KeyboardInterrupt
                        # commit: each step of a worker, as the cron does
                        cr.commit()  # pylint: disable=invalid-commit
                        commits.append(1)
            except KeyboardInterrupt:
                cr.rollback()
            except Exception as error:  # noqa: BLE001  the loser starts over
                cr.rollback()
                if done is not None:
                    done.append(type(error).__name__)
        return len(commits)

    def _found(self):
        """Return (reports, days late, deliveries sent, mails)."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            due = env["followup.report.due"].search(
                [("company_id", "=", self.company_id)]
            )
            partners = env["res.users"].browse(self.user_ids).partner_id
            mails = env["mail.mail"].search_count(
                [("recipient_ids", "in", partners.ids)]
            )
            sent = due.delivery_ids.filtered("sent_at")
            return len(due.run_id), due.mapped("late_days"), len(sent), mails

    @freeze_time(COMING)
    def test_killed_before_any_commit_it_is_made_and_sent_once(self):
        for die_at in (0, 1):
            self._work(die_at)
            self.assertEqual(self._found()[2:], (0, 0))
        self._work()
        self.assertEqual(self._found(), (1, [1], 2, 2))
        self._work()
        self.assertEqual(self._found(), (1, [1], 2, 2))

    @freeze_time(COMING)
    @mute_logger("odoo.sql_db")
    def test_two_workers_at_once_make_and_send_it_once(self):
        start, lost = Barrier(2), []
        threads = [
            Thread(target=self._work, kwargs={"start": start, "done": lost})
            for _index in "ab"
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self._work()  # the loser, run again
        self.assertEqual(self._found(), (1, [1], 2, 2))
        self.assertLessEqual(len(lost), 1)
