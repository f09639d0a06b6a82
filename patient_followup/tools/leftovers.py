# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Odoo leaves of an addon that builds on this one."""

from odoo.tools import SQL


def forget_names(env, addon):
    """Drop external ids that follow-up has for what an addon takes from its mixins.

    Odoo notes an index or a parent under the addon that defined it; the rows go with
    the models of the upper addon, and their names would stay.

    :param str addon: the one that is being uninstalled
    """
    ours = [
        name for name, model in env.registry.items() if model._original_module == addon
    ]
    env.cr.execute(
        """
        DELETE FROM ir_model_data
         WHERE module != %(addon)s
           AND (model, res_id) IN (
               SELECT 'ir.model.constraint', part.id FROM ir_model_constraint part
                 JOIN ir_model ON ir_model.id = part.model
                WHERE ir_model.model = ANY(%(ours)s)
                UNION ALL
               SELECT 'ir.model.inherit', part.id FROM ir_model_inherit part
                 JOIN ir_model ON ir_model.id = part.model_id
                WHERE ir_model.model = ANY(%(ours)s))
        """,
        {"addon": addon, "ours": ours},
    )


def untie(env, addon):
    """Drop what ties the tables of an addon to definitions, users and each other.

    Odoo deletes data before it drops the tables that refer to it: every category and
    every demo user in use would be tried in vain, with an error in the log, and stay.

    :param str addon: the one that is being uninstalled
    """
    env.flush_all()
    ties = env.execute_query(
        SQL(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " JOIN pg_class ON pg_class.oid = conrelid"
            " WHERE contype = 'f' AND relname = ANY(%s)"
            " AND relnamespace = current_schema::regnamespace",
            sorted(_tables(env, addon)),
        )
    )
    for table, name in ties:
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table.strip('"')),
                SQL.identifier(name),
            )
        )


def _tables(env, addon):
    """Return the names of the tables of an addon's models and many2many fields."""
    models = env.registry.values()
    links = [
        field.relation
        for model in models
        for field in model._fields.values()
        if field.type == "many2many" and field.store and field._module == addon
    ]
    own = [model._table for model in models if model._original_module == addon]
    return {*own, *links}
