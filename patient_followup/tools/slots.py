# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which times a weekly template offers, without a database (B-3).

Hours are floats of the local day (13.5 is 13:30), days local dates; moments are
naive and in UTC.
"""

from typing import NamedTuple

MINUTES = 60


class Week(NamedTuple):
    """When a template runs."""

    weekdays: frozenset  # 0 is Monday
    on_makeup_days: bool  # also on make-up workdays (调休)
    on_free_days: bool  # also where the hospital's own week is free
    hour_from: float
    hour_to: float
    minutes: int


def runs_on(week, day, calendar):
    """Tell whether the template runs on a day; never on a public holiday.

    :param calendar: `WorkCalendar` of the hospital
    """
    if calendar.exceptions.get(day) is False:
        return False
    if calendar.is_makeup_workday(day):
        return week.on_makeup_days
    if day.weekday() not in week.weekdays:
        return False
    return week.on_free_days or calendar.is_workday(day)


def cut(hour_from, hour_to, minutes):
    """Return the (start, end) hours of whole slots; a rest too short is left out.

    :raises ValueError: no length, or an end before the beginning
    """
    first, last = round(hour_from * MINUTES), round(hour_to * MINUTES)
    if minutes <= 0 or last <= first:
        raise ValueError("a slot needs a length, and hours an end after their start")
    return [
        (start / MINUTES, (start + minutes) / MINUTES)
        for start in range(first, last - minutes + 1, minutes)
    ]


def moments(week, day, calendar):
    """Return the (start, end) moments in UTC that the template offers on a day."""
    if not runs_on(week, day, calendar):
        return []
    return [
        (calendar.to_utc(day, start), calendar.to_utc(day, end, end=end < 24))
        for start, end in cut(week.hour_from, week.hour_to, week.minutes)
    ]
