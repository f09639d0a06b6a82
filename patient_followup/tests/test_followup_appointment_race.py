# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Real cursors and threads: a place is never given twice (B-3)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RaceCase

PATIENTS = 6
PLACES = 2


@tagged("post_install", "-at_install")
class TestFollowupAppointmentRace(RaceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ids = {}
        cls.addClassCleanup(cls._clean_up)
        with cls.registry.cursor() as cr:
            cls._fill(api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True}))

    @classmethod
    def _fill(cls, env):
        company = env.ref("base.main_company")
        department = env["hr.department"].create(
            {"name": "Clinic of the race", "company_id": company.id}
        )
        start = fields.Datetime.now() + timedelta(days=3)
        slot = env["followup.slot"].create(
            {
                "company_id": company.id,
                "department_id": department.id,
                "starts_at": start,
                "ends_at": start + timedelta(hours=1),
                "capacity": PLACES,
            }
        )
        patients = env["followup.patient"].create(
            [
                {"name": f"Patient {number}", "company_id": company.id}
                for number in range(PATIENTS)
            ]
        )
        rows = env["followup.appointment"]
        for patient in patients:
            rows |= rows._request(patient, "clinic", department_id=department.id)
        cls.ids = {
            "followup_appointment": rows.ids,
            "followup_slot": slot.ids,
            "followup_patient": patients.ids,
            "hr_department": department.ids,
        }

    @classmethod
    def _clean_up(cls):
        """Remove every committed row of the class."""
        with cls.registry.cursor() as cr:
            if "followup_message" in cls._tables(cr):
                cr.execute(
                    "DELETE FROM followup_message WHERE patient_id = ANY(%s)",
                    [cls.ids["followup_patient"]],
                )
            for table in ("followup_appointment", "followup_slot"):
                cr.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [cls.ids[table]])  # noqa: S608
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            env["followup.patient"].browse(cls.ids["followup_patient"]).unlink()
            env["hr.department"].browse(cls.ids["hr_department"]).unlink()

    @classmethod
    def _tables(cls, cr):
        cr.execute("SELECT tablename FROM pg_tables")
        return {name for [name] in cr.fetchall()}

    @mute_logger("odoo.service.model", "odoo.sql_db")
    def test_six_patients_two_places_two_bookings(self):
        """Each as a request of its own, repeated as Odoo repeats it."""
        barrier = threading.Barrier(PATIENTS)
        with ThreadPoolExecutor(max_workers=PATIENTS) as pool:
            jobs = [
                pool.submit(self._book, row_id, barrier)
                for row_id in self.ids["followup_appointment"]
            ]
            booked = [job.result(timeout=90) for job in jobs]
        self.assertEqual(sum(booked), PLACES)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            slot = env["followup.slot"].browse(self.ids["followup_slot"])
            self.assertEqual((slot.booked, slot.is_full), (PLACES, True))
            held = slot.appointment_ids.filtered(lambda row: row.state == "confirmed")
            self.assertEqual(len(held), PLACES)

    def _book(self, row_id, barrier):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

            def request():
                row = env["followup.appointment"].browse(row_id)
                row.state  # noqa: B018 (the snapshot is taken here)
                self._wait(barrier)
                row.action_book(self.ids["followup_slot"][0])
                return True

            try:
                retrying(request, env)
            except UserError:
                return False
            return True

    def _wait(self, barrier):
        """All begin at once; whoever is repeated does not wait again."""
        name = threading.current_thread()
        if not getattr(name, "waited", False):
            name.waited = True
            barrier.wait(timeout=60)
