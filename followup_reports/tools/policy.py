# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The hospital's rules as rows of words: their digest, and what changed (C-26).

Rules are [[title, [[cell, ...], ...]], ...].
"""

import hashlib
import json
from collections import Counter


def digest_rules(rules):
    """Return the SHA-256 of rules, the same on every machine."""
    text = json.dumps(rules, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def compare_rules(old, new):
    """Return [(title, rows taken out, rows put in)] of two lists of sections.

    Sections are known by their place, so that a title worded anew changes nothing.
    """
    found = []
    for place in range(max(len(old), len(new))):
        title, after = new[place] if place < len(new) else (old[place][0], [])
        before = old[place][1] if place < len(old) else []
        gone, come = subtract(before, after), subtract(after, before)
        if gone or come:
            found.append((title, gone, come))
    return found


def subtract(rows, others):
    """Return the rows that are not among the others, counting equal ones."""
    left, found = Counter(map(tuple, others)), []
    for row in rows:
        if left[tuple(row)]:
            left[tuple(row)] -= 1
        else:
            found.append(row)
    return found


def clean(words):
    """Return the words of an answer without bytes no database stores."""
    return (words or "").replace("\x00", "").strip()
