# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from babel.dates import format_interval, format_skeleton

from odoo import api, fields, models
from odoo.tools import ormcache
from odoo.tools.misc import babel_locale_parse

from ..tools import schedule
from ..tools.schedule import Part, Step
from ..tools.working_time import USUAL_WEEK, WorkCalendar

DEFAULT_TZ = "Asia/Shanghai"  # D-11
# unit of a clock: unit and type of day of a step
CLOCK_UNITS = {
    "hours": ("hour", "calendar"),
    "working_hours": ("hour", "working"),
    "days": ("day", "calendar"),
    "working_days": ("day", "working"),
}
# longer lists of days off tell nobody anything
MAX_DAYS_OFF = 4


class FollowupClock(models.AbstractModel):
    """The one working-time clock (I-6, D-11, design section 9).

    Every deadline comes from here, and so does the sentence that explains it.
    It holds no data: working hours are those of the calendar of the hospital,
    free days are `followup.workday.exception`. Moments are naive, in UTC.
    """

    _name = "followup.clock"
    _description = "Working-Time Clock"

    # ------------------------------------------------------------
    # CALENDAR OF A COMPANY
    # ------------------------------------------------------------

    @api.model
    def _for_company(self, company):
        """Return the `WorkCalendar` of a hospital, the current one if empty."""
        return self._get_calendar((company or self.env.company).id)

    @api.model
    def _forget_calendars(self):
        """Drop what is remembered, in every worker, as a calendar changed."""
        self.env.registry.clear_cache()

    @ormcache("company_id")
    def _get_calendar(self, company_id):
        # sudo: callers, and patients on public pages, may not read calendars and
        # partners; only hours and dates leave this method
        company = self.env["res.company"].sudo().browse(company_id)
        calendar = company.resource_calendar_id
        weeks = self._read_weeks(calendar)
        days = self._read_exceptions(company)
        return WorkCalendar(
            calendar.tz or company.partner_id.tz or DEFAULT_TZ,
            weeks[0],
            exceptions={day.date: day.is_workday for day in days},
            published_years={day.date.year for day in days},
            names={day.date: day.name for day in days},
            second_week=weeks[1],
        )

    @ormcache("company_id", "self.env.lang")
    def _get_day_names(self, company_id):
        """Return {date: name of the holiday in the language of the user}."""
        # sudo: as for the calendar itself
        company = self.env["res.company"].sudo().browse(company_id)
        days = self._read_exceptions(company, lang=self.env.lang)
        return {day.date: day.name for day in days}

    def _read_exceptions(self, company, lang=None):
        exceptions = company.env["followup.workday.exception"]
        return exceptions.with_context(lang=lang)._search_for_company(company)

    def _read_weeks(self, calendar):
        """Return the attendances {weekday: [(from, to)]} of both weeks.

        A flexible schedule, or none, has no hours: the usual ones stand in.
        """
        weeks = ({}, {})
        for line in calendar.attendance_ids:
            if not line._is_work_period() or line.hour_to <= line.hour_from:
                continue
            hours = (line.hour_from, line.hour_to)
            for week_type, week in enumerate(weeks):
                if not calendar.two_weeks_calendar or line.week_type == str(week_type):
                    week.setdefault(int(line.dayofweek), []).append(hours)
        return weeks if any(weeks) else (USUAL_WEEK, USUAL_WEEK)

    # ------------------------------------------------------------
    # DATES
    # ------------------------------------------------------------

    @api.model
    def _local_date(self, company, moment):
        """Return the day of a moment in the zone of the hospital (D-11)."""
        return self._for_company(company).local_date(moment)

    @api.model
    def _today(self, company):
        """Return the day it is at the hospital; UTC would be hours late."""
        return self._local_date(company, fields.Datetime.now())

    @api.model
    def _deadline(self, company, start, amount, unit):
        """Return the end of a clock that starts at a moment.

        :param unit: hours, working_hours (both to the second), days (end of the
            day), working_days (end of the working day); the first day is the
            one after `start`
        :raises ValueError: unknown unit, negative amount, date out of range
        """
        return self._clock_slot(company, start, amount, unit).date_deadline

    @api.model
    def _explain_deadline(self, company, start, amount, unit):
        """Return in one sentence why `_deadline` answers what it answers."""
        found = self._clock_slot(company, start, amount, unit)
        parts = [part for part in found.explanation if part.code != "window"]
        until = found.calendar.to_local(found.date_deadline)
        return self._render_explanation(
            company, [*parts, Part("deadline", {"moment": until})]
        )

    def _clock_slot(self, company, start, amount, unit):
        if unit not in CLOCK_UNITS:
            raise ValueError(f"unknown unit of a clock: {unit!r}")
        offset_unit, day_type = CLOCK_UNITS[unit]
        step = Step(amount, offset_unit, day_type=day_type)
        return schedule.slot(step, start, self._for_company(company))

    # ------------------------------------------------------------
    # EXPLANATION
    # ------------------------------------------------------------

    @api.model
    def _explain(self, company, step, anchor, occurrence=0, anchor_kind="event"):
        """Return in one sentence when a step is due and why.

        :param Step step: of tools/schedule.py
        :param datetime anchor: in UTC
        :param anchor_kind: a value of `followup.protocol.step.anchor`
        """
        calendar = self._for_company(company)
        found = schedule.slot(step, anchor, calendar, occurrence)
        return self._explain_slot(company, found, anchor_kind)

    @api.model
    def _explain_slot(self, company, slot, anchor_kind="event"):
        """Return the sentence of a slot that is already computed."""
        parts = schedule.explain(
            slot.step, slot.anchor, slot, slot.calendar, anchor_kind
        )
        return self._render_explanation(company, parts)

    @api.model
    def _render_explanation(self, company, parts):
        """Return parts (`schedule.explain`) as a sentence for the user."""
        names = self._get_day_names((company or self.env.company).id)
        clauses = [
            getattr(self, f"_say_{part.code}")(names=names, **part.params)
            for part in parts
        ]
        # Chinese sets its own full-width signs, without a blank
        is_chinese = (self.env.lang or "").startswith("zh")
        joint, stop = ("；", "。") if is_chinese else ("; ", ".")
        return joint.join(clauses) + stop

    def _say_anchor(self, kind, moment, names):
        day = self._format_day(moment)
        match kind:
            case "discharge":
                return self.env._("Discharged %(date)s", date=day)
            case "admission":
                return self.env._("Admitted %(date)s", date=day)
            case "procedure":
                return self.env._("Operated %(date)s", date=day)
            case "encounter":
                return self.env._("Visit %(date)s", date=day)
            case "previous":
                return self.env._("Previous step done %(date)s", date=day)
        return self.env._("Start %(date)s", date=self._format_moment(moment))

    def _say_offset(self, amount, unit, day_type, day, moment, names):
        date = self._format_moment(moment) if unit == "hour" else self._format_day(day)
        if not amount:
            return self.env._("due the same day, %(date)s", date=date)
        distance = self._say_distance(amount, unit, day_type)
        return self.env._(
            "%(distance)s later is %(date)s", distance=distance, date=date
        )

    def _say_distance(self, amount, unit, day_type):
        # weeks and longer are always counted on the calendar
        working = day_type == "working" and unit in ("hour", "day")
        key = f"working_{unit}" if working else unit
        if amount == 1:
            return self._get_single_units()[key]
        return self._get_plural_units(f"{amount:g}")[key]

    def _get_single_units(self):
        return {
            "hour": self.env._("1 hour"),
            "day": self.env._("1 day"),
            "week": self.env._("1 week"),
            "month": self.env._("1 month"),
            "year": self.env._("1 year"),
            "working_hour": self.env._("1 working hour"),
            "working_day": self.env._("1 working day"),
        }

    def _get_plural_units(self, count):
        return {
            "hour": self.env._("%(count)s hours", count=count),
            "day": self.env._("%(count)s days", count=count),
            "week": self.env._("%(count)s weeks", count=count),
            "month": self.env._("%(count)s months", count=count),
            "year": self.env._("%(count)s years", count=count),
            "working_hour": self.env._("%(count)s working hours", count=count),
            "working_day": self.env._("%(count)s working days", count=count),
        }

    def _say_clamped(self, day, last, names):
        return self.env._(
            "that month has no day %(day)s, so its last day counts", day=day
        )

    def _say_moved(self, planned, day, names):
        return self.env._(
            "moved on to the next working day, %(date)s", date=self._format_day(day)
        )

    def _say_skipped(self, days_off, names):
        # of a long list the weekends are left out first: everybody knows them
        if len(days_off) > MAX_DAYS_OFF:
            days_off = sorted(days_off, key=lambda run: not run.name)
        shown = sorted(days_off[:MAX_DAYS_OFF])
        texts = [self._say_days_off(run, names) for run in shown]
        days = ", ".join(texts)
        left = sum((run.last - run.first).days + 1 for run in days_off[MAX_DAYS_OFF:])
        if left:
            return self.env._(
                "skipped: %(days)s and %(count)s other days off", days=days, count=left
            )
        return self.env._("skipped: %(days)s", days=days)

    def _say_days_off(self, run, names):
        if run.name:
            name = names.get(run.first, run.name)
        elif run.first.weekday() >= 5 and run.last.weekday() >= 5:
            name = self.env._("weekend")
        else:
            name = self.env._("no working hours")
        return f"{self._format_range(run.first, run.last)} ({name})"

    def _say_makeup(self, days, names):
        texts = [self._format_short_day(day) for day, _name in days]
        return self.env._("counted as make-up workday: %(days)s", days=", ".join(texts))

    def _say_window(self, earliest, deadline, names):
        return self.env._(
            "to be done from %(earliest)s to %(deadline)s",
            earliest=self._format_moment(earliest),
            deadline=self._format_moment(deadline),
        )

    def _say_deadline(self, moment, names):
        return self.env._("deadline %(deadline)s", deadline=self._format_moment(moment))

    def _say_unpublished(self, years, names):
        return self.env._(
            "attention: no public holidays are recorded for %(years)s",
            years=", ".join(map(str, years)),
        )

    # ------------------------------------------------------------
    # FORMATS
    # ------------------------------------------------------------

    def _get_locale(self):
        return babel_locale_parse(self.env.lang or "en_US")

    def _format_day(self, day):
        return format_skeleton("yMMMEd", day, locale=self._get_locale())

    def _format_short_day(self, day):
        return format_skeleton("MMMEd", day, locale=self._get_locale())

    def _format_range(self, first, last):
        if first == last:
            return self._format_short_day(first)
        text = format_interval(first, last, "MMMd", locale=self._get_locale())
        return text.replace("\N{THIN SPACE}", "")

    def _format_moment(self, moment):
        # 24 hours: nobody should have to guess whether 12:00 is noon
        return f"{self._format_day(moment)} {moment:%H:%M}"
