# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which protocols a stay calls for (E-4, T-4), as plain comparison.

A rule without a criterion accepts everything; the more criteria it sets, the
more specific it is.
"""

import re
from dataclasses import dataclass, replace
from datetime import date

_SEPARATORS = re.compile(r"[\s,;，；、]+")  # codes are typed with Chinese commas too


def split_prefixes(text):
    """Return the code prefixes of a typed list: "i10, E11" is (I10, E11)."""
    return tuple(part.upper() for part in _SEPARATORS.split(text or "") if part)


def age_at(birthdate, day):
    """Return the completed years of age on that day, None if unknown."""
    if not birthdate or not day:
        return None
    before = (day.month, day.day) < (birthdate.month, birthdate.day)
    return day.year - birthdate.year - before


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a stay; `department_path` holds the parents too."""

    company_id: int
    encounter_class: str = ""
    department_path: frozenset = frozenset()
    diagnosis_code: str = ""
    procedure_code: str = ""
    category_ids: frozenset = frozenset()
    age: int | None = None
    length_of_stay: int = 0
    disposition: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """The criteria of one protocol."""

    key: int
    sequence: int = 0
    company_id: int = 0
    is_default: bool = False
    date_from: date | None = None
    encounter_class: str = ""
    department_ids: frozenset = frozenset()
    diagnosis_prefixes: tuple = ()
    procedure_prefixes: tuple = ()
    category_ids: frozenset = frozenset()
    min_age: int = 0
    max_age: int = 0
    min_length_of_stay: int = 0
    disposition: str = ""

    @property
    def specificity(self):
        """Return how many criteria are set, the class counting least."""
        criteria = (
            self.department_ids,
            self.diagnosis_prefixes,
            self.procedure_prefixes,
            self.category_ids,
            self.min_age or self.max_age,
            self.min_length_of_stay,
            self.disposition,
        )
        return 2 * sum(map(bool, criteria)) + bool(self.encounter_class)

    @property
    def rank(self):
        """Sort key: most specific first, own hospital before shared."""
        return (-self.specificity, not self.company_id, self.sequence, self.key)

    def accepts(self, facts):
        """Tell whether the stay is of this kind, whenever it was."""
        return (
            self.company_id in (0, facts.company_id)
            and self.encounter_class in ("", facts.encounter_class)
            and self.disposition in ("", facts.disposition)
            and self.min_length_of_stay <= (facts.length_of_stay or 0)
            and _meets(self.department_ids, facts.department_path)
            and _meets(self.category_ids, facts.category_ids)
            and _starts(self.diagnosis_prefixes, facts.diagnosis_code)
            and _starts(self.procedure_prefixes, facts.procedure_code)
            and self._accepts_age(facts.age)
        )

    def _accepts_age(self, age):
        if not self.min_age and not self.max_age:
            return True
        if age is None:
            return False
        return self.min_age <= age and (not self.max_age or age <= self.max_age)

    def is_like(self, other):
        """Tell whether both fit the very same stays, in the same role."""
        own = replace(other, key=self.key, sequence=self.sequence)
        return self == replace(
            own, company_id=self.company_id, date_from=self.date_from
        )

    def has_begun(self, facts):
        """Tell whether the protocol was in force when the stay ended."""
        return not self.date_from or not facts.day or facts.day >= self.date_from


def without_patients(rules):
    """Return what the rules ask of the stay alone: who fits none of it, fits none."""
    return [
        replace(rule, category_ids=frozenset(), min_age=0, max_age=0) for rule in rules
    ]


def _meets(wanted, present):
    return not wanted or not wanted.isdisjoint(present)


def _starts(prefixes, code):
    return not prefixes or (code or "").strip().upper().startswith(prefixes)


def select(rules, facts):
    """Return (keys that apply, whether one was left out as not yet in force).

    `rules` come sorted by rank. A default applies only where nothing else
    does, and only the first of several defaults.
    """
    keys, default, too_old = [], None, False
    for rule in rules:
        if not rule.accepts(facts):
            continue
        if not rule.has_begun(facts):
            too_old = True
        elif not rule.is_default:
            keys.append(rule.key)
        elif default is None:
            default = rule.key
    if not keys and default is not None:
        keys.append(default)
    return keys, too_old
