# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A 25 % sample of 200,000 stays, per department, beside bare SQL (V-3)."""

import hospital
from common import Figure, lap

STAYS = 200_000
PERCENT = 25
MONTH = "2031-01"


def measure(env, base, _args):
    _fill(env, base)
    sample = env["followup.sample"].create(
        {
            "name": "Benchmark",
            "company_id": base.company.id,
            "purpose": "level_two",
            "population": "discharged",
            "percent": PERCENT,
            "reserve_percent": 0,
            "date_from": f"{MONTH}-01",
            "date_to": f"{MONTH}-31",
            "call_until": "2031-02-28",
        }
    )
    with lap(env) as ours:
        sample._draw()
    with lap(env) as proof:
        same = sample._is_reproducible()
    bare = _bare(env, base)
    count = len(sample.line_ids)
    figures = [
        Figure(
            f"{PERCENT} % sample of {sample.population_count:,} stays,"
            f" {count:,} drawn, {ours.queries} queries",
            f"{ours.seconds:.1f} s",
            "",
            f"{bare:.1f} s",
            "4 x bare SQL",
            ours.seconds <= 4 * bare,
        ),
        Figure(
            "the same list drawn again from its seed",
            f"{proof.seconds:.1f} s",
            "",
            "",
            "the same",
            same,
        ),
    ]
    _clear(env, sample)
    return figures


def _fill(env, base):
    """Insert the stays of a month that no other figure looks at."""
    patients = hospital.patients(env, base, 1, "SAMPLE")
    with lap(env):
        env.cr.execute(
            """
            INSERT INTO followup_encounter (company_id, patient_id, source, number,
                   encounter_class, department_id, discharge_day, state,
                   exclusion_state)
            SELECT %s, %s, 'bench-sample', %s || '-' || n, 'inpatient',
                   (%s::int[])[1 + n %% %s], date %s + n %% 28, 'discharged', 'none'
              FROM generate_series(1, %s) n
            """,
            [
                base.company.id,
                patients.id,
                hospital.RUN,
                base.departments.ids,
                len(base.departments),
                f"{MONTH}-01",
                STAYS,
            ],
        )
        env.cr.execute("ANALYZE followup_encounter")


def _bare(env, base):
    """Return the seconds one statement takes that only orders and copies."""
    with lap(env) as peer:
        env.cr.execute(
            """
            CREATE TEMPORARY TABLE bench_sample ON COMMIT DROP AS
            SELECT id, department_id, place
              FROM (SELECT id, department_id,
                           row_number() OVER (PARTITION BY department_id
                               ORDER BY sha256(convert_to('seed:' || id, 'UTF8')))
                           AS place,
                           count(*) OVER (PARTITION BY department_id) AS size
                      FROM followup_encounter
                     WHERE company_id = %s
                       AND discharge_day BETWEEN date %s AND date %s) ranked
             WHERE place <= ceil(size * %s / 100.0)
            """,
            [base.company.id, f"{MONTH}-01", f"{MONTH}-31", PERCENT],
        )
    return peer.seconds


def _clear(env, sample):
    """Take the rows away again: they are drawn, so only SQL removes them."""
    env.cr.execute("DELETE FROM followup_sample_line WHERE sample_id = %s", [sample.id])
    env.cr.execute("DELETE FROM followup_sample WHERE id = %s", [sample.id])
    env.cr.execute("DELETE FROM followup_encounter WHERE source = 'bench-sample'")
    env.invalidate_all()
