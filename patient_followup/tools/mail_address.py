# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""E-mail addresses as protected values (I-3): normalised, compared, masked."""

import re
import unicodedata

from .masking import STAR, Parsed

MAX_ADDRESS = 254  # RFC 5321
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'+/=?^_`{|}~-]{1,64}@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


def normalize(value):
    """Return the one address a text holds, or None."""
    if not isinstance(value, str) or len(value) > MAX_ADDRESS * 2:
        return None
    text = unicodedata.normalize("NFKC", value).strip()
    if len(text) > MAX_ADDRESS or not _ADDRESS.fullmatch(text):
        return None
    name, _at, domain = text.rpartition("@")
    if name.startswith(".") or name.endswith(".") or ".." in name:
        return None
    return f"{name}@{domain.lower()}"


def mask(value):
    """Return the address as screens show it.

    >>> mask("patient@example.com")
    'p****@example.com'
    """
    address = normalize(value)
    if not address:
        return STAR * 4 if value else ""
    name, _at, domain = address.rpartition("@")
    return f"{name[0]}{STAR * 4}@{domain}"


def parse(value):
    """Return `Parsed` of an address, or None."""
    address = normalize(value)
    return address and Parsed(address, address.lower(), mask(address), "")
