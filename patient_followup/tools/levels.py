# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How the two levels of follow-up hang together, without a database (T-8, V-3)."""

from datetime import date, timedelta
from typing import NamedTuple

CONFIRMED = "confirmed"
NOT_REMEMBERED = "not_remembered"
CONTRADICTED = "contradicted"
NO_SUCH_CALL = "no_such_call"


class Claim(NamedTuple):
    """A level 1 call in which, by the record, somebody was reached."""

    day: date  # local day of the call
    by_relative: bool = False


class Told(NamedTuple):
    """What was answered about that call."""

    called: bool | None = None  # None: does not remember
    day: date | None = None  # about when, if said
    by_relative: bool = False


def gate(deadline, level_one):
    """Return until when a level 2 call waits for open level 1 calls, or None.

    It waits for those whose latest date leaves it time of its own: a level 1
    contact in three months holds up no level 2 call in a fortnight.

    :param datetime deadline: latest date of the level 2 call
    :param level_one: latest dates of the open level 1 calls
    """
    return max((late for late in level_one if late < deadline), default=None)


def match(told, claims, tolerance):
    """Return what the answer says of the recorded calls, or None.

    Without a recorded call there is nothing to verify. Somebody who was not the
    one on the phone cannot say that the call did not take place.

    :param Told told: the answer, None where it was not asked
    :param list claims: recorded level 1 calls
    :param int tolerance: days by which memory may differ from the record
    """
    if told is None or not claims:
        return None
    if told.called is None:
        return NOT_REMEMBERED
    if told.called:
        return _match_day(told.day, claims, timedelta(days=tolerance))
    if all(claim.by_relative != told.by_relative for claim in claims):
        return NOT_REMEMBERED
    return NO_SUCH_CALL


def _match_day(day, claims, tolerance):
    if day is None:
        return CONFIRMED
    near = any(abs(claim.day - day) <= tolerance for claim in claims)
    return CONFIRMED if near else CONTRADICTED


def told_from(called, when, by_relative=False):
    """Return what an answer means.

    :param str called: code of the chosen answer: "yes", "no", anything else means
        that he does not remember
    :param when: a day as text, or nothing that counts
    """
    answers = {"yes": True, "no": False}
    return Told(answers.get(called), _read_day(when), by_relative)


def _read_day(text):
    try:
        return date.fromisoformat(text[:10])
    except (TypeError, ValueError):
        return None
