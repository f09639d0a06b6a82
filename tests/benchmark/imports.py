# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A discharge list of 10,000 rows, beside core's `load()` and COPY."""

from datetime import date, timedelta

from common import Figure, lap, rate

ROWS = 10_000
PEER_ROWS = 500


def measure(env, base, _args):
    rows = _rows(base, "I", ROWS)
    Encounter = env["followup.encounter"].with_company(base.company)
    with lap(env) as first:
        answer = Encounter.upsert(rows)
    assert answer["created"] == ROWS, answer["rejected"][:3]
    env.invalidate_all()
    with lap(env) as again:
        answer = Encounter.upsert(rows)
    assert answer["unchanged"] == ROWS, answer
    peer = _load(env, base)
    bare = _copy(env, rows)
    speed = ROWS / first.seconds
    return [
        Figure(
            f"list of {ROWS:,} rows imported",
            rate(ROWS, first.seconds),
            f"load() {peer:,.0f}/s",
            f"COPY {bare:,.0f}/s",
            "7 x load()",
            speed >= 7 * peer,
        ),
        Figure(
            "the same list again",
            rate(ROWS, again.seconds),
            "",
            "",
            "half the time",
            again.seconds <= first.seconds / 2,
        ),
    ]


def _rows(base, prefix, count):
    today = date.today()
    return [
        {
            "source": "bench",
            "number": f"{prefix}{index}",
            "mrn": f"{prefix}{index}",
            "patient_name": f"Patient {index}",
            "sex": "female",
            "birthdate": str(date(1950, 1, 1) + timedelta(days=index)),
            "encounter_class": "inpatient",
            "department": base.departments[index % len(base.departments)].name,
            "admission_date": str(today - timedelta(days=9)),
            "discharge_date": str(today - timedelta(days=1)),
            "discharge_diagnosis": "Hypertension",
            "contacts": [
                {
                    "relation": "self",
                    "phone": f"138{index:08d}",
                    "is_primary": True,
                }
            ],
        }
        for index in range(count)
    ]


def _load(env, base):
    """Return rows per second of core's import for patient, contact and stay."""
    company = str(base.company.id)
    people = [
        [f"Loaded {index}", f"L{index}", company, f"137{index:08d}", "self"]
        for index in range(PEER_ROWS)
    ]
    with lap(env) as peer:
        done = env["followup.patient"].load(
            [
                "name",
                "mrn",
                "company_id/.id",
                "contact_ids/phone",
                "contact_ids/relation",
            ],
            people,
        )
        assert done["ids"], done["messages"]
        stays = [
            [
                str(patient_id),
                company,
                "load",
                f"L{index}",
                "inpatient",
                str(base.departments[index % len(base.departments)].id),
                f"{date.today()} 04:00:00",
                "Hypertension",
            ]
            for index, patient_id in enumerate(done["ids"])
        ]
        done = env["followup.encounter"].load(
            [
                "patient_id/.id",
                "company_id/.id",
                "source",
                "number",
                "encounter_class",
                "department_id/.id",
                "discharge_date",
                "discharge_diagnosis",
            ],
            stays,
        )
        assert done["ids"], done["messages"]
    return PEER_ROWS / peer.seconds


def _copy(env, rows):
    """Return rows per second of a COPY of the same rows into a bare table."""
    import io

    text = io.StringIO(
        "".join(
            f"{row['number']}\t{row['patient_name']}\t{row['birthdate']}"
            f"\t{row['department']}\t{row['discharge_date']}\n"
            for row in rows
        )
    )
    env.cr.execute(
        "CREATE TEMP TABLE bench_copy (number text PRIMARY KEY, name text,"
        " birthdate date, department text, discharge_date date)"
    )
    with lap(env) as peer:
        env.cr._obj.copy_expert("COPY bench_copy FROM STDIN", text)
    env.cr.execute("DROP TABLE bench_copy")
    return len(rows) / peer.seconds
