# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A row of every model of suggestion boxes and disputes."""

NONE = " ".join(["----"] * 9)
DEFINITION = "r--- rwcu r--- r--- r--- rwcu r--- r--- r--- r--- r--- ---- ---- ----"
OFFICE = {"specialist", "officer", "other_officer"}
# a cell for each role of test_complaint_roles.ROLES
MATRIX = f"""
complaint.box            r--- rwcu ---- ---- ---- rwcu {" ".join(["----"] * 8)}
complaint.box.round      rwcu rwcu ---- ---- ---- {NONE}
complaint.dispute        rw-- rw-- r--- ---- r--- {NONE}
complaint.dispute.step   {DEFINITION}
"""
WIZARDS = {"complaint.duplicate": OFFICE, "complaint.poster": OFFICE}


def make(test, case):
    """Return {model: (row, field, values of another)} for one open case."""
    env = test.env
    place = {"name": "Entrance", "company_id": test.company.id}
    box = env["complaint.box"].create(place)
    free = env["complaint.box"].create(place)
    employee = env["hr.employee"].create(
        {"name": "Witness", "company_id": test.company.id}
    )
    opening = {"box_id": box.id, "witness_id": employee.id, "sheet_count": 1}
    case.with_user(test.specialist).is_dispute = True
    step = {"name": "Sample", "company_id": test.company.id}
    rounds = env["complaint.box.round"].with_user(test.specialist)
    rows = [
        (free, "name", place),
        (rounds.with_company(test.company).create(opening), "note", opening),
        (case.dispute_ids[0], "note", {"case_id": case.id, "name": "x"}),
        (env["complaint.dispute.step"].create(step), "name", step),
    ]
    return {row._name: (row, name, vals) for row, name, vals in rows}
