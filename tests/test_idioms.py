# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Odoo 19 swallows without a word, and the size a reader can hold.

Each rule names a habit of older Odoo that installs and passes but does not work, or a
rule of this project that no linter knows.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ADDONS = sorted(path.parent for path in ROOT.glob("*/__manifest__.py"))
#: Longest function and file; tests may hold tables of expected values.
LONGEST = {"sources": (50, 400), "tests": (100, 800)}
SUDO = r"\.sudo\((?!False)"
COMMIT = r"\bcr\.commit\("

PYTHON = {
    r"\b_sql_constraints\s*=": "models.Constraint or models.UniqueIndex",
    r"\bgroup_operator\s*=": "aggregator",
    r"\bauto_join\s*=": "bypass_search_access",
    r"\bodoo\.osv\b": "odoo.fields.Domain",
    r"(?<!_)\bread_group\(": "_read_group",
    r"from odoo import [^\n]*(?<!\w)_(?!\w)": "self.env._",
    r"\bdef name_get\b|\.name_get\(": "_compute_display_name",
    r"\bdef _name_search\b": "_search_display_name",
    r"\bgroups_id\b": "group_ids",
    r"\buser_has_groups\b": "env.user.has_group",
    r"\bcheck_access_(rights|rule)\b": "check_access or has_access",
    r"\btoggle_active\b": "action_archive",
    r"self\._(cr|uid|context)\b": "self.env.cr / uid / context",
    r"view_mode[\"']:\s*[\"'][^\"']*\btree\b": "list",
    r"type=[\"']json[\"']": 'type="jsonrpc"',
    r"\b_notify_progress\b": "_commit_progress",
    r"\.plan_days\(": "the working-time clock (it counts the start day)",
}
XML = {
    r"kanban-box": 't-name="card"',
    r"<tree\b": "<list>",
    r"view_mode\">[^<]*\btree\b": "list",
    r"oe_chatter": "<chatter/>",
    r"\sattrs=": "invisible= / readonly= / required=",
    r"\bgroups_id\b": "group_ids",
    r"\bt-(raw|esc)=": "t-out",
    r"\bnumbercall\b|\bdoall\b": "gone from ir.cron",
    r"<group[^>]*\sexpand=": "<group> without attribute",
    r"<list[^>]*\sstring=": "has no effect on a list",
    r"<data\b": '<odoo noupdate="1">',
}
SCRIPT = {
    r"\bpublicWidget\b": "Interaction",
    r"\bodoo\.define\(": "an ES module",
}


def files(*patterns, tests=True):
    """Return the addons' files that match, without translations."""
    found = [path for addon in ADDONS for one in patterns for path in addon.rglob(one)]
    return sorted(
        path
        for path in found
        if "__pycache__" not in path.parts and (tests or "tests" not in path.parts)
    )


def places(paths, rules):
    """Return "file:line: use this" for every match of the rules."""
    found = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        for rule, instead in rules.items():
            for match in re.finditer(rule, text):
                line = text.count("\n", 0, match.start()) + 1
                found.append(f"{path.relative_to(ROOT)}:{line}: {instead}")
    return found


def report(found):
    """Fail with the list `found` unless it is empty."""
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_python_says_it_as_odoo_19_does():
    report(places(files("*.py"), PYTHON))


def test_xml_says_it_as_odoo_19_does():
    report(places(files("*.xml"), XML))


def test_scripts_say_it_as_odoo_19_does():
    report(places(files("*.js"), SCRIPT))


def test_no_default_is_computed_at_start():
    """fields.Date.today() as a default is the day the server started, for ever."""
    found = []
    for path in files("*.py", tests=False):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _is_field(node):
                frozen = [key for key in node.keywords if _is_called_default(key)]
                found += [f"{path.relative_to(ROOT)}:{key.lineno}" for key in frozen]
    report(found)


def _is_field(call):
    """Tell whether a call declares a field: fields.Date(...), not fields.Date.x()."""
    return bool(re.fullmatch(r"fields\.[A-Z]\w+", ast.unparse(call.func)))


def _is_called_default(keyword):
    """Tell whether a keyword is default=...(), the result of a call."""
    return keyword.arg == "default" and isinstance(keyword.value, ast.Call)


def function_nodes(path):
    """Yield the function nodes of a Python file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def unexplained(path, call, word):
    """Return functions that call `call` with `word` in no comment or docstring."""
    lines = path.read_text(encoding="utf-8").split("\n")
    found = []
    for node in function_nodes(path):
        body = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        comments = " ".join(re.findall(r"#.*", body)) + (ast.get_docstring(node) or "")
        if re.search(call, re.sub(r"#.*", "", body)) and word not in comments:
            found.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}")
    return found


def test_sudo_says_which_rule_it_passes_and_why():
    """A function with sudo() has a comment "sudo: which rule it passes, and why"."""
    paths = files("*.py", tests=False)
    report([place for path in paths for place in unexplained(path, SUDO, "sudo")])


def test_commit_only_in_a_marked_place():
    """Odoo commits; the rare exception has a comment "commit: why"."""
    paths = files("*.py", tests=False)
    report([place for path in paths for place in unexplained(path, COMMIT, "commit:")])


def length(node):
    """Return the lines of a function, its docstring not counted."""
    body = node.body
    if ast.get_docstring(node) and len(body) > 1:
        body = body[1:]
    return node.end_lineno - body[0].lineno + 1


def limits(path):
    """Return the longest function and the longest file allowed for `path`."""
    return LONGEST["tests" if path.name.startswith("test_") else "sources"]


def own_files(*patterns):
    """Return the files of the addons, of setup/ and of tests/."""
    return [
        *files(*patterns),
        *(ROOT / "setup").rglob("*.py"),
        *ROOT.glob("tests/*.py"),
    ]


def test_functions_fit_on_a_screen():
    report(
        [
            f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}: {length(node)} lines"
            for path in own_files("*.py")
            for node in function_nodes(path)
            if length(node) > limits(path)[0]
        ]
    )


def test_files_do_one_thing():
    sizes = [(path, path.read_text().count("\n")) for path in own_files("*.py", "*.js")]
    report(
        [
            f"{path.relative_to(ROOT)}: {size} lines"
            for path, size in sizes
            if size > limits(path)[1]
        ]
    )
