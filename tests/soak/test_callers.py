# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A full house over HTTP: twenty callers, two workers, and a list coming in."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from statistics import quantiles

import claim
import hospital
from web import Refused

MESSAGES = 8
ROWS = 250  # stays in a message; each gets the tasks of a whole protocol
ROUNDS = 20


def test_a_thousand_tasks_are_done_once_while_a_list_comes_in(house, say):
    with house.prepared() as (env, base):
        claim.queue(env, base)
    with house.served() as log_in, ThreadPoolExecutor(claim.CALLERS + 1) as pool:
        callers = list(map(log_in, house.callers[: claim.CALLERS]))
        sender = log_in(house.sender)
        sending = pool.submit(_send_lists, sender)
        done = [task for tasks in pool.map(_drain, callers) for task in tasks]
        created = sending.result()
    assert len(done) == len(set(done)) == claim.TASKS
    assert created == MESSAGES * ROWS
    counts = house.figures(
        "SELECT count(*), count(DISTINCT task_id) FROM followup_attempt"
        " WHERE task_id = ANY(%s)",
        done,
    )
    assert counts == (claim.TASKS, claim.TASKS)
    for method in ("claim_next", "log_attempt", "action_complete"):
        seconds = [second for caller in callers for second in caller.seconds[method]]
        say(f"{method}: {_spread(seconds)}")
    say(f"upsert of {ROWS} stays: {_spread(sender.seconds['upsert'])}")


def test_of_twenty_who_want_the_same_task_one_has_it_and_the_others_hear_who(house):
    with house.prepared() as (env, base):
        claim.queue(env, base, "W")
        ward = base.departments[0]
        tasks = env["followup.task"].search(
            [("state", "=", "ready"), ("department_id", "=", ward.id)], limit=ROUNDS
        )
        task_ids = tasks.ids
        names = dict(base.callers.mapped(lambda user: (user.login, user.name)))
    with house.served() as log_in, ThreadPoolExecutor(claim.CALLERS) as pool:
        callers = {login: log_in(login) for login in house.callers[: claim.CALLERS]}
        for task_id in task_ids:
            answers = _claim_at_once(pool, callers, task_id)
            (winner,) = [login for login, answer in answers.items() if not answer]
            words = [answer for answer in answers.values() if answer]
            assert [word for word in words if names[winner] not in word] == []
            callers[winner].call("followup.task", "action_release", [task_id])


def _drain(caller):
    """Call patient after patient until nobody is left; return the tasks done."""
    done = []
    while tasks := caller.call("followup.task", "claim_next"):
        caller.call("followup.task", "log_attempt", tasks, "reached")
        caller.call("followup.task", "action_complete", tasks, "Recovering well.")
        done += tasks
    return done


def _send_lists(sender):
    """Send messages of stays one after the other; return how many were created."""
    answers = [
        sender.call("followup.encounter", "upsert", _rows(f"S{number}-"))
        for number in range(MESSAGES)
    ]
    return sum(answer["created"] for answer in answers)


def _rows(prefix):
    today = date.today()
    return [
        {
            "source": "soak",
            "number": f"{prefix}{index}",
            "mrn": f"{prefix}{index}",
            "patient_name": f"Patient {prefix}{index}",
            "birthdate": str(date(1950, 1, 1) + timedelta(days=index)),
            "department": f"Ward {index % hospital.DEPARTMENTS:03d}",
            "admission_date": str(today - timedelta(days=9)),
            "discharge_date": str(today - timedelta(days=1)),
        }
        for index in range(ROWS)
    ]


def _claim_at_once(pool, callers, task_id):
    """Return what each caller was told: nothing to the one who has the task."""
    barrier = threading.Barrier(len(callers))

    def claim_it(caller):
        barrier.wait(timeout=30)
        try:
            caller.call("followup.task", "action_claim", [task_id])
        except Refused as refusal:
            return str(refusal)

    return dict(zip(callers, pool.map(claim_it, callers.values()), strict=True))


def _spread(seconds):
    """Return median and 95th percentile of some durations as a text."""
    cuts = [cut * 1000 for cut in quantiles(seconds, n=20)]
    return f"{len(seconds)} calls, median {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms"
