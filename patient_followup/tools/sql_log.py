# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Failing statements without what patients told, in the log of the server (I-3).

Odoo logs a failing statement with its values, and two workers that meet in one
row make a statement fail every day: names and diagnoses would stand in the log.
"""

import logging
import re

LOGGER = "odoo.sql_db"
OURS = "followup_"
LITERAL = re.compile(r"'(?:[^']|'')*'")
HIDDEN = "'…'"


class HideValues(logging.Filter):
    """Take the values out of failing statements on our tables."""

    def filter(self, record):
        args = record.args
        if isinstance(args, tuple) and args and record.levelno >= logging.WARNING:
            query = args[0].decode(errors="replace") if _is_bytes(args) else args[0]
            if OURS in str(query):
                record.args = (LITERAL.sub(HIDDEN, str(query)), *map(_name, args[1:]))
        return True


def _is_bytes(args):
    return isinstance(args[0], bytes)


def _name(error):
    """Return the kind of an error; its text may quote a value or a whole row."""
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
    return " ".join(filter(None, [type(error).__name__, constraint]))


_hide_values = HideValues()


def install():
    """Watch the logger of the database; a second time changes nothing."""
    logging.getLogger(LOGGER).addFilter(_hide_values)
