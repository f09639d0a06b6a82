# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Twenty callers drain a thousand tasks over HTTP from two workers."""

import time
from concurrent.futures import ThreadPoolExecutor

import hospital
from common import Figure
from web import Person, serving

TASKS = 1000
CALLERS = 20
TIMEOUT = 300  # seconds


def measure(env, base, args):
    queue(env, base)
    with serving(args.config, args.database) as url:
        started = time.monotonic()
        with ThreadPoolExecutor(CALLERS) as pool:
            claimed = list(
                pool.map(
                    lambda caller: _drain(url, args.database, caller),
                    base.callers[:CALLERS].mapped("login"),
                )
            )
        seconds = time.monotonic() - started
    ids = [task for tasks in claimed for task in tasks]
    distinct = len(set(ids))
    return [
        Figure(
            f"{CALLERS} callers claim over HTTP, 2 workers",
            f"{distinct:,} of {TASKS:,} distinct, {len(ids) / seconds:,.0f}/s",
            "",
            "",
            "1,000 of 1,000, none twice",
            distinct == TASKS == len(ids),
        )
    ]


def queue(env, base, prefix="C"):
    """Make one callable task for each of a thousand patients of ward 0."""
    ward = base.departments[0]
    people = hospital.patients(env, base, TASKS, prefix)
    env.flush_all()
    env.cr.execute(
        "UPDATE followup_task SET state = 'cancelled' WHERE department_id = %s",
        (ward.id,),
    )
    env.cr.execute(
        """
        INSERT INTO followup_task (company_id, department_id, patient_id, kind,
               origin_key, name, level, method, state, priority, occurrence,
               attempt_count, min_title, date_earliest, date_due, date_deadline,
               due_day, next_at)
        SELECT %s, %s, patient, 'event', 'claim:' || patient, 'Call', '1', 'phone',
               'ready', '0', 0, 0, 'none', now() - interval '2 days', now(),
               now() + interval '2 days', now()::date, now() - interval '2 days'
          FROM unnest(%s) AS patient
        """,
        (base.company.id, ward.id, people.ids),
    )
    env.cr.commit()  # the server reads it in its own transactions


def _drain(url, database, login):
    """Claim until nothing is left; return the ids this caller got."""
    caller = Person(url, database, login, hospital.PASSWORD)
    mine, deadline = [], time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        tasks = caller.call("followup.task", "claim_next")
        if not tasks:
            return mine
        mine += tasks
    raise TimeoutError(f"{login} was still claiming after {TIMEOUT} s")
