# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A row of every model of rectification, rounds and campaigns."""

NONE = " ".join(["----"] * 3)
DEFINITION = "r--- rwcu r--- r--- r--- rwcu r--- r--- r--- r--- r--- ---- ---- ----"
# a cell for each role of test_complaint_roles.ROLES; `head_a` does the first;
# heads read campaigns once they run
MATRIX = f"""
complaint.action         rwc- rwc- ---- ---- r--- ---- ---- ---- r-c- --c- --c- {NONE}
complaint.round          rwc- rwc- ---- ---- r--- ---- ---- ---- r--- r--- rwc- {NONE}
complaint.round.line     rwcu rwcu ---- ---- r--- ---- ---- ---- r--- r--- rwcu {NONE}
complaint.indicator      {DEFINITION}
complaint.campaign       rwc- rwc- ---- ---- r--- ---- ---- ---- ---- ---- ---- {NONE}
complaint.milestone      rwcu rwcu ---- ---- r--- ---- ---- ---- ---- ---- ---- {NONE}
"""
EVERY = {"specialist", "officer", "investigator", "approver", "leader", "auditor"}
WIZARDS = {
    "complaint.action.reason": EVERY
    | {"administrator", "ward_a", "head_a", "manager", "inspector", "other_officer"}
}


def make(test, case):
    """Return {model: (row, field, values of another)} for one open case."""
    env = test.env
    department = test.department_a.id
    office = {
        name: env[name].with_user(test.specialist).with_company(test.company)
        for name in ("complaint.action", "complaint.round", "complaint.campaign")
    }
    plan = {
        "description": "x",
        "responsible_id": test.head_a.id,
        "checker_id": test.officer.id,
    }
    action = office["complaint.action"].create({**plan, "case_id": case.id})
    visit = {"department_id": department}
    visited = office["complaint.round"].create(visit)
    own = {"name": "Sample", "company_id": test.company.id}
    indicator = env["complaint.indicator"].create(own)
    seen = {"round_id": visited.id, "indicator_id": indicator.id}
    categories = [env["complaint.category"].create({**own}) for _index in range(2)]
    effort = {"category_id": categories[0].id, "department_id": department}
    campaign = office["complaint.campaign"].create(effort)
    goal = {"campaign_id": campaign.id, "name": "x", "date": "2031-01-01"}
    rows = [
        (action, "description", plan),
        (visited, "area", visit),
        (visited.line_ids.create(seen), "note", seen),
        (indicator, "name", own),
        (campaign, "goal", {**effort, "category_id": categories[1].id}),
        (campaign.milestone_ids.create(goal), "note", goal),
    ]
    return {row._name: (row, name, vals) for row, name, vals in rows}
