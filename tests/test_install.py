# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each addon with only its own dependencies: install, Odoo's runner, uninstall.

One database per addon goes through these tests in their order.
"""

import re
from pathlib import Path

import polib
import pytest
from lib import alone, base, database, testing

import odoo.release

ODOO = Path(odoo.release.__file__).parents[1]


class Solo:
    """A database that held nothing of the addon before, and what it held then."""

    def __init__(self, addon):
        self.addon = addon.name
        self.folders = alone.closure(addon)
        self.template = database.base("en", ODOO, self.folders)
        self.before = {}

    def install(self, name):
        """Install the addon into the database `name`, after those it depends on."""
        self.name = name
        lower = [folder.name for folder in self.folders[:-1]]
        if lower:
            database.install(name, lower)
        self.before = alone.traces(name)
        database.install(name, [self.addon])


@pytest.fixture(scope="module", params=base.addons(), ids=lambda folder: folder.name)
def solo(request):
    """Give one addon, installed alone in a throw-away database."""
    one = Solo(request.param)
    with database.copy(one.template, f"solo_{one.addon}") as name:
        one.install(name)
        yield one


def assert_clean(log):
    """Fail with the warnings and errors of a server log."""
    lines = testing.bad_log_lines(log)
    assert not lines, "\n".join(lines)


def test_installs_with_a_clean_log(solo):
    assert_clean(database.log_file(solo.name))


def test_translation_template_is_up_to_date(solo, tmp_path):
    exported = tmp_path / "now.pot"
    kept_file = base.ROOT / solo.addon / "i18n" / f"{solo.addon}.pot"
    assert kept_file.is_file(), f"{kept_file} is missing"
    base.run(
        database.odoo_command("i18n", "export", "-d", solo.name, "-l", "pot")
        + ["-o", str(exported), solo.addon],
        log="i18n.log",
        failed="The texts could not be exported.",
    )
    now = {entry.msgid for entry in polib.pofile(str(exported))}
    kept = {entry.msgid for entry in polib.pofile(str(kept_file))}
    command = f"./setup/odoo i18n export -d DATABASE -l pot zh_CN zh_TW -- {solo.addon}"
    missing, obsolete = sorted(now - kept), sorted(kept - now)
    assert not missing and not obsolete, f"{missing=} {obsolete=}: {command}"


def test_passes_in_odoos_own_runner(solo):
    log = alone.run_odoo_tests(solo.name, solo.addon)
    failed, errors, tests = alone.run_count(log)
    assert (failed, errors) == (0, 0)
    assert tests, "Odoo's runner found no test"
    assert_clean(log)
    assert not re.findall(r": skipped \S+ : .*", log.read_text(errors="replace"))


def test_uninstalls_without_a_trace(solo):
    alone.uninstall(solo.name, solo.addon)
    left = alone.left_behind(solo.before, alone.traces(solo.name))
    assert not left, "\n".join(left)
    assert_clean(base.LOGS / f"uninstall_{solo.addon}.log")


#: What follow-up keeps of the return visits made after complaints.
MADE_VISITS = (
    "SELECT task.id, task.state, task.user_input_id FROM followup_task task"
    " JOIN followup_plan plan ON plan.id = task.plan_id"
    " JOIN followup_protocol protocol ON protocol.id = plan.protocol_id"
    " WHERE protocol.code LIKE 'complaint_return%' AND task.state = 'done' ORDER BY 1"
)
#: Rows of follow-up that still know an uninstalled addon; each gives one text a row.
DANGLING = {
    "number": "SELECT res_model FROM followup_protected_value"
    " WHERE res_model LIKE 'complaint.%'",
    "protocol": "SELECT name->>'en_US' FROM followup_protocol"
    " WHERE code LIKE 'complaint_return%'"
    " AND (state <> 'retired' OR event_id IS NOT NULL)",
    "event": "SELECT code FROM followup_event WHERE code LIKE 'complaint%'",
    "open call": "SELECT task.state FROM followup_task task"
    " JOIN followup_plan plan ON plan.id = task.plan_id"
    " JOIN followup_protocol protocol ON protocol.id = plan.protocol_id"
    " WHERE protocol.code LIKE 'complaint_return%'"
    " AND task.state NOT IN ('done', 'cancelled', 'refused', 'unreachable')",
    "to-do": "SELECT res_model FROM mail_activity WHERE res_model LIKE 'complaint.%'",
}


def test_made_return_visits_outlive_the_complaints():
    """Follow-up keeps what was asked and answered, and nothing of the cases (D-13)."""
    template = database.template("zh", ODOO)
    with database.copy(template, "solo_return_visits") as name:
        made = database.query(name, MADE_VISITS)
        assert made, "The demo hospital has no return visit that was made."
        alone.uninstall(name, "patient_complaint")
        assert_clean(base.LOGS / "uninstall_patient_complaint.log")
        assert database.query(name, MADE_VISITS) == made
        left = {kind: database.query(name, sql) for kind, sql in DANGLING.items()}
        assert not any(left.values()), left
        database.update(name, ["patient_followup"])
        assert_clean(database.log_file(name))
        database.install(name, ["patient_complaint"])
        assert_clean(database.log_file(name))
        again = database.query(name, MADE_VISITS)  # its demo makes visits of its own
        assert all(visit in again for visit in made), again
