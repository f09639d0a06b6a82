# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Recurring windows of checks, such as the 20th to the 30th of each month (V-6)."""

from datetime import date, timedelta
from typing import NamedTuple

DAY = timedelta(days=1)


class Window(NamedTuple):
    """When a recurring check is due, and what it looks at."""

    start: date  # first day of its period; names the window
    opens: date
    closes: date
    first: date  # first and last day of the period before: what is checked
    last: date


def period_of(day, recurrence):
    """Return (first day, last day) of the week, month or quarter of a day."""
    if recurrence == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    months = 3 if recurrence == "quarter" else 1
    month = day.month - (day.month - 1) % months
    first = date(day.year, month, 1)
    index = first.month - 1 + months
    return first, date(first.year + index // 12, index % 12 + 1, 1) - DAY


def window_of(day, recurrence, day_from, day_to):
    """Return the window within the period of a day.

    :param str recurrence: `week`, `month` or `quarter`
    :param int day_from: first day of the window in its period, from 1
    :param int day_to: last one; both end with the period at the latest
    """
    first, last = period_of(day, recurrence)
    opens = min(first + timedelta(days=max(day_from, 1) - 1), last)
    closes = min(first + timedelta(days=max(day_to, day_from, 1) - 1), last)
    before = period_of(first - DAY, recurrence)
    return Window(first, opens, closes, *before)


def latest_window(day, recurrence, day_from, day_to):
    """Return the last window that has opened by that day."""
    window = window_of(day, recurrence, day_from, day_to)
    if window.opens <= day:
        return window
    return window_of(window.start - DAY, recurrence, day_from, day_to)
