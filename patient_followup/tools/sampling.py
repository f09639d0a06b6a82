# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fair choice by a keyed hash: the same key and subject choose alike for ever.

Nobody who does not hold the key can tell in advance who will be drawn (E-8).
"""

import hashlib
import hmac

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
