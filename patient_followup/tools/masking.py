# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Normalise and mask phone and identity numbers and names (I-3).

Plain functions without a database. They never raise on hostile text: what is
no number comes back as None, what cannot be masked as stars.
"""

import re
import unicodedata
from typing import NamedTuple

STAR = "*"
# longer cells hold no single number, and are not worth the time
MAX_TEXT = 64
KEEP_START = 3
KEEP_END = 4

_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212\u30fc.()\[\]_/]+")
_EXTENSION = re.compile(
    r"(?:转|轉|分机|分機|内线|內線|ext\.?|x|#|,|;ext=|;)[:\s]*(\d{1,6})$"
)
_DASHED_EXTENSION = re.compile(r"^(\+?86[\s-]?)?(0\d{2,3}[\s-]\d{7,8})-(\d{1,6})$")
_FLOAT = re.compile(r"^(\d{3,15})\.0+$")
_SCIENTIFIC = re.compile(r"^\d\.(\d+)e\+?(\d{1,2})$")
_MOBILE = re.compile(r"^1[3-9]\d{9}$")
_PLAIN_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_SPLIT = re.compile(r"[/、，,;；|\n\r\t]+|\s{2,}|和|或")


class Phone(NamedTuple):
    """A number as it is dialled: national, or with + and country code."""

    number: str
    extension: str = ""

    @property
    def text(self):
        """Return the number with its extension, readable for people."""
        return f"{self.number}#{self.extension}" if self.extension else self.number

    @property
    def tel(self):
        """Return the link that dials it; the comma waits for the extension."""
        return f"tel:{self.number},{self.extension}".rstrip(",")


# ------------------------------------------------------------
# NORMALISE
# ------------------------------------------------------------


def clean(value):
    """Return the text in plain ASCII digits and letters, without invisibles."""
    if value is None or value is False or value is True:
        return ""
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value
    text = str(value)
    if len(text) > MAX_TEXT * 4:
        return ""
    if text.isascii() and text.isprintable():
        return text.strip()  # nearly every number of a list of thousands
    text = unicodedata.normalize("NFKC", text)
    return "".join(_plain_char(char) for char in text).strip()


def _plain_char(char):
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    # marks of direction, zero-width characters, NUL, lone surrogates
    if category in ("Cf", "Cs", "Co", "Cn") or char == "\0":
        return ""
    return char


def is_mobile(value):
    """Tell whether it is a mobile number as it is dialled: most are."""
    return isinstance(value, str) and bool(_PLAIN_MOBILE.fullmatch(value))


def normalize_phone(value):
    """Return a `Phone`, or None when the text is no phone number.

    >>> normalize_phone("＋86 138-0000-0001").number
    '13800000001'
    >>> normalize_phone("010-62345678转801")
    Phone(number='01062345678', extension='801')
    """
    if is_mobile(value):
        return Phone(value)
    text = clean(value).lower()
    if not text or len(text) > MAX_TEXT:
        return None
    text, extension = _take_extension(_undo_spreadsheet(text))
    digits = _SEPARATORS.sub("", text)
    international = digits.startswith(("+", "00"))
    digits = digits.removeprefix("+") if digits[:1] == "+" else digits
    digits = digits.removeprefix("00") if international else digits
    if not digits.isascii() or not digits.isdigit():
        return None
    number = _national(digits, international)
    return Phone(number, extension) if len(set(number)) > 1 else None


def _undo_spreadsheet(text):
    """Undo what a spreadsheet does to a number kept as a figure."""
    if match := _FLOAT.match(text):
        return match[1]
    match = _SCIENTIFIC.match(text)
    # fewer decimals than the exponent means that digits are already lost
    if match and len(match[1]) == int(match[2]):
        return text.split("e")[0].replace(".", "")
    return text


def _take_extension(text):
    if match := _DASHED_EXTENSION.match(text):
        return (match[1] or "") + match[2], match[3]
    if match := _EXTENSION.search(text):
        return text[: match.start()], match[1]
    return text, ""


def _national(digits, international):
    """Return the number as dialled in China, foreign ones with +, or ''."""
    if digits.startswith("86") and (international or _MOBILE.match(digits[2:])):
        digits = digits[2:]
        if international and not _MOBILE.match(digits) and digits[:1] != "0":
            digits = "0" + digits
    elif international:
        return f"+{digits}" if digits[0] != "0" and 7 <= len(digits) <= 15 else ""
    # the long-distance zero some people put before a mobile number
    if digits.startswith("0") and _MOBILE.match(digits[1:]):
        digits = digits[1:]
    # a digit too many or too few in a mobile number is a number that reaches nobody
    wrong_mobile = digits[:1] == "1" and len(digits) > 8 and not _MOBILE.match(digits)
    if wrong_mobile or not 3 <= len(digits) <= 12:
        return ""
    return digits


def split_phones(value):
    """Return the phone numbers found in a cell that may hold several."""
    whole = normalize_phone(value)
    if whole:
        return [whole]
    parts = _SPLIT.split(str(value or "")[: MAX_TEXT * 4])
    return [phone for part in parts if (phone := normalize_phone(part))]


def normalize_identity(value):
    """Return an identity or passport number in plain capitals, or None."""
    text = _SEPARATORS.sub("", clean(value)).upper()
    if not 5 <= len(text) <= 30 or not text.isascii() or not text.isalnum():
        return None
    return text if any(char.isdigit() for char in text) else None


# ------------------------------------------------------------
# MASK
# ------------------------------------------------------------


def mask_phone(value):
    """Return the number as screens show it.

    >>> mask_phone("13812345678")
    '138****5678'
    """
    phone = value if isinstance(value, Phone) else normalize_phone(value)
    if not phone:
        return STAR * 4 if clean(value) else ""
    number = phone.number
    keep_start, keep_end = _shown(len(number))
    return number[:keep_start] + STAR * 4 + number[len(number) - keep_end :]


def _shown(length):
    """Return how many digits stay readable at both ends: never most of them."""
    if length >= 11:
        return KEEP_START, KEEP_END
    if length >= 7:
        return 2, 2
    return (1, 1) if length >= 5 else (0, 0)


def mask_identity(value):
    """Return an identity number with its birthday part hidden."""
    text = normalize_identity(value)
    if not text:
        return STAR * 4 if clean(value) else ""
    keep_start, keep_end = (KEEP_START, KEEP_END) if len(text) >= 15 else (1, 2)
    hidden = len(text) - keep_start - keep_end
    return text[:keep_start] + STAR * hidden + text[len(text) - keep_end :]


def mask_name(value):
    """Return the first character of a name; the stars hide its length.

    >>> mask_name("王小明")
    '王**'
    """
    text = clean(str(value or "")[: MAX_TEXT * 4])
    return text[0] + STAR * 2 if text else ""


def is_masked(value):
    """Tell whether a text is a mask that came back from a screen."""
    return isinstance(value, str) and (STAR in value or "＊" in value)


# ------------------------------------------------------------
# KINDS
# ------------------------------------------------------------


class Parsed(NamedTuple):
    """What is kept of a protected value."""

    text: str  # what a reveal shows
    key: str  # what is compared
    mask: str  # what everybody sees
    last_four: str  # '' where four digits would give it away


def parse(kind, value):
    """Return `Parsed` for a value of kind `phone` or `identity`, or None."""
    if kind == "phone":
        phone = normalize_phone(value)
        if not phone:
            return None
        return Parsed(
            phone.text, phone.number, mask_phone(phone), _last_four(phone.number, 8)
        )
    text = normalize_identity(value)
    if not text:
        return None
    return Parsed(text, text, mask_identity(text), _last_four(text, 15))


def _last_four(text, shortest):
    return text[-KEEP_END:] if len(text) >= shortest else ""
