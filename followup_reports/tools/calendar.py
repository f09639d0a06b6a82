# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When a report is due, without a database (section 4, K-2 ... K-12)."""

from typing import NamedTuple

from .periods import DAY, period_before, period_of


class Due(NamedTuple):
    """A period and the day its report is due."""

    first: object
    last: object
    day: object


def due_day(last, kind, number):
    """Return the day a report of a period that ends then is due.

    :param kind: `end`: the last day itself; `after`: a day of the month after it
    :param int number: day of the month after; at most its last day
    """
    if kind == "end":
        return last
    first, end = period_of("month", last + DAY)
    return min(first.replace(day=max(min(number, end.day), 1)), end)


def latest(period_kind, kind, number, today, count):
    """Return the last `Due`s that came by a day, the oldest first.

    :param int count: how many periods back
    """
    found = []
    first, last = period_of(period_kind, today)
    while len(found) < count:
        day = due_day(last, kind, number)
        if day <= today:
            found.append(Due(first, last, day))
        first, last = period_before(period_kind, first)
    return found[::-1]
