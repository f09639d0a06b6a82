# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A 25 % sample of 200,000 stays, per department, beside bare SQL (V-3)."""

import hospital
from common import Figure, lap

STAYS = 200_000
PERCENT = 25
MONTH = "2031-01"


def measure(env, base, _args):
    """Fill, draw, and take everything back: what is drawn is never deleted."""
    with env.cr.savepoint() as savepoint:
        figures = _measure(env, base)
        env.invalidate_all()
        savepoint.rollback()
    return figures


def _measure(env, base):
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
    count = env["followup.sample.line"].search_count([("sample_id", "=", sample.id)])
    bare = _bare(env, sample.copy())
    return [
        Figure(
            f"{PERCENT} % sample of {sample.population_count:,} stays,"
            f" {count:,} drawn, {ours.queries} queries",
            f"{ours.seconds:.1f} s",
            "",
            f"{bare:.1f} s",
            "2 x bare SQL",
            ours.seconds <= 2 * bare,
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


def _bare(env, sample):
    """Return the seconds of one statement that orders and writes the same lines."""
    with lap(env) as peer:
        env.cr.execute(
            """
            INSERT INTO followup_sample_line (sample_id, company_id, subject,
                   stratum_key, rank, is_reserve, department_id, encounter_id,
                   patient_id, state)
            SELECT %(sample)s, company_id, id, department_id, place, FALSE,
                   department_id, id, patient_id, 'open'
              FROM (SELECT id, company_id, department_id, patient_id,
                           row_number() OVER (PARTITION BY department_id
                               ORDER BY sha256(convert_to('seed:' || id, 'UTF8')))
                           AS place,
                           count(*) OVER (PARTITION BY department_id) AS size
                      FROM followup_encounter
                     WHERE company_id = %(company)s
                       AND discharge_day BETWEEN %(first)s AND %(last)s) ranked
             WHERE place <= ceil(size * %(percent)s / 100.0)
            """,
            {
                "sample": sample.id,
                "company": sample.company_id.id,
                "first": sample.date_from,
                "last": sample.date_to,
                "percent": PERCENT,
            },
        )
    return peer.seconds
