# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which target holds for a figure: the most particular one (V-1 ... V-5)."""

from typing import NamedTuple


class Target(NamedTuple):
    """What a target demands; False where it does not care."""

    kpi: str
    value: float
    level: object = False
    department: object = False  # id; holds for the departments below it
    unit_type: object = False
    encounter_class: object = False
    scope: str = "any"  # any, hospital, department
    own: bool = False  # of this hospital rather than of all


class Subject(NamedTuple):
    """A figure: its department with those above it, nearest first."""

    kpi: str
    level: object = False
    departments: tuple = ()  # empty: the whole hospital
    unit_type: object = False
    encounter_class: object = False


def best(targets, subject):
    """Return the most particular target that fits a figure, or None.

    A department counts more than a type of unit, that more than a class, that more
    than a level, that more than a scope; the hospital's own comes before the shared.
    """
    fitting = [target for target in targets if _fits(target, subject)]
    return max(fitting, key=lambda target: _rank(target, subject), default=None)


def _fits(target, subject):
    scope = "department" if subject.departments else "hospital"
    return (
        target.kpi == subject.kpi
        and target.scope in ("any", scope)
        and target.level in (False, subject.level)
        and target.unit_type in (False, subject.unit_type)
        and target.encounter_class in (False, subject.encounter_class)
        and (not target.department or target.department in subject.departments)
    )


def _rank(target, subject):
    near = 0
    if target.department:
        near = len(subject.departments) - subject.departments.index(target.department)
    return (
        near,
        bool(target.unit_type),
        bool(target.encounter_class),
        bool(target.level),
        target.scope != "any",
        target.own,
    )
