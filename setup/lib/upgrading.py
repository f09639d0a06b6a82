# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An earlier revision of the addons, installed, brought to the present, compared."""

import json
import re
import subprocess

from . import alone, database, testing
from .base import LOGS, ROOT, STATE, Stop, addons, remove, say

#: Tables that hold what a module is made of, not what people entered.
STRUCTURE = (
    "^(ir_|base_module_|bus_|res_groups_implied|res_device|.*_wizard|rule_group)"
)
#: Kinds of traces in which an upgraded database equals a newly installed one.
ALIKE = ("table or view", "column", "index", "constraint", "function", "trigger")
ALIKE += ("model", "field", "selection")
#: What a module is made of, known by external ids.
PARTS = (
    "SELECT model || ' ' || module || '.' || name FROM ir_model_data WHERE model IN"
    " ('ir.ui.view', 'ir.ui.menu', 'ir.rule', 'ir.model.access', 'ir.cron',"
    " 'res.groups', 'mail.template', 'mail.activity.type', 'ir.actions.act_window',"
    " 'ir.actions.server', 'ir.actions.client', 'ir.actions.report')"
)
#: The log file of the old installation, and that of the upgrade.
OLD_LOG, NEW_LOG = LOGS / "upgrade_from.log", LOGS / "upgrade.log"


def unpack(revision):
    """Return the folder with the addons of a git revision, unpacked anew.

    Stops in words where there is no history to take it from.
    """
    folder = STATE / "upgrade" / _commit(revision)[:12]
    remove(folder)
    folder.mkdir(parents=True)
    archive = _git("archive", "--format=tar", folder.name)
    subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
    return folder


def _commit(revision):
    """Return the full name of a commit."""
    if _git("rev-parse", "--git-dir", missing="") == b"":
        raise Stop(
            "This folder has no history (it is no git clone), so there is no "
            "earlier state to upgrade from."
        )
    found = _git("rev-parse", "--verify", "-q", f"{revision}^{{commit}}", missing="")
    if found:
        return found.decode().strip()
    if _git("rev-parse", "--is-shallow-repository").strip() == b"true":
        raise Stop(
            f"This clone is shallow and its history does not reach {revision}: "
            "git fetch --unshallow brings it."
        )
    raise Stop(f"{revision} is no commit of this clone.")


def _git(*arguments, missing=None):
    """Return what git prints; on an error `missing`, or stop when that is None."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True)
    if not done.returncode:
        return done.stdout
    if missing is None:
        raise Stop(f"git {arguments[0]}: {done.stderr.decode().strip()}")
    return missing.encode()


def install_old(name, folder):
    """Install the addons in `folder` with their demo into the database `name`."""
    configured = database.CONF.read_text()
    paths = re.search(r"(?m)^addons_path = (.*)$", configured)[1].split(",")
    paths = [str(folder) if path == str(ROOT) else path for path in paths]
    option = f"--addons-path={','.join(paths)}"
    names = [addon.name for addon in addons(folder)]
    database.install(name, names, ["--with-demo", option])
    database.shell(name, "link_seals.py", options=[option])
    database.log_file(name).replace(OLD_LOG)
    return names


def count(name):
    """Return {table or table.column: rows, or values that are there}."""
    columns = database.query(
        name,
        "SELECT c.table_name, c.column_name FROM information_schema.columns c "
        "JOIN pg_class r ON r.relname = c.table_name AND r.relkind = 'r' "
        "AND r.relnamespace = 'public'::regnamespace "
        f"WHERE c.table_schema = 'public' AND c.table_name !~ '{STRUCTURE}'",
    )
    tables = {}
    for table, column in columns:
        tables.setdefault(table, []).append(column)
    found = {}
    for table, names in sorted(tables.items()):
        values = ", ".join(f'count("{column}")' for column in names)
        (row,) = database.query(name, f'SELECT count(*), {values} FROM "{table}"')
        found[table] = int(row[0])
        pairs = zip(names, row[1:], strict=True)
        found |= {f"{table}.{column}": int(value) for column, value in pairs}
    return found


def lost(before, after):
    """Return texts about rows and values that were there before and are not now."""
    return [
        f"{key}: {number} before, {after.get(key, 'gone')} now"
        for key, number in before.items()
        if number and after.get(key, 0) < number
    ]


def bring_up(name, names):
    """Upgrade the addons `names`; return the lines that no log may hold."""
    database.update(name, names)
    return testing.bad_log_lines(database.log_file(name))


def examine(name):
    """Return texts about seals, columns and views that are not as they must be."""
    answer = STATE / "upgrade" / f"{name}.json"
    names = ",".join(addon.name for addon in addons())
    database.shell(name, "check_upgrade.py", MODULES=names, ANSWER=answer)
    result = json.loads(answer.read_text())
    remove(answer)
    say(f"Seals: {result['seals']}")
    return result["problems"]


def differences(fresh, name, names):
    """Return what the upgraded database has more or less than a new one.

    What is lacking is told only where the revision had all addons `names` of today.
    """
    new, old = _parts(fresh), _parts(name)
    lacking = len(names) == len(addons()) and alone.left_behind(old, new)
    return [
        *(f"left over: {text}" for text in alone.left_behind(new, old)),
        *(f"not brought: {text}" for text in lacking or ()),
    ]


def _parts(name):
    """Return {kind: set of texts} of what the addons are made of in a database."""
    found = alone.traces(name)
    parts = {row[0] for row in database.query(name, PARTS)}
    return {kind: found[kind] for kind in ALIKE} | {"part": parts}


def report(title, lines):
    """Print what was found under a title; return whether it is nothing."""
    say(f"{title}: {'none' if not lines else len(lines)}")
    for line in lines:
        say(f"    {line}")
    return not lines
