# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Killed (-9) at random moments, the work comes to the same end (I-2)."""

import base64
import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import hospital

from odoo import fields

VICTIM = Path(__file__).with_name("victim.py")
STAYS = 4_000
LEAVERS = 300  # who are anonymised, a commit each
ROWS = 4_000  # of the list; the first 500 come in at once
LONGEST = 0.8  # seconds that the first process lives at most
FEWEST = 8  # kills; with fewer the test proves little


def test_generation_comes_to_the_same_end(house, say):
    with house.prepared() as (env, base):
        stays = hospital.stays(env, base, STAYS, "K")
        stay_ids = stays.ids
    kills = _kill(house, "generation", say)
    _assert_exact(house, stay_ids)
    assert kills >= FEWEST


def test_an_import_comes_to_the_same_end(house, say):
    with house.environment(house.sender_id) as env:
        profile = env.ref("patient_followup.followup_import_profile_inpatient")
        record = env["followup.import"].create(
            {"file": base64.b64encode(_list().encode()), "profile_id": profile.id}
        )
        record.action_import()
        import_id = record.id
    kills = _kill(house, "import", say)
    with house.environment(house.sender_id) as env:
        record = env["followup.import"].browse(import_id)
        counts = (record.created_count, record.rejected_count, record.state)
        stays = env["followup.encounter"].search([("number", "like", "KL-")])
        numbers, patients = set(stays.mapped("number")), stays.patient_id
    assert counts == (ROWS, 0, "done")
    assert len(stays) == len(numbers) == len(patients) == ROWS
    _assert_exact(house, stays.ids)
    assert kills >= FEWEST


def test_anonymising_comes_to_the_same_end(house, say):
    """Each patient is anonymised whole and once, or as he was."""
    with house.prepared() as (env, base):
        patients = hospital.stays(env, base, LEAVERS, "G").patient_id
        now = fields.Datetime.now()
        vals = {
            "company_id": patients.company_id.id,
            "kind": "request",
            "state": "approved",
            "proposed_by_id": env.uid,
            "proposed_at": now,
            "not_before": now.date(),
        }
        run = env["followup.retention.run"]._guarded().create(vals)
        env["followup.retention.line"]._guarded().create(
            [
                {"run_id": run.id, "company_id": run.company_id.id, "patient_id": id_}
                for id_ in patients.ids
            ]
        )
        run_id, ids = run.id, patients.ids
    kills = _kill(house, "retention", say)
    lines = house.figures(
        "SELECT count(*), count(*) FILTER (WHERE state = 'done')"
        " FROM followup_retention_line WHERE run_id = %s",
        run_id,
    )
    assert lines == (len(ids),) * 2
    logged = house.figures(
        "SELECT count(*), count(DISTINCT res_id) FROM followup_access_log"
        " WHERE action = 'erase' AND res_id = ANY(%s)",
        ids,
    )
    assert logged == (len(ids),) * 2
    assert kills >= FEWEST


def _kill(house, job, say):
    """Do a job that is killed again and again; return how often it was."""
    seed = random.randrange(10**6)
    command = [sys.executable, VICTIM, house.config_file, house.database, job]
    done = subprocess.run(
        [*map(str, command), str(LONGEST), str(seed)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=900,
    )
    say(f"{job}: killed {done.stdout.strip()} times (seed {seed})")
    return int(done.stdout)


def _assert_exact(house, stay_ids):
    """Every stay has one plan and each of its tasks once."""
    plans = house.figures(
        "SELECT count(*), count(DISTINCT encounter_id) FROM followup_plan"
        " WHERE encounter_id = ANY(%s)",
        stay_ids,
    )
    assert plans == (len(stay_ids),) * 2
    tasks = house.figures(
        "SELECT count(*), count(DISTINCT (encounter_id, step_id)) FROM followup_task"
        " WHERE encounter_id = ANY(%s)",
        stay_ids,
    )
    assert tasks == (len(stay_ids) * house.steps,) * 2


def _list():
    """Return a discharge list as a hospital sends it."""
    today = date.today()
    began, ended = today - timedelta(days=9), today - timedelta(days=1)
    lines = ["就诊流水号,病案号,姓名,出院科室,入院日期,出院日期,联系电话"]
    for index in range(ROWS):
        ward = f"Ward {index % hospital.DEPARTMENTS:03d}"
        number = f"KL-{index},KL-{index}"
        lines.append(f"{number},病人{index},{ward},{began},{ended},13800000001")
    return "\n".join(lines)
