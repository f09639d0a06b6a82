# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The Chinese translations are complete and fit their source texts.

That the templates (.pot) are up to date is proven in tests/test_install.py.
"""

import re
from collections import Counter
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parents[1]
ADDONS = sorted(path.parent for path in ROOT.glob("*/__manifest__.py"))
LANGUAGES = ["zh_CN", "zh_TW"]
#: %(name)s, %s, {name}, ${...} and the tags of HTML must survive a translation.
PLACEHOLDER = re.compile(r"%\(\w+\)[sdfr]|%[sd]|\{\{.*?\}\}|\{\w*\}|</?[a-z][\w-]*")
#: Frequent characters that only simplified Chinese writes so.
SIMPLIFIED_ONLY = set("们说时间医访诉实记录选择评问题统计处办电话长应对")

each = pytest.mark.parametrize(
    ("addon", "language"),
    [(addon, language) for addon in ADDONS for language in LANGUAGES],
    ids=lambda value: getattr(value, "name", value),
)


def entries(addon, name):
    """Return the live entries of a translation file."""
    path = addon / "i18n" / name
    if not path.is_file():
        pytest.fail(f"{path.relative_to(ROOT)} is missing", pytrace=False)
    return [entry for entry in polib.pofile(str(path)) if not entry.obsolete]


def shown(found):
    """Return a short list for a message of failure."""
    return "\n".join(found[:30]) + (f"\n... {len(found)} in all" if found[30:] else "")


@each
def test_every_text_is_translated(addon, language):
    lacking = [
        entry.msgid.replace("\n", " ")[:70]
        for entry in entries(addon, f"{language}.po")
        if not entry.msgstr.strip() or entry.fuzzy
    ]
    assert not lacking, shown(lacking)


@each
def test_translation_covers_the_template(addon, language):
    template = {entry.msgid for entry in entries(addon, f"{addon.name}.pot")}
    translated = {entry.msgid for entry in entries(addon, f"{language}.po")}
    assert not template - translated, shown(sorted(template - translated))
    assert not translated - template, shown(sorted(translated - template))


@each
def test_placeholders_survive(addon, language):
    broken = [
        f"{entry.msgid[:50]!r} -> {entry.msgstr[:50]!r}"
        for entry in entries(addon, f"{language}.po")
        if entry.msgstr
        and Counter(PLACEHOLDER.findall(entry.msgid))
        != Counter(PLACEHOLDER.findall(entry.msgstr))
    ]
    assert not broken, shown(broken)


@pytest.mark.parametrize("addon", ADDONS, ids=lambda path: path.name)
def test_traditional_chinese_is_not_simplified(addon):
    wrong = [
        entry.msgstr[:50]
        for entry in entries(addon, "zh_TW.po")
        if SIMPLIFIED_ONLY.intersection(entry.msgstr)
    ]
    assert not wrong, shown(wrong)
