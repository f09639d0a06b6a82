# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The steps that every command begins with."""

import contextlib

from . import database, odoo_source, postgres, python_env
from .base import FIRST_RUN_BYTES, STATE, addons, alone, check_disk


@contextlib.contextmanager
def ready():
    """Prepare Python, Odoo and PostgreSQL; give Odoo's folder for the `with` block."""
    with alone():
        odoo = programs()
    with postgres.server():
        database.configure(odoo)
        yield odoo


def programs():
    """Install Python packages and Odoo; return Odoo's folder."""
    addons()
    if not (STATE / "stamps" / "venv").exists():
        check_disk(STATE, FIRST_RUN_BYTES)
    python_env.ensure()
    return odoo_source.ensure()
