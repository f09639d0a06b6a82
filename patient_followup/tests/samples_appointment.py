# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Samples of appointments and home visits, for the tables of rights."""

from datetime import timedelta

from odoo import fields


def make_appointments(cls):
    """Add clinic hours, a free time, an appointment and a visit of ward A."""
    patient = cls.samples["followup.patient"][0]
    company = {"company_id": cls.company.id}
    start = fields.Datetime.now() + timedelta(days=2)
    hours = {
        **company,
        "name": "Clinic",
        "department_id": cls.department_a.id,
        "on_monday": True,
    }
    row = cls.env["followup.slot.template"].create(hours)
    cls._sample(row, "place", hours)
    slot = {
        **company,
        "department_id": cls.department_a.id,
        "starts_at": start,
        "ends_at": start + timedelta(hours=1),
    }
    cls._sample(cls.env["followup.slot"].create(slot), "capacity", slot)
    asked = {"patient_id": patient.id}
    row = cls.env["followup.appointment"].create(asked)
    cls._sample(row, "wish", asked)
    consent = {"patient_id": patient.id, "scope": "home_visit"}
    cls.env["followup.consent"].create(consent)
    visit = {
        "patient_id": patient.id,
        "starts_at": start,
        "user_ids": [(6, 0, (cls.ward_a + cls.head_a).ids)],
    }
    row = cls.env["followup.home.visit"].create(visit)
    cls._sample(row, "note", visit)
    item = {"visit_id": row.id, "name": "Scale"}
    cls._sample(cls.env["followup.home.visit.item"].create(item), "name", item)
    ranges = {**company, "name": "Waist", "unit": "cm", "low": 1, "high": 300}
    sign = cls.env["followup.vital.sign"].create(ranges)
    cls._sample(sign, "high", ranges)
    other = sign.copy()
    vital = cls.env["followup.home.visit.vital"].create(
        {"visit_id": row.id, "sign_id": sign.id}
    )
    vals = {"visit_id": row.id, "sign_id": other.id}
    cls._sample(vital, "value", vals)
    thing = {**company, "name": "Lamp"}
    cls._sample(cls.env["followup.equipment"].create(thing), "sequence", thing)
