# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which contacts a plan still lacks, without a database (I-2, I-7).

A plan is its steps, the moments they count from and what exists already; the
answer is what to create, what to list instead, and what is still to come.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from . import schedule
from .working_time import WorkCalendar

CLOSED = ("done", "refused", "cancelled")


@dataclass(frozen=True, slots=True)
class StepSpec:
    """One step of a protocol as plain values; `vals` go into each task."""

    id: int
    anchor: str
    rule: schedule.Step
    previous_id: int = 0
    sample_percent: float = 100.0
    responsible: str = "department_team"
    user_id: int = 0
    level: str = "1"
    vals: dict = field(default_factory=dict, compare=False)


class Known(NamedTuple):
    """A task that exists already."""

    state: str
    completed_at: datetime | None = None


class Gap(NamedTuple):
    """A contact that is listed instead of created."""

    spec: StepSpec
    occurrence: int
    reason: str
    day: date | None = None


@dataclass(slots=True)
class Draft:
    """What one plan lacks."""

    slots: list = field(default_factory=list)  # of (StepSpec, Slot)
    gaps: list = field(default_factory=list)
    is_missing: bool = False  # a moment to count from is not known
    is_waiting: bool = False  # something follows later by itself
    next_day: date | None = None  # first recurrence beyond the horizon


class Planner:
    """Dates of the steps of one hospital on one day; equal questions cost once.

    :param date horizon: last day recurring steps are made for
    :param date not_before: contacts whose last day is earlier are listed as
        overdue; None makes them all
    """

    def __init__(self, calendar: WorkCalendar, horizon=None, not_before=None):
        self.calendar = calendar
        self.horizon = horizon
        self.not_before = not_before
        self._slots = {}

    def slots(self, spec, anchor):
        """Return (slots within the horizon, day of the first one beyond it)."""
        key = (spec.id, anchor)
        found = self._slots.get(key)
        if found is None:
            found = self._slots[key] = self._compute(spec.rule, anchor)
        return found

    def _compute(self, rule, anchor):
        slots = list(
            schedule.occurrences(rule, anchor, self.calendar, until=self.horizon)
        )
        if not rule.repeat_every:
            return slots, None
        count = len(slots)
        if count and rule.repeat_until and rule.amount(count) > rule.repeat_until:
            return slots, None
        return slots, schedule.slot(rule, anchor, self.calendar, count).due_date

    def is_overdue(self, slot):
        """Tell whether the contact is later than is still made up for."""
        if self.not_before is None:
            return False
        return self.calendar.local_date(slot.date_deadline) < self.not_before

    def draft(self, specs, anchors, known, is_drawn):
        """Return what a plan lacks.

        :param dict anchors: {kind of anchor: moment or None}
        :param dict known: {(step id, occurrence): Known}
        :param is_drawn: tells of a step whether the plan is in its sample
        """
        draft = Draft()
        for spec in specs:
            if spec.sample_percent < 100 and not is_drawn(spec):
                continue
            if spec.anchor == "previous":
                anchor = self._follow(spec, known, draft)
            else:
                anchor = anchors.get(spec.anchor)
                if not anchor:
                    draft.is_missing = True
                    draft.gaps.append(Gap(spec, 0, "missing_anchor"))
            if anchor:
                self._add(spec, anchor, known, draft)
        return draft

    def _follow(self, spec, known, draft):
        """Return when the step before was done, if it was."""
        before = known.get((spec.previous_id, 0))
        if before and before.state == "done":
            return before.completed_at
        if before and before.state in CLOSED:
            draft.gaps.append(Gap(spec, 0, "previous_not_done"))
        else:
            draft.is_waiting = True
        return None

    def _add(self, spec, anchor, known, draft):
        slots, next_day = self.slots(spec, anchor)
        for slot in slots:
            if (spec.id, slot.occurrence) in known:
                continue
            if self.is_overdue(slot):
                gap = Gap(spec, slot.occurrence, "overdue", slot.due_date)
                draft.gaps.append(gap)
            else:
                draft.slots.append((spec, slot))
        if next_day and (draft.next_day is None or next_day < draft.next_day):
            draft.next_day = next_day
