# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Return codes of printed questionnaires: short, mistakes are noticed, no ids.

A number is turned into ten characters by a keyed permutation: the same paper can
be printed again, nothing is stored, and a code tells nothing without the key. A
code is no right: whoever types it needs the right to the record.
"""

import hashlib
import hmac
import unicodedata

#: Crockford's letters: no I, L, O, U, which people misread.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("ILOU", "110V")
LENGTH = 10
HALF = 25  # bits of either half
MASK = (1 << HALF) - 1
ROUNDS = 6
#: zeros above the number: what one code of a quarter million passes by chance
CHECK = 18
LARGEST = 1 << (2 * HALF - CHECK)


def encode(number, key):
    """Return the code of a number, in two groups: 7KQ2M-X4PZT.

    :param int number: from 0 to 2 ** 32 - 1
    :param bytes key: the secret of the database
    """
    if not 0 <= number < LARGEST:
        raise ValueError(f"no code for {number}")
    left, right = number >> HALF, number & MASK
    for step in range(ROUNDS):
        left, right = right, left ^ _round(right, step, key)
    value = left << HALF | right
    text = "".join(LETTERS[value >> 5 * at & 31] for at in reversed(range(LENGTH)))
    return f"{text[:5]}-{text[5:]}"


def decode(text, key):
    """Return the number of a code as it was typed, None if it is no code."""
    text = unicodedata.normalize("NFKC", text or "").upper().translate(MISREAD)
    typed = [char for char in text if char.isalnum()]
    if len(typed) != LENGTH or not set(typed) <= set(LETTERS):
        return None
    value = 0
    for char in typed:
        value = value << 5 | LETTERS.index(char)
    left, right = value >> HALF, value & MASK
    for step in reversed(range(ROUNDS)):
        left, right = right ^ _round(left, step, key), left
    number = left << HALF | right
    return number if number < LARGEST else None


def _round(half, step, key):
    data = bytes([step]) + half.to_bytes(4, "big")
    digest = hmac.new(key, data, hashlib.sha256).digest()
    return int.from_bytes(digest[:4], "big") & MASK
