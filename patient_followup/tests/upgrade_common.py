# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Scripts of migrations, run as Odoo does when an addon is updated."""

from odoo.modules.module import load_script
from odoo.tools.misc import file_path


class UpgradeMixin:
    """`module` and `old`, the version that is updated, stand in the class."""

    module = None
    old = "19.0.1.1.0"

    def _migrate(self, script, version=old):
        """Run one script on the database of the test."""
        self.env.flush_all()
        path = file_path(f"{self.module}/migrations/{script}.py")
        name = f"{self.module}/{script}".translate(str.maketrans("/.-", "___"))
        load_script(path, name).migrate(self.env.cr, version)
        self.env.invalidate_all()

    def _named(self, name):
        return self.env.ref(f"{self.module}.{name}", raise_if_not_found=False)

    def _check_renewed(self, menu, view, own, word):
        """Labels that are old are renewed; what a hospital calls its own stays.

        :param own: name of a record of `noupdate` data
        :param word: an English term of `view`
        """
        self.env["res.lang"]._activate_lang("zh_CN")
        self._migrate("0.0.0/end-terms")
        menu, view, own = (
            self._named(name).with_context(lang="zh_CN") for name in (menu, view, own)
        )
        now, arch = menu.name, view.arch_db
        self.assertNotEqual(now, menu.with_context(lang="en_US").name)
        own.name, menu.name = "我们的", "旧名"
        view.update_field_translations("arch_db", {"zh_CN": {word: "旧词"}})
        self.assertIn("旧词", view.arch_db)
        self._migrate("0.0.0/end-terms")
        self.assertEqual((menu.name, view.arch_db), (now, arch))
        self.assertEqual(own.name, "我们的")
        menu.name = "旧名"
        self._migrate("0.0.0/end-terms", version=None)
        self.assertEqual(menu.name, "旧名", "a new installation renews nothing")
