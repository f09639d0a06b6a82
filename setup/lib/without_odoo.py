# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Replaces the fixtures of pytest-odoo, which would stop every plain test."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Load nothing."""


@pytest.fixture(scope="session", autouse=True)
def load_http():
    """Serve nothing."""


@pytest.fixture(scope="module", autouse=True)
def enable_odoo_test_flag():
    """Flag nothing."""
