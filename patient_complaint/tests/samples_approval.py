# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A row of every model of resolutions and their approval."""

NONE = " ".join(["----"] * 9)
READ = "r--- r--- r--- r--- r--- rwcu r--- r--- r--- r--- r--- ---- ---- ----"
# a cell for each role of test_complaint_roles.ROLES
MATRIX = f"""
complaint.resolution     rwcu rwcu r--- ---- r--- {NONE}
complaint.remedy         rwcu rwcu r--- ---- r--- {NONE}
complaint.approval       r--- r--- r--- ---- r--- {NONE}
complaint.approval.rule  {READ}
"""
WIZARDS = {"complaint.decision": {"approver", "head_a"}}


def make(test, case):
    """Return {model: (row, field, values of another)} for one open case."""
    env = test.env
    text = {"case_id": case.id, "explanation": "x"}
    resolution = env["complaint.resolution"].with_user(test.specialist).create(text)
    remedy = {"resolution_id": resolution.id, "kind": "other", "note": "x"}
    asked = {
        "case_id": case.id,
        "company_id": case.company_id.id,
        "resolution_id": resolution.id,
        "name": "x",
        "sequence": 1,
    }
    # sudo: only the engine makes approvals
    approval = env["complaint.approval"].sudo()._guarded().create(asked)
    rule = {"name": "Sample", "company_id": test.company.id}
    rows = [
        (resolution, "explanation", text),
        (env["complaint.remedy"].create(remedy), "note", remedy),
        (approval._unguarded().sudo(False), "comment", {**asked, "sequence": 2}),
        (env["complaint.approval.rule"].create(rule), "name", rule),
    ]
    return {row._name: (row, name, vals) for row, name, vals in rows}
