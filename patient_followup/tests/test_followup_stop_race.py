# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A stop recorded while follow-up is being planned: real cursors (I-12)."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4

from odoo.service.model import retrying
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import PlanRaceCase

NOW = datetime(2026, 3, 10, 2)
QUIET = ("odoo.sql_db", "odoo.service.model")
STOPPED = "state NOT IN ('done', 'refused', 'cancelled', 'completed')"


@tagged("post_install", "-at_install")
class TestFollowupStopRace(PlanRaceCase):
    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time(NOW, tick=False))
        super().setUpClass()

    @classmethod
    def _fill(cls, env):
        cls.company_id = env.ref("base.main_company").id
        cls.department_id = env["hr.department"].create({"name": "Racing Ward"}).id
        protocol = {
            "name": "Stop",
            "code": f"stop_{uuid4().hex}",
            "company_id": cls.company_id,
            "department_ids": [(4, cls.department_id)],
            "step_ids": [(0, 0, {"name": "Day 3", "offset_target": 3})],
            "state": "active",
        }
        cls.protocol_id = env["followup.protocol"].create(protocol).id
        patient = env["followup.patient"].create(
            {"name": "Patient", "company_id": cls.company_id}
        )
        cls.patient_id = patient.id
        cls.patient_ids = patient.ids
        stay = {
            "patient_id": patient.id,
            "company_id": cls.company_id,
            "department_id": cls.department_id,
            "source": "stop",
            "number": uuid4().hex,
            "discharge_date": NOW - timedelta(days=1),
        }
        cls.stay_ids = env["followup.encounter"].create(stay).ids
        cls.stay_id = cls.stay_ids[0]

    @classmethod
    def _clear(cls, cr):
        result = super()._clear(cr)
        cr.execute(
            "UPDATE followup_patient SET do_not_contact = FALSE,"
            " do_not_contact_reason = NULL, contact_blocked = FALSE WHERE id = %s",
            [cls.patient_id],
        )
        cr.execute(
            "DELETE FROM followup_consent WHERE patient_id = %s", [cls.patient_id]
        )
        return result

    # ------------------------------------------------------------
    # THE TWO SIDES
    # ------------------------------------------------------------

    def _generate(self, env):
        env["followup.encounter"].browse(self.stay_id).generate_plans()

    def _start(self, env):
        stay = env["followup.encounter"].browse(self.stay_id)
        env["followup.protocol"].browse(self.protocol_id).start_plan(stay)

    def _ban(self, env):
        env["followup.patient"].browse(self.patient_id).write(
            {"do_not_contact": True, "do_not_contact_reason": "asked"}
        )

    def _withdraw(self, env):
        vals = {"patient_id": self.patient_id, "scope": "phone", "granted": False}
        env["followup.consent"].create(vals)

    def _at_once(self, first, second):
        """Run `second`, whose view is older than what `first` then commits.

        `first` keeps its transaction open until `second` waits or is through.
        """
        looked, worked = threading.Event(), threading.Event()

        def late():
            with self.registry.cursor() as cr:
                cr.execute("SELECT count(*) FROM followup_task")
                looked.set()
                worked.wait(timeout=30)
                env = self._env(cr)
                retrying(lambda: second(env), env)

        with ThreadPoolExecutor(max_workers=1) as pool:
            job = pool.submit(late)
            looked.wait(timeout=30)
            with self.registry.cursor() as cr:
                env = self._env(cr)
                first(env)
                env.flush_all()
                worked.set()
                time.sleep(0.5)
            job.result(timeout=60)

    def _assert_stopped(self):
        with self.registry.cursor() as cr:
            for table in ("followup_task", "followup_plan"):
                cr.execute(
                    f"SELECT count(*) FROM {table} WHERE patient_id = %s AND {STOPPED}",
                    [self.patient_id],
                )
                self.assertEqual(cr.fetchone(), (0,), table)

    @mute_logger(*QUIET)
    def test_stop_and_planning_meet_whoever_comes_first(self):
        for plan in (self._generate, self._start):
            for stop in (self._ban, self._withdraw):
                for order in ((plan, stop), (stop, plan)):
                    with self.subTest([side.__name__ for side in order]):
                        with self.registry.cursor() as cr:
                            self._clear(cr)
                        self._at_once(*order)
                        self._assert_stopped()

    @mute_logger(*QUIET)
    def test_stop_and_a_correction_that_brings_work_back_meet(self):
        """A discharge taken back by mistake, entered again while he is stopped."""

        def discharge(env):
            stay = env["followup.encounter"].browse(self.stay_id)
            stay.discharge_date = NOW - timedelta(days=1)

        for order in ((discharge, self._ban), (self._ban, discharge)):
            with self.subTest([side.__name__ for side in order]):
                with self.registry.cursor() as cr:
                    self._clear(cr)
                    env = self._env(cr)
                    discharge(env)
                    self._generate(env)
                    env["followup.encounter"].browse(
                        self.stay_id
                    ).discharge_date = False
                self._at_once(*order)
                self._assert_stopped()

    @mute_logger(*QUIET)
    def test_planning_goes_on_without_a_stop(self):
        """Only the stop cancels: another change of the patient does not."""

        def rename(env):
            env["followup.patient"].browse(self.patient_id).address = uuid4().hex

        for order in ((self._generate, rename), (rename, self._generate)):
            with self.registry.cursor() as cr:
                self._clear(cr)
            self._at_once(*order)
            with self.registry.cursor() as cr:
                cr.execute(
                    "SELECT count(*) FROM followup_task WHERE patient_id = %s",
                    [self.patient_id],
                )
                self.assertEqual(cr.fetchone(), (1,))
