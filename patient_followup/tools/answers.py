# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Answers to a questionnaire: which questions are asked, what a value means.

Questions are the plain dicts of `survey.survey._followup_definition()`. Readers
return a clean value or raise `BadValue` with a code; the caller says it in words.
"""

import math
import unicodedata
from datetime import date, datetime

from .values import BadValue, read_text

CHOICES = ("simple_choice", "multiple_choice")
MISSING = ("refused", "unknown")
MAX_CHAR = 500
FIRST_YEAR, LAST_YEAR = 1900, 2100


class Missing(str):
    """Instead of an answer: "refused", or "unknown" to who was asked."""


def visible_ids(questions, values):
    """Return the ids of the questions that are asked, in their order.

    A question with a trigger is asked when one of the answers that trigger it is
    chosen in a question that is asked itself.

    :param questions: dicts in their order
    :param values: {question id: value}
    """
    shown, chosen = [], set()
    for question in questions:
        trigger = question["trigger"]
        if trigger and chosen.isdisjoint(trigger["answer_ids"]):
            continue
        shown.append(question["id"])
        value = values.get(question["id"])
        if question["type"] in CHOICES and isinstance(value, list):
            chosen.update(value)
    return shown


def read_answer(question, value):
    """Return the clean value of an answer, a `Missing`, or None to clear it.

    :raises BadValue: code `not_allowed`, `bad_choice`, `one_choice`, `alone`,
        `bad_number`, `out_of_range`, `bad_date`, `too_long`, `too_short`, `bad_text`
    """
    if value is None or value is False or value == "" or value == []:
        return None
    if isinstance(value, dict):
        return _read_missing(question, value)
    return READERS[question["type"]](question, value)


def _read_missing(question, value):
    for name in MISSING:
        if value == {name: True}:
            if not question[f"allow_{name}"]:
                raise BadValue("not_allowed")
            return Missing(name)
    raise BadValue("bad_value")


def _read_choice(question, value):
    ids = value if isinstance(value, list | tuple) else [value]
    known = {choice["id"]: choice for choice in question["choices"]}
    if not all(_is_id(item) and int(item) in known for item in ids):
        raise BadValue("bad_choice")
    ids = {int(item) for item in ids}
    if question["type"] == "simple_choice" and len(ids) > 1:
        raise BadValue("one_choice")
    if len(ids) > 1 and any(known[item]["exclusive"] for item in ids):
        raise BadValue("alone")
    return [item for item in known if item in ids]


def _is_id(item):
    """Tell an id from other values; a text of digits is one, as forms send it."""
    if isinstance(item, str):
        return item.isascii() and item.isdigit() and len(item) < 10
    return isinstance(item, int) and not isinstance(item, bool)


def _read_number(question, value):
    if isinstance(value, str):
        value = unicodedata.normalize("NFKC", value).strip()
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise BadValue("bad_number")
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise BadValue("bad_number") from None
    if not math.isfinite(number) or abs(number) > 1e9:
        raise BadValue("bad_number")
    _check_range(question, number)
    return number


def _read_scale(question, value):
    number = _read_number(question, value)
    if not number.is_integer():
        raise BadValue("bad_number")
    return int(number)


def _check_range(question, number):
    low, high = question["min"], question["max"]
    if (low is not None and number < low) or (high is not None and number > high):
        raise BadValue("out_of_range")


def _read_date(question, value):
    day = value
    if not isinstance(value, date):
        try:
            day = date.fromisoformat(_plain(value))
        except ValueError:
            raise BadValue("bad_date") from None
    return _check_date(question, day)


def _read_datetime(question, value):
    moment = value
    if not isinstance(value, datetime):
        try:
            moment = datetime.fromisoformat(_plain(value))
        except ValueError:
            raise BadValue("bad_date") from None
    if moment.tzinfo:
        raise BadValue("bad_date")
    return _check_date(question, moment.replace(microsecond=0))


def _plain(value):
    if not isinstance(value, str) or not value.isascii():
        raise ValueError
    return value.strip()


def _check_date(question, moment):
    """Return it as text, as the database and the screen write it."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise BadValue("bad_date")
    text = moment.isoformat(" ") if isinstance(moment, datetime) else str(moment)
    low, high = question["date_min"], question["date_max"]
    if (low and text < low) or (high and text > high):
        raise BadValue("out_of_range")
    return text


def _read_words(question, value):
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadValue("bad_text")
    short = question["type"] == "char_box"
    text = read_text(value, question["length_max"] or (MAX_CHAR if short else 4000))
    if text and len(text) < question["length_min"]:
        raise BadValue("too_short")
    return text or None


READERS = {
    "simple_choice": _read_choice,
    "multiple_choice": _read_choice,
    "numerical_box": _read_number,
    "scale": _read_scale,
    "date": _read_date,
    "datetime": _read_datetime,
    "char_box": _read_words,
    "text_box": _read_words,
}


def alert_of(question, value):
    """Return "red_flag", "range" or None for a clean value (X-2)."""
    if value is None or isinstance(value, Missing):
        return None
    if question["type"] in CHOICES:
        flagged = {c["id"] for c in question["choices"] if c["red_flag"]}
        return None if flagged.isdisjoint(value) else "red_flag"
    if question["type"] in ("numerical_box", "scale"):
        low, high = question["alert_min"], question["alert_max"]
        outside = (low is not None and value < low) or (
            high is not None and value > high
        )
        return "range" if outside else None
    return None


def score_of(question, value):
    """Return the score of an answer from 0 to 100, None where there is none."""
    if value is None or isinstance(value, Missing) or not question["scored"]:
        return None
    if question["type"] == "scale":
        span = question["max"] - question["min"]
        return round(100 * (value - question["min"]) / span, 2)
    scores = {choice["id"]: choice["score"] for choice in question["choices"]}
    return scores[value[0]]
