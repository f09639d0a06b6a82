# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two workers make the same report of the calendar: it is made once (section 4)."""

from datetime import date
from threading import Barrier, Thread

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.patient_followup.tests.common import RaceCase


@tagged("post_install", "-at_install")
class TestReportRace(RaceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            # named anew: what a run before committed stays, archived
            name = f"Race Hospital {env.cr.now()}"
            cls.company_id = env["res.company"].create({"name": name}).id
        cls.addClassCleanup(cls._forget)

    @classmethod
    def _forget(cls):
        """Remove what was committed; sealed rows go by statement only."""
        with cls.registry.cursor() as cr:
            for table in ("followup_report_line", "followup_report_run"):
                cr.execute(
                    f"DELETE FROM {table} WHERE company_id = %s",  # noqa: S608
                    (cls.company_id,),
                )
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["res.company"].browse(cls.company_id).active = False

    def _make(self, start, made, kind="month"):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            runs = env["followup.report.run"].with_company(self.company_id)
            cr.execute("SELECT 1")  # the snapshot of both is taken before either writes
            start.wait()
            try:
                made.append(runs._produce("feedback", kind, date(2026, 3, 1)).version)
            except Exception as error:  # noqa: BLE001  the loser starts over
                cr.rollback()
                made.append(type(error).__name__)

    @mute_logger("odoo.sql_db")
    def test_a_half_month_and_its_quarter_made_at_once_know_each_other(self):
        """Neither would keep back what it tells beside the other (I-11)."""
        start, made = Barrier(2), []
        threads = [
            Thread(target=self._make, args=(start, made, kind))
            for kind in ("quarter", "half_month")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(sorted(map(str, made)), ["1", "ConcurrencyError"])

    @mute_logger("odoo.sql_db")
    def test_of_two_at_once_one_makes_it_and_the_other_starts_over(self):
        start, made = Barrier(2), []
        threads = [Thread(target=self._make, args=(start, made)) for _index in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(len(made), 2)
        self.assertEqual(made.count(1), 1)
        self.assertIn(
            [answer for answer in made if answer != 1][0], (2, "ConcurrencyError")
        )


@tagged("post_install", "-at_install")
class TestReleaseRace(RaceCase):
    """Two reports of the same days are released at once: the later one looks again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            # named anew: what a run before committed stays, archived
            name = f"Release Race {env.cr.now()}"
            company = env["res.company"].create({"name": name})
            leader = env["res.users"].create(
                {
                    "name": "Race Leader",
                    "login": name,
                    "company_id": company.id,
                    "company_ids": [(6, 0, company.ids)],
                    "group_ids": [
                        (6, 0, [env.ref("base.group_user").id]),
                        (4, env.ref("patient_followup.followup_group_leader").id),
                    ],
                }
            )
            runs = env["followup.report.run"].with_company(company)
            cls.company_id, cls.leader_id, cls.row_ids = company.id, leader.id, []
            for kind in ("month", "quarter"):
                run = runs._produce("feedback", kind, date(2026, 3, 1))
                cls.row_ids.append(run._publish("internal")["res_id"])
        cls.addClassCleanup(cls._forget)

    @classmethod
    def _forget(cls):
        with cls.registry.cursor() as cr:
            for name in ("release", "line", "run"):
                cr.execute(
                    f"DELETE FROM followup_report_{name}"  # noqa: S608
                    " WHERE company_id = %s",
                    (cls.company_id,),
                )
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["res.users"].browse(cls.leader_id).active = False
            env["res.company"].browse(cls.company_id).active = False

    def _release(self, row_id, start, answers):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.leader_id, {})
            row = env["followup.report.release"].browse(row_id)
            row.mapped("state")  # the snapshot of both is taken before either writes
            start.wait()
            try:
                row.action_release()
                env.flush_all()
                env.cr.commit()  # commit: what a request does at its end
                answers.append("released")
            except Exception as error:  # noqa: BLE001  the loser starts over
                cr.rollback()
                answers.append(type(error).__name__)

    @mute_logger("odoo.sql_db")
    def test_of_two_releases_at_once_the_later_one_starts_over(self):
        start, answers = Barrier(2), []
        threads = [
            Thread(target=self._release, args=(row_id, start, answers))
            for row_id in self.row_ids
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(sorted(answers), ["SerializationFailure", "released"])
