# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Opening the call board at ten thousand and at two million tasks."""

import json
from pathlib import Path

import hospital
from common import Figure, best

SMALL = 10_000
STATES = ("planned", "ready", "waiting", "unreachable")


def measure(env, base, args):
    people = hospital.patients(env, base, 2000, "B")
    _fill(env, base, people, SMALL, is_open=True)
    small, _queries = _open(env, base)
    _fill(env, base, people, args.rows - SMALL, is_open=False)
    large, queries = _open(env, base)
    peer = _peer(env, SMALL)
    bare = _bare(env, base)
    growth = large / small
    return [
        Figure(
            f"board opened at {args.rows:,} tasks",
            f"{large:.1f} ms",
            f"project.task at {SMALL:,}: {peer:.1f} ms",
            f"{bare:.1f} ms",
            "15 ms",
            large <= 15,
        ),
        Figure(f"growth from {SMALL:,}", f"{growth:.2f}", "", "", "1.5", growth <= 1.5),
        Figure("queries of it", str(queries), "", "", "10", queries <= 10),
    ]


def _fill(env, base, people, count, is_open):
    """Insert open work of all wards, or closed tasks as years leave them."""
    env.cr.execute(
        """
        INSERT INTO followup_task (company_id, department_id, patient_id, kind,
               origin_key, name, level, method, state, priority, occurrence,
               attempt_count, date_earliest, date_due, date_deadline, due_day,
               next_at)
        SELECT %(company)s, (%(wards)s)[1 + i / 5 %% %(ward_count)s],
               (%(people)s)[1 + i %% %(people_count)s], 'event',
               'fill:' || %(run)s || ':' || %(count)s || ':' || i, 'Call', '1', 'phone',
               CASE WHEN %(is_open)s THEN (%(states)s)[1 + i %% 5] ELSE 'done' END,
               '0', 0, 0, due - interval '1 day', due, due + interval '2 days',
               due::date, due - interval '1 day'
          FROM (SELECT i, now() AT TIME ZONE 'UTC'
                       + (i %% 40 - 30) * interval '1 day' AS due
                  FROM generate_series(1, %(count)s) AS i) AS numbers
        """,
        {
            "company": base.company.id,
            "wards": base.departments.ids,
            "ward_count": len(base.departments),
            "people": people.ids,
            "people_count": len(people),
            "count": count,
            "run": hospital.RUN,
            "is_open": is_open,
            "states": [*STATES, "done"],
        },
    )
    env.cr.commit()  # VACUUM needs its own transaction
    with env.registry.cursor() as cr:
        cr._cnx.set_session(autocommit=True)
        cr.execute("VACUUM ANALYZE followup_task")


def _request():
    """Return what the web client sends when the board opens.

    The menu's filters, the fields of the kanban view, forty cards a column.
    """
    return json.loads(Path(__file__).with_name("board_request.json").read_text())


def _open(env, base):
    """Return milliseconds and queries of one caller opening the board."""
    caller = env(user=base.callers[25].id)
    request = _request()
    Task = caller["followup.task"].with_context(
        lang="en_US",
        tz="Asia/Shanghai",
        allowed_company_ids=base.company.ids,
        **request["context"],
    )
    kwargs = {key: value for key, value in request.items() if key != "context"}
    result = best(caller, lambda: Task.web_read_group(**kwargs))
    return result.seconds * 1000, result.queries


def _peer(env, count):
    """Return milliseconds for a project kanban of the same client call."""
    project = env["project.project"].create({"name": "Peer board"})
    stages = env["project.task.type"].create(
        [{"name": f"S{i}", "project_ids": [(4, project.id)]} for i in range(5)]
    )
    env["project.task"].create({"name": "One", "project_id": project.id})
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO project_task (name, project_id, stage_id, active, state,
               company_id, sequence, priority, create_uid, create_date)
        SELECT 'Task ' || i, %s, (%s)[1 + i %% 5], true, '01_in_progress',
               %s, 10, '0', 1, now()
          FROM generate_series(1, %s) AS i
        """,
        (project.id, stages.ids, env.company.id, count),
    )
    Task = env["project.task"]
    specification = {
        name: {} for name in ("name", "priority", "state", "date_deadline", "color")
    }
    specification["user_ids"] = {"fields": {"display_name": {}}}
    result = best(
        env,
        lambda: Task.web_read_group(
            domain=[("project_id", "=", project.id)],
            groupby=["stage_id"],
            aggregates=["__count"],
            auto_unfold=True,
            unfold_read_specification=specification,
            unfold_read_default_limit=40,
        ),
    )
    return result.seconds * 1000


def _bare(env, base):
    """Return milliseconds of the board's counts and cards in plain SQL."""
    wards = base.callers[25].followup_department_ids.ids

    def select():
        env.cr.execute(
            "SELECT state, count(*) FROM followup_task WHERE company_id = %s AND"
            " department_id = ANY(%s) AND state IN ('ready', 'in_progress', 'waiting',"
            " 'unreachable') GROUP BY state",
            (base.company.id, wards),
        )
        for state, _count in env.cr.fetchall():
            env.cr.execute(
                "SELECT id, name, patient_id, date_due, priority FROM followup_task"
                " WHERE company_id = %s AND department_id = ANY(%s) AND state = %s"
                " ORDER BY priority DESC, date_due, id LIMIT 40",
                (base.company.id, wards, state),
            )
            env.cr.fetchall()

    return best(env, select).seconds * 1000
