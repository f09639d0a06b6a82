# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Playing the past: what is done inside was done at another moment."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields


@contextmanager
def at(moment):
    """Let fields.Datetime.now() answer this moment (UTC); for demo data only."""
    moment = moment.replace(microsecond=0)
    with patch.object(fields.Datetime, "now", staticmethod(lambda *_args: moment)):
        yield
