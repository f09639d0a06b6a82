# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What ./setup/test runs, and the rules that conftest.py shares with it."""

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import browser, database, prepare, python_env
from .base import LOGS, ROOT, Stop, addons, alone

TESTS = ROOT / "tests"
IGNORE_LIST = ROOT / "setup" / "log_ignore.txt"
#: Words of the command line that stand for paths.
WORDS = {
    "lint": ["tests/test_lint.py", "tests/test_idioms.py", "tests/test_layout.py"]
    + ["tests/test_translations.py"],
    "install": ["tests/test_install.py"],
    "chinese": ["tests/test_chinese.py"],
}


def ignored_log_lines():
    """Return a function that tells whether a log line is on the ignore list."""
    lines = IGNORE_LIST.read_text(encoding="utf-8").splitlines()
    rules = [re.compile(line) for line in lines if line and not line.startswith("#")]
    return lambda line: any(rule.search(line) for rule in rules)


def bad_log_lines(path):
    """Return the lines of an Odoo log file that the ignore list does not allow."""
    ignored = ignored_log_lines()
    text = path.read_text(errors="replace")
    # Date, time and process stand before the level, the database after it.
    lines = re.findall(r"(?m)^\S+ \S+ \d+ ((?:WARNING|ERROR|CRITICAL) .*)$", text)
    lines = [re.sub(r"^(\w+) \S+ ", r"\1 ", line) for line in lines]
    return [line for line in lines if not ignored(line)]


def needs_database(path):
    """Tell whether a test file, or a folder of tests, runs inside Odoo."""
    if path.is_dir():
        return path.name == "tests" and path != TESTS
    if path.suffix != ".py" or not path.name.startswith("test_"):
        return False
    if path.parent != TESTS:
        return True
    return bool(re.search(r"(?m)^(from|import) (odoo|lib)\b", path.read_text()))


def needs_browser(paths):
    """Tell whether tests under `paths` open pages or print PDF."""
    words = re.compile(
        r"Http\w*Case|start_tour|browser_js|render_qweb_pdf|^from lib", re.M
    )
    files = [file for path in paths for file in _files(path)]
    return any(words.search(file.read_text()) for file in files)


def _files(path):
    """Return the Python files that a path of the command line stands for."""
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def split(arguments, default):
    """Return (paths, options) of a command line for pytest, words replaced.

    `default` are the paths when the command line names none.
    """
    paths, options = [], []
    for argument in arguments:
        for part in WORDS.get(argument, [argument]):
            file = ROOT / part.split("::")[0]
            (paths if file.exists() and not part.startswith("-") else options).append(
                part
            )
    return paths or default, options


def tagged_files(tag):
    """Return the addons' test files that name the tag `tag`."""
    files = [file for addon in addons() for file in _files(addon / "tests")]
    return [str(file.relative_to(ROOT)) for file in files if tag in file.read_text()]


def soak_files():
    """Return the paths of the soak tests."""
    own = sorted((TESTS / "soak").glob("test_*.py"))
    return [*tagged_files('"soak"'), *(str(path.relative_to(ROOT)) for path in own)]


def everything():
    """Return all paths to test, the quickest first."""
    files = sorted(TESTS.glob("test_*.py"))
    quick = [file for file in files if not needs_database(file)]
    slow = [file for file in files if needs_database(file)]
    return [str(path.relative_to(ROOT)) for path in [*quick, *addons(), *slow]]


def main(arguments):
    """Run the tests that `arguments` name; return pytest's exit code."""
    kind, tag, default = "en", "standard", everything()
    if arguments[:1] == ["zh"]:
        kind, tag, default = "zh", "demo_zh", tagged_files('"demo_zh"')
        arguments = arguments[1:]
    paths, options = split(arguments, default)
    if not paths:
        raise Stop("No test has the tag demo_zh.")
    if paths is default and kind == "en":
        return _all_at_once(paths, options)
    files = [ROOT / path.split("::")[0] for path in paths]
    if not any(needs_database(file) for path in files for file in _files(path)):
        return _without_odoo(paths, options)
    with prepare.ready() as odoo:
        return on_copy(kind, tag, odoo, paths, options, needs_browser(files))


def makes_databases(path):
    """Tell whether a test file makes databases of its own, so needs no other's."""
    words = re.compile(r"(?m)^from lib import .*\bdatabase\b")
    return path.is_file() and bool(words.search(path.read_text()))


def _all_at_once(paths, options):
    """Run `paths`, those that make their own databases beside the rest.

    Both parts wait a lot, and the machine has two cores. Returns the exit code.
    """
    beside = [path for path in paths if makes_databases(ROOT / path)]
    rest = [path for path in paths if path not in beside]
    output = LOGS / "beside.log"
    with prepare.ready() as odoo, ThreadPoolExecutor(1) as pool:
        template = database.template("en", odoo)
        browser.ensure()
        database.assets(template)
        with output.open("w") as handle:
            parts = ("en", "standard", odoo, beside, options, False, handle)
            other = pool.submit(on_copy, *parts, purpose="beside")
            code = on_copy("en", "standard", odoo, rest, options, True)
            code = code or other.result()
    print(output.read_text(errors="replace"), flush=True)
    return code


def _without_odoo(paths, options):
    """Run tests that need neither Odoo nor a database."""
    with alone():
        python_env.ensure()
    os.environ["PATH"] = python_env.path_with_tools()
    return _pytest(["-p", "no:odoo", *options, *paths])


def on_copy(kind, tag, odoo, paths, options, pages, output=None, purpose="test"):
    """Run tests with a tag on a copy of the template `kind`; return the exit code.

    `pages` tells whether they open pages; `output` is a file for pytest's output;
    `purpose` begins the name of the copy.
    """
    template = database.template(kind, odoo)
    if pages:
        browser.ensure()
        database.assets(template)
    database.drop_leftovers()
    with database.copy(template, purpose) as name:
        arguments = ["--odoo-database", name, "--odoo-config", str(database.CONF)]
        arguments += ["--odoo-http", "--odoo-log-level", "warn"]
        return _pytest([*arguments, *options, *paths], output, FOLLOWUP_TEST_TAG=tag)


def _pytest(arguments, output=None, **variables):
    """Run pytest of the environment in the project's folder; return its code."""
    command = [python_env.PYTHON, "-m", "pytest", *arguments]
    return subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        check=False,
    ).returncode


def summary(path):
    """Return the closing line that pytest wrote to the file `path`."""
    lines = Path(path).read_text(errors="replace").strip().splitlines()
    if not lines:
        raise Stop(f"{path} is empty: pytest did not run.")
    return lines[-1]
