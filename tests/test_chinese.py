# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The tests tagged demo_zh pass on the Chinese demo hospital.

They run in a process of their own, as Odoo serves one database at a time. A class says
`@tagged("-standard", "post_install", "-at_install", "demo_zh")` to be among them.
"""

from pathlib import Path

import pytest
from lib import base, database, testing

ADDONS = [addon.name for addon in base.addons()]


def tagged_files():
    """Return the addons' test files that have a class for the Chinese demo."""
    found = []
    for addon in base.addons():
        for path in sorted((addon / "tests").glob("test_*.py")):
            if "demo_zh" in path.read_text(encoding="utf-8"):
                found.append(str(path.relative_to(base.ROOT)))
    return found


def test_demo_hospital_installs_with_a_clean_log():
    database.template("zh", odoo_folder())
    assert testing.bad_log_lines(database.log_file("tpl_zh")) == []


def test_chinese_tours_pass():
    files = tagged_files()
    if not files:
        return
    output = base.LOGS / "chinese.log"
    with output.open("w") as handle:
        code = testing.on_copy("zh", odoo_folder(), files, [], True, handle)
    print(testing.summary(output))
    if code:
        pytest.fail(Path(output).read_text()[-8000:], pytrace=False)


def odoo_folder():
    """Return the folder of the Odoo that runs this test."""
    import odoo.release

    return Path(odoo.release.__file__).parents[1]
