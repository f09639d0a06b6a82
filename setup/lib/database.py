# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo's configuration and the databases, each made from a template.

    base_en, base_zh    only the Odoo modules that our addons depend on
    tpl_en, tpl_zh      our addons on top; en: English without demo data, for tests, zh:
                        demo hospital in Chinese and English, for the demo and its tours
    base_plain          Chinese loaded, no demo, for ./setup/run --no-demo
    anything else       a copy of one of these, made within a second

A template carries what it was made from as its comment, so it is made again only when
that changed, and an interrupted one never counts.
"""

import contextlib
import json
import os
import platform
import re
import subprocess

from . import odoo_source, postgres, python_env
from .base import (
    LOGS,
    ROOT,
    STATE,
    Stop,
    addons,
    alone,
    fingerprint,
    manifest,
    run,
)

CONF = STATE / "odoo.conf"
LANGUAGES = "zh_CN,zh_TW,en_US"
SCRIPTS = ROOT / "setup" / "lib" / "in_odoo"
#: Marks the databases that are ours to drop.
OURS = "patient-followup setup "
#: Which machine and folder made a throw-away copy.
MAKER = f"{platform.node()}:{ROOT}"
#: How the name of a database begins that is being copied; the purpose and the
#: process follow.
PART = f"part_{fingerprint(MAKER)}_"
KINDS = {
    "en": [],
    "zh": ["--with-demo", f"--load-language={LANGUAGES}"],
    "plain": [f"--load-language={LANGUAGES}"],
}


def configure(odoo):
    """Write the configuration and set the variables that every Odoo process reads."""
    paths = [odoo / "odoo" / "addons", odoo / "addons", ROOT]
    paths = ",".join(str(path) for path in paths if path.is_dir())
    STATE.mkdir(exist_ok=True)
    CONF.write_text(
        "[options]\n"
        f"addons_path = {paths}\n"
        f"data_dir = {STATE / 'data'}\n"
        "http_interface = 127.0.0.1\n"
        "max_cron_threads = 0\n"
        "limit_time_real = 1200\n"
    )
    wkhtmltopdf = python_env.site_packages() / "pydf" / "bin"
    os.environ["PATH"] = python_env.path_with_tools(wkhtmltopdf, postgres.binaries())
    os.environ["ODOO_RC"] = str(CONF)
    # Compiled Python makes every later start faster; none of it beside the sources.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(STATE / "pycache")


def odoo_command(*arguments):
    """Return the command line of the installed Odoo with `arguments`."""
    return [str(python_env.PYTHON), "-m", "odoo", *map(str, arguments)]


def query(database, sql):
    """Return the rows that `sql` gives, each a list of strings."""
    command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-F", "\t", "-d", database]
    done = subprocess.run(
        [*command, "-c", sql], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Stop(f"PostgreSQL: {done.stderr.strip()}")
    return [line.split("\t") for line in done.stdout.splitlines()]


def comment(database):
    """Return the notes on a database of ours, None when there is no such database."""
    rows = query(
        "postgres",
        "SELECT coalesce(shobj_description(oid, 'pg_database'), '') "
        f"FROM pg_database WHERE datname = '{database}'",
    )
    if not rows:
        return None
    text = rows[0][0]
    if not text.startswith(OURS):
        raise Stop(
            f"The database {database} exists and was not made by these commands: "
            "drop it or choose another name."
        )
    return json.loads(text[len(OURS) :])


def note(database, **values):
    """Add `values` to the notes on a database."""
    _write_notes(database, {**comment(database), **values})


def _write_notes(database, values):
    text = OURS + json.dumps(values, sort_keys=True)
    query("postgres", f"""COMMENT ON DATABASE "{database}" IS '{text}'""")


def create(name, template="template0", **notes):
    """Make the database `name` as a copy of `template`, with `notes`.

    It gets its name last: killed before, a database without notes would be nobody's.
    """
    purpose = re.sub(r"_\d+$", "", name)
    part = f"{PART}{purpose}_{os.getpid()}"
    query("postgres", f'CREATE DATABASE "{part}" TEMPLATE "{template}"')
    _write_notes(part, notes)
    query("postgres", f'ALTER DATABASE "{part}" RENAME TO "{name}"')


def drop(name):
    """Drop a database of ours if it exists, ending its connections."""
    if comment(name) is not None:
        _drop(name)


def _drop(name):
    query("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def copy(template, purpose):
    """Give the name of a throw-away copy of `template` that lasts the `with` block."""
    name = f"{purpose}_{os.getpid()}"
    drop(name)
    create(name, template, maker=MAKER)
    try:
        yield name
    finally:
        drop(name)


def drop_leftovers():
    """Drop what commands that were killed left of copies."""
    for (name,) in query("postgres", "SELECT datname FROM pg_database"):
        found = re.fullmatch(r"[a-z]\w*_(\d+)", name)
        if not found or os.path.exists(f"/proc/{found[1]}"):
            continue
        # A shared server also holds others' databases, and copies of other folders.
        with contextlib.suppress(Stop):
            if name.startswith(PART) or (comment(name) or {}).get("maker") == MAKER:
                _drop(name)


def outside_depends(folders):
    """Return the Odoo modules that the addons in `folders` depend on, sorted."""
    own = {folder.name for folder in folders}
    depends = {name for folder in folders for name in manifest(folder)["depends"]}
    return sorted(depends - own)


def sources(folders, tests=False):
    """Return the files of addons that decide what an installed database holds."""
    skipped = {"__pycache__", "readme"} | (set() if tests else {"tests"})
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not skipped.intersection(path.relative_to(folder).parts)
    ]


def code_key(folders):
    """Return a text that changes with what `folders` would install."""
    names = [str(path.relative_to(ROOT)) for path in sources(folders)]
    return fingerprint(*names, *sources(folders))


def base(kind, odoo, folders=None):
    """Make sure of the base template for `kind` and the addons in `folders`.

    Returns its name: the usual one for all addons, else one per set of modules.
    """
    modules = outside_depends(folders or addons())
    name = f"base_{kind}"
    if folders and modules != outside_depends(addons()):
        name += "_" + fingerprint(*modules)[:8]
    key = fingerprint(odoo_source.version(odoo), *modules, *KINDS[kind], "1")
    _template(name, key, None, modules, KINDS[kind])
    return name


def template(kind, odoo):
    """Make sure of the template with our addons for `kind`; return its name."""
    folders = addons()
    below = base(kind, odoo)
    name = f"tpl_{kind}"
    key = fingerprint(comment(below)["key"], code_key(folders))
    _template(name, key, below, [folder.name for folder in folders], KINDS[kind])
    return name


def _template(name, key, below, modules, options):
    """Install `modules` on a copy of `below` as `name` unless its key is the same."""
    with alone():
        notes = comment(name)
        if notes and notes.get("key") == key:
            return
        drop(name)
        create(name, below or "template0")
        install(name, modules, options)
        if not below:
            shell(name, "attachments_in_database.py")
        note(name, key=key)


def log_file(name):
    """Return the log file of what is done to the database `name`."""
    return LOGS / (re.sub(r"_\d+$", "", name) + ".log")


def update(name, modules):
    """Bring `modules` in the database `name` to the present sources."""
    run(
        odoo_command("-d", name, "-u", ",".join(modules))
        + ["--stop-after-init", "--no-http"],
        log=log_file(name).name,
        what=f"Updating the database {name} to the present sources",
        failed=f"Odoo could not update the database {name}.",
    )


def install(name, modules, options=()):
    """Install `modules` into the database `name`; its log file holds only this."""
    log = log_file(name)
    log.unlink(missing_ok=True)
    run(
        odoo_command("-d", name, "-i", ",".join(modules), "--skip-auto-install")
        + ["--stop-after-init", "--no-http", *options],
        log=log.name,
        what=f"Installing {_shortened(modules)} into the database {name}",
        failed=f"Odoo could not install {_shortened(modules)}.",
    )
    missing = not_installed(name, modules)
    if missing:
        raise Stop(f"Odoo did not install {', '.join(missing)}: see {log}.")


def _shortened(modules):
    """Return a few module names for a message."""
    return ", ".join(modules[:4]) + (" ..." if len(modules) > 4 else "")


def not_installed(name, modules):
    """Return those of `modules` that are not installed in the database `name`."""
    sql = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    installed = {row[0] for row in query(name, sql)}
    return [module for module in modules if module not in installed]


def shell(name, script, what=None, options=(), **values):
    """Run a script of setup/lib/in_odoo/ inside Odoo's shell on a database.

    `what` is shown while it runs; `options` are further ones of Odoo; `values` are
    environment variables for the script.
    """
    env = dict(os.environ, **{key: str(value) for key, value in values.items()})
    with (SCRIPTS / script).open() as source:
        run(
            odoo_command("shell", "-d", name, "--no-http", *options),
            log=log_file(name).name,
            what=what,
            failed=f"{script} failed on the database {name}.",
            stdin=source,
            env=env,
        )


def assets(name):
    """Make the web client's bundles in a template once, or every page makes them."""
    files = sources(addons(), tests=True)
    key = fingerprint(*(path for path in files if "static" in path.parts))
    with alone():
        if comment(name).get("assets") == key:
            return
        what = f"Preparing the web client in the database {name}"
        shell(name, "pregenerate_assets.py", what)
        note(name, assets=key)
