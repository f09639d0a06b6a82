# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The linters find nothing, and the requirements resolve on every Python."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ADDONS = sorted(path.parent.name for path in ROOT.glob("*/__manifest__.py"))
BIN = Path(sys.executable).parent


def check(*command):
    """Run a tool in the project's folder; fail with what it says when it complains."""
    env = dict(os.environ, UV_SYSTEM_CERTS="1", PYTHONWARNINGS="ignore")
    done = subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail((done.stdout + done.stderr).strip(), pytrace=False)
    return done.stdout


def test_ruff():
    check("ruff", "check", "--no-cache", "--output-format=concise", ".")


def test_ruff_format():
    check("ruff", "format", "--no-cache", "--check", ".")


#: Rules of the tools that do not fit here, each with the reason.
NOT_HERE = {
    # An addon's pages are the files of its readme/ folder, not one README.rst.
    "missing-readme",
    # A large model is cut into files of one concern each (tests/test_idioms.py).
    "consider-merging-classes-inherited",
    # Does not know `_ = self.env._`; test_idioms.py forbids the import of `_`.
    "prefer-env-translation",
}
NOT_HERE_IN_XML = {
    # Odoo reads a field's text by its type, and writes its own data so.
    "xml-field-numeric-without-eval",
}


@pytest.mark.parametrize("addon", ADDONS)
def test_pylint_odoo(addon):
    rules = ",".join(sorted(NOT_HERE))
    check("pylint", "--rcfile=.pylintrc", f"--disable={rules}", "-j2", addon)


@pytest.mark.parametrize("addon", ADDONS)
def test_oca_checks(addon):
    rules = ",".join(sorted(NOT_HERE_IN_XML))
    check("oca-checks-odoo-module", f"--disable={rules}", f"{addon}/__manifest__.py")


@pytest.mark.parametrize("python", ["3.10", "3.11", "3.12", "3.13"])
def test_requirements_resolve_from_wheels_alone(python):
    """Every package has a wheel for this Python and stands in the list with its pin."""
    resolved = check(
        *("uv", "pip", "compile", "--quiet", "--no-annotate", "--no-header"),
        *("--only-binary", ":all:", "--python-version", python, "requirements.txt"),
    )
    listed = (ROOT / "requirements.txt").read_text()
    pins = {pin.lower() for pin in re.findall(r"(?m)^[\w.-]+==[^\s;]+", listed)}
    assert set(resolved.lower().split()) <= pins


def test_wheels_are_complete():
    check(sys.executable, "setup/package")
