# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Weighted marks of a call, without a database (V-8, V-9)."""

from typing import NamedTuple


class Points(NamedTuple):
    dimension: str
    weight: int
    share: float  # of the full mark, 0 to 1


def score(points):
    """Return (score in percent, {dimension: percent}); what has no mark is left out."""
    groups = {}
    for point in points:
        groups.setdefault(point.dimension, []).append(point)
    return _percent(points), {name: _percent(rows) for name, rows in groups.items()}


def _percent(points):
    weight = sum(point.weight for point in points)
    if not weight:
        return 0.0
    reached = sum(point.weight * point.share for point in points)
    return round(100.0 * reached / weight, 2)
