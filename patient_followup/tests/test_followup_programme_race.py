# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Programmes and group events at once, with real cursors (G-4, G-5)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

from odoo import fields
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RaceCase

PATIENTS = 6
PLACES = 2
QUIET = ("odoo.service.model", "odoo.sql_db")
TABLES = (
    "followup_message",
    "followup_group_attendance",
    "followup_task",
    "followup_plan",
    "followup_enrolment",
)


@tagged("post_install", "-at_install")
class TestFollowupProgrammeRace(RaceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls._clean_up)
        with cls.registry.cursor() as cr:
            cls._fill(cls._env(cr))

    @classmethod
    def _fill(cls, env):
        company = env.ref("base.main_company")
        patients = env["followup.patient"].create(
            [
                {"name": f"Patient {number}", "company_id": company.id}
                for number in range(PATIENTS)
            ]
        )
        code = f"race_{uuid4().hex}"
        protocol = env["followup.protocol"].create(
            {
                "name": "Race",
                "code": code,
                "event_id": env.ref("patient_followup.followup_event_enrolment").id,
                "step_ids": [
                    (0, 0, {"name": f"Week {week}", "offset_target": 7 * week})
                    for week in (1, 2)
                ],
                "state": "active",
            }
        )
        programme = env["followup.programme"].create(
            {"name": "Race", "code": code, "protocol_ids": [(6, 0, protocol.ids)]}
        )
        cls.patient_ids = patients.ids
        cls.protocol_id, cls.programme_id = protocol.id, programme.id

    @classmethod
    def _clear(cls, cr):
        for table in TABLES:
            cr.execute(
                f"DELETE FROM {table} WHERE patient_id = ANY(%s)",  # noqa: S608
                [cls.patient_ids],
            )

    @classmethod
    def _clean_up(cls):
        """Remove every committed row of the class."""
        with cls.registry.cursor() as cr:
            cls._clear(cr)
            cr.execute(
                "DELETE FROM followup_programme WHERE id = %s", [cls.programme_id]
            )
            cr.execute("DELETE FROM followup_protocol WHERE id = %s", [cls.protocol_id])
            env = cls._env(cr)
            env["followup.patient"].browse(cls.patient_ids).unlink()
            env.registry.clear_cache()

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            self._clear(cr)

    # ------------------------------------------------------------
    # TWO AT ONCE
    # ------------------------------------------------------------

    def _at_once(self, jobs):
        """Run each job as a request of its own; return what each was told."""
        barrier = threading.Barrier(len(jobs))
        with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
            running = [pool.submit(self._request, job, barrier) for job in jobs]
            return [job.result(timeout=90) for job in running]

    def _request(self, job, barrier):
        """Repeat the job as the server repeats it; whoever does waits no more."""
        waits = [barrier.wait]
        with self.registry.cursor() as cr:
            env = self._env(cr)

            def request():
                # what the request sees is settled by its first query
                env["followup.patient"].browse(self.patient_ids).mapped("name")
                if waits:
                    waits.pop()(timeout=60)
                job(env)
                return ""

            try:
                return retrying(request, env)
            except UserError as refusal:
                cr.rollback()
                return str(refusal)

    @mute_logger(*QUIET)
    def test_a_patient_enrolled_twice_at_once_is_enrolled_once(self):
        patient_id = self.patient_ids[0]

        def enrol(env):
            programme = env["followup.programme"].browse(self.programme_id)
            programme._enrol(
                env["followup.patient"].browse(patient_id), {"consent_given": True}
            )

        answers = self._at_once([enrol] * 4)
        for words in filter(None, answers):
            self.assertIn("enrolled in this programme already", words)
        self.assertIn("", answers)
        with self.registry.cursor() as cr:
            rows = self._env(cr)["followup.enrolment"].search(
                [("patient_id", "=", patient_id)]
            )
            self.assertEqual((len(rows), len(rows.plan_ids)), (1, 1))
            self.assertEqual(len(rows.plan_ids.task_ids), 2)

    @mute_logger(*QUIET)
    def test_six_invited_at_once_take_no_more_than_two_places(self):
        """By the button and by lines typed into the list."""
        for way in ("_invite_one", "_type_line"):
            with self.subTest(way):
                event_id = self._make_event()
                jobs = [
                    lambda env, id_=id_, way=way, event_id=event_id: getattr(self, way)(
                        env, event_id, id_
                    )
                    for id_ in self.patient_ids
                ]
                answers = self._at_once(jobs)
                for words in filter(None, answers):
                    self.assertIn("all are taken", words)
                self.assertEqual(self._count_coming(event_id), PLACES)
                self._drop_event(event_id)

    @mute_logger(*QUIET)
    def test_a_place_is_not_taken_while_the_event_gets_smaller(self):
        event_id = self._make_event()

        def shrink(env):
            env["followup.group.event"].browse(event_id).capacity = 1

        jobs = [
            lambda env, id_=id_: self._type_line(env, event_id, id_)
            for id_ in self.patient_ids[:PLACES]
        ]
        self._at_once([*jobs, shrink])
        with self.registry.cursor() as cr:
            event = self._env(cr)["followup.group.event"].browse(event_id)
            self.assertLessEqual(event.invited_count, event.capacity)
        self._drop_event(event_id)

    # ------------------------------------------------------------
    # THE EVENT
    # ------------------------------------------------------------

    def _make_event(self):
        with self.registry.cursor() as cr:
            event = self._env(cr)["followup.group.event"].create(
                {
                    "name": "Lecture",
                    "date_start": fields.Datetime.now() + timedelta(days=9),
                    "capacity": PLACES,
                    "company_id": self._env(cr).ref("base.main_company").id,
                }
            )
            return event.id

    def _drop_event(self, event_id):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM followup_group_event WHERE id = %s", [event_id])

    def _count_coming(self, event_id):
        with self.registry.cursor() as cr:
            rows = self._env(cr)["followup.group.attendance"]
            return rows.search_count(
                [("event_id", "=", event_id), ("state", "!=", "declined")]
            )

    def _invite_one(self, env, event_id, patient_id):
        event = env["followup.group.event"].browse(event_id)
        event._invite(env["followup.patient"].browse(patient_id))

    def _type_line(self, env, event_id, patient_id):
        vals = {"event_id": event_id, "patient_id": patient_id}
        env["followup.group.attendance"].create(vals)
