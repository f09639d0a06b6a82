# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Samples of the archive, for the tables of rights."""

from odoo import fields


def make_archive(cls):
    """Add a retention policy, a run with one patient of ward A, and an export."""
    company = {"company_id": cls.company.id}
    policy = {**company, "name": "Sample", "years": 30}
    row = cls.env["followup.retention.policy"].create(policy)
    cls._sample(row, "name", policy)
    run = {
        **company,
        "policy_id": row.id,
        "cut_off": "2000-01-01",
        "proposed_by_id": cls.manager.id,
        "proposed_at": fields.Datetime.now(),
    }
    row = cls._engine("followup.retention.run").create(run)
    cls._sample(row, "not_before", run)
    line = {**company, "run_id": row.id, "patient_id": cls._patient().id}
    row = cls._engine("followup.retention.line").create(line)
    cls._sample(row, "obstacle", {**line, "patient_id": cls._patient().id})
    export = {
        **company,
        "name": "Sample",
        "purpose": "x",
        "ethics_number": "1",
        "date_from": "2026-01-01",
        "date_to": "2026-01-31",
    }
    row = cls.env["followup.research.export"].create(export)
    cls._sample(row, "purpose", export)
