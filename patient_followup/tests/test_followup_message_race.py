# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two workers and a server that stops in the middle: real cursors."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

from odoo.service.model import retrying
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import RaceCase
from .message_common import FakeGateway

NOW = datetime(2026, 3, 10, 9)  # by day in Europe and in China
QUIET = ("odoo.sql_db", "odoo.service.model")
SETTINGS = (
    "followup_sms_url",
    "followup_sms_inside",
    "followup_sms_active",
    "followup_default_policy_id",
)
COUNT = 12


class Killed(BaseException):
    """The server stops here: no handler of ours may catch it."""


@tagged("post_install", "-at_install")
class TestFollowupMessageRace(RaceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW, tick=False))
        cls.gateway = FakeGateway()
        cls.addClassCleanup(cls.gateway.close)
        cls.startClassPatcher(
            patch.object(
                cls.registry["ir.cron"],
                "_commit_progress",
                lambda crons, *a, **k: crons.env.cr.commit() or 60,
            )
        )
        cls.addClassCleanup(cls._clean_up)
        with cls.registry.cursor() as cr:
            cls._fill(cls._env(cr))

    @classmethod
    def _fill(cls, env):
        company = env.ref("base.main_company")
        cls.company_id = company.id
        cls.before = company.read(SETTINGS, load=None)[0]
        company.write(
            {
                "followup_sms_url": cls.gateway.url,
                "followup_sms_inside": True,
                "followup_sms_active": True,
            }
        )
        cls.department_id = env["hr.department"].create({"name": "Racing Ward"}).id
        cls.patient_ids, cls.task_ids = [], []
        for number in range(COUNT):
            cls._fill_patient(env, number)

    @classmethod
    def _fill_patient(cls, env, number):
        patient = env["followup.patient"].create(
            {
                "name": "Patient",
                "birthdate": "1960-05-01",
                "company_id": cls.company_id,
                "contact_ids": [(0, 0, {"phone": f"1370000{number:04}"})],
            }
        )
        task = env["followup.task"]._create_generated(
            [
                {
                    "company_id": cls.company_id,
                    "kind": "adhoc",
                    "origin_key": f"race:{uuid4().hex}",
                    "name": "Race",
                    "patient_id": patient.id,
                    "department_id": cls.department_id,
                    "level": "1",
                    "method": "phone",
                    "date_earliest": NOW - timedelta(hours=1),
                    "date_due": NOW + timedelta(days=1),
                    "date_deadline": NOW + timedelta(days=2),
                }
            ]
        )
        cls.patient_ids.append(patient.id)
        cls.task_ids.append(task.id)

    @classmethod
    def _clear(cls, cr):
        for table in ("followup_message", "followup_link"):
            cr.execute(
                f"DELETE FROM {table} WHERE patient_id = ANY(%s)", [cls.patient_ids]
            )

    @classmethod
    def _clean_up(cls):
        with cls.registry.cursor() as cr:
            cls._clear(cr)
            env = cls._env(cr)
            cr.execute("DELETE FROM followup_task WHERE id = ANY(%s)", [cls.task_ids])
            env.invalidate_all()
            env["followup.patient"].browse(cls.patient_ids).unlink()
            env["hr.department"].browse(cls.department_id).unlink()
            company = env["res.company"].browse(cls.company_id)
            company.write({"followup_sms_active": False})
            company.write({name: cls.before[name] for name in SETTINGS})
            env.registry.clear_cache()

    def setUp(self):
        super().setUp()
        self.gateway.posts.clear()
        with self.registry.cursor() as cr:
            self._clear(cr)

    def _queue_all(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            tasks = env["followup.task"].browse(self.task_ids)
            env["followup.message"]._queue(tasks, "task_invitation", link=True)

    def _work(self, *_args):
        with self.registry.cursor() as cr:
            self._env(cr)["followup.message"]._cron_send()

    def _states(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT state, count(*) FROM followup_message"
                " WHERE patient_id = ANY(%s) GROUP BY state",
                [self.patient_ids],
            )
            return dict(cr.fetchall())

    def _numbers(self):
        return [post["mobile"] for post in self.gateway.messages]

    # ------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------

    @mute_logger(*QUIET)
    def test_two_workers_never_send_the_same_message(self):
        self._queue_all()
        batch = self.registry["followup.message"]._claim_batch
        small = patch.object(
            self.registry["followup.message"],
            "_claim_batch",
            lambda rows, limit=3: batch(rows, limit),
        )
        with small, ThreadPoolExecutor(max_workers=3) as pool:
            list(pool.map(self._work, range(3)))
        self._work()
        self.assertEqual(self._states(), {"sent": COUNT})
        self.assertEqual(len(self._numbers()), COUNT)
        self.assertEqual(len(set(self._numbers())), COUNT)

    @mute_logger(*QUIET)
    def test_two_who_ask_at_once_make_one_message(self):
        def ask(_number):
            with self.registry.cursor() as cr:
                env = self._env(cr)
                task = env["followup.task"].browse(self.task_ids[0])
                messages = env["followup.message"]
                retrying(lambda: messages._queue(task, "task_invitation"), env)

        with ThreadPoolExecutor(max_workers=4) as pool:
            list(pool.map(ask, range(4)))
        self.assertEqual(sum(self._states().values()), 1)

    def _die_in(self, method):
        """Stop the server at the first call of a method."""

        def die(*args, **kwargs):
            raise Killed

        with patch.object(self.registry["followup.message"], method, die):
            with self.assertRaises(Killed), self.registry.cursor() as cr:
                self._env(cr)["followup.message"]._cron_send()

    def test_killed_between_claim_and_sending_nothing_is_lost_nor_sent_twice(self):
        """Kill at every commit point; the claims run out; the next run finishes."""
        self._queue_all()
        for method in ("_send_one", "_mark_sending"):
            self._die_in(method)
            self.assertEqual(self._states(), {"queued": COUNT})
            with freeze_time(NOW + timedelta(minutes=5)):
                self._work()
            self.assertFalse(self.gateway.posts, "another worker's claim holds")
            with self.registry.cursor() as cr:
                cr.execute("UPDATE followup_message SET claimed_until = NULL")
        self._work()
        self.assertEqual(self._states(), {"sent": COUNT})

    def test_killed_while_sending_it_is_not_known_and_not_repeated(self):
        for method, posted in (("_transmit_sms", 0), ("_note_outcome", 1)):
            with self.registry.cursor() as cr:
                self._clear(cr)
            self.gateway.posts.clear()
            self._queue_all()
            self._die_in(method)
            self.assertEqual(self._states(), {"sending": 1, "queued": COUNT - 1})
            self.assertEqual(len(self.gateway.posts), posted)
            with freeze_time(NOW + timedelta(minutes=31)):
                self._work()
            self.assertEqual(self._states(), {"unknown": 1, "sent": COUNT - 1})
            self.assertEqual(len(set(self._numbers())), len(self._numbers()))

    @mute_logger(*QUIET)
    def test_a_report_that_comes_before_we_noted_the_sending_counts(self):
        self._queue_all()
        note = self.registry["followup.message"]._note_outcome

        def report_first(message, outcome):
            with self.registry.cursor() as cr:
                env = self._env(cr)
                row = env["followup.message"].browse(message.id)
                env["followup.message"]._note_reports(
                    row.company_id, [(row.reference, "DELIVRD")]
                )
            return note(message, outcome)

        with patch.object(
            self.registry["followup.message"], "_note_outcome", report_first
        ):
            self._work()
        self.assertEqual(self._states(), {"delivered": COUNT})
