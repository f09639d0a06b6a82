# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every addon is complete: what its files say of each other is true."""

import ast
import csv
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[1]
ADDONS = sorted(path.parent for path in ROOT.glob("*/__manifest__.py"))
#: Which of our addons an addon may know; design: one direction.
LOWER = {
    "patient_followup": set(),
    "patient_complaint": {"patient_followup"},
    "followup_reports": {"patient_followup", "patient_complaint"},
}

each_addon = pytest.mark.parametrize("addon", ADDONS, ids=lambda path: path.name)


def manifest(addon):
    """Return the manifest as a dict."""
    return ast.literal_eval((addon / "__manifest__.py").read_text(encoding="utf-8"))


def classes(addon):
    """Yield (file, class node) of the Odoo models that an addon's sources declare."""
    for path in sorted(addon.rglob("*.py")):
        if "tests" in path.parts:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            bases = [ast.unparse(base) for base in getattr(node, "bases", [])]
            if any(re.match(r"(models|mail_\w+)\.\w*Model$", base) for base in bases):
                yield path, node


def attribute(node, name):
    """Return the literal class attribute `name`, None when it is not there."""
    for item in node.body:
        targets = [ast.unparse(target) for target in getattr(item, "targets", [])]
        if isinstance(item, ast.Assign) and name in targets:
            try:
                return ast.literal_eval(item.value)
            except ValueError:
                return None
    return None


def own_models(addon):
    """Return {model name: file} of an addon's new models, abstract ones left out."""
    found = {}
    for path, node in classes(addon):
        name, inherit = attribute(node, "_name"), attribute(node, "_inherit")
        inherits = [inherit] if isinstance(inherit, str) else inherit or []
        abstract = any("AbstractModel" in ast.unparse(base) for base in node.bases)
        if name and name not in inherits and not abstract:
            found[name] = path.relative_to(ROOT)
    return found


@each_addon
def test_manifest_names_exactly_the_data_files(addon):
    content = manifest(addon)
    listed = [*content.get("data", []), *content.get("demo", [])]
    assert len(listed) == len(set(listed)), "a file is listed twice"
    missing = [name for name in listed if not (addon / name).is_file()]
    assert not missing, f"listed but not there: {missing}"
    rooms = ("data", "demo", "security", "views", "wizard", "report")
    there = [
        str(path.relative_to(addon))
        for room in rooms
        for path in sorted((addon / room).rglob("*"))
        if path.suffix in (".xml", ".csv")
    ]
    forgotten = sorted(set(there) - set(listed))
    assert not forgotten, f"there but not listed: {forgotten}"


@each_addon
def test_manifest_says_what_a_shop_window_needs(addon):
    content = manifest(addon)
    assert content["license"] == "LGPL-3"
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", content["version"])
    assert content.get("summary") and content.get("author") and content.get("category")
    assert (addon / "static/description/icon.png").is_file()


def test_all_addons_have_one_version():
    versions = {addon.name: manifest(addon)["version"] for addon in ADDONS}
    assert len(set(versions.values())) == 1, versions


@each_addon
def test_addon_depends_only_downward(addon):
    lower = LOWER[addon.name]
    assert set(manifest(addon)["depends"]) & LOWER.keys() <= lower
    above = LOWER.keys() - lower - {addon.name}
    words = re.compile(r"\b(" + "|".join(sorted(above)) + r")\.") if above else None
    found = [
        str(path.relative_to(ROOT))
        for path in sorted(addon.rglob("*"))
        if words and path.suffix in (".py", ".xml", ".csv", ".js")
        if words.search(path.read_text(encoding="utf-8"))
    ]
    assert not found, f"names something of an upper addon: {found}"


@each_addon
def test_every_test_file_is_imported(addon):
    """Odoo's runner silently leaves out a file that tests/__init__.py does not name."""
    init = addon / "tests" / "__init__.py"
    assert init.is_file(), "no tests"
    imported = set(re.findall(r"\btest_\w+", init.read_text(encoding="utf-8")))
    there = {path.stem for path in (addon / "tests").glob("test_*.py")}
    assert there - imported == set(), "never run by Odoo"
    assert imported - there == set(), "imported but not there"


@each_addon
def test_every_python_file_is_imported(addon):
    """A model in a file that no __init__.py names does not exist for Odoo."""
    forgotten = []
    for room in ("models", "wizard", "controllers", "report"):
        init = addon / room / "__init__.py"
        text = init.read_text(encoding="utf-8") if init.is_file() else ""
        for path in sorted((addon / room).glob("*.py")):
            if path != init and not re.search(rf"\b{path.stem}\b", text):
                forgotten.append(str(path.relative_to(ROOT)))
    assert not forgotten


@each_addon
def test_every_model_has_access_rows(addon):
    path = addon / "security" / "ir.model.access.csv"
    with path.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    named = {row["model_id:id"].split(".")[-1] for row in rows}
    models = own_models(addon)
    lacking = {
        name: str(file)
        for name, file in models.items()
        if "model_" + name.replace(".", "_") not in named
    }
    assert not lacking, f"nobody may read, or the row was forgotten: {lacking}"
    ungrouped = [row["id"] for row in rows if not row["group_id:id"]]
    assert not ungrouped, f"open to everybody: {ungrouped}"


@each_addon
def test_rows_of_a_dialog_are_for_whoever_opened_it(addon):
    """Odoo keeps them for an hour and shows them to all who may open the dialog."""
    rules = ElementTree.parse(next(addon.glob("security/*_dialog_security.xml")))
    guarded = {
        field["model_id"].get("ref")
        for record in rules.iter("record")
        if (field := {row.get("name"): row for row in record})
        if field["domain_force"].text == "[('create_uid', '=', user.id)]"
    }
    dialogs = {
        "model_" + attribute(node, "_name").replace(".", "_")
        for _path, node in classes(addon)
        if any("TransientModel" in ast.unparse(base) for base in node.bases)
        if attribute(node, "_name")
    }
    assert dialogs and dialogs == guarded


@each_addon
def test_every_model_describes_itself(addon):
    lacking = []
    for path, node in classes(addon):
        name, inherit = attribute(node, "_name"), attribute(node, "_inherit")
        new = name and name != inherit and name not in (inherit or [])
        if new and not attribute(node, "_description"):
            lacking.append(f"{path.relative_to(ROOT)}: {node.name} has no _description")
        if new and not ast.get_docstring(node):
            lacking.append(f"{path.relative_to(ROOT)}: {node.name} has no docstring")
    assert not lacking, "\n".join(lacking)


@each_addon
def test_documentation_is_there(addon):
    pages = {path.name for path in (addon / "readme").glob("*.md")}
    assert {"DESCRIPTION.md", "CONFIGURE.md"} <= pages
    assert [page for page in pages if page.startswith(("USAGE", "ROLE_"))]
    assert (addon / "static/description/index.html").is_file()


def own_views():
    """Yield (model, root of its arch) of our models, inherited views left out."""
    paths = [path for addon in ADDONS for path in sorted(addon.rglob("*.xml"))]
    for record in (record for path in paths for record in _records(path)):
        fields = {field.get("name"): field for field in record.iter("field")}
        if record.get("model") != "ir.ui.view" or {"model", "arch"} - fields.keys():
            continue
        model, arch = fields["model"].text, fields["arch"]
        ours = model.startswith(("followup.", "complaint."))
        if ours and len(arch) and "inherit_id" not in fields:
            yield model, arch[0]


def _records(path):
    return ElementTree.parse(path).iter("record")


def test_rows_of_a_list_open_a_form_somebody_designed():
    """Without one Odoo shows all fields in a form of its own making."""
    views = list(own_views())
    designed = {model for model, arch in views if arch.tag == "form"}
    bare = {
        model
        for model, arch in views
        if arch.tag == "list" and model not in designed
        if not {"editable", "action"} & set(arch.keys())
        if arch.get("js_class") != "followup_rows_only"
    }
    assert not bare, f"needs a form, an action or js_class: {bare}"


def test_figures_that_open_as_a_list_have_one():
    """A click on a figure of a pivot shows its rows, under a title."""
    views = list(own_views())
    listed = {model for model, arch in views if arch.tag in ("list", "form")}
    pivots = [row for row in views if row[1].tag == "pivot"]
    lacking = {
        model for model, arch in pivots if model not in listed or not arch.get("string")
    }
    assert len(pivots) > 10 and not lacking, f"needs a list or a title: {lacking}"
