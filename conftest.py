# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What holds for every test run: nothing is skipped, the server log stays clean.

`./setup/test` prepares a database and calls pytest with it. Plain `pytest` runs the
tests that need none.
"""

import logging
import os
import re
import sys
from pathlib import Path

import freezegun
import pytest

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT / "setup"))

from lib import testing, without_odoo  # noqa: E402  (found through the line above)

#: Which test classes run, by Odoo's tags: "standard", or the tag of a special database.
TAG = os.environ.get("FOLLOWUP_TEST_TAG", "standard")


class LogWatch(logging.Handler):
    """Collects the warnings and errors that reach the server log."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.ignored = testing.ignored_log_lines()
        self.lines = []

    def emit(self, record):
        """Keep the record as a line unless it is on the ignore list."""
        line = f"{record.levelname} {record.name}: {record.getMessage()}"
        if not self.ignored(line):
            self.lines.append(line)

    def fail_on_lines_since(self, count):
        """Fail the running test when lines came after the first `count`."""
        new = self.lines[count:]
        if new:
            pytest.fail(
                "The server log is not clean:\n" + "\n".join(new), pytrace=False
            )


WATCH = LogWatch()


def _has_database(config):
    """Tell whether pytest-odoo runs with a configuration, by its own rule."""
    if not config.pluginmanager.hasplugin("odoo"):
        return False
    options = ("--odoo-database", "--odoo-config")
    return bool(any(map(config.getoption, options)) or os.environ.get("ODOO_RC"))


def pytest_configure(config):
    """Watch the log of a run inside Odoo; else make plain tests possible."""
    if _has_database(config):
        logging.getLogger().addHandler(WATCH)
        # A frozen clock in a test must not stop the one that times the tests.
        freezegun.configure(extend_ignore_list=["_pytest.timing"])
        return
    config.pluginmanager.register(without_odoo)
    for argument in config.args:
        path = Path(argument.split("::")[0]).resolve()
        if testing.needs_database(path) or path.parent in testing.addons():
            raise pytest.UsageError(f"./setup/test {argument} prepares its database.")


def pytest_ignore_collect(collection_path, config):
    """Leave out what needs a database when there is none."""
    return not _has_database(config) and testing.needs_database(collection_path) or None


def pytest_collection_modifyitems(config, items):
    """Keep the tests of this run's tag; those of special databases run on their own."""
    left_out = [item for item in items if TAG not in _tags(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if TAG in _tags(item)]


def _tags(item):
    """Return the Odoo tags of a test; plain pytest tests are standard or soak."""
    plain = {"soak" if item.path.parent.name == "soak" else "standard"}
    return getattr(getattr(item, "cls", None), "test_tags", plain)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    """Fail a test whose setup writes warnings."""
    count = len(WATCH.lines)
    result = yield
    WATCH.fail_on_lines_since(count)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Fail a test that writes warnings."""
    count = len(WATCH.lines)
    result = yield
    WATCH.fail_on_lines_since(count)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn a skipped test into a failed one."""
    return _not_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """Turn a skipped test file into a failed one."""
    return _not_skipped((yield))


def _not_skipped(report):
    """Return `report`, failed with the reason when it was skipped."""
    if report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return report
    reason = report.longrepr
    if isinstance(reason, tuple):
        reason = re.sub("^Skipped: ", "", str(reason[2]))
    report.outcome = "failed"
    report.longrepr = f"A skipped test proves nothing. Its reason: {reason}"
    return report
