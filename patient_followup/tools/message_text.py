# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Texts of messages: named parameters from a fixed list, nothing else (M-6).

Plain functions without a database. Nothing in a template is evaluated: a
parameter is a word in braces, and its value is text.
"""

import re
import unicodedata

# what a template may name, and what its neutral text may
PARAMS = (
    "hospital",
    "department",
    "link",
    "deadline",
    "title",
    "when",
    "where",
    "phone",
    "answer",
)
NEUTRAL_PARAMS = ("hospital", "link", "deadline", "when", "phone")
SUBJECT_PARAMS = ("hospital",)
# characters of one message, and of each part of a long one, as networks count
SINGLE_PLAIN, PART_PLAIN = 160, 153
SINGLE_WIDE, PART_WIDE = 70, 67
MAX_SMS = 500

_PARAM = re.compile(r"\{([^{}]*)\}")


def names(text):
    """Return the parameters a text names, in order."""
    return [match.strip() for match in _PARAM.findall(text or "")]


def unknown(text, allowed=PARAMS):
    """Return what stands in braces and is no allowed parameter."""
    return sorted(set(names(text)) - set(allowed))


def clean(value, lines=False):
    """Return a value as plain text: no control characters, no direction marks."""
    text = unicodedata.normalize("NFC", str(value or ""))
    kept = "".join(char for char in text if _is_kept(char, lines))
    if lines:
        return kept.strip()
    return " ".join(kept.split())


def _is_kept(char, lines):
    if char in "\n\t":
        return True
    # joiners belong to emoji and some scripts; lone surrogates to nothing
    if char in "\u200c\u200d":
        return True
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn") or (
        lines and char == "\n"
    )


def render(text, values, lines=False):
    """Return the text with its parameters filled in; unknown ones vanish.

    A value is never looked at again: braces in an answer stay braces.
    """
    words = {name: clean(value, lines) for name, value in values.items()}
    filled = _PARAM.sub(lambda match: words.get(match[1].strip(), ""), text or "")
    return clean(filled, lines) if not lines else filled.strip()


def parts(text):
    """Return how many messages a network makes of a text."""
    text = text or ""
    plain = text.isascii()
    size = len(text) if plain else len(text.encode("utf-16-be")) // 2
    single, part = (SINGLE_PLAIN, PART_PLAIN) if plain else (SINGLE_WIDE, PART_WIDE)
    if size <= single:
        return 1 if size else 0
    return -(-size // part)
