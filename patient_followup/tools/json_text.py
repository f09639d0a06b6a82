# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""JSON that strangers send."""

import json
import re

MAX_DEPTH = 50
# a whole string (also one that never ends), or one bracket
_PART = re.compile(r'"(?:[^"\\]|\\.?)*+"?|[\[{]|[\]}]', re.DOTALL)


def read_json(text):
    """Return the value of a JSON text.

    Counts the brackets before it reads: Python's reader goes to the end of its stack
    for a text of nothing but brackets, and whatever else happens there fails too.

    :raises ValueError: no JSON, or nested deeper than MAX_DEPTH
    """
    depth = 0
    for part in _PART.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(part[0], 0)
        if depth > MAX_DEPTH:
            raise ValueError("nested too deep")
    return json.loads(text)
