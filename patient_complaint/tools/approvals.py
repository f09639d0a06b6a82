# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an approver approves, as one digest; plain functions without a database."""

import hashlib
import json
from typing import NamedTuple


class Tier(NamedTuple):
    """One tier that a resolution has to pass, as it would be frozen now."""

    rule: object  # the first rule that asks for it
    reasons: tuple  # words, one of each rule
    users: object  # who may decide
    notes: tuple  # words: who was passed over
    short: int  # how many deciders are missing
    may_bulk: bool  # whether several may be approved together


def canonical(value):
    """Return plain data as text that is the same wherever it is made."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )


def content_hash(content):
    """Return the SHA-256 of a resolution's content as hexadecimal text."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def passes(severity, amount, bounds, order):
    """Tell whether severity and amount lie within the bounds of a rule.

    :param bounds: (lowest, highest severity or False, from, up to or None)
    :param order: codes of severities, the mildest first
    """
    lowest, highest, amount_from, amount_to = bounds
    rank = order.index(severity) if severity in order else 0
    if lowest and rank < order.index(lowest):
        return False
    if highest and rank > order.index(highest):
        return False
    if amount_from and amount < amount_from:
        return False
    return amount_to is None or amount <= amount_to
