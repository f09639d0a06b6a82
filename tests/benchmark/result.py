# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Recording a reached call and completing its task, beside project.task."""

import hospital
from common import Figure, lap

CALLS = 200


def measure(env, base, _args):
    caller = base.callers[0]
    tasks = _ready_tasks(env, base)
    user_env = env(user=caller.id)
    milliseconds, queries = _record(user_env, tasks)
    peer = _peer(env)
    bare = _bare(env, tasks)
    return [
        Figure(
            "result recorded and task completed",
            f"{milliseconds:.1f} ms",
            f"project.task with note {peer:.1f} ms",
            f"{bare:.2f} ms",
            "quicker than the peer",
            milliseconds < peer,
        ),
        Figure("queries of it", str(queries), "", "", "6", queries <= 6),
    ]


def _ready_tasks(env, base):
    """Return tasks of the first caller's wards that may be called now."""
    ward = base.callers[0].followup_department_ids[:1]
    stays = hospital.stays(env, base, CALLS, "R")
    stays.generate_plans()
    tasks = env["followup.task"].search(
        [("encounter_id", "in", stays.ids)], order="encounter_id, date_due"
    )
    first = env["followup.task"].concat(
        *[group[0] for group in tasks.grouped("encounter_id").values()]
    )
    first._guarded().write(
        {"department_id": ward.id, "user_id": base.callers[0].id, "state": "ready"}
    )
    env.flush_all()
    return first


def _record(env, tasks):
    """Return milliseconds per call and the queries of one of them."""
    queries = []
    with lap(env) as ours:
        for task in tasks.with_env(env):
            env.invalidate_all()
            with lap(env) as one:
                task.log_attempt("reached")
                task.action_complete("Recovering well.")
            queries.append(one.queries)
    return ours.seconds / len(tasks) * 1000, sorted(queries)[len(queries) // 2]


def _peer(env):
    """Return milliseconds to note a call on a project task and close it."""
    project = env["project.project"].create({"name": "Peer calls"})
    done = env["project.task.type"].create(
        {"name": "Done", "project_ids": [(4, project.id)]}
    )
    env = env(context={})
    tasks = env["project.task"].create(
        [{"name": f"Call {index}", "project_id": project.id} for index in range(CALLS)]
    )
    with lap(env) as peer:
        for task in tasks:
            env.invalidate_all()
            task.message_post(body="Recovering well.")
            task.write({"stage_id": done.id})
            env.flush_all()
    return peer.seconds / CALLS * 1000


def _bare(env, tasks):
    """Return milliseconds of the two statements without an ORM."""
    task = tasks[0]
    with lap(env) as bare:
        for _turn in range(CALLS):
            env.cr.execute(
                "INSERT INTO followup_attempt (task_id, company_id, patient_id,"
                " level, direction, method, started_at, entered_at, result, user_id)"
                " VALUES (%s, %s, %s, '1', 'out', 'phone', now(), now(),"
                " 'no_answer', %s)",
                (task.id, task.company_id.id, task.patient_id.id, env.uid),
            )
            env.cr.execute(
                "UPDATE followup_task SET attempt_count = attempt_count + 1"
                " WHERE id = %s",
                (task.id,),
            )
    return bare.seconds / CALLS * 1000
