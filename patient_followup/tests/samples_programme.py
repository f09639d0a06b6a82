# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Samples of programmes, goals and group events, for the tables of rights."""


def make_programmes(cls):
    """Enrol the patients of ward A, one of them with a level 2 call."""
    company = {"company_id": cls.company.id}
    named = {**company, "name": "Sample", "code": "sample"}
    programme = cls.env["followup.programme"].create(named)
    cls._sample(programme, "name", {**named, "code": "sample_2"})
    # one with patients is archived, never deleted
    followed = cls.env["followup.programme"].create({**named, "code": "sample_3"})
    meeting = {
        **company,
        "name": "Sample",
        "department_id": cls.department_a.id,
        "date_start": "2030-01-01 08:00:00",
    }
    event = cls.env["followup.group.event"].create(meeting)
    cls._sample(event, "place", meeting)
    held = cls.env["followup.group.event"].create(meeting)
    for variant in ("", "@2"):
        patient = cls.samples["followup.patient" + variant][0]
        entry = {
            "patient_id": patient.id,
            "programme_id": followed.id,
            "department_id": cls.department_a.id,
        }
        row = cls.env["followup.enrolment"].create(entry)
        cls._sample(row, "note", entry, variant)
        goal = {"patient_id": patient.id, "name": "Walk to the market"}
        row = cls.env["followup.goal"].create(goal)
        cls._sample(row, "note", goal, variant)
        ticket = {"event_id": held.id, "patient_id": patient.id}
        row = cls.env["followup.group.attendance"].create(ticket)
        cls._sample(row, "note", ticket, variant)
