# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A discharge list of 10,000 rows, beside core's `load()` and COPY."""

from contextlib import contextmanager
from datetime import date, timedelta

from common import Figure, lap, rate

ROWS = 10_000
PEER_ROWS = 500
TURNS = 1  # with more, the quickest counts, for both sides


PATIENT_COLUMNS = (
    "name",
    "mrn",
    "sex",
    "birthdate",
    "company_id/.id",
    "contact_ids/phone",
    "contact_ids/relation",
    "contact_ids/is_primary",
)
STAY_COLUMNS = (
    "patient_id/.id",
    "company_id/.id",
    "source",
    "number",
    "encounter_class",
    "department_id/.id",
    "admission_date",
    "discharge_date",
    "discharge_diagnosis",
)


def measure(env, base, _args):
    env = env(context={})  # tracking is on, as for the Import button
    with _no_protocols(env):
        firsts = [_import(env, base, f"I{turn}-") for turn in range(TURNS)]
        peer = max(_load(env, base, f"L{turn}-") for turn in range(TURNS))
    first, again, rows = min(firsts, key=lambda laps: laps[0])
    bare = _copy(env, rows)
    speed = ROWS / first
    return [
        Figure(
            f"list of {ROWS:,} new patients, numbers and stays imported",
            rate(ROWS, first),
            f"load() {peer:,.0f}/s",
            f"COPY {bare:,.0f}/s",
            "7 x load()",
            speed >= 7 * peer,
        ),
        Figure(
            "the same list again",
            rate(ROWS, again),
            "",
            "",
            "half the time",
            again <= first / 2,
        ),
    ]


@contextmanager
def _no_protocols(env):
    """Measure the import alone: making tasks is a figure of its own."""
    protocols = env["followup.protocol"].search([("state", "=", "active")])
    env.flush_all()
    _set_state(env, protocols, "draft")
    yield
    _set_state(env, protocols, "active")


def _set_state(env, protocols, state):
    env.cr.execute(
        "UPDATE followup_protocol SET state = %s WHERE id = ANY(%s)",
        (state, protocols.ids),
    )
    env.invalidate_all()
    env.registry.clear_cache()


def _import(env, base, prefix):
    """Return the seconds of a list and of the same list again, and its rows."""
    rows = _rows(base, prefix, ROWS)
    Encounter = env["followup.encounter"].with_company(base.company)
    with lap(env) as first:
        answer = Encounter.upsert(rows)
    assert answer["created"] == ROWS, answer["rejected"][:3]
    env.invalidate_all()
    with lap(env) as again:
        answer = Encounter.upsert(rows)
    assert answer["unchanged"] == ROWS, answer
    return first.seconds, again.seconds, rows


def _rows(base, prefix, count):
    today = date.today()
    return [
        {
            "source": "bench",
            "number": f"{prefix}{index}",
            "mrn": f"{prefix}{index}",
            "patient_name": f"Patient {prefix}{index}",
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
                    "phone": _phone("138", prefix, index),
                    "is_primary": True,
                }
            ],
        }
        for index in range(count)
    ]


def _load(env, base, prefix):
    """Return rows per second of core's import for patient, contact and stay."""
    company = str(base.company.id)
    people = [
        [
            f"Loaded {prefix}{index}",
            f"{prefix}{index}",
            "female",
            str(date(1950, 1, 1) + timedelta(days=index)),
            company,
            _phone("137", prefix, index),
            "self",
            "1",
        ]
        for index in range(PEER_ROWS)
    ]
    with lap(env) as peer:
        done = env["followup.patient"].load(list(PATIENT_COLUMNS), people)
        assert done["ids"], done["messages"]
        done = env["followup.encounter"].load(
            list(STAY_COLUMNS), list(_stay_rows(base, prefix, done["ids"]))
        )
        assert done["ids"], done["messages"]
    return PEER_ROWS / peer.seconds


def _stay_rows(base, prefix, patient_ids):
    today = date.today()
    for index, patient_id in enumerate(patient_ids):
        yield [
            str(patient_id),
            str(base.company.id),
            "load",
            f"{prefix}{index}",
            "inpatient",
            str(base.departments[index % len(base.departments)].id),
            f"{today - timedelta(days=9)} 04:00:00",
            f"{today - timedelta(days=1)} 04:00:00",
            "Hypertension",
        ]


def _phone(start, prefix, index):
    return f"{start}{int(prefix[1:-1]):02d}{index:06d}"


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
