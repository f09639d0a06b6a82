# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The production example names only options that this Odoo knows, and no key."""

import configparser
from pathlib import Path

from odoo.tools import config

EXAMPLE = Path(__file__).parents[1] / "setup" / "production.conf"


def test_every_option_is_known_to_odoo():
    parser = configparser.RawConfigParser()
    parser.read(EXAMPLE)
    unknown = [name for name in parser["options"] if name not in config.options]
    assert parser.sections() == ["options"] and not unknown


def test_the_key_does_not_stand_in_it():
    lines = EXAMPLE.read_text().splitlines()
    assert not [line for line in lines if "KEY" in line and not line.startswith(";")]
