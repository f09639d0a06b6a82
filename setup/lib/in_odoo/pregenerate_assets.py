# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Make the bundles that pages and browser tests load.

Tests roll back, so without this each of them would make the bundles again.
"""
# ruff: noqa: F821  (env is given by Odoo's shell)

BUNDLES = [
    "web.assets_web",
    "web.assets_backend_lazy",
    "web.assets_frontend_minimal",
    "web.assets_frontend_lazy",
    "web.assets_frontend",
    "web.assets_web_print",
    "web.report_assets_common",
    "web.assets_tests",
    "web.assets_unit_tests_setup",
    "web.assets_unit_tests",
]
for name in BUNDLES:
    bundle = env["ir.qweb"]._get_asset_bundle(name)
    bundle.js()
    bundle.css()
env.cr.commit()  # the shell rolls back at its end
