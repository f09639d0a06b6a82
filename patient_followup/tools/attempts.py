# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When a patient who did not answer may be tried again (P-2, D-10).

Plain calculation on a `WorkCalendar`; moments are naive datetimes in UTC, hours
of the day are local floats (13.5 is 13:30).
"""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import NamedTuple

REACHED = frozenset({"reached", "reached_relative"})
UNANSWERED = frozenset({"no_answer", "busy", "off", "message_left"})
# nobody answers for himself from a wrong number: it is no attempt (P-2)
NO_ATTEMPT = frozenset({"wrong_number"})

MAX_DAYS = 31
ONE_DAY = timedelta(days=1)


class Band(NamedTuple):
    """A part of the day, from `start` up to but without `end`."""

    id: int
    start: float
    end: float


class Opening(NamedTuple):
    """Hours of a day in which a call is allowed, and the band they belong to."""

    start: float
    end: float
    band_id: int | None


class Rules(NamedTuple):
    """One attempt policy, ready to calculate with; see `make_rules`."""

    bands: tuple = ()
    openings: tuple = (Opening(0.0, 24.0, None),)
    max_attempts: int = 3
    distinct: bool = True
    gap: timedelta = timedelta()
    daily_limit: int = 0
    max_days: int = 0
    after_day: str = "next_day"


class Tally(NamedTuple):
    """The unanswered tries of one task on one local day.

    `bands` counts the tries in each band; `outside` those in no band, `close`
    those made too soon after the one before, which count for nothing.
    """

    day: date | None = None
    bands: dict = {}
    outside: int = 0
    close: int = 0

    @property
    def total(self):
        return sum(self.bands.values()) + self.outside + self.close


NO_TALLY = Tally()


# ------------------------------------------------------------
# POLICY
# ------------------------------------------------------------


def make_rules(bands=(), quiet_from=0.0, quiet_to=0.0, **values):
    """Return the rules of a policy: bands in order, quiet hours cut out."""
    bands = tuple(sorted(bands, key=lambda band: (band.start, band.id)))
    allowed = _allowed_hours(quiet_from, quiet_to)
    parts = bands or (Band(None, 0.0, 24.0),)
    openings = tuple(
        Opening(max(band.start, start), min(band.end, end), band.id)
        for band in parts
        for start, end in allowed
        if max(band.start, start) < min(band.end, end)
    )
    return Rules(bands=bands, openings=openings, **values)


def _allowed_hours(quiet_from, quiet_to):
    """Return the hours outside the quiet ones, which may span midnight."""
    if quiet_from == quiet_to:
        return ((0.0, 24.0),)
    if quiet_from > quiet_to:
        return ((quiet_to, quiet_from),)
    return ((0.0, quiet_from), (quiet_to, 24.0))


def find_band(bands, hour):
    """Return the band an hour of the day lies in, or None."""
    return next((band for band in bands if band.start <= hour < band.end), None)


def hour_of(local):
    return local.hour + local.minute / 60 + local.second / 3600


# ------------------------------------------------------------
# WHAT WAS TRIED
# ------------------------------------------------------------


def tally_day(rules, day, locals_):
    """Return the tally of the unanswered tries of a day, given as local moments."""
    bands, outside, close, last = Counter(), 0, 0, None
    for local in sorted(locals_):
        if last and local - last < rules.gap:
            close += 1
            continue
        last = local
        if band := find_band(rules.bands, hour_of(local)):
            bands[band.id] += 1
        else:
            outside += 1
    return Tally(day, dict(bands), outside, close)


def needed_bands(rules):
    """Return how many different bands complete a day."""
    return min(rules.max_attempts, len(rules.bands)) or 1


def is_complete(rules, tally):
    """Tell whether the tries of the day satisfy the policy (P-2)."""
    if rules.distinct and rules.bands:
        return len(tally.bands) >= needed_bands(rules)
    return sum(tally.bands.values()) + tally.outside >= rules.max_attempts


def judge(rules, tally):
    """Return where the day stands: none, open, same_band, too_close, complete."""
    if not tally.total:
        return "none"
    if is_complete(rules, tally):
        return "complete"
    if tally.total < rules.max_attempts:
        return "open"
    return "too_close" if tally.close else "same_band"


def dump_tally(tally):
    """Return the tally as it is stored, without days that say nothing."""
    if not tally.total:
        return False
    return {
        "day": tally.day.isoformat(),
        "bands": {str(band): number for band, number in tally.bands.items()},
        "outside": tally.outside,
        "close": tally.close,
    }


def load_tally(stored):
    if not stored:
        return NO_TALLY
    return Tally(
        date.fromisoformat(stored["day"]),
        {int(band): number for band, number in stored["bands"].items()},
        stored["outside"],
        stored["close"],
    )


# ------------------------------------------------------------
# WHAT COMES NEXT
# ------------------------------------------------------------


def next_opening(
    rules, calendar, start, tally=NO_TALLY, deadline=None, preferred=frozenset()
):
    """Return the earliest allowed moment from `start` on, and its band.

    Of what is left of a day, the bands the patient prefers come first.

    A day whose policy is complete is over: the next working day follows, or the
    next day at all where the working day would come after the deadline.
    """
    day = calendar.local_date(start)

    def open_from(first):
        return _open_from(rules, calendar, start, first, tally, preferred)

    if not (tally.day and is_complete(rules, tally)):
        return open_from(day)
    found = open_from(max(day, calendar.add_workdays(tally.day, 1)))
    if deadline and found[0] > deadline:
        earlier = open_from(max(day, tally.day + ONE_DAY))
        if earlier[0] <= deadline:
            return earlier
    return found


def _open_from(rules, calendar, start, day, tally, preferred):
    for number in range(MAX_DAYS):
        current = day + number * ONE_DAY
        left = _left_openings(rules, calendar, start, current, tally)
        liked = [found for found in left if found[1] in preferred]
        if left:
            return (liked or left)[0]
    return start, None


def _left_openings(rules, calendar, start, day, tally):
    """Return (moment, band) of each band of the day that is open and untried."""
    tried = tally.bands if rules.distinct and day == tally.day else ()
    left = []
    for opening in rules.openings:
        moment = max(start, calendar.to_utc(day, opening.start))
        is_over = moment >= calendar.to_utc(day, opening.end)
        if opening.band_id not in tried and not is_over:
            left.append((moment, opening.band_id))
    return left


def is_open(rules, calendar, now):
    """Tell whether the policy allows any call at this moment."""
    hour = hour_of(calendar.to_local(now))
    return any(opening.start <= hour < opening.end for opening in rules.openings)


# ------------------------------------------------------------
# WHEN IT HAPPENED
# ------------------------------------------------------------


def effective_moment(called_at, entered_at, late_after, limits=()):
    """Return (moment that counts for punctuality, entered late).

    A call counts from its own time only when it was entered soon after, and
    never when a limit (due date, deadline) passed in between: back-dating makes
    nothing punctual.
    """
    crossed = any(limit and called_at <= limit < entered_at for limit in limits)
    is_late = entered_at - called_at > late_after or crossed
    return (entered_at if is_late else called_at), is_late


def parse_moment(value):
    """Return a datetime in UTC from what a client sends; ValueError if unclear."""
    if not value or isinstance(value, datetime):
        return value.replace(tzinfo=None, microsecond=0) if value else None
    if not isinstance(value, str):
        raise ValueError(value)
    moment = datetime.fromisoformat(value.strip())
    if moment.tzinfo or not 1900 <= moment.year < 9999:
        raise ValueError(value)
    return moment.replace(microsecond=0)
