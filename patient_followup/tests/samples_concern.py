# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Samples of what belongs to concerns, for the tables of rights."""


def make_concerns(cls):
    """Add a notice, the definitions, a duty and a reviewed result of ward A."""
    company = {"company_id": cls.company.id}
    for variant in ("", "@2"):
        concern = cls.samples["followup.concern" + variant][0]
        vals = {"concern_id": concern.id, "kind": "handover", "person": "x"}
        cls._sample(concern.notice_ids[:1], "note", vals, variant)
    policy = {**company, "name": "Sample", "kind": "question"}
    row = cls.env["followup.concern.policy"].create(policy)
    cls._sample(row, "name", policy)
    step = {"policy_id": row.id, "delay": 1}
    cls._sample(cls.env["followup.concern.policy.step"].create(step), "delay", step)
    guide = {**company, "concern_type": "other", "say_now": "Ring 120"}
    row = cls.env["followup.concern.guide"].create(guide)
    cls._sample(row, "say_now", {**guide, "concern_type": "wound"})
    duty = {
        **company,
        "user_id": cls.ward_a.id,
        "department_id": cls.department_a.id,
        "date_from": "2026-01-01 00:00:00",
        "date_to": "2026-01-02 00:00:00",
    }
    cls._sample(cls.env["followup.oncall"].create(duty), "note", duty)
    make_reviews(cls)


def make_reviews(cls):
    """A result of ward A's doctor, here `ward_a`, called by somebody else."""
    doctor = cls.env["hr.employee"].create(
        {"name": "Doctor", "user_id": cls.ward_a.id, "company_id": cls.company.id}
    )
    task = cls._task(cls._encounter(attending_id=doctor.id)).with_user(cls.manager)
    task.log_attempt("reached", direction="in")
    task.action_complete("Well")
    cls.env.flush_all()
    row = cls.env["followup.review.inbox"].browse(task.id)
    cls._sample(row, "name", {"name": "x"})
    row.with_user(cls.manager).action_reviewed("Less salt")
    review = cls.env["followup.review"].search([("task_id", "=", task.id)])
    vals = cls.env["followup.review"]._prepare_review(task, "x")
    cls._sample(review, "measure", vals)
