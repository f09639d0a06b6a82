# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a clock has used up when it stops for a while, and when it warns."""

from datetime import timedelta

HOUR = timedelta(hours=1)
# whole days are counted in these, moments in the others
DAY_UNITS = ("days", "working_days")


def used(calendar, since, until, unit):
    """Return the amount of `unit` between two moments, 0 at least.

    :param calendar: the `WorkCalendar` of the hospital
    :param unit: hours, working_hours, days or working_days; days count as the
        deadline does: the first one is the day after `since`
    """
    if until <= since:
        return 0
    if unit == "hours":
        return (until - since) / HOUR
    if unit == "working_hours":
        return calendar.work_hours_between(since, until)
    first, last = calendar.local_date(since), calendar.local_date(until)
    if unit == "days":
        return (last - first).days
    return calendar.workdays_between(first, last)


def left(calendar, since, until, amount, unit):
    """Return what is left of `amount` at `until`, never less than nothing."""
    rest = max(amount - used(calendar, since, until, unit), 0)
    return int(rest) if unit in DAY_UNITS else rest


def warn_at(start, deadline, share):
    """Return the moment at which `share` percent of the time has passed.

    To the second; without a share there is no warning.
    """
    if not share or deadline <= start:
        return None
    return (start + (deadline - start) * share / 100).replace(microsecond=0)
