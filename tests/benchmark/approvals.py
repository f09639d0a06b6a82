# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Submitting a resolution and three tiers that approve it, beside project.task."""

from common import Figure, lap

CASES = 40
TIERS = ("first", "second", "third")


def measure(env, base, _args):
    office, approvers = _people(env, base)
    rules = env["complaint.approval.rule"]
    presets = rules.search([])
    presets.active = False
    own = rules.create(
        [
            {
                "name": name,
                "sequence": number * 10,
                "approver": "user",
                "user_ids": [(6, 0, approvers[number].ids)],
                "company_id": base.company.id,
            }
            for number, name in enumerate(TIERS)
        ]
    )
    cases = _prepared(env(user=office.id), base)
    _climb(cases[:2], approvers)  # warm
    with lap(env) as ours:
        _climb(cases[2:], approvers)
    own.active = False
    presets.active = True
    peer = _peer(env, approvers)
    milliseconds = ours.seconds / (CASES - 2) * 1000
    return [
        Figure(
            "resolution submitted and approved by three tiers",
            f"{milliseconds:.0f} ms",
            f"project.task with three activities {peer:.0f} ms",
            "",
            "quicker than the peer",
            milliseconds < peer,
        ),
        Figure(
            "queries of it",
            str(ours.queries // (CASES - 2)),
            "",
            "",
            "40",
            ours.queries <= 40 * (CASES - 2),
        ),
    ]


def _people(env, base):
    """Return (who submits, three who approve), made once."""
    users = env["res.users"].with_context(no_reset_password=True)
    found = users.search([("login", "=like", "approving%@bench")], order="login")
    if not found:
        group = "patient_complaint.complaint_group_"
        for login, role in (
            ("approving0@bench", "officer"),
            *((f"approving{number}@bench", "approver") for number in (1, 2, 3)),
        ):
            found |= users.create(
                {
                    "name": login,
                    "login": login,
                    "company_id": base.company.id,
                    "company_ids": [(6, 0, base.company.ids)],
                    "group_ids": [(6, 0, env.ref(group + role).ids)],
                }
            )
    return found[0], found[1:]


def _prepared(env, base, count=CASES):
    """Return cases with a resolution that waits to be submitted."""
    env = env(context={"allowed_company_ids": base.company.ids})
    category = env["complaint.category"].search([("parent_id", "!=", False)], limit=1)
    issue = {"category_id": category.id, "finding": "not_upheld"}
    cases = env["complaint.case"].create(
        [
            {
                "description": "Waited three hours",
                "track": "full",
                "severity": "low",
                "owner_id": env.uid,
                "issue_ids": [(0, 0, dict(issue))],
            }
            for _case in range(count)
        ]
    )
    cases.action_triage()
    cases.action_start_investigation()
    cases.action_propose()
    remedy = {"kind": "refund", "amount": 50}
    env["complaint.resolution"].create(
        [
            {"case_id": case.id, "explanation": "x", "remedy_ids": [(0, 0, remedy)]}
            for case in cases
        ]
    )
    env.flush_all()
    return cases


def _climb(cases, approvers):
    """Submit each and let three approve, each in a request of his own."""
    for case in cases:
        case.env.invalidate_all()
        case.action_submit()
        case.env.flush_all()
        for user in approvers:
            case.env.invalidate_all()
            env = case.env(user=user.id)
            mine = [("decision", "=", "pending"), ("turn_user_ids", "=", user.id)]
            rows = env["complaint.approval"].search([*mine, ("case_id", "=", case.id)])
            rows.action_approve()
            case.env.flush_all()


def _peer(env, approvers):
    """Return milliseconds for a task with three activities one after another."""
    project = env["project.project"].create({"name": "Peer approvals"})
    env = env(context={})
    tasks = env["project.task"].create(
        [{"name": f"Case {n}", "project_id": project.id} for n in range(CASES)]
    )
    with lap(env) as peer:
        for task in tasks:
            for user in approvers:
                env.invalidate_all()
                activity = task.activity_schedule(
                    "mail.mail_activity_data_todo", user_id=user.id
                )
                activity.with_user(user).sudo().action_feedback(feedback="Approved")
                env.flush_all()
    return peer.seconds / CASES * 1000
