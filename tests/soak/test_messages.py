# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An interface that sends everything three times at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

SENDERS = 3
MESSAGES = 200


def test_each_message_three_times_at_once_is_one_stay_and_no_error(house):
    with house.served() as log_in, ThreadPoolExecutor(SENDERS) as pool:
        senders = [log_in(house.sender) for _sender in range(SENDERS)]
        for number in range(MESSAGES):
            answers = _send_at_once(pool, senders, _row(number))
            outcomes = sorted(
                (answer["created"], answer["unchanged"], len(answer["rejected"]))
                for answer in answers
            )
            assert outcomes == [(0, 1, 0), (0, 1, 0), (1, 0, 0)], answers
            assert len({answer["ids"][0] for answer in answers}) == 1
    counts = house.figures(
        "SELECT count(*), count(DISTINCT number), count(DISTINCT patient_id)"
        " FROM followup_encounter WHERE source = 'triple'"
    )
    assert counts == (MESSAGES,) * 3
    (tasks,) = house.figures(
        "SELECT count(*) FROM followup_task task"
        " JOIN followup_encounter stay ON stay.id = task.encounter_id"
        " WHERE stay.source = 'triple'"
    )
    assert tasks == MESSAGES * house.steps


def _row(number):
    today = date.today()
    return {
        "source": "triple",
        "number": f"T{number}",
        "mrn": f"T{number}",
        "patient_name": f"Patient T{number}",
        "birthdate": "1960-05-17",
        "department": "Ward 007",
        "admission_date": str(today - timedelta(days=9)),
        "discharge_date": str(today - timedelta(days=1)),
        "contacts": [{"phone": "13800000001"}],
    }


def _send_at_once(pool, senders, row):
    """Return the answers to the same message of all senders."""
    barrier = threading.Barrier(len(senders))

    def send(sender):
        barrier.wait(timeout=30)
        return sender.call("followup.encounter", "upsert", [row])

    return list(pool.map(send, senders))
