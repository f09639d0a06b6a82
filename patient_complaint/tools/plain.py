# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What strangers write, without what would only deceive who reads it."""

import re

from odoo.addons.patient_followup.tools import public_form

# marks that turn the order of letters round: "fdp.exe" reads "exe.pdf"
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def text(value, limit):
    """Return text of several lines, cut to `limit`; "" for anything else."""
    return TURNS.sub("", public_form.read_text(value, limit))


def line(value, limit):
    """Return text of one line, cut to `limit`; "" for anything else."""
    return " ".join(text(value, limit).split())
