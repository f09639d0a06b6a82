# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fair choice by a keyed hash: the same key and subject choose alike for ever.

Nobody who does not hold the key can tell in advance who will be drawn (E-8).
"""

import hashlib
import hmac
from typing import NamedTuple

_SPAN = 1 << 64


def position(key, subject):
    """Return where a subject lies between 0 (included) and 1 (excluded).

    :param bytes key: secret of the database
    :param str subject: what is drawn, as in "12:encounter:345"
    """
    digest = hmac.new(key, subject.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") / _SPAN


def is_drawn(key, subject, percent):
    """Tell whether the subject belongs to the sample of that many percent."""
    if percent >= 100:
        return True
    return percent > 0 and position(key, subject) * 100 < percent


# ------------------------------------------------------------
# SAMPLES
#
# Whoever has the seed and the population draws the same list again, on any
# machine: order by a hash, nothing of the machine's own randomness (V-6).
# ------------------------------------------------------------

BASIS = 10_000  # shares are counted in hundredths of a percent


class Drawn(NamedTuple):
    """One subject of a sample, or of its reserve."""

    subject: int
    stratum: str
    rank: int  # from 1, within its stratum
    is_reserve: bool


class Quota(NamedTuple):
    """How many are drawn of each stratum; `share` and `reserve` of `BASIS`."""

    share: int = 0
    count: int = 0
    reserve: int = 0

    @classmethod
    def of(cls, percent=0.0, count=0, reserve_percent=0.0):
        return cls(round(percent * 100), count, round(reserve_percent * 100))

    def wanted(self, size):
        """Return how many of `size` are drawn: always at least the share."""
        share = _ceil(size * self.share)
        return min(size, max(share, self.count))

    def spare(self, size):
        """Return how many more are drawn as reserve."""
        wanted = self.wanted(size)
        return min(size - wanted, _ceil(wanted * self.reserve))


def ticket(seed, subject):
    """Return what decides the order of the draw."""
    return hashlib.sha256(f"{seed}:{subject}".encode()).digest()


def draw(seed, population, quota):
    """Return the sample with its reserve, stratum by stratum, in drawn order.

    :param str seed: stored with the sample
    :param population: (subject, stratum) pairs in any order
    :param Quota quota: how many of each stratum
    """
    strata = {}
    for subject, stratum in population:
        strata.setdefault(stratum, []).append(subject)
    rows = []
    for stratum, subjects in sorted(strata.items()):
        subjects.sort(key=lambda subject: (ticket(seed, subject), subject))
        wanted = quota.wanted(len(subjects))
        last = wanted + quota.spare(len(subjects))
        for rank, subject in enumerate(subjects[:last], start=1):
            rows.append(Drawn(subject, stratum, rank, rank > wanted))
    return rows


def population_text(population):
    """Return the population as text that does not depend on its order."""
    return "\n".join(f"{subject}\t{stratum}" for subject, stratum in sorted(population))


def read_population(text):
    """Return the pairs that `population_text` wrote."""
    pairs = (line.split("\t", 1) for line in text.split("\n") if line)
    return [(int(subject), stratum) for subject, stratum in pairs]


def population_hash(text):
    """Return the fingerprint of `population_text`."""
    return hashlib.sha256(text.encode()).hexdigest()


def _ceil(amount):
    return -(-amount // BASIS)
