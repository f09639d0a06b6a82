# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo's own linter (its addon test_lint), run on our addons alone."""

from pathlib import Path

import pytest

from odoo.modules import Manifest
from odoo.tests import BaseCase, TransactionCase

from odoo.addons.test_lint.tests import (
    test_dunderinit,
    test_i18n,
    test_index,
    test_jstranslate,
    test_manifests,
    test_naming,
    test_onchange_domains,
    test_orm_import,
    test_override_signatures,
    test_pofile,
    test_routes,
    test_test_holes,
)

ROOT = Path(__file__).parents[1]
ADDONS = sorted(path.parent.name for path in ROOT.glob("*/__manifest__.py"))
MODULES = [
    test_dunderinit,
    test_i18n,
    test_index,
    test_jstranslate,
    test_manifests,
    test_naming,
    test_onchange_domains,
    test_orm_import,
    test_override_signatures,
    test_pofile,
    test_routes,
    test_test_holes,
]


def cases(module):
    """Return the test classes that a module of test_lint defines itself."""
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, BaseCase | TransactionCase)
        and value.__module__ == module.__name__
    ]


@pytest.fixture(autouse=True)
def only_our_addons(monkeypatch):
    """Show the linters no addon but ours."""
    manifests = [Manifest.for_addon(name) for name in ADDONS]
    monkeypatch.setattr(Manifest, "all_addon_manifests", lambda: manifests)
    monkeypatch.setattr(test_pofile, "get_modules", lambda: ADDONS)


for module in MODULES:
    for case in cases(module):
        # pytest collects the test classes it finds among a module's names.
        globals()[f"Test_{module.__name__.rpartition('.')[2]}_{case.__name__}"] = case
