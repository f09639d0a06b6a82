# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Values that clients send to public methods, looked at before anything else."""

from datetime import date, datetime
from functools import wraps
from inspect import signature

from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.models import BaseModel

from .attempts import parse_moment

MAX_ID = 2**31 - 1


def checked(method):
    """Answer made-up values of a client in words instead of a bare error.

    What a parameter takes follows from its name (`KINDS`); others are left to
    the method. Nothing at all (None, False) is possible but for `NEEDED`. Bytes
    of zero, which no database stores, are taken out of text.
    """
    names = list(signature(method).parameters)[1:]

    @wraps(method)
    def wrapper(self, *args, **kwargs):
        if len(args) > len(names):
            return method(self, *args, **kwargs)  # which refuses them
        sent = {**dict(zip(names, args, strict=False)), **kwargs}
        for name, value in sent.items():
            nothing = (value is None or value is False) and name not in NEEDED
            if not nothing and name in KINDS and not KINDS[name](value):
                raise ValidationError(
                    self.env._("%(value)s is not possible here.", value=_show(value))
                )
            if isinstance(value, str):
                sent[name] = value.replace("\0", "")
        return method(self, **sent)

    return wrapper


def is_text(value):
    """Whether this is text that can be stored."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a character
        return False
    return True


def is_id(value):
    """Whether this is a record, or may be the id of one."""
    if isinstance(value, BaseModel):
        return True
    return (
        isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_ID
    )


def is_moment(value):
    """Whether this is a moment in UTC, or text that is read as one later."""
    return isinstance(value, datetime) or is_text(value)


def _is_read_moment(value):
    try:
        return bool(parse_moment(value))
    except ValueError:
        return False


def is_day(value):
    """Whether this is a day a calendar knows."""
    if isinstance(value, date):
        return True
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value[:10]))
    except ValueError:
        return False


def is_domain(value):
    """Whether this is a search domain; its fields are looked up later."""
    try:
        return bool(Domain(value) is not None)
    except (TypeError, ValueError):
        return False


def _is_ids(value):
    listed = value if isinstance(value, list | tuple | BaseModel) else [value]
    return all(map(is_id, listed))


def _is_reason(value):
    return is_text(value) or is_id(value)


def _is_dict(value):
    return isinstance(value, dict)


def _is_list(value):
    return isinstance(value, list | tuple | set)


def _is_days(value):
    return is_id(value) and not isinstance(value, BaseModel) and value <= 36525


def _show(value):
    return ascii(value)[:40]


KINDS = {
    **dict.fromkeys(
        (
            "advice_id",
            "attempt_id",
            "contact_id",
            "department_id",
            "specialist_id",
            "task_id",
            "template_id",
            "user_id",
        ),
        is_id,
    ),
    **dict.fromkeys(
        (
            "answer",
            "concern_type",
            "direction",
            "kind",
            "measure",
            "method",
            "metric",
            "note",
            "outcome",
            "outcome_note",
            "person",
            "result",
            "speaker",
            "text",
            "verdict",
        ),
        is_text,
    ),
    **dict.fromkeys(
        ("callback_at", "ended_at", "promised_at", "started_at", "until"), is_moment
    ),
    **dict.fromkeys(("admission_date", "date", "procedure_date"), is_day),
    **dict.fromkeys(("answers", "values"), _is_dict),
    "anchor_at": _is_read_moment,
    "day_count": _is_days,
    "domain": is_domain,
    "encounters": _is_ids,
    "items": _is_list,
    "origin_key": is_text,
    "reason": _is_reason,
    "slot": is_id,
    "task_ids": _is_ids,
}
NEEDED = {"answers", "date", "day_count", "encounters", "items", "task_ids", "values"}
