# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Penalty bands: half-open, so that no share belongs to two of them (W-3)."""

from typing import NamedTuple

FULL = 100.0


class Band(NamedTuple):
    """`lower <= share < upper`, in percent; without upper: that and more."""

    lower: float
    upper: float | None = None
    key: object = None


def find(bands, share):
    """Return the band a share in percent falls into, or None.

    Of bands that overlap the one that begins higher counts.
    """
    fitting = [
        band
        for band in bands
        if band.lower <= share and (band.upper is None or share < band.upper)
    ]
    return max(fitting, key=lambda band: band.lower, default=None)


def gaps(bands):
    """Return [(from, to)] of the shares up to 100 % that no band holds.

    (100, 100) says that only the full share itself is left out.
    """
    found, reached, open_end = [], 0.0, False
    for band in sorted(bands, key=lambda band: band.lower):
        if band.lower > reached and not open_end:
            found.append((reached, band.lower))
        open_end = open_end or band.upper is None
        reached = max(reached, FULL if band.upper is None else band.upper)
    if not open_end and reached <= FULL:
        found.append((reached, FULL))
    return found


def overlaps(bands):
    """Return [(from, to)] of the shares that two bands hold."""
    found, ordered = [], sorted(bands, key=lambda band: band.lower)
    for before, band in zip(ordered, ordered[1:], strict=False):
        end = FULL if before.upper is None else before.upper
        if band.lower < end:
            found.append((band.lower, min(end, band.upper or end)))
    return found
