# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two workers at once, and kills at every point: nothing lost, nothing twice.

Real cursors, so the rows are committed, and removed at the end (I-2).
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.service.model import retrying
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import PlanRaceCase

STAYS = 60
STEPS = (3, 7, 14)
WORKERS = 3
ROUNDS = 3
NOW = datetime(2026, 3, 10, 2)


class Killed(BaseException):
    """Stands for the death of the process: no handler of ours catches it."""


@tagged("post_install", "-at_install")
class TestFollowupGenerationConcurrency(PlanRaceCase):
    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time(NOW))
        super().setUpClass()

    @classmethod
    def _fill(cls, env):
        cls.company_id = env.ref("base.main_company").id
        cls.department_id = env["hr.department"].create({"name": "Busy Ward"}).id
        cls.protocol_id = (
            env["followup.protocol"]
            .create(
                {
                    "name": "Concurrency",
                    "code": "concurrency",
                    "company_id": cls.company_id,
                    "department_ids": [(4, cls.department_id)],
                    "step_ids": [
                        (0, 0, {"name": f"Day {day}", "offset_target": day})
                        for day in STEPS
                    ],
                    "state": "active",
                }
            )
            .id
        )
        patients = env["followup.patient"].create(
            [
                {"name": f"Patient {number}", "company_id": cls.company_id}
                for number in range(STAYS)
            ]
        )
        cls.patient_ids = patients.ids
        cls.stay_ids = (
            env["followup.encounter"]
            .create(
                [
                    {
                        "patient_id": patient.id,
                        "company_id": cls.company_id,
                        "department_id": cls.department_id,
                        "source": "concurrency",
                        "number": str(patient.id),
                        "discharge_date": NOW - timedelta(days=1),
                    }
                    for patient in patients
                ]
            )
            .ids
        )

    def _assert_exact(self):
        """Every stay has one plan and each of its tasks once."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*), count(DISTINCT encounter_id) FROM followup_plan"
                " WHERE encounter_id = ANY(%s)",
                [self.stay_ids],
            )
            self.assertEqual(cr.fetchone(), (STAYS, STAYS))
            cr.execute(
                "SELECT count(*), count(DISTINCT (encounter_id, step_id))"
                " FROM followup_task WHERE encounter_id = ANY(%s)",
                [self.stay_ids],
            )
            self.assertEqual(cr.fetchone(), (STAYS * len(STEPS),) * 2)

    def _assert_whole(self):
        """No stay was left with a part of its tasks."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(task.id) FROM followup_plan plan"
                " LEFT JOIN followup_task task ON task.plan_id = plan.id"
                " WHERE plan.encounter_id = ANY(%s) GROUP BY plan.id",
                [self.stay_ids],
            )
            self.assertLessEqual({row[0] for row in cr.fetchall()}, {len(STEPS)})

    # ------------------------------------------------------------
    # AT ONCE
    # ------------------------------------------------------------

    def _at_once(self, function):
        """Run in several workers whose views of the data are equally old."""
        barrier = threading.Barrier(WORKERS)

        def work(number):
            with self.registry.cursor() as cr:
                env = self._env(cr)
                cr.execute("SELECT count(*) FROM followup_plan")
                barrier.wait(timeout=30)
                return retrying(lambda: function(env, number), env)

        with ThreadPoolExecutor(max_workers=WORKERS) as pool:
            jobs = [pool.submit(work, number) for number in range(WORKERS)]
            return [job.result(timeout=120) for job in jobs]

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_workers_generating_the_same_stays_make_each_plan_once(self):
        for _round in range(ROUNDS):
            with self.registry.cursor() as cr:
                self._clear(cr)
            self._at_once(
                lambda env, number: len(
                    env["followup.encounter"].browse(self.stay_ids).generate_plans()
                )
            )
            self._assert_exact()

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_workers_starting_the_same_plan_make_it_once(self):
        """start_plan takes no lock: the unique index decides, the loser retries."""
        stay_ids = self.stay_ids

        def start(env, number):
            protocol = env["followup.protocol"].browse(self.protocol_id)
            stays = env["followup.encounter"].browse(stay_ids)
            return set(protocol.start_plan(stays).ids)

        found = self._at_once(start)
        self.assertTrue(all(plans == found[0] for plans in found))
        self._assert_exact()

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_crons_share_the_work(self):
        self._at_once(
            lambda env, number: env["followup.encounter"]._cron_generate_plans(batch=13)
        )
        with self.registry.cursor() as cr:  # what one left to the other
            self._env(cr)["followup.encounter"]._cron_generate_plans(batch=13)
        self._assert_exact()

    # ------------------------------------------------------------
    # KILLED
    # ------------------------------------------------------------

    def _run_until_killed(self, target, name, count, after=False):
        """Run the cron and die at the count-th call of a method."""
        calls = []
        original = getattr(target, name)

        def mortal(model, *args, **kwargs):
            calls.append(1)
            if len(calls) == count and not after:
                raise Killed
            result = original(model, *args, **kwargs)
            if len(calls) == count:
                raise Killed
            return result

        cr = self.registry.cursor()
        try:
            with suppress(Killed), patch.object(target, name, mortal):
                self._env(cr)["followup.encounter"]._cron_generate_plans(batch=25)
        finally:
            cr.rollback()
            cr.close()
        return len(calls)

    def test_killed_anywhere_it_goes_on_where_it_stopped(self):
        """Before and after each commit, and between plans and tasks."""
        registry = self.registry
        points = [
            (registry["ir.cron"], "_commit_progress"),
            (registry["followup.task"], "_create_generated"),
            (registry["followup.plan"], "_settle"),
        ]
        for target, name in points:
            for count in (1, 2, 3):
                for after in (False, True):
                    with self.subTest(name, count=count, after=after):
                        with registry.cursor() as cr:
                            self._clear(cr)
                        self._run_until_killed(target, name, count, after)
                        self._assert_whole()
                        with registry.cursor() as cr:
                            env = self._env(cr)
                            env["followup.encounter"]._cron_generate_plans(batch=25)
                        self._assert_exact()
