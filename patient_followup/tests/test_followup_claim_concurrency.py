# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Real cursors and threads: one caller per task (I-4), committed and cleaned up."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import RaceCase

TASKS = 60
CALLERS = 4
ROUNDS = 5
GROUP = "patient_followup.followup_group_ward_caller"


@tagged("post_install", "-at_install")
class TestFollowupClaimConcurrency(RaceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_ids = cls.patient_ids = cls.task_ids = []
        cls.addClassCleanup(cls._clean_up)
        with cls.registry.cursor() as cr:
            cls._fill(api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True}))

    @classmethod
    def _fill(cls, env):
        cls.company_id = env.ref("base.main_company").id
        cls.policy_id = (
            env["followup.attempt.policy"]
            .create({"name": "Any time", "quiet_from": 0, "quiet_to": 0})
            .id
        )
        department = env["hr.department"].create(
            {"name": "Ward of the race", "company_id": cls.company_id}
        )
        cls.department_id = department.id
        team = env["followup.team"].create(
            {"department_id": department.id, "company_id": cls.company_id}
        )
        cls.user_ids = [cls._join(env, team, number) for number in range(CALLERS)]
        patients = env["followup.patient"].create(
            [
                {"name": f"Patient {number}", "company_id": cls.company_id}
                for number in range(TASKS)
            ]
        )
        cls.patient_ids = patients.ids
        rows = [cls._prepare_task(patient) for patient in patients]
        cls.task_ids = env["followup.task"]._create_generated(rows).ids

    @classmethod
    def _join(cls, env, team, number):
        user = new_test_user(
            env,
            f"racing_caller_{number}",
            groups=GROUP,
            company_id=cls.company_id,
            company_ids=[(6, 0, [cls.company_id])],
        )
        env["followup.team.member"].create({"team_id": team.id, "user_id": user.id})
        return user.id

    @classmethod
    def _prepare_task(cls, patient):
        now = fields.Datetime.now()
        return {
            "company_id": cls.company_id,
            "kind": "adhoc",
            "origin_key": f"race:{patient.id}",
            "patient_id": patient.id,
            "department_id": cls.department_id,
            "attempt_policy_id": cls.policy_id,
            "date_earliest": now - timedelta(days=1),
            "date_due": now + timedelta(days=1),
        }

    @classmethod
    def _clean_up(cls):
        """Remove every committed row of the class."""
        with cls.registry.cursor() as cr:
            cr.execute("DELETE FROM followup_task WHERE id = ANY(%s)", [cls.task_ids])
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            env["followup.patient"].browse(cls.patient_ids).unlink()
            users = env["res.users"].browse(cls.user_ids)
            partners = users.partner_id
            users.unlink()
            partners.unlink()
            department = env["hr.department"].browse(cls.department_id)
            department.followup_team_ids.unlink()
            department.unlink()
            env["followup.attempt.policy"].browse(cls.policy_id).unlink()
            cr.execute(
                "DELETE FROM followup_access_log"
                " WHERE res_model = 'res.users' AND res_id = ANY(%s)",
                [cls.user_ids],
            )

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE followup_task SET state = 'ready', claimed_by_id = NULL,"
                " claimed_until = NULL WHERE id = ANY(%s)",
                [self.task_ids],
            )

    def _run(self, function):
        """Run the function for each caller at the same moment, each alone."""
        barrier = threading.Barrier(CALLERS)
        with ThreadPoolExecutor(max_workers=CALLERS) as pool:
            jobs = [pool.submit(function, uid, barrier) for uid in self.user_ids]
            return [job.result(timeout=60) for job in jobs]

    def _env(self, cr, uid):
        return api.Environment(cr, uid, {"allowed_company_ids": [self.company_id]})

    @mute_logger("odoo.sql_db")
    def test_callers_draining_the_pool_get_every_task_once(self):
        """Two callers never get the same task, and none is lost."""

        def drain(uid, barrier):
            mine, clashes = [], 0
            barrier.wait(timeout=20)
            while True:
                try:
                    with self.registry.cursor() as cr:
                        task = self._env(cr, uid)["followup.task"].claim_next()
                        cr.flush()
                except SerializationFailure:
                    clashes += 1
                    continue
                if not task:
                    return mine, clashes
                mine.append(task.id)

        results = self._run(drain)
        taken = [task_id for mine, _clashes in results for task_id in mine]
        self.assertEqual(len(taken), len(set(taken)), "a task was handed out twice")
        self.assertEqual(sorted(taken), sorted(self.task_ids), "a task was lost")

    @mute_logger("odoo.sql_db")
    def test_two_calls_of_one_patient_never_go_to_two_callers(self):
        """The phone of a patient rings once, whoever asks for his other call."""
        first, second = self.user_ids[:2]
        patient_id = self.patient_ids[0]
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            row = self._prepare_task(env["followup.patient"].browse(patient_id))
            row["origin_key"] = "race:sibling"
            sibling_id = env["followup.task"]._create_generated([row]).id
        self.addCleanup(self._delete, sibling_id)
        mine = [("patient_id", "=", patient_id)]
        with self.registry.cursor() as late:
            late.execute("SELECT 1")  # he looks before the first one has claimed
            with self.registry.cursor() as cr:
                self.assertTrue(self._env(cr, first)["followup.task"].claim_next(mine))
            tasks = self._env(late, second)["followup.task"]
            self.assertFalse(tasks.claim_next(mine))
            late.rollback()
            self.assertFalse(tasks.claim_next(mine))

    def _delete(self, task_id):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM followup_task WHERE id = %s", [task_id])

    @mute_logger("odoo.sql_db")
    def test_of_callers_who_claim_one_task_one_wins_and_the_others_are_told(self):
        """The loser is told who has it, as Odoo repeats his request."""

        def claim(uid, barrier, task_id):
            barrier.wait(timeout=20)
            for _try in range(5):
                try:
                    with self.registry.cursor() as cr:
                        env = self._env(cr, uid)
                        env["followup.task"].browse(task_id).action_claim()
                        cr.flush()
                        return "won"
                except SerializationFailure:
                    continue
                except UserError as error:
                    return str(error)

        for task_id in self.task_ids[:ROUNDS]:
            answers = self._run(
                lambda uid, barrier, task_id=task_id: claim(uid, barrier, task_id)
            )
            self.assertEqual(answers.count("won"), 1, answers)
            losers = [answer for answer in answers if answer != "won"]
            self.assertTrue(all("call" in answer for answer in losers), answers)
            with self.registry.cursor() as cr:
                cr.execute(
                    "SELECT claimed_by_id FROM followup_task WHERE id = %s", [task_id]
                )
                self.assertEqual(cr.fetchone()[0], self.user_ids[answers.index("won")])
