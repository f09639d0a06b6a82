# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When a step of a protocol is due, and why (T-1 to T-25, I-6).

Everything here is plain calculation on a `WorkCalendar`; moments are naive
datetimes in UTC. Whatever cannot be computed raises ValueError.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import NamedTuple

from .working_time import WorkCalendar

UNITS = ("hour", "day", "week", "month", "year")
DAY_TYPES = ("calendar", "working")
DAYS_PER_UNIT = {"day": 1, "week": 7}
MONTHS_PER_UNIT = {"month": 1, "year": 12}


@dataclass(frozen=True, slots=True)
class Step:
    """How far from its anchor a step lies.

    `offset_target`, `repeat_every` and `repeat_until` are in `offset_unit`,
    `days_before` and `days_after` in days of `day_type`. A step that repeats
    with `repeat_until` 0 goes on without end.
    """

    offset_target: int
    offset_unit: str
    days_before: int = 0
    days_after: int = 0
    day_type: str = "calendar"
    repeat_every: int = 0
    repeat_until: int = 0

    def __post_init__(self):
        if self.offset_unit not in UNITS:
            raise ValueError(f"unknown unit {self.offset_unit!r}")
        if self.day_type not in DAY_TYPES:
            raise ValueError(f"unknown type of day {self.day_type!r}")
        if min(self.offset_target, self.days_before, self.days_after) < 0:
            raise ValueError("a step lies after its anchor: no negative numbers")
        if min(self.repeat_every, self.repeat_until) < 0:
            raise ValueError("a repetition goes forward: no negative numbers")

    @property
    def is_working(self):
        return self.day_type == "working"

    def amount(self, occurrence):
        """Return the distance of an occurrence from the anchor, in the unit."""
        return self.offset_target + occurrence * self.repeat_every


class Slot(NamedTuple):
    """The window of one occurrence, in UTC, and the local day it is due."""

    occurrence: int
    date_earliest: datetime
    date_due: datetime
    date_deadline: datetime
    due_date: date
    # what it was computed from; kept so that it can be explained when asked
    step: Step
    anchor: datetime
    calendar: WorkCalendar

    @property
    def explanation(self):
        return explain(self.step, self.anchor, self, self.calendar)


class Part(NamedTuple):
    """One thing to say about a slot: a code and the values its sentence needs."""

    code: str
    params: dict


class DaysOff(NamedTuple):
    """Neighbouring days nobody works for the same reason; no name: weekend."""

    first: date
    last: date
    name: str


def add_months(day, months):
    """Return the same day of a later month, or the last one that month has."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return day.replace(year=year, month=month, day=_clamp(year, month, day.day))


def _clamp(year, month, day):
    if not 1 <= year <= 9999:
        raise ValueError(f"the year {year} leaves the calendar")
    return min(day, monthrange(year, month)[1])


def add_units(day, amount, unit):
    """Return the calendar day so many days, weeks, months or years later."""
    if unit in MONTHS_PER_UNIT:
        return add_months(day, amount * MONTHS_PER_UNIT[unit])
    return _shift(day, amount * DAYS_PER_UNIT[unit])


def _shift(day, days):
    try:
        return day + timedelta(days=days)
    except OverflowError as error:
        raise ValueError(f"{days} days from {day} leave the calendar") from error


# ------------------------------------------------------------
# SLOTS
# ------------------------------------------------------------


def slot(step, anchor, calendar, occurrence=0):
    """Return the window of one occurrence of a step (design, time rules).

    Nothing starts before the anchor: nobody is called home before discharge.
    """
    if step.offset_unit == "hour":
        return _hour_slot(step, anchor, calendar, occurrence)
    working = step.is_working
    due_day = _due_day(step, anchor, calendar, occurrence)
    first_day = _move(due_day, -step.days_before, working, calendar)
    last_day = _move(due_day, step.days_after, working, calendar)
    bounds = calendar.work_bounds if working else calendar.day_bounds
    earliest = max(bounds(first_day)[0], anchor)
    due = max(bounds(due_day)[1], earliest)
    deadline = max(bounds(last_day)[1], due)
    return Slot(occurrence, earliest, due, deadline, due_day, step, anchor, calendar)


def _hour_slot(step, anchor, calendar, occurrence):
    hours = step.amount(occurrence)
    if step.is_working:
        due = calendar.add_work_hours(anchor, hours)
    else:
        due = calendar.add_calendar_hours(anchor, hours)
    earliest = max(_move_moment(due, -step.days_before, step, calendar), anchor)
    deadline = max(_move_moment(due, step.days_after, step, calendar), due)
    due_day = calendar.local_date(due)
    return Slot(occurrence, earliest, due, deadline, due_day, step, anchor, calendar)


def _due_day(step, anchor, calendar, occurrence):
    start = calendar.local_date(anchor)
    amount = step.amount(occurrence)
    if not step.is_working:
        return add_units(start, amount, step.offset_unit)
    if step.offset_unit == "day":
        due_day = calendar.add_workdays(start, amount)
    else:
        # moved to the next working day, never before the calendar says
        due_day = calendar.add_workdays(add_units(start, amount, step.offset_unit), 0)
    if calendar.work_bounds(due_day)[1] <= anchor:
        # due "today" after closing time would be late before it exists
        due_day = calendar.add_workdays(due_day, 1)
    return due_day


def _move(day, days, working, calendar):
    if not days:
        return day
    return calendar.add_workdays(day, days) if working else _shift(day, days)


def _move_moment(moment, days, step, calendar):
    """Return the same local hour so many days away."""
    if not days:
        return moment
    local = calendar.to_local(moment)
    day = _move(local.date(), days, step.is_working, calendar)
    midnight = datetime.combine(local.date(), datetime.min.time())
    return calendar.to_utc(day, (local - midnight).total_seconds() / 3600)


def occurrences(step, anchor, calendar, until=None):
    """Yield the slots of a step in order.

    :param date until: last local day due that is wanted; only steps that repeat
        obey this rolling horizon, all others are known at once
    """
    if not step.repeat_every:
        yield slot(step, anchor, calendar)
        return
    if until is None and not step.repeat_until:
        raise ValueError("a repetition without end needs a horizon")
    for occurrence in count():
        amount = step.amount(occurrence)
        if occurrence and step.repeat_until and amount > step.repeat_until:
            return
        found = slot(step, anchor, calendar, occurrence)
        if until and found.due_date > until:
            return
        yield found


# ------------------------------------------------------------
# EXPLANATION
# ------------------------------------------------------------


def explain(step, anchor, slot, calendar, anchor_kind="event"):
    """Return why a slot lies where it lies, as a list of parts without words.

    `followup.clock` turns the parts into a sentence in the language of the user.
    Codes: anchor, offset, clamped, moved, skipped, makeup, window, unpublished.
    """
    start = calendar.local_date(anchor)
    planned = _planned_day(step, start, slot.occurrence)
    parts = [
        Part("anchor", {"kind": anchor_kind, "moment": calendar.to_local(anchor)}),
        Part("offset", _offset_params(step, slot, planned, calendar)),
    ]
    if step.offset_unit in MONTHS_PER_UNIT and planned.day != start.day:
        parts.append(Part("clamped", {"day": start.day, "last": planned}))
    if planned and planned != slot.due_date:
        parts.append(Part("moved", {"planned": planned, "day": slot.due_date}))
    if step.is_working:
        # what is off counts from the anchor, or from the day that was moved
        first_counted = planned or start + timedelta(days=1)
        parts += _working_parts(start, first_counted, slot, calendar)
    window = {
        "earliest": calendar.to_local(slot.date_earliest),
        "deadline": calendar.to_local(slot.date_deadline),
    }
    parts.append(Part("window", window))
    return parts


def _planned_day(step, start, occurrence):
    """Return the day the calendar alone gives, None where days are counted."""
    amount = step.amount(occurrence)
    if step.offset_unit == "hour":
        return None
    if step.is_working and step.offset_unit == "day":
        return None if amount else start
    return add_units(start, amount, step.offset_unit)


def _offset_params(step, slot, planned, calendar):
    return {
        "amount": step.amount(slot.occurrence),
        "unit": step.offset_unit,
        "day_type": step.day_type,
        "day": planned or slot.due_date,
        "moment": calendar.to_local(slot.date_due),
    }


def _working_parts(start, first_counted, slot, calendar):
    parts = []
    days = [
        date.fromordinal(ordinal)
        for ordinal in range(first_counted.toordinal(), slot.due_date.toordinal() + 1)
    ]
    if days_off := group_days_off(days, calendar):
        parts.append(Part("skipped", {"days_off": days_off}))
    if makeup := [day for day in days if calendar.is_makeup_workday(day)]:
        named = [(day, calendar.names.get(day, "")) for day in makeup]
        parts.append(Part("makeup", {"days": named}))
    last = calendar.local_date(slot.date_deadline)
    if years := calendar.missing_years(start, last):
        parts.append(Part("unpublished", {"years": years}))
    return parts


def group_days_off(days, calendar):
    """Return the runs of neighbouring days off of equal name as `DaysOff`."""
    runs = []
    for day in days:
        if calendar.is_workday(day):
            continue
        name = calendar.names.get(day, "")
        follows = runs and (day - runs[-1].last).days == 1
        if follows and runs[-1].name == name:
            runs[-1] = runs[-1]._replace(last=day)
        else:
            runs.append(DaysOff(day, day, name))
    return runs
