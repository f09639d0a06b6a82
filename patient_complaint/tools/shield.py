# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which notes, to-dos and followers hang on a case that is closed for somebody (I-8).

Odoo shows a message to its author and recipients, a to-do to its owner, whatever
the document's rules say. These functions answer for all of them alike.
"""

from odoo.fields import Domain
from odoo.tools import SQL

CASE = "complaint.case"


def shielded_models(env):
    """Return the models with chatter whose rows belong to a case, the case first."""
    return [CASE] + sorted(
        name
        for name, model in env.registry.items()
        if name.startswith("complaint.")
        and not model._abstract
        and "case_id" in model._fields
        and "message_ids" in model._fields
    )


def case_models(env):
    """Return the models that are a case or belong to one, the case first."""
    return [CASE] + sorted(
        name
        for name, model in env.registry.items()
        if name.startswith("complaint.")
        and not (model._abstract or model._transient)
        and "case_id" in model._fields
        and model._fields["case_id"].store
        and model._fields["case_id"].comodel_name == CASE
    )


def hidden_ids(env, model, user):
    """Return SQL of the ids of `model` that the shield closes for this user."""
    if model == CASE:
        return SQL(
            "SELECT case_id FROM complaint_case_conflict_rel WHERE user_id = %s",
            user.id,
        )
    return SQL(
        "SELECT child.id FROM %s child"
        " JOIN complaint_case_conflict_rel rel ON rel.case_id = child.case_id"
        " WHERE rel.user_id = %s",
        SQL.identifier(env[model]._table),
        user.id,
    )


def open_domain(env, model_field, id_field, names):
    """Return the domain of rows on no document closed for the user of `env`.

    :param names: the models of documents that may be closed
    """
    user = env.user

    def to_sql(model, alias, _query):
        parts = [
            SQL(
                "(%s = %s AND %s IN (%s)) IS NOT TRUE",
                SQL.identifier(alias, model_field),
                name,
                SQL.identifier(alias, id_field),
                hidden_ids(env, name, user),
            )
            for name in names
        ]
        return SQL("(%s)", SQL(" AND ").join(parts))

    return Domain.custom(to_sql=to_sql)


def closed_rows(records, model_field, id_field, names):
    """Return those of `records` that hang on a document closed for their user."""
    env = records.env
    found = {}
    # sudo: which document a row hangs on decides, before any of it is shown
    for row in records.sudo():
        if row[model_field] in names:
            found.setdefault(row[model_field], {}).setdefault(row[id_field], []).append(
                row.id
            )
    closed = []
    for name, rows in found.items():
        env[CASE].flush_model(["conflict_user_ids"])
        query = SQL(
            "SELECT hidden.id FROM (%s) hidden(id) WHERE hidden.id = ANY(%s)",
            hidden_ids(env, name, env.user),
            list(rows),
        )
        for (id_,) in env.execute_query(query):
            closed += rows[id_]
    return records.browse(closed)
