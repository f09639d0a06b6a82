# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Twenty callers drain a thousand tasks over HTTP from two workers."""

import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hospital
import requests
from common import Figure

TASKS = 1000
CALLERS = 20
TIMEOUT = 300  # seconds


def measure(env, base, args):
    _queue(env, base)
    port = _free_port()
    server = subprocess.Popen(
        [
            sys.executable,
            str(Path(__file__).with_name("serve.py")),
            "-c",
            args.config,
            "-d",
            args.database,
            "--http-port",
            str(port),
            "--workers",
            "2",
            "--max-cron-threads",
            "0",
            "--log-level",
            "error",
        ]
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url)
        started = time.monotonic()
        with ThreadPoolExecutor(CALLERS) as pool:
            claimed = list(
                pool.map(
                    lambda caller: _drain(url, args.database, caller),
                    base.callers[:CALLERS].mapped("login"),
                )
            )
        seconds = time.monotonic() - started
    finally:
        server.terminate()
        server.wait(30)
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


def _queue(env, base):
    """Make one callable task for each of a thousand patients of ward 0."""
    ward = base.departments[0]
    people = hospital.patients(env, base, TASKS, "C")
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
    session = requests.Session()
    _call(
        session,
        f"{url}/web/session/authenticate",
        {"db": database, "login": login, "password": "benchmark-caller"},
    )
    mine, deadline = [], time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        tasks = _call(
            session,
            f"{url}/web/dataset/call_kw",
            {
                "model": "followup.task",
                "method": "claim_next",
                "args": [],
                "kwargs": {},
            },
        )
        if not tasks:
            return mine
        mine += tasks if isinstance(tasks, list) else [tasks]
    raise TimeoutError(f"{login} was still claiming after {TIMEOUT} s")


def _call(session, url, params):
    answer = session.post(
        url, json={"jsonrpc": "2.0", "method": "call", "params": params}, timeout=60
    ).json()
    if "error" in answer:
        raise RuntimeError(answer["error"]["data"]["message"])
    return answer["result"]


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(url):
    for _second in range(60):
        try:
            requests.get(f"{url}/web/health", timeout=2)
            return
        except requests.RequestException:
            time.sleep(1)
    raise TimeoutError("the server did not start within a minute")
