# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Complaints: registering with issues and clocks, the ladder, the board."""

import hospital
from common import Figure, best, lap, rate, rows_read

CASES = 300
SMALL, LARGE = 10_000, 200_000
OPEN = 100_000
DUE = 1_000
OPEN_STATES = ("received", "triage", "investigation", "feedback")
OVER_STATES = ("closed", "withdrawn", "not_accepted")
# what the cards of the board show
CARD = (
    *("state", "is_late", "safety_risk", "name", "severity", "kind"),
    *("next_step", "clock_strip"),
)


def measure(env, base, _args):
    officer = _officer(env, base)
    return [
        *_registering(env(user=officer.id), env, base),
        *_boards(env, base, officer),
        *_ladder(env, base),
    ]


def _officer(env, base):
    """Return the complaint officer of the benchmark hospital, made once."""
    users = env["res.users"].with_context(no_reset_password=True)
    found = users.search([("login", "=", "officer@bench")])
    group = env.ref("patient_complaint.complaint_group_officer")
    return found or users.create(
        {
            "name": "Officer",
            "login": "officer@bench",
            "company_id": base.company.id,
            "company_ids": [(6, 0, base.company.ids)],
            "group_ids": [(6, 0, group.ids)],
        }
    )


# ------------------------------------------------------------
# REGISTER
# ------------------------------------------------------------


def _registering(env, root, base):
    """Return the figure of cases with two issues and all their clocks."""
    env = env(context={"allowed_company_ids": base.company.ids})
    category = env["complaint.category"].search([("parent_id", "!=", False)], limit=1)
    rows = [_case_vals(base, category, index) for index in range(CASES)]
    model = env["complaint.case"]
    model.create(rows[:2])  # warm
    with lap(env) as ours:
        cases = model.create(rows)
    clocks = len(cases.sudo().clock_ids)
    peer = _peer_tasks(root)
    return [
        Figure(
            f"{CASES} cases registered, 2 issues and {clocks // CASES} clocks each",
            rate(CASES, ours.seconds),
            f"project.task with 2 subtasks, 2 activities {rate(CASES, peer)}",
            "",
            "quicker than the peer",
            ours.seconds < peer,
        ),
        Figure(
            "queries of it, a case",
            f"{ours.queries / CASES:.1f}",
            "",
            "",
            "10",
            ours.queries <= 10 * CASES,
        ),
    ]


def _case_vals(base, category, index):
    ward = base.departments[index % len(base.departments)]
    issue = {"category_id": category.id, "department_id": ward.id, "text": "Waited"}
    return {
        "description": f"Waited three hours, case {index}",
        "department_id": ward.id,
        "issue_ids": [(0, 0, dict(issue)), (0, 0, dict(issue))],
    }


def _peer_tasks(env):
    """Return seconds for tasks with two subtasks and two planned activities."""
    project = env["project.project"].create({"name": "Peer complaints"})
    env = env(context={})
    tasks = [
        {
            "name": f"Case {index}",
            "project_id": project.id,
            "child_ids": [
                (0, 0, {"name": "Issue", "project_id": project.id}) for _n in range(2)
            ],
        }
        for index in range(CASES)
    ]
    with lap(env) as peer:
        made = env["project.task"].create(tasks)
        for _n in range(2):
            made.activity_schedule("mail.mail_activity_data_todo")
    return peer.seconds


# ------------------------------------------------------------
# BOARD
# ------------------------------------------------------------


def _boards(env, base, officer):
    _fill(env, base, SMALL, is_open=True)
    small, _queries, few = _open_board(env, base, officer)
    _fill(env, base, LARGE - SMALL, is_open=False)
    large, queries, many = _open_board(env, base, officer)
    return [
        _reading(few, many),
        Figure(
            f"complaint board at {LARGE:,} cases",
            f"{large:.1f} ms",
            "",
            "",
            "",
            True,
        ),
        Figure(
            f"growth from {SMALL:,}",
            f"{large / small:.2f}",
            "",
            "",
            "1.5",
            large / small <= 1.5,
        ),
        Figure("queries of it", str(queries), "", "", "20", queries <= 20),
    ]


def _reading(few, many):
    """Return the figure of the rows that the plans of the board read."""
    # small tables are read as a whole, whatever happens
    whole = {name for name in ("complaint_case", "complaint_clock") if name in many[1]}
    return Figure(
        f"rows the board reads at {LARGE:,} cases, by its plans",
        f"{many[0]:,.0f}, {'of all ' + ', '.join(whole) if whole else 'by indexes'}",
        "",
        f"at {SMALL:,}: {few[0]:,.0f}",
        "no more by a tenth",
        many[0] <= 1.1 * few[0] and not whole,
    )


def _fill(env, base, count, is_open):
    """Insert cases with two running clocks each, or closed ones of earlier years."""
    channel = env["complaint.channel"].search([], limit=1)
    env.cr.execute(
        """
        WITH made AS (
            INSERT INTO complaint_case (company_id, name, kind, state, channel_id,
                   received_at, receiver_id, department_id, description, severity,
                   reach, next_deadline, create_uid, create_date)
            SELECT %(company)s,
                   'B' || %(run)s || ':' || nextval('complaint_case_id_seq'),
                   'complaint',
                   CASE WHEN %(is_open)s THEN (%(states)s)[1 + i %% 4]
                        ELSE 'closed' END,
                   %(channel)s, now() AT TIME ZONE 'UTC' - interval '2 days', 1,
                   (%(wards)s)[1 + i %% %(ward_count)s], 'Waited', 'low', 'single',
                   now() AT TIME ZONE 'UTC' + i %% 40 * interval '1 hour', 1, now()
              FROM generate_series(1, %(count)s) AS i
            RETURNING id, company_id, received_at, next_deadline, state)
        INSERT INTO complaint_clock (case_id, company_id, kind, stop_event, unit,
               amount, remaining, started_at, running_since, deadline, warn_at,
               stopped_at)
        SELECT id, company_id, kind, 'answered', 'hours', 72, 72, received_at,
               received_at, next_deadline, next_deadline - interval '4 hours',
               CASE WHEN state = 'closed' THEN received_at END
          FROM made, unnest(ARRAY['plan', 'answer']) AS kind
        """,
        {
            "company": base.company.id,
            "run": hospital.RUN,
            "is_open": is_open,
            "states": list(OPEN_STATES),
            "channel": channel.id,
            "wards": base.departments.ids,
            "ward_count": len(base.departments),
            "count": count,
        },
    )
    env.cr.commit()  # VACUUM needs its own transaction
    with env.registry.cursor() as cr:
        cr._cnx.set_session(autocommit=True)
        cr.execute("VACUUM ANALYZE complaint_case")
        cr.execute("VACUUM ANALYZE complaint_clock")


def _open_board(env, base, officer):
    """Return milliseconds, queries and rows read of the office opening its board.

    Filter, fields and order are those of its menu and its kanban view.
    """
    user_env = env(
        user=officer.id,
        context={"allowed_company_ids": base.company.ids, "lang": "en_US"},
    )
    specification = {name: {} for name in CARD}
    for name in ("channel_id", "department_id", "next_user_id"):
        specification[name] = {"fields": {"display_name": {}}}
    model = user_env["complaint.case"]

    def open_board():
        model.web_read_group(
            domain=[("state", "not in", OVER_STATES)],
            groupby=["state"],
            order="next_deadline ASC, id DESC",
            aggregates=["__count"],
            auto_unfold=True,
            unfold_read_specification=specification,
            unfold_read_default_limit=40,
        )

    result = best(user_env, open_board)
    read = rows_read(user_env, open_board)
    return result.seconds * 1000, result.queries, read


# ------------------------------------------------------------
# LADDER
# ------------------------------------------------------------


def _ladder(env, base):
    """Return the figures of the hourly job over many open cases."""
    _fill_open(env, base)
    clocks = env["complaint.clock"]
    policy = env["complaint.sla.policy"].search([("step_ids", "!=", False)], limit=1)
    clocks._cron_escalate()  # what the filling left
    with lap(env) as idle:
        clocks._cron_escalate()
    due = clocks.search([("stopped_at", "=", False)], limit=DUE)
    env.cr.execute(
        "UPDATE complaint_clock SET policy_id = %s, escalate_at = now() AT TIME ZONE"
        " 'UTC', deadline = now() AT TIME ZONE 'UTC' - interval '30 days'"
        " WHERE id = ANY(%s)",
        (policy.id, due.ids),
    )
    env.invalidate_all()
    todos = env["mail.activity"].search_count([])
    with lap(env) as busy:
        clocks._cron_escalate()
    # a clock so late climbs all its rungs
    todos = env["mail.activity"].search_count([]) - todos
    peer = _peer_activities(env)
    return [
        Figure(
            f"ladder over {OPEN:,} open cases, nothing due",
            f"{idle.seconds * 1000:.1f} ms",
            "",
            "",
            "100 ms",
            idle.seconds <= 0.1,
        ),
        Figure(
            f"the same with {DUE:,} clocks due, {todos:,} to-dos planned",
            rate(todos, busy.seconds),
            f"activity_schedule on project.task {rate(DUE, peer)}",
            "",
            "half the peer",
            busy.seconds / todos <= 2 * peer / DUE,
        ),
    ]


def _fill_open(env, base):
    _fill(env(context={}), base, OPEN, is_open=True)


def _peer_activities(env):
    """Return seconds to plan an activity each on tasks, one after the other."""
    project = env["project.project"].create({"name": "Peer ladder"})
    env = env(context={})
    tasks = env["project.task"].create(
        [{"name": f"Late {index}", "project_id": project.id} for index in range(DUE)]
    )
    with lap(env) as peer:
        for task in tasks:
            task.activity_schedule("mail.mail_activity_data_todo", user_id=env.uid)
    return peer.seconds
