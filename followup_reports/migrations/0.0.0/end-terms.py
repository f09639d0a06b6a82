# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Renew the translations of what an upgrade rewrites: labels, menus, views.

Odoo keeps the translation of a label whose English changed, so screens would say
what a field was called before. What a hospital edits as its own (`noupdate`:
targets, bands, rewards, calendar) keeps its words.

Runs at every change of the version.
"""

from odoo import SUPERUSER_ID, api

MODULE = "followup_reports"


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    languages = [code for code, _name in env["res.lang"].get_installed()]
    env["ir.module.module"]._load_module_terms([MODULE], languages, overwrite=True)
