# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A clinic of ward A, patients who ask, and what they were told."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields

from .common import FollowupCase


class AppointmentCase(FollowupCase):
    """`slot`: one place of ward A in two days; `ask` makes a request."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cron = cls.registry["ir.cron"]
        cls.startClassPatcher(
            patch.object(cron, "_commit_progress", lambda *args, **kwargs: 60)
        )
        cls.slot = cls._slot()

    @classmethod
    def _slot(cls, **vals):
        start = fields.Datetime.now() + timedelta(days=2)
        start = vals.pop("starts_at", start)
        return cls.env["followup.slot"].create(
            {
                "company_id": cls.company.id,
                "department_id": cls.department_a.id,
                "doctor_name": "Dr Chen",
                "place": "Room 12",
                "kind": "clinic",
                "starts_at": start,
                "ends_at": start + timedelta(minutes=30),
                **vals,
            }
        )

    @classmethod
    def _ask(cls, patient=None, **vals):
        patient = patient or cls._encounter().patient_id
        rows = cls.env["followup.appointment"]
        values = {"department_id": cls.department_a.id, **vals}
        return rows._request(patient, values.pop("kind", "clinic"), "soon", **values)

    @contextmanager
    def _noticed(self):
        """Collect the codes of all notices."""
        codes = []
        appointments = self.registry["followup.appointment"]

        def notify(rows, code, link=False, version=None):
            codes.extend((row.name, code) for row in rows)

        with patch.object(appointments, "_notify", notify):
            yield codes
