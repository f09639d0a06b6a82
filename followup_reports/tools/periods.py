# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Half months, months, quarters and years, without a database (K-2, K-12)."""

from datetime import date, timedelta

PERIODS = [
    ("half_month", "Half Month"),
    ("month", "Month"),
    ("quarter", "Quarter"),
    ("year", "Year"),
]
DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "year": 12}
HALF = 15  # last day of the first half of a month (K-2)


def period_of(kind, day):
    """Return (first day, last day) of the period in which a day lies.

    :param str kind: `half_month`, `month`, `quarter` or `year`
    """
    if kind == "half_month":
        return _half_of(day)
    months = MONTHS[kind]
    first = date(day.year, day.month - (day.month - 1) % months, 1)
    return first, _month_after(first, months) - DAY


def period_before(kind, first):
    """Return (first day, last day) of the period before one that begins then."""
    return period_of(kind, first - DAY)


def period_name(kind, first):
    """Return the neutral name of a period: 2026-03, 2026-03a, 2026-Q1, 2026."""
    if kind == "year":
        return f"{first.year}"
    if kind == "quarter":
        return f"{first.year}-Q{(first.month + 2) // 3}"
    half = "" if kind == "month" else "a" if first.day <= HALF else "b"
    return f"{first.year}-{first.month:02}{half}"


def _half_of(day):
    first = day.replace(day=1)
    if day.day <= HALF:
        return first, day.replace(day=HALF)
    return day.replace(day=HALF + 1), _month_after(first, 1) - DAY


def _month_after(first, months):
    index = first.month - 1 + months
    return date(first.year + index // 12, index % 12 + 1, 1)
