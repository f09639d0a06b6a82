# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Samples of what inspectors draw, judge and look at, for the tables of rights."""

from datetime import timedelta


def make_quality(cls):
    """What inspectors draw, judge and score of the calls of ward A."""
    company = {"company_id": cls.company.id}
    draw = {
        **company,
        "name": "Sample",
        "date_from": "2026-01-01",
        "date_to": "2026-01-31",
        "call_until": "2026-02-28",
    }
    sample = cls.env["followup.sample"].create(draw)
    cls._sample(sample, "name", draw)
    task = cls._task()
    line = {
        **company,
        "sample_id": sample.id,
        "subject": 1,
        "rank": 1,
        "department_id": cls.department_a.id,
        "patient_id": task.patient_id.id,
        "performer_id": cls.ward_a.id,
        "state": "judged",
        "verdict": "confirmed",
    }
    row = cls._engine("followup.sample.line").create(line)
    cls._sample(row, "verdict_note", line)
    campaign = {**company, "name": "Sample", "percent": 10}
    row = cls.env["followup.sample.campaign"].create(campaign)
    cls._sample(row, "name", campaign)
    criterion = {**company, "name": "Sample"}
    row = cls.env["followup.call.criterion"].create(criterion)
    cls._sample(row, "name", criterion)
    task.with_user(cls.ward_a).log_attempt("reached", direction="in")
    task.with_user(cls.ward_a).action_complete("well")
    score = {"task_id": task.id}
    row = cls.env["followup.call.score"].create(score)
    cls._sample(row, "note", score)
    cls._make_archive(task)
    mark = {"score_id": row.id, "criterion_id": row.line_ids[0].criterion_id.id}
    cls._sample(row.line_ids[0], "note", mark)
    check = {
        **company,
        "kind": "head",
        "month": "2026-01-01",
        "department_id": cls.department_a.id,
        "doctor_id": cls.ward_a.id,
        "date_deadline": "2026-02-10",
    }
    row = cls._engine("followup.monthly.check").create(check)
    cls._sample(row, "findings", {**check, "month": "2026-02-01"})


def make_signal(cls):
    """A conversation of three seconds, to be looked at by inspectors."""
    attempt = cls.samples["followup.attempt"][2]
    start = attempt["started_at"]
    cls._engine("followup.attempt").create(
        {
            **attempt,
            "result": "reached",
            "started_at": start,
            "ended_at": start + timedelta(seconds=3),
            "duration": 3,
        }
    )
    cls.env.flush_all()
    task = attempt["task_id"]
    row = cls.env["followup.signal"].search([("task_id", "=", task)], limit=1)
    cls._sample(row, "kind", {"kind": "dense"})
