# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Look at an upgraded database: seals, columns without a field, views.

MODULES names our addons; the findings go to the file ANSWER as JSON.
"""
# ruff: noqa: F821  (env is given by Odoo's shell)

import json
import os
from pathlib import Path

MODULES = os.environ["MODULES"].split(",")
#: Columns that Odoo itself keeps beside its fields.
OF_ODOO = {"ir_module_module.web", "res_users.password"}


def stray_columns():
    """Return columns of tables of models that no field explains."""
    found = []
    for model in env.values():
        if model._abstract or not model._auto:
            continue
        env.cr.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s",
            [model._table],
        )
        columns = {name for (name,) in env.cr.fetchall()}
        known = {f.name for f in model._fields.values() if f.store and f.column_type}
        found += [f"{model._table}.{name}" for name in sorted(columns - known)]
    return [name for name in found if name not in OF_ODOO]


def bad_views():
    """Return the views of our addons, and on their models, that are not valid."""
    data = env["ir.model.data"].search([("module", "in", MODULES)])
    ids = data.filtered(lambda row: row.model == "ir.ui.view").mapped("res_id")
    own = data.filtered(lambda row: row.model == "ir.model").mapped("res_id")
    models = env["ir.model"].browse(own).exists().mapped("model")
    views = env["ir.ui.view"].search(["|", ("id", "in", ids), ("model", "in", models)])
    found = []
    for view in views.with_context(load_all_views=True):
        try:
            view._check_xml()
        except Exception as error:
            found.append(f"{view.xml_id or view.name}: {error}")
    return found


def check_seals():
    """Walk the chain of seals to its end; return the check."""
    check_id = env["followup.seal.check"].action_check()["res_id"]
    check = env["followup.seal.check"].browse(check_id)._guarded()
    while check._check_batch():
        pass
    return check


check = check_seals()
problems = [f"column without a field: {name}" for name in stray_columns()]
problems += [f"view: {text}" for text in bad_views()]
problems += [
    f"seal: {row.res_model} {row.res_id} {row.kind}" for row in check.finding_ids
]
seals = (
    f"{check.state}, {check.intact_count} intact, {check.anonymised_count} anonymised,"
    f" {check.unsealed_count} not yet sealed"
)
answer = {"problems": problems, "seals": seals}
Path(os.environ["ANSWER"]).write_text(json.dumps(answer))
