# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Digests of completed records and the chain they form (I-5, D-4).

Texts enter a digest as a salted hash of their own. Anonymisation deletes text
and salt and leaves the hash, so the rest of the record can still be checked.
"""

import hashlib
import hmac
import json
import secrets
from datetime import date, datetime
from typing import NamedTuple

START = "0" * 64  # what the first link of the chain follows


class Sealed(NamedTuple):
    """What is kept beside a sealed record."""

    salt: str
    text_digest: str
    digest: str


def seal(kind, plain, texts, salt=None):
    """Return the `Sealed` of a record.

    :param str kind: model of the record
    :param dict plain: values that stay for ever: numbers, dates, ids, choices
    :param dict texts: values that anonymisation may delete
    """
    salt = salt or secrets.token_hex(16)
    text_digest = digest_texts(salt, texts)
    return Sealed(salt, text_digest, digest_record(kind, plain, text_digest))


def digest_texts(salt, texts):
    return hmac.new(bytes.fromhex(salt), _canonical(texts), hashlib.sha256).hexdigest()


def digest_record(kind, plain, text_digest):
    return hashlib.sha256(_canonical([kind, plain, text_digest])).hexdigest()


def link(previous, number, kind, record_id, digest):
    """Return the hash of one link: of the one before it and of a record's digest."""
    return hashlib.sha256(
        _canonical([previous, number, kind, record_id, digest])
    ).hexdigest()


def check(kind, plain, texts, known):
    """Compare a record with what was sealed.

    :param Sealed known: as stored; without salt the texts were deleted
    :return: `intact`, `anonymised` or `altered`
    """
    if digest_record(kind, plain, known.text_digest) != known.digest:
        return "altered"
    if not known.salt:
        return "altered" if any(texts.values()) else "anonymised"
    intact = hmac.compare_digest(digest_texts(known.salt, texts), known.text_digest)
    return "intact" if intact else "altered"


def _canonical(value):
    """Return bytes that are the same on every machine."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), default=_plain
    ).encode()


def _plain(value):
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be sealed")
