# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One addon with nothing but its own dependencies: install, test, uninstall."""

import re

from . import database
from .base import LOGS, Stop, addons, manifest, run

#: What an uninstalled addon must not leave behind; each query gives one text a row.
TRACES = {
    "table or view": "SELECT relname FROM pg_class "
    "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'S')",
    "column": "SELECT table_name || '.' || column_name FROM information_schema.columns "
    "WHERE table_schema = 'public'",
    "index": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "constraint": "SELECT conrelid::regclass || '.' || conname FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "function": "SELECT proname FROM pg_proc "
    "WHERE pronamespace = 'public'::regnamespace",
    "trigger": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "model": "SELECT model FROM ir_model",
    "field": "SELECT model || '.' || name FROM ir_model_fields",
    "selection": "SELECT f.model || '.' || f.name || '.' || s.value "
    "FROM ir_model_fields_selection s JOIN ir_model_fields f ON f.id = s.field_id",
    "setting": "SELECT key FROM ir_config_parameter",
    "group": "SELECT coalesce(name->>'en_US', '') FROM res_groups",
    "scheduled action": "SELECT cron_name FROM ir_cron",
    "number sequence": "SELECT coalesce(code, name) FROM ir_sequence",
    "mail template": "SELECT coalesce(name->>'en_US', '') FROM mail_template",
    "survey": "SELECT coalesce(title->>'en_US', '') FROM survey_survey",
    "external id": "SELECT module || '.' || name FROM ir_model_data "
    "WHERE module <> '__export__'",
    "message": "SELECT DISTINCT model FROM mail_message "
    "WHERE model NOT IN (SELECT model FROM ir_model)",
    "attachment": "SELECT DISTINCT res_model FROM ir_attachment "
    "WHERE res_model NOT IN (SELECT model FROM ir_model)",
}
#: What Odoo itself adds while modules come and go, or leaves of any uninstalled addon:
#: the external ids that its own modules gave to inherited selections and parents.
#: Counters of number series are known by the code of their series.
NOT_OURS = re.compile(
    r"^base\.module_"
    r"|^ir_sequence_\d+$"
    r"|^(?!followup_|patient_)\w+\.(selection|model_inherit)__"
)

#: Seconds after which a run of one addon's tests hangs.
RUNNER_PATIENCE = 2700


def closure(addon):
    """Return the addon and those of ours it depends on, lowest first."""
    ours = {folder.name: folder for folder in addons()}
    wanted = {addon.name}
    for folder in reversed(addons()):
        if folder.name in wanted:
            wanted.update(set(manifest(folder)["depends"]) & ours.keys())
    return [folder for folder in addons() if folder.name in wanted]


def traces(name):
    """Return {kind: set of texts} of what the database `name` holds."""
    tables = {row[0] for row in database.query(name, TRACES["table or view"])}
    kinds = {
        kind: sql
        for kind, sql in TRACES.items()
        if "survey" not in kind or "survey_survey" in tables
    }
    return {
        kind: {row[0] for row in database.query(name, sql)}
        for kind, sql in kinds.items()
    }


def left_behind(before, after):
    """Return what `after` has and `before` had not, as texts."""
    return [
        f"{kind} {text}"
        for kind, texts in after.items()
        for text in sorted(texts - before[kind])
        if not NOT_OURS.search(text)
    ]


def run_odoo_tests(name, addon):
    """Update `addon` in the database `name` with its tests; return the log file."""
    log = LOGS / f"runner_{addon}.log"
    log.unlink(missing_ok=True)
    command = database.odoo_command("-d", name, "-u", addon, "--test-tags", f"/{addon}")
    try:
        run(
            [*command, "--stop-after-init", "--http-port", free_port()],
            log=log.name,
            failed=f"Odoo's own runner fails on {addon}.",
            patience=RUNNER_PATIENCE,
        )
    except Stop as stop:
        raise Stop("\n".join([str(stop), *unhappy_tests(log)])) from None
    return log


def unhappy_tests(log):
    """Return lines that name the failed tests of a runner's log, and the last begun."""
    text = log.read_text(errors="replace")
    begun = re.findall(r"Starting (\S+) \.\.\.", text)
    return [
        *re.findall(r"(?:FAIL|ERROR): (?:Test|setUp).*", text),
        f"last: {begun[-1:]}",
    ]


def run_count(log):
    """Return (failed, errors, tests) that Odoo's runner noted in its log."""
    pattern = r"(\d+) failed, (\d+) error\(s\) of (\d+) tests"
    found = re.findall(pattern, log.read_text(errors="replace"))
    return tuple(map(int, found[-1])) if found else (0, 0, 0)


def free_port():
    """Return a port that nobody listens on."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def uninstall(name, addon):
    """Uninstall `addon` from the database `name`."""
    (LOGS / f"uninstall_{addon}.log").unlink(missing_ok=True)
    run(
        database.odoo_command("module", "uninstall", "-d", name, addon),
        log=f"uninstall_{addon}.log",
        failed=f"{addon} could not be uninstalled.",
    )
