# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Renewing translations at an upgrade, for the migrations of all our addons."""

from odoo import SUPERUSER_ID, api


def renew(cr, module):
    """Renew the translations of what an upgrade rewrites: labels, menus, views.

    Odoo keeps the translation of a label whose English changed, so screens would say
    what a field was called before. What a hospital edits as its own (`noupdate`:
    questionnaires, texts, templates, protocols, categories) keeps its words.

    :param module: technical name of an addon
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    languages = [code for code, _name in env["res.lang"].get_installed()]
    env["ir.module.module"]._load_module_terms([module], languages, overwrite=True)
