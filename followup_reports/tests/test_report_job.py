# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Long reports: how far they are, once, told when ready (section 6)."""

from datetime import date
from unittest.mock import patch
from uuid import uuid4

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.patient_followup.tests.common import RaceCase

from ..models import followup_report_job
from .hospital_common import REPORT_DAY, SmallHospitalCase


@tagged("post_install", "-at_install")
class TestReportJob(SmallHospitalCase):
    def _ask(self, user=None):
        jobs = self.env["followup.report.job"].with_user(user or self.manager)
        return jobs.with_company(self.company)._ask(
            *("bulletin", "month", date(2026, 3, 1), "discharge"),
            self.env["hr.department"],
        )

    def _run(self, job):
        """Let the engine make what was asked for."""
        with freeze_time(REPORT_DAY):
            found = self.env["followup.report.job"]._claim_next()
            self.assertEqual(found, job.sudo())
            found._run()
            self.env.flush_all()
        job.invalidate_recordset()

    def test_a_long_report_is_made_in_the_background(self):
        wizard = self.env["followup.report.produce"].with_user(self.manager)
        wizard = wizard.with_company(self.company).create(
            {"code": "bulletin", "day": "2026-03-10"}
        )
        with patch.object(followup_report_job, "LONG", 5), freeze_time(REPORT_DAY):
            action = wizard.action_produce()
        self.assertEqual(action["res_model"], "followup.report.job")
        job = self.env["followup.report.job"].browse(action["res_id"])
        self.assertEqual((job.state, job.progress), ("running", 0))
        self.assertEqual(job.user_id, self.manager)
        with freeze_time(REPORT_DAY):
            action = wizard.action_produce()
        self.assertEqual(action["res_model"], "followup.report.run")

    def test_it_is_made_once_as_whoever_asked_who_is_told(self):
        job = self._ask()
        users = type(self.env["res.users"])
        with patch.object(users, "_bus_send", autospec=True) as told:
            self._run(job)
        self.assertEqual(job.state, "done")
        run = job.sudo().run_ids
        self.assertEqual((run.version, run.computed_by_id), (1, self.manager))
        self.assertEqual(told.call_args.args[0], self.manager)
        self.assertIn("2026-03", told.call_args.args[2]["message"])
        self.assertFalse(self.env["followup.report.job"]._claim_next())
        action = job.with_user(self.manager).action_open_run()
        self.assertEqual(action["res_id"], run.id)

    def test_who_makes_no_reports_asks_for_none(self):
        for user in (self.head_a, self.leader, self.ward_a, self.plain):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._ask(user)
        job = self._ask()
        with self.assertRaises(UserError):
            job.with_user(self.manager).action_open_run()


@tagged("post_install", "-at_install")
class TestReportJobKilled(RaceCase):
    """A worker killed at any section leaves nothing; the next one makes it once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            company = env["res.company"].create({"name": f"Hospital {uuid4().hex}"})
            jobs = env["followup.report.job"].with_company(company)
            day = date(2026, 3, 1)
            job = jobs._ask("feedback", "month", day, "due", env["hr.department"])
            cls.company_id, cls.job_id = company.id, job.id
        cls.addClassCleanup(cls._forget)

    @classmethod
    def _forget(cls):
        with cls.registry.cursor() as cr:
            for table in ("line", "run", "job"):
                cr.execute(
                    f"DELETE FROM followup_report_{table} WHERE company_id = %s",
                    (cls.company_id,),
                )
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["res.company"].browse(cls.company_id).active = False

    def _seen(self):
        """Return what others see: state, steps noted, tries, reports."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            job = env["followup.report.job"].browse(self.job_id)
            return job.state, job.step, job.tries, len(job.run_ids)

    def _work(self, die_at=None):
        """Work on the job as a worker, which dies after that many sections."""
        cr = self.registry.cursor()
        runs = type(api.Environment(cr, SUPERUSER_ID, {})["followup.report.run"])
        insert, count = runs._insert_lines, []

        def insert_or_die(run, figures):
            insert(run, figures)
            count.append(1)
            if len(count) == die_at:
                raise KeyboardInterrupt

        try:
            with patch.object(runs, "_insert_lines", insert_or_die):
                env = api.Environment(cr, SUPERUSER_ID, {})
                found = env["followup.report.job"]._claim_next()
                if found.id == self.job_id:
                    found._run()
                # commit: each step of a worker, as the cron does
                cr.commit()  # pylint: disable=invalid-commit
        except KeyboardInterrupt:
            cr.rollback()
        finally:
            cr.close()

    def test_a_killed_worker_leaves_nothing_and_the_next_makes_it_once(self):
        self._work(die_at=2)
        self.assertEqual(self._seen(), ("running", 2, 1, 0))
        self._work()
        state, _step, tries, count = self._seen()
        self.assertEqual((state, tries, count), ("done", 2, 1))
        self._work()
        self.assertEqual(self._seen()[2:], (2, 1))
