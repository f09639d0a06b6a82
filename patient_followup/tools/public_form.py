# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a browser posts, read into plain values; strange posts lose their strange part.

Answers are named `q` and the number of the question. Values are judged by the one
door for answers, not here.
"""

import re
from datetime import date

from .answers import CHOICES, MISSING
from .json_text import read_json
from .values import BAD_TEXT, EDGES

KEY = re.compile(r"q?([0-9]{1,9})", re.ASCII)
DIGITS = re.compile(r"[0-9]{1,4}", re.ASCII)
MAX_LINES = 500


def read_text(value, limit):
    """Return text that a database can keep, cut to `limit`; "" for anything else."""
    if not isinstance(value, str):
        return ""
    text = BAD_TEXT.sub("", value.replace("\r\n", "\n")).strip(EDGES)
    return text[:limit].strip(EDGES)


def read_form(questions, form):
    """Return {question id: value} of a whole form without scripts.

    A question whose field was not sent stays as it is.

    :param questions: of `survey.survey._followup_definition()`
    :param form: a werkzeug MultiDict
    """
    answers = {}
    for question in questions:
        sent = form.getlist(f"q{question['id']}")
        if sent:
            answers[question["id"]] = _value(question, sent)
    return answers


def _value(question, sent):
    chosen = [value for value in sent if value != ""]
    for name in MISSING:
        if name in chosen:
            return {name: True}
    if question["type"] in CHOICES:
        return chosen[:MAX_LINES]
    return chosen[0] if chosen else None


def read_answers(text):
    """Return {question id: value} of one JSON object, {} for anything else."""
    try:
        data = read_json(text) if isinstance(text, str) else None
    except ValueError:
        return {}
    if not isinstance(data, dict):
        return {}
    answers = {}
    for key, value in list(data.items())[:MAX_LINES]:
        if match := KEY.fullmatch(key):
            answers[int(match[1])] = value
    return answers


def read_day(form):
    """Return `YYYY-MM-DD` of three fields, or "" where they are no day."""
    parts = [_digits(form.get(f"birth_{name}")) for name in ("year", "month", "day")]
    if not all(parts):
        return ""
    try:
        return str(date(*map(int, parts)))
    except ValueError:
        return ""


def _digits(value):
    text = read_text(value, 10)
    # full-width digits are digits to a Chinese keyboard
    text = text.translate({0xFF10 + n: str(n) for n in range(10)})
    return text if DIGITS.fullmatch(text) else ""


def read_ids(values):
    """Return the ids among texts that were sent."""
    return [int(match[1]) for one in values if (match := KEY.fullmatch(str(one)))]
