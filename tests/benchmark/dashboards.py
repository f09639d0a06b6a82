# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Opening the dashboards over a million follow-ups, each with a call of its own.

Asked is what the files of the dashboards ask: every pivot and chart, in the period
they open with. The browser asks for them one by one; so does this.
"""

import json
import time
from pathlib import Path

import reports
from answers import _manager
from common import Figure, best

FILES = Path(reports.__file__).parents[2] / "followup_reports/data/files"
# the rows are due in March 2026: ninety days before this day hold them all
FIRST, LAST = "2026-01-11", "2026-04-10"
BARE_CALLS = """
SELECT extract(hour FROM started_at AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Shanghai'),
       count(*), count(*) FILTER (WHERE result = 'reached')
  FROM followup_attempt call JOIN followup_task task ON task.id = call.task_id
 WHERE call.company_id = %(company)s AND direction = 'out'
   AND task.kind <> 'verification'
   AND started_at >= '2026-01-10 16:00' AND started_at < '2026-04-10 16:00'
 GROUP BY 1
"""


def measure(env, base, args):
    quick = getattr(args, "quick", False)
    count = reports.QUICK if quick else reports.TASKS
    reports._fill(env, base, count)
    _fill_calls(env, base)
    people = {
        "followup": _manager(env, base),
        "followup_summary": _leader(env, base),
    }
    return [_opening(env, base, name, people[name], count) for name in people]


def _opening(env, base, name, person, count):
    """Return the figure of one dashboard beside the same sums in plain SQL."""
    user = env(
        user=person.id,
        context={"lang": "en_US", "allowed_company_ids": base.company.ids},
    )
    asked = _get_questions(user, name)
    laps = {"ours": [], "bare": []}
    for _turn in range(3):  # in turns, so that a busy machine slows down both
        laps["bare"].append(_timed(lambda: _ask_plainly(env, base, asked)))
        user.invalidate_all()
        ours = best(user, lambda: _ask(user, asked), times=1)
        laps["ours"].append(ours.seconds)
    seconds, bare = min(laps["ours"]), min(laps["bare"])
    ratio = seconds / bare
    return Figure(
        f"dashboard {name} opened at {count:,} follow-ups, {len(asked)} pivots and"
        f" charts, {ours.queries} queries",
        f"{seconds:.2f} s",
        "",
        f"{bare:.2f} s",
        f"2 x bare SQL: {ratio:.2f}",
        ratio <= 2,
    )


def _timed(action):
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


# ------------------------------------------------------------
# WHAT IS ASKED
# ------------------------------------------------------------


def _get_questions(env, name):
    """Return [(model, domain, grouping sets, aggregates)] of a dashboard's file."""
    data = json.loads((FILES / f"{name}_dashboard.json").read_text("utf-8"))
    [period] = [row["id"] for row in data["globalFilters"] if row["type"] == "date"]
    asked = []
    for pivot in data["pivots"].values():
        day = pivot["fieldMatching"][period]["chain"]
        rows = [row["fieldName"] for row in pivot["rows"]]
        sets = [rows[:size] for size in range(len(rows) + 1)]
        aggregates = [measure["id"] for measure in pivot["measures"]]
        asked.append((pivot["model"], _within(pivot["domain"], day), sets, aggregates))
    for figure in (row["data"] for row in data["sheets"][0]["figures"]):
        if figure["type"].startswith("odoo_"):
            meta = figure["metaData"]
            field = env[meta["resModel"]]._fields[meta["measure"]]
            asked.append(
                (
                    meta["resModel"],
                    _within(
                        figure["searchParams"]["domain"],
                        figure["fieldMatching"][period]["chain"],
                    ),
                    [meta["groupBy"]],
                    [f"{field.name}:{field.aggregator}"],
                )
            )
    return asked


def _within(domain, day):
    return [*domain, (day, ">=", FIRST), (day, "<=", LAST)]


def _ask(env, asked):
    for model, domain, sets, aggregates in asked:
        env[model].formatted_read_grouping_sets(domain, sets, aggregates)


def _ask_plainly(env, base, asked):
    """Sum up the same rows as often; opinions and answers are few here."""
    values = {"company": base.company.id, "first": FIRST, "last": LAST}
    for model, *_rest in asked:
        if model.startswith("followup.report.task"):
            env.cr.execute(reports.BARE, values)
            env.cr.fetchall()
        elif model == "followup.report.attempt":
            env.cr.execute(BARE_CALLS, values)
            env.cr.fetchall()


# ------------------------------------------------------------
# ROWS
# ------------------------------------------------------------


def _leader(env, base):
    users = env["res.users"].with_context(no_reset_password=True)
    group = env.ref("patient_followup.followup_group_leader")
    return users.search([("login", "=", "leader@bench")]) or users.create(
        {
            "name": "Leader",
            "login": "leader@bench",
            "company_id": base.company.id,
            "company_ids": [(6, 0, base.company.ids)],
            "group_ids": [(6, 0, group.ids)],
        }
    )


def _fill_calls(env, base):
    """Insert a call for each follow-up of the reports that was attempted."""
    # of an empty table the planner would read every row it has just inserted
    env.cr.execute("SET LOCAL enable_nestloop = off")
    env.cr.execute(
        """
        INSERT INTO followup_attempt (task_id, company_id, department_id, patient_id,
               level, direction, method, started_at, result, user_id, entered_at)
        SELECT task.id, task.company_id, task.department_id, task.patient_id,
               task.level, 'out', 'phone', at, CASE WHEN task.state = 'done'
               THEN 'reached' ELSE 'no_answer' END, %(user)s, at
          FROM followup_task task
    CROSS JOIN LATERAL (SELECT task.due_day + task.id %% 10 * interval '1 hour' AS at
               ) made
         WHERE task.company_id = %(company)s AND task.kind = 'plan'
           AND task.due_day BETWEEN '2026-03-01' AND '2026-03-31'
           AND task.attempt_count > 0
           AND NOT EXISTS (SELECT FROM followup_attempt call
                            WHERE call.task_id = task.id)
        """,
        {"company": base.company.id, "user": base.callers[0].id},
    )
    env.cr.commit()  # commit: the vacuum below works on committed rows only
    with env.registry.cursor() as cr:
        cr._cnx.set_session(autocommit=True)
        cr.execute("VACUUM ANALYZE followup_attempt")
