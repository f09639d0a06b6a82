# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The tests tagged demo_zh pass on the Chinese demo hospital.

They run in a process of their own, as Odoo serves one database at a time. A class says
`@tagged("-standard", "post_install", "-at_install", "demo_zh")` to be among them.
"""

from pathlib import Path

import pytest
from lib import base, database, testing


def test_demo_hospital_installs_with_a_clean_log():
    database.template("zh", odoo_folder())
    lines = testing.bad_log_lines(database.log_file("tpl_zh"))
    assert not lines, "\n".join(lines)


def test_chinese_tours_pass():
    files = testing.tagged_files('"demo_zh"')
    if not files:
        return
    output = base.LOGS / "chinese.log"
    with output.open("w") as handle:
        code = testing.on_copy("zh", "demo_zh", odoo_folder(), files, [], True, handle)
    print(testing.summary(output))
    if code:
        pytest.fail(Path(output).read_text()[-8000:], pytrace=False)


def odoo_folder():
    """Return the folder of the Odoo that runs this test."""
    import odoo.release

    return Path(odoo.release.__file__).parents[1]
