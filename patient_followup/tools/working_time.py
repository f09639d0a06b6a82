# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Working days and hours of one company, without a database (I-6).

Moments are naive datetimes in UTC, as Odoo stores them; days are local dates
in the zone of the calendar; hours of the day are floats (13.5 is 13:30).
Whatever cannot be computed raises ValueError.
"""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytz

UTC = timezone.utc

ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)
FIRST_ORDINAL = date.min.toordinal()
LAST_ORDINAL = date.max.toordinal()
# a company that keeps no working hours at all still gets deadlines
USUAL_HOURS = ((8.0, 12.0), (13.0, 17.0))
USUAL_WEEK = {weekday: USUAL_HOURS for weekday in range(5)}


def load_zone(tz):
    """Return the zone of that name, whatever the machine knows of zones.

    Odoo offers the zones of pytz; a small server may carry fewer or none.
    """
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError):
        return _load_pytz_zone(tz)


def _load_pytz_zone(tz):
    if tz not in pytz.all_timezones_set:
        raise ValueError(f"unknown time zone {tz!r}")
    with pytz.open_resource(tz) as source:
        return ZoneInfo.from_file(source, key=tz)


class Span(NamedTuple):
    """The sorted working days of a stretch of days, as ordinals."""

    first: int
    last: int
    workdays: list


def merge_hours(hours):
    """Return the (start, end) pairs sorted, joined where they touch or overlap."""
    merged = []
    for start, end in sorted((float(start), float(end)) for start, end in hours):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def total_hours(hours):
    return sum(end - start for start, end in hours)


class WorkCalendar:
    """Immutable answers to "is this a working day" and "when is it due".

    :param str tz: name of the zone, as in "Asia/Shanghai"
    :param dict attendances: {weekday 0-6: [(start hour, end hour), ...]}
    :param dict exceptions: {date: True for a make-up workday, False for a holiday}
    :param published_years: the years whose holidays are known
    :param makeup_attendance: hours of a make-up workday whose weekday is free;
        without it, those of the weekday with the most hours
    :param dict names: {date: name of the exception}
    :param dict second_week: attendances of the other week, where weeks alternate
    """

    def __init__(
        self,
        tz,
        attendances,
        exceptions=None,
        published_years=(),
        makeup_attendance=None,
        names=None,
        second_week=None,
    ):
        self.tz = tz
        self.exceptions = dict(exceptions or {})
        self.published_years = frozenset(published_years)
        self.names = dict(names or {})
        self._zone = load_zone(tz)
        self._weeks = (
            self._read_week(attendances),
            self._read_week(attendances if second_week is None else second_week),
        )
        self._makeup = merge_hours(makeup_attendance or self._fullest_day())
        self._span = None
        # conversions are the costly part of a deadline and days repeat
        self._day_bounds = {}
        self._work_bounds = {}
        self._intervals = {}

    def __repr__(self):
        return f"WorkCalendar({self.tz!r}, {len(self.exceptions)} exceptions)"

    @staticmethod
    def _read_week(attendances):
        return tuple(merge_hours(attendances.get(day, ())) for day in range(7))

    def _fullest_day(self):
        days = [hours for week in self._weeks for hours in week]
        fullest = max(days, key=total_hours)  # the first one where several are equal
        return fullest or USUAL_HOURS

    # ------------------------------------------------------------
    # DAYS
    # ------------------------------------------------------------

    def _week_hours(self, ordinal):
        # the same parity as resource.calendar.attendance.get_week_type()
        return self._weeks[(ordinal - 1) // 7 % 2][(ordinal - 1) % 7]

    def attendance(self, day):
        """Return the (start hour, end hour) pairs worked on that day."""
        is_workday = self.exceptions.get(day)
        if is_workday is False:
            return ()
        hours = self._week_hours(day.toordinal())
        return hours or (self._makeup if is_workday else ())

    def is_workday(self, day):
        is_workday = self.exceptions.get(day)
        if is_workday is None:
            return bool(self._week_hours(day.toordinal()))
        return is_workday

    def is_makeup_workday(self, day):
        """Tell whether the day is worked only because it was declared so (调休)."""
        return bool(self.exceptions.get(day)) and not self._week_hours(day.toordinal())

    def add_workdays(self, day, n):
        """Return the n-th working day after `day`, which itself does not count.

        A negative n goes back; 0 gives the day itself where it is worked, else
        the next working day.
        """
        ordinal = day.toordinal()
        if n == 0:
            ordinal, n = ordinal - 1, 1
        if not FIRST_ORDINAL <= ordinal + n <= LAST_ORDINAL:
            raise ValueError(f"{n} working days from {day} leave the calendar")
        span = self._get_span(ordinal)
        while True:
            if n > 0:
                index = bisect_right(span.workdays, ordinal) + n - 1
            else:
                index = bisect_left(span.workdays, ordinal) + n
            if 0 <= index < len(span.workdays):
                return date.fromordinal(span.workdays[index])
            span = self._widen(span, forward=n > 0)

    def workdays_between(self, start, end):
        """Return how many working days lie after `start`, up to and with `end`.

        Negative where `end` comes first, so that adding the result to `start`
        gives `end` again whenever `end` is a working day.
        """
        first, last = start.toordinal(), end.toordinal()
        self._get_span(first)
        workdays = self._get_span(last).workdays
        if first <= last:
            return bisect_right(workdays, last) - bisect_right(workdays, first)
        return bisect_left(workdays, last) - bisect_left(workdays, first)

    def _get_span(self, ordinal):
        """Return a span that holds the day, widened where needed."""
        span = self._span
        if span is None:
            return self._widen(Span(ordinal, ordinal - 1, []), forward=True)
        while ordinal < span.first:
            span = self._widen(span, forward=False)
        while ordinal > span.last:
            span = self._widen(span, forward=True)
        return span

    def _widen(self, span, forward):
        """Replace the span by one reaching further, at least two years."""
        if not any(hours for week in self._weeks for hours in week):
            raise ValueError("the calendar has no working day in its week")
        if (span.last == LAST_ORDINAL) if forward else (span.first == FIRST_ORDINAL):
            raise ValueError("the dates leave the calendar")
        reach = max(span.last - span.first, 731)
        first, last = span.first, span.last
        if forward:
            last = min(last + reach, LAST_ORDINAL)
            workdays = span.workdays + self._list_workdays(span.last + 1, last)
        else:
            first = max(first - reach, FIRST_ORDINAL)
            workdays = self._list_workdays(first, span.first - 1) + span.workdays
        # one assignment: threads may widen at once, and either result is right
        self._span = Span(first, last, workdays)
        return self._span

    def _list_workdays(self, first, last):
        is_workday, from_ordinal = self.is_workday, date.fromordinal
        return [
            ordinal
            for ordinal in range(first, last + 1)
            if is_workday(from_ordinal(ordinal))
        ]

    # ------------------------------------------------------------
    # PUBLISHED YEARS
    # ------------------------------------------------------------

    def year_is_published(self, year):
        return year in self.published_years

    def missing_years(self, start, end):
        """Return the years from one day to the other without published data."""
        years = range(min(start, end).year, max(start, end).year + 1)
        return [year for year in years if year not in self.published_years]

    # ------------------------------------------------------------
    # MOMENTS
    # ------------------------------------------------------------

    def to_local(self, moment):
        """Return the naive local time of a moment in UTC."""
        try:
            local = moment.replace(tzinfo=UTC).astimezone(self._zone)
        except OverflowError as error:
            raise ValueError(f"{moment} leaves the calendar") from error
        return local.replace(tzinfo=None, fold=0)

    def local_date(self, moment):
        """Return the day in the zone of the company (D-11)."""
        # the remembered bounds answer ten times faster than a conversion
        day = moment.date()
        start, end = self.day_bounds(day)
        if start <= moment <= end:
            return day
        if moment < start:
            return self._shift_day(day, -1)
        # the last second of a day lasts until the next day starts
        following = self._shift_day(day, 1)
        return following if moment >= self.day_bounds(following)[0] else day

    @staticmethod
    def _shift_day(day, days):
        try:
            return day + timedelta(days)
        except OverflowError as error:
            raise ValueError(f"{day} is at the end of the calendar") from error

    def to_utc(self, day, hour=0.0, end=False):
        """Return the moment at which the clock of the company shows that hour.

        In the night the clocks change an hour is missing or comes twice. A start
        then takes the first of two and the later reading of none; with `end`,
        the second of two and the earlier reading of none. So a day keeps its
        25th hour and never touches the next day. 24.0 is the next midnight.
        """
        return self._utc(
            datetime.combine(day, time.min), timedelta(minutes=round(hour * 60)), end
        )

    def _utc(self, midnight, shift, end):
        try:
            local = (midnight + shift).replace(tzinfo=self._zone, fold=int(end))
            return local.astimezone(UTC).replace(tzinfo=None)
        except OverflowError as error:
            raise ValueError(f"{midnight} leaves the calendar") from error

    def day_bounds(self, day):
        """Return the moments of 00:00:00 and 23:59:59 of the local day."""
        bounds = self._day_bounds.get(day)
        if bounds is None:
            midnight = datetime.combine(day, time.min)
            bounds = self._day_bounds[day] = (
                self._utc(midnight, timedelta(), end=False),
                self._utc(midnight, ONE_DAY - timedelta(seconds=1), end=True),
            )
        return bounds

    def work_bounds(self, day):
        """Return the moments the work of that day starts and ends.

        The end stays inside the day (23:59:59 for a shift until midnight); a day
        without work gives the bounds of the day.
        """
        bounds = self._work_bounds.get(day)
        if bounds is None:
            start, end = self.day_bounds(day)
            if intervals := self.work_intervals(day):
                start, end = intervals[0][0], min(intervals[-1][1], end)
            bounds = self._work_bounds[day] = (start, end)
        return bounds

    def work_intervals(self, day):
        """Return the (start, end) moments worked on that day."""
        intervals = self._intervals.get(day)
        if intervals is None:
            pairs = (
                (self.to_utc(day, start), self.to_utc(day, end, end=end < 24))
                for start, end in self.attendance(day)
            )
            # an hour the clock change swallows has its end before its start
            intervals = tuple(pair for pair in pairs if pair[0] < pair[1])
            self._intervals[day] = intervals
        return intervals

    def is_working_at(self, moment):
        """Tell whether that moment (naive, UTC) lies within working hours."""
        return any(
            start <= moment < end
            for start, end in self.work_intervals(self.local_date(moment))
        )

    def _iter_intervals(self, moment):
        """Yield what is worked from that moment on, in order, never twice."""
        day = self.local_date(moment)
        day = self.add_workdays(day, 0)
        while True:
            for start, end in self.work_intervals(day):
                if end > moment:
                    yield max(start, moment), end
                    moment = end
            day = self.add_workdays(day, 1)

    def add_calendar_hours(self, moment, hours):
        """Return the moment so many real hours later, nights and Sundays too."""
        try:
            return moment + timedelta(hours=hours)
        except OverflowError as error:
            raise ValueError(f"{hours} hours leave the calendar") from error

    def add_work_hours(self, moment, hours):
        """Return the moment so many worked hours (>= 0) later, breaks left out.

        A sum that ends exactly with an interval stays there: eight hours from
        08:00 end at 17:00 of that day, not at 08:00 of the next.
        """
        if hours < 0:
            raise ValueError("working hours are counted forward only")
        self.add_calendar_hours(moment, hours)  # refuses what no calendar holds
        left = timedelta(hours=hours)
        if not left:
            return moment
        for start, end in self._iter_intervals(moment):
            if end - start >= left:
                return start + left
            left -= end - start

    def work_hours_between(self, start, end):
        """Return the hours worked from one moment to a later one, else 0.0."""
        total = timedelta()
        if start >= end:
            return 0.0
        for first, last in self._iter_intervals(start):
            if first >= end:
                break
            total += min(last, end) - first
        return total / ONE_HOUR
