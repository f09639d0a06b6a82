# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What reports with days in common tell together, without a database (I-11, Y-10).

A month minus its first half, a quarter minus two of its months, a second version
minus the first are reports nobody made. Their figures are protected as if somebody
had: what stands for few in such a difference is left out of the report that comes
later, with one neighbour more where the total would tell it. What was left out of an
earlier report of the same days is left out again.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

LEVEL, DEPARTMENT, KEY = 0, 1, 2
WHOLE = None
# counted at each level of follow-up, and over both of them in the scorecard
ACROSS = ("base", "tried", "on_time", "effective")


class Figure(NamedTuple):
    """A line of a report: where it stands, and what it counts how often.

    The place is (level, department, key), each of them `None` for the whole.
    """

    id: int
    place: tuple
    numbers: tuple  # ((quantity, number), ...)


@dataclass
class Sheet:
    """What readers know of one report: numbers shown, and places kept back."""

    first: object
    last: object
    shown: dict = field(default_factory=dict)  # {quantity: {place: number}}
    hidden: dict = field(default_factory=dict)  # {quantity: {place}}
    both: dict = field(default_factory=dict)  # {quantity: {place}}: over both levels

    @classmethod
    def of(cls, first, last, figures, shown):
        """Return what figures tell of which those with some ids are shown."""
        sheet = cls(first, last)
        for figure in figures:
            if figure.id in shown:
                for quantity, number in figure.numbers:
                    sheet.shown.setdefault(quantity, {})[figure.place] = number
        for figure in figures:
            for quantity, number in figure.numbers:
                if number and figure.place not in sheet.shown.get(quantity, ()):
                    sheet.hidden.setdefault(quantity, set()).add(figure.place)
        sheet._add_levels()
        return sheet

    def _add_levels(self):
        """Add up the levels: whoever knows all of them knows their sum."""
        for quantity in {*self.shown, *self.hidden}:
            if quantity[0] not in ACROSS:
                continue
            shown = self.shown.setdefault(quantity, {})
            hidden = self.hidden.setdefault(quantity, set())
            self.both[quantity] = {place for place in shown if not place[LEVEL]}
            hidden |= {over_levels(place) for place in hidden}
            sums = {}
            for place, number in shown.items():
                if place[LEVEL] and over_levels(place) not in hidden:
                    whole = over_levels(place)
                    sums[whole] = sums.get(whole, 0) + number
            shown.update((place, n) for place, n in sums.items() if place not in shown)

    @property
    def days(self):
        return (self.last - self.first).days + 1

    def holds(self, other):
        return self.first <= other.first and other.last <= self.last

    def meets(self, other):
        return self.first <= other.last and other.first <= self.last

    def is_of_same_days(self, other):
        return (self.first, self.last) == (other.first, other.last)


def over_levels(place):
    return (WHOLE, *place[1:])


def find_telling(first, last, figures, shown, known, least):
    """Return the ids of figures that known reports turn into figures of few.

    :param date first: first day of the new report
    :param date last: its last day
    :param figures: all its `Figure`s
    :param shown: ids of those that its own protection leaves
    :param known: `Sheet`s readers know, the newest first
    :param int least: a figure stands for so many at least
    """
    met = Sheet(first, last)
    out = set()
    while any(sheet.meets(met) for sheet in known):
        left = set(shown) - out
        new = Sheet.of(first, last, figures, left)
        places = _carried(new, known)
        for quantity, rest in _rests(new, known):
            before = _hidden_before(quantity, known)
            places |= {(quantity, place) for place in _few(rest, least)}
            places |= {(quantity, place) for place in _lonely(rest, least, before)}
        kept_back = {
            (quantity, figure.place)
            for figure in figures
            if figure.id in out
            for quantity, _number in figure.numbers
        }
        places |= _alone(new, kept_back, least, known)
        found = {
            figure.id
            for figure in figures
            if figure.id in left and _is_at(figure, places)
        }
        if not found:
            break
        out |= found
    return out


def _hidden_before(quantity, known):
    """Return {place: days of the longest earlier report that kept it back}."""
    found = {}
    for sheet in known:
        for place in sheet.hidden.get(quantity, ()):
            found[place] = max(found.get(place, 0), sheet.days)
    return found


def count_few(figures, others, least):
    """Return how many figures differ by few from those of another version."""
    before = {figure.place: {} for figure in others}
    for figure in others:
        before[figure.place].update(figure.numbers)
    return sum(
        any(
            0 < abs(number - before.get(figure.place, {}).get(quantity, 0)) < least
            for quantity, number in figure.numbers
        )
        for figure in figures
    )


def _is_at(figure, places):
    return any(
        {(quantity, figure.place), (quantity, over_levels(figure.place))} & places
        for quantity, _number in figure.numbers
    )


def _carried(new, known):
    """Return what an earlier report of some of the days kept back."""
    places = set()
    for sheet in known:
        if not (sheet.meets(new) or _completes(new, sheet, known)):
            continue
        for quantity, numbers in new.shown.items():
            hidden = sheet.hidden.get(quantity, set())
            places |= {(quantity, place) for place in numbers if place in hidden}
            # one level is kept back here, both together are known from there
            both = sheet.both.get(quantity, set())
            mine = new.hidden.get(quantity, set())
            places |= {(quantity, place) for place in both & mine}
    return places


def _completes(new, sheet, known):
    """Tell whether a longer report less the new one and others leaves a known one."""
    for whole in known:
        if not (whole.holds(new) and whole.holds(sheet)):
            continue
        parts = [new, sheet]
        beside = [
            other
            for other in known
            if whole.holds(other) and not _meets_any(other, parts)
        ]
        parts += _cover(beside)
        if sum(part.days for part in parts) == whole.days:
            return True
    return False


# ------------------------------------------------------------
# DIFFERENCES
# ------------------------------------------------------------


def _rests(new, known):
    """Yield (quantity, {place: number}) of each report nobody made."""
    for quantity, numbers in new.shown.items():
        others = [sheet for sheet in known if quantity in sheet.shown]
        inside = []
        for sheet in others:
            seen = sheet.shown[quantity]
            if sheet.is_of_same_days(new):
                yield quantity, _minus(numbers, [seen])
            elif new.holds(sheet):
                inside.append(sheet)
            elif sheet.holds(new):
                beside = [
                    other
                    for other in others
                    if sheet.holds(other) and not other.meets(new)
                ]
                parts = [other.shown[quantity] for other in _cover(beside)]
                whole = {place: seen.get(place, 0) for place in numbers}
                yield quantity, _minus(whole, [numbers, *parts])
        if inside:
            parts = [other.shown[quantity] for other in _cover(inside)]
            yield quantity, _minus(numbers, parts)


def _minus(whole, parts):
    return {
        place: number - sum(part.get(place, 0) for part in parts)
        for place, number in whole.items()
    }


def _cover(sheets):
    """Return reports without a day in common, the longest and newest first."""
    found = []
    for sheet in sorted(sheets, key=lambda sheet: sheet.first - sheet.last):
        if not _meets_any(sheet, found):
            found.append(sheet)
    return found


def _meets_any(sheet, others):
    return any(sheet.meets(other) for other in others)


def _few(numbers, least):
    return {place for place, number in numbers.items() if 0 < abs(number) < least}


def _lonely(numbers, least, before):
    """Return the smallest part of each total that minus its parts leaves few."""
    few = _few(numbers, least)
    for total, parts in _totals(numbers, numbers):
        told = [place for place in parts if place not in few]
        rest = numbers[total] - sum(numbers[place] for place in told)
        if total not in few and 0 < abs(rest) < least:
            yield _neighbour(told, numbers, before, total)


def _alone(new, kept_back, least, known):
    """Return a neighbour for what would be all that is kept back of a total."""
    found = set()
    for quantity, numbers in new.shown.items():
        hidden = new.hidden.get(quantity, set())
        for total, parts in _totals(numbers, {*numbers, *hidden}):
            out = [place for place in parts if place in hidden]
            told = [place for place in parts if place in numbers]
            rest = numbers[total] - sum(numbers[place] for place in told)
            if not any((quantity, place) in kept_back for place in out):
                continue
            if len(out) == 1 or 0 < rest < least:
                before = _hidden_before(quantity, known)
                found.add((quantity, _neighbour(told, numbers, before, total)))
    return found


def _totals(numbers, places):
    """Yield (place of a total, places of its parts), by department and by key."""
    for axis in (DEPARTMENT, KEY):
        groups = {}
        for place in places:
            if place[axis] is WHOLE:
                continue
            total = (*place[:axis], WHOLE, *place[axis + 1 :])
            kind = place[KEY][0] if axis == KEY else None
            groups.setdefault((total, kind), []).append(place)
        for (total, _kind), parts in groups.items():
            if total in numbers:
                yield total, sorted(parts, key=str)


def _neighbour(told, numbers, before, total):
    """Return the part to keep back, too: kept back before for long, or the smallest.

    What counts nothing hides nothing and comes last; without a part, the total.
    """
    return min(
        told,
        key=lambda place: (
            numbers[place] == 0,
            -before.get(place, 0),
            abs(numbers[place]),
        ),
        default=total,
    )
