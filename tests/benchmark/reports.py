# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Monthly report, live figures and lists over a million follow-ups of a month."""

import io
import time
from datetime import date

import hospital
import xlsxwriter
from answers import _manager
from common import Figure, best, lap, rate

TASKS = 1_000_000
QUICK = 100_000
LISTED = 100_000
# the same figures in plain SQL, on the same rows
BARE = """
SELECT task.level, task.department_id, count(*),
       count(*) FILTER (WHERE in_base), count(*) FILTER (WHERE in_base AND tried > 0),
       count(*) FILTER (WHERE in_base AND done),
       count(*) FILTER (WHERE in_base AND done AND in_time),
       count(*) FILTER (WHERE in_base AND state = 'unreachable')
  FROM (SELECT task.level, stay.department_id, task.state, task.attempt_count AS tried,
               task.state <> 'cancelled' AND stay.excluded IS NOT TRUE
               AND task.date_deadline <= now() AT TIME ZONE 'UTC' AS in_base,
               task.state = 'done' AND task.reached_at IS NOT NULL AS done,
               task.completed_at <= task.date_deadline AS in_time
          FROM followup_task task
          JOIN followup_encounter stay ON stay.id = task.encounter_id
         WHERE task.company_id = %(company)s AND task.kind = 'plan'
           AND task.due_day BETWEEN %(first)s AND %(last)s) task
 GROUP BY task.level, task.department_id
"""
BARE_AGAIN = """
SELECT stay.department_id, count(*), count(*) FILTER (WHERE EXISTS (
           SELECT FROM followup_encounter later
            WHERE later.patient_id = stay.patient_id AND later.id <> stay.id
              AND later.encounter_class = 'inpatient'
              AND later.admission_day BETWEEN stay.discharge_day
                  AND stay.discharge_day + 30))
  FROM followup_encounter stay
 WHERE stay.company_id = %(company)s AND stay.state = 'discharged'
   AND stay.encounter_class = 'inpatient'
   AND stay.discharge_day BETWEEN %(first)s AND %(last)s
 GROUP BY stay.department_id
"""
STATES = (
    "done",
    "done",
    "done",
    "done",
    "unreachable",
    "refused",
    "ready",
    "cancelled",
)


def measure(env, base, args):
    quick = getattr(args, "quick", False)
    count = QUICK if quick else TASKS
    month = _fill(env, base, count)
    return [
        _report(env, base, month, count),
        *_live(env, base, count),
        _listing(env, base, min(LISTED, count)),
    ]


# ------------------------------------------------------------
# REPORT OF A MONTH
# ------------------------------------------------------------


def _report(env, base, month, count):
    """Return the figure of a whole bulletin beside the plain statements."""
    runs = env["followup.report.run"].with_company(base.company)
    values = {"company": base.company.id, "first": month, "last": date(2026, 3, 31)}

    def select():
        env.cr.execute(BARE, values)
        assert len(env.cr.fetchall()) == 2 * len(base.departments)
        env.cr.execute(BARE_AGAIN, values)
        assert env.cr.fetchall()

    laps = {"ours": [], "bare": []}
    select()
    for _turn in range(3):  # in turns, so that a busy machine slows down both
        with lap(env) as bare:
            select()
        laps["bare"].append(bare.seconds)
        with lap(env) as ours:
            run = runs._produce("bulletin", "month", month, basis="due")
        laps["ours"].append(ours.seconds)
        assert run.line_ids
    ours, bare = min(laps["ours"]), min(laps["bare"])
    ratio = ours / bare
    return Figure(
        f"bulletin of a month over {count:,} follow-ups of {len(base.departments)}"
        f" departments, {len(run.line_ids):,} figures stored and sealed",
        f"{ours:.2f} s",
        "",
        f"{bare:.2f} s (GROUP BY of follow-ups, of readmissions)",
        f"1.5 x bare SQL: {ratio:.2f}",
        ratio <= 1.5,
    )


# ------------------------------------------------------------
# LIVE FIGURES
# ------------------------------------------------------------


def _live(env, base, count):
    """Return figures of the pivot and the wallboard as they open."""
    manager = _manager(env, base)
    user = env(
        user=manager.id,
        context={"lang": "en_US", "allowed_company_ids": base.company.ids},
    )
    rows = user["followup.report.task"]
    aggregates = ["__count", "base_count:sum", "coverage:avg", "effective_rate:avg"]
    pivot = best(
        user,
        lambda: rows.formatted_read_group([], ["department_id"], aggregates),
        times=3,
    )
    bare = best(env, lambda: _bare_pivot(env, base), times=3)
    ratio = pivot.seconds / bare.seconds
    board = best(user, lambda: user["followup.report.wallboard"]._get_tiles(), times=3)
    return [
        Figure(
            f"pivot of all {count:,} follow-ups by department opened",
            f"{pivot.seconds:.2f} s, {pivot.queries} queries",
            "",
            f"{bare.seconds:.2f} s",
            f"2 x bare SQL: {ratio:.2f}",
            ratio <= 2,
        ),
        Figure(
            f"wallboard at {count:,} follow-ups",
            f"{board.seconds * 1000:.0f} ms, {board.queries} queries",
            "",
            "",
            "1 s",
            board.seconds <= 1,
        ),
    ]


def _bare_pivot(env, base):
    env.cr.execute(
        BARE.replace("AND task.due_day BETWEEN %(first)s AND %(last)s", ""),
        {"company": base.company.id},
    )
    env.cr.fetchall()


# ------------------------------------------------------------
# A LIST
# ------------------------------------------------------------


def _listing(env, base, count):
    """Return the figure of a long list as XLSX beside xlsxwriter alone."""
    manager = _manager(env, base)
    manager.group_ids = [(4, env.ref("base.group_allow_export").id)]
    user = env(
        user=manager.id,
        context={"lang": "en_US", "allowed_company_ids": base.company.ids},
    )
    lists = user["followup.report.list"]
    rows = user["followup.task"].search([("kind", "=", "plan")], limit=count)
    paths = ["department_id", "level", "method", "state", "kind", "priority"]
    paths += ["due_day", "date_due", "completed_at", "attempt_count", "name"]
    columns = lists._get_columns(rows, paths)
    cells = [list(row) for row in lists._iter_rows(rows, columns)]
    laps = {"ours": [], "bare": []}
    for _turn in range(3):
        laps["bare"].append(_timed(lambda: _bare_book(paths, cells)))
        env.invalidate_all()
        laps["ours"].append(_timed(lambda: lists._write_xlsx(rows, paths)))
    ours, bare = min(laps["ours"]), min(laps["bare"])
    ratio = ours / bare
    return Figure(
        f"list of {len(rows):,} follow-ups, {len(paths)} columns, as XLSX",
        rate(len(rows), ours),
        f"xlsxwriter alone {rate(len(rows), bare)}",
        "",
        f"1.5 x xlsxwriter: {ratio:.2f}",
        ratio <= 1.5,
    )


def _timed(action):
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _bare_book(heads, cells):
    """Write the cells that are already there, with nothing but xlsxwriter."""
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    book = xlsxwriter.Workbook(io.BytesIO(), options)
    page = book.add_worksheet()
    for column, head in enumerate(heads):
        page.write(0, column, head)
    for number, row in enumerate(cells, start=1):
        for column, cell in enumerate(row):
            page.write(number, column, cell)
    book.close()


# ------------------------------------------------------------
# ROWS
# ------------------------------------------------------------


def _fill(env, base, count):
    """Insert stays of February and March with two follow-ups each, due in March."""
    month = date(2026, 3, 1)
    env.cr.execute(
        "SELECT count(*) FROM followup_task WHERE company_id = %s AND kind = 'plan'"
        " AND due_day BETWEEN '2026-03-01' AND '2026-03-31'",
        [base.company.id],
    )
    if env.cr.fetchone()[0] >= count:
        return month
    values = {
        "company": base.company.id,
        "wards": base.departments.ids,
        "ward_count": len(base.departments),
        "stays": count // 2,
        "run": hospital.RUN,
        "states": list(STATES),
    }
    env.cr.execute(
        """
        WITH person AS (
            INSERT INTO followup_patient (company_id, name, sex)
            SELECT %(company)s, 'Patient ' || i, 'female'
              FROM generate_series(1, %(stays)s / 2) i RETURNING id),
        numbered AS (SELECT id, row_number() OVER () AS i FROM person)
        INSERT INTO followup_encounter (company_id, patient_id, department_id, source,
               number, encounter_class, exclusion_state, state, excluded,
               admission_day, discharge_day, discharge_date)
        SELECT %(company)s, id, (%(wards)s)[1 + (i * 2 + twice) %% %(ward_count)s],
               'bench', 'R' || %(run)s || '-' || i || '-' || twice, 'inpatient', 'none',
               'discharged', i %% 50 = 0, day - 6, day, day
          FROM numbered CROSS JOIN generate_series(0, 1) twice
    CROSS JOIN LATERAL (SELECT date '2026-02-25' + (i / 7 %% 25)::int AS day) at
        """,
        values,
    )
    env.cr.execute(
        """
        INSERT INTO followup_task (company_id, department_id, patient_id,
               encounter_id, kind, origin_key, name, level, method, state, priority,
               occurrence, attempt_count, due_day, date_earliest, date_due,
               date_deadline, completed_at, completed_day, reached_at)
        SELECT %(company)s, stay.department_id, stay.patient_id, stay.id, 'plan',
               'report:' || stay.id || ':' || level, 'Call', level::text, 'phone',
               made.state, '0', 0, CASE WHEN made.state = 'ready' THEN 0 ELSE 1 END,
               due, due - interval '2 days', due, due + interval '1 day',
               CASE WHEN made.state = 'done'
                    THEN due + stay.id %% 3 * interval '1 day' END,
               CASE WHEN made.state = 'done' THEN due END,
               CASE WHEN made.state = 'done' THEN due::timestamp END
          FROM followup_encounter stay CROSS JOIN generate_series(1, 2) level
    CROSS JOIN LATERAL (SELECT stay.discharge_day + 4 + level AS due,
               (%(states)s)[1 + (stay.id + level) %% 8] AS state) made
         WHERE stay.company_id = %(company)s AND stay.source = 'bench'
           AND stay.number LIKE 'R' || %(run)s || '-%%'
        """,
        values,
    )
    env.cr.commit()  # commit: the vacuum below works on committed rows only
    with env.registry.cursor() as cr:
        cr._cnx.set_session(autocommit=True)
        cr.execute("VACUUM ANALYZE followup_patient, followup_encounter, followup_task")
    return month
