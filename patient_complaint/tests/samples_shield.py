# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A row of every model of the investigation and of the conflict shield."""

from datetime import timedelta

from odoo import fields

NONE = " ".join(["----"] * 9)
OWN = " ".join(["----"] * 12)
LISTS = " ".join(["----"] * 9 + ["r---"] + ["----"] * 4)
DEFINITION = "r--- rwcu r--- r--- r--- rwcu r--- r--- r--- r--- r--- ---- ---- ----"
# a cell for each role of test_complaint_roles.ROLES; the question is put to `plain`
MATRIX = f"""
complaint.member         rwc- rwc- r--- ---- r--- {NONE}
complaint.evidence       r-c- r-c- r-c- ---- r--- {NONE}
complaint.custody        r-c- r-c- r-c- ---- r--- {NONE}
complaint.hearing        r-c- r-c- r-c- ---- r--- {NONE}
complaint.question       {OWN} rw-- ----
complaint.retention.line {LISTS}
complaint.team.policy    {DEFINITION}
"""
WIZARDS = {"complaint.handover": {"leader", "approver", "head_a"}}


def make(test, case):
    """Return {model: (row, field, values of another)} for one open case."""
    env = test.env
    of_case = {"case_id": case.id}
    employee = env["hr.employee"].create(
        {"name": "Asked", "user_id": test.plain.id, "company_id": test.company.id}
    )
    office = {
        name: env[name].with_user(test.specialist)
        for name in ("complaint.member", "complaint.evidence", "complaint.custody")
    }
    member = {**of_case, "user_id": test.specialist.id}
    proof = {**of_case, "name": "x", "note": "x"}
    evidence = office["complaint.evidence"].create(proof)
    step = {"evidence_id": evidence.id, "event": "sealed", "note": "x"}
    asked = {
        **of_case,
        "employee_id": employee.id,
        "question": "x",
        "deadline": fields.Date.today() + timedelta(days=3),
    }
    hearing = env["complaint.hearing"].with_user(test.specialist).create(asked)
    question = hearing.sudo().question_id.with_env(env)
    question.with_user(test.plain).answer = "x"
    run = env["followup.retention.run"]._guarded()
    run = run.create(
        {
            "company_id": test.company.id,
            "proposed_by_id": test.manager.id,
            "proposed_at": fields.Datetime.now(),
        }
    )
    line = {**of_case, "run_id": run.id, "company_id": test.company.id}
    own = {"name": "Sample", "company_id": test.company.id}
    rows = [
        (
            office["complaint.member"].create(member),
            "role",
            {**of_case, "user_id": test.officer.id},
        ),
        (evidence, "note", proof),
        (office["complaint.custody"].create(step), "note", step),
        (hearing, "question", asked),
        (question, "answer", {"question": "y", "user_id": test.plain.id}),
        (
            env["complaint.retention.line"]._guarded().create(line)._unguarded(),
            "obstacle",
            line,
        ),
        (env["complaint.team.policy"].create(own), "name", own),
    ]
    return {row._name: (row, name, vals) for row, name, vals in rows}
