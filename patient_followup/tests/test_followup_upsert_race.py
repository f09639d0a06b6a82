# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Real cursors: the same message at once, and a list killed on its way."""

import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from unittest.mock import patch
from uuid import uuid4

from odoo import SUPERUSER_ID, api
from odoo.service.model import retrying
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import RaceCase

SENDERS = 3
MESSAGES = 8
LIST_ROWS = 40
BATCH = 9
NOON = datetime(2026, 11, 18, 4, 0)
GROUP = "patient_followup.followup_group_centre_manager"
QUIET = ("odoo.sql_db", "odoo.service.model")


class Killed(BaseException):
    """Ends the job as a kill does: nothing catches it."""


@tagged("post_install", "-at_install")
class TestFollowupUpsertRace(RaceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOON))
        cls.addClassCleanup(cls._clean_up)
        with cls.registry.cursor() as cr:
            cls._fill(api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True}))

    @classmethod
    def _fill(cls, env):
        company = env["res.company"].create({"name": f"Race Hospital {uuid4().hex}"})
        company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.company_id = company.id
        env["hr.department"].create({"name": "Race Ward", "company_id": company.id})
        cls.user_id = new_test_user(
            env,
            "race_manager",
            groups=GROUP,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        ).id

    @classmethod
    def _clean_up(cls):
        """Remove every committed row of the class."""
        company = [cls.company_id]
        with cls.registry.cursor() as cr:
            for table in (
                "followup_import",
                "followup_task",
                "followup_plan",
                "followup_encounter",
                "followup_protected_value",
                "followup_patient",
                "followup_access_log",
            ):
                cr.execute(f"DELETE FROM {table} WHERE company_id = %s", company)
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            user = env["res.users"].browse(cls.user_id)
            partner = user.partner_id
            user.unlink()
            partner.unlink()
            env["hr.department"].search([("company_id", "=", cls.company_id)]).unlink()
            env["ir.sequence"].search([("company_id", "=", cls.company_id)]).unlink()
            home = env["res.company"].browse(cls.company_id)
            env["resource.calendar"].search(
                [("company_id", "=", home.id)]
            ).action_archive()
            home.action_archive()

    def _env(self, cr):
        return api.Environment(
            cr, self.user_id, {"allowed_company_ids": [self.company_id]}
        )

    def _row(self, number, **vals):
        return {
            "source": "his",
            "number": number,
            "patient_name": f"病人{number}",
            "birthdate": "1960-05-17",
            "department": "Race Ward",
            "admission_date": "2026-11-10",
            "discharge_date": "2026-11-17",
            "contacts": [{"phone": "13800000001"}],
            **vals,
        }

    def _send(self, barrier, row, through_server):
        """Send one message as an interface does, in its own transaction."""
        with self.registry.cursor() as cr:
            env = self._env(cr)
            env["followup.encounter"].search_count([])  # the snapshot stands
            barrier.wait(timeout=30)
            call = partial(env["followup.encounter"].upsert, [row])
            if through_server:
                return retrying(call, env)
            return call()

    def _send_at_once(self, row, through_server=True):
        barrier = threading.Barrier(SENDERS)
        with ThreadPoolExecutor(SENDERS) as pool:
            sent = [
                pool.submit(self._send, barrier, row, through_server)
                for _sender in range(SENDERS)
            ]
            return [future.result(timeout=120) for future in sent]

    def _count(self, model, domain=()):
        with self.registry.cursor() as cr:
            return self._env(cr)[model].search_count(list(domain))

    def _assert_one_record(self, answers, number):
        self.assertEqual(sum(answer["created"] for answer in answers), 1, answers)
        self.assertEqual(
            sum(answer["unchanged"] for answer in answers), SENDERS - 1, answers
        )
        self.assertFalse(any(answer["rejected"] for answer in answers))
        self.assertEqual(len({answer["ids"][0] for answer in answers}), 1)
        self.assertEqual(
            self._count("followup.encounter", [("number", "=", number)]), 1
        )
        self.assertEqual(
            self._count("followup.patient", [("name", "=", f"病人{number}")]), 1
        )

    @mute_logger(*QUIET)
    def test_the_same_message_at_once_is_one_stay_and_no_error(self):
        """I-2; speed_and_safety 4"""
        with patch("odoo.service.model.random.uniform", return_value=0.05):
            for message in range(MESSAGES):
                number = f"R{message}"
                with self.subTest(number=number):
                    answers = self._send_at_once(self._row(number))
                    self._assert_one_record(answers, number)

    @mute_logger(*QUIET)
    def test_it_needs_no_server_that_tries_again(self):
        number = "D1"
        answers = self._send_at_once(self._row(number), through_server=False)
        self._assert_one_record(answers, number)

    @mute_logger(*QUIET)
    def test_the_same_new_patient_at_once_is_one_patient(self):
        with patch("odoo.service.model.random.uniform", return_value=0.05):
            self._send_at_once(self._row("P1", mrn="M1"))
        self.assertEqual(self._count("followup.patient", [("mrn", "=", "M1")]), 1)

    def test_a_list_killed_after_every_commit_comes_in_exactly(self):
        """Kill-safe: no row lost, none twice, counts exact"""
        with self.registry.cursor() as cr:
            record = self._start_list(self._env(cr))
        kills = 0
        while True:
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                try:
                    self._run_until_killed(env)
                except Killed:
                    cr.rollback()
                    kills += 1
                if env["followup.import"].browse(record).state == "done":
                    break
            self.assertLess(kills, LIST_ROWS)
        self.assertGreater(kills, 2)
        with self.registry.cursor() as cr:
            done = self._env(cr)["followup.import"].browse(record)
            counts = (done.created_count, done.rejected_count, len(done.line_ids))
        self.assertEqual(counts, (LIST_ROWS - 1, 1, 1))
        self.assertEqual(
            self._count("followup.encounter", [("number", "like", "L")]), LIST_ROWS - 1
        )

    def _start_list(self, env):
        lines = ["就诊流水号,姓名,出院科室,入院日期,出院日期"]
        for number in range(LIST_ROWS):
            ward = "?" if number == 20 else "Race Ward"
            lines.append(f"L{number},病人L{number},{ward},2026-11-10,2026-11-17")
        profile = env.ref("patient_followup.followup_import_profile_inpatient")
        record = env["followup.import"].create(
            {
                "file": base64.b64encode("\n".join(lines).encode()),
                "profile_id": profile.id,
            }
        )
        with self._small_batches(env):
            record.action_import()
        return record.id

    def _small_batches(self, env):
        model = self.registry["followup.import"]
        batch = model._import_batch
        return patch.object(
            model, "_import_batch", lambda record, table: batch(record, table, BATCH)
        )

    def _run_until_killed(self, env):
        """Run the job; it dies in the middle of its second batch."""
        model = self.registry["followup.encounter"]
        generate = model._upsert_generate
        calls = []

        def die(records, run):
            calls.append(run)
            if len(calls) == 2:
                raise Killed
            return generate(records, run)

        def commit(cron, processed=0, remaining=None, deactivate=False):
            cron.env.cr.commit()
            return 60.0

        crons = self.registry["ir.cron"]
        with (
            self._small_batches(env),
            patch.object(model, "_upsert_generate", die),
            patch.object(crons, "_commit_progress", commit),
        ):
            env["followup.import"]._cron_import()
