# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many lists of records read or written by one statement, for steps on a whole case.

Odoo reads each list (many2many, one2many) by a query of its own; whoever decides a
complaint looks at ten of them. What is read here lands in the cache as if Odoo had
read it, so the code that uses it stays as plain as before.
"""

from collections import defaultdict

from odoo.fields import Domain
from odoo.tools import SQL


def read_lists(*asked):
    """Read lists that are not in the cache yet, all by one statement.

    :param asked: (records, name of a many2many or one2many field), or (records,
        "list_ids.link_id") for where the lines of a list lead, a many2one or a
        one2many; the records in the environment of the system, since nobody's
        rights are asked
    """
    missing = []
    for records, name in asked:
        name, _dot, link = name.partition(".")
        field = records._fields[name]
        known = field._get_cache(records.env)
        ids = (id_ for id_ in records.ids if id_ not in known)
        if rest := records.browse(ids):
            missing.append((rest, field, link))
    if not missing:
        return
    env = missing[0][0].env
    assert env.su, "only the engine reads past the rules"
    selects = [
        SQL("(%s)", _select(records, field, link, number))
        for number, (records, field, link) in enumerate(missing)
    ]
    found = [[] for _list in missing]
    rows = env.execute_query(SQL(" UNION ALL ").join(selects))
    for number, *row in sorted(rows, key=lambda row: row[3]):
        found[number].append(row)
    # links last: they follow lists read by the same statement
    for asked_list, lines in sorted(
        zip(missing, found, strict=True), key=lambda pair: bool(pair[0][2])
    ):
        _keep(*asked_list, lines)


def _keep(records, field, link, rows):
    """Put rows (owner, line, its place, active, parent) into the cache."""
    lines = records.env[field.comodel_name]
    if link and lines._fields[link].type == "many2one":
        owners = lines.browse(owner for owner, *_rest in rows)
        owners._fields[link]._insert_cache(owners, [row[1] for row in rows])
        return
    owners = records
    if link:
        owners, field = records[field.name], lines._fields[link]
        lines = records.env[field.comodel_name]
    found = defaultdict(list)
    for owner, line, *_rest in rows:
        found[owner].append(line)
    field._insert_cache(owners, [tuple(found[id_]) for id_ in owners._ids])
    # whoever looks at such a list asks each line whether it is archived
    lines = lines.browse(row[1] for row in rows)
    for place, name in enumerate(_get_kept(lines), start=3):
        if name:
            lines._fields[name]._insert_cache(lines, [row[place] for row in rows])


def _get_kept(lines):
    """Return the fields read of each line: archived or not, the user's partner."""
    return lines._active_name, next(iter(lines._inherits.values()), None)


def _select(records, field, link, number):
    """Return SQL of rows (number, owner, line, its place, active, parent).

    With a link to one record: rows (number, line, where it leads, ...).
    """
    lines = records.env[field.comodel_name].with_context(active_test=False)
    domain = field.get_comodel_domain(records)
    if field.type == "one2many":
        domain &= Domain(field.inverse_name, "in", records.ids)
    query = lines._search(domain, order=lines._order)
    if field.type == "one2many":
        owner = lines._field_to_sql(lines._table, field.inverse_name, query)
    else:
        owner = SQL.identifier(field.relation, field.column1)
        line = SQL.identifier(field.relation, field.column2)
        own = SQL("%s = %s", line, SQL.identifier(lines._table, "id"))
        query.add_join("JOIN", field.relation, None, own)
        query.add_where(SQL("%s IN %s", owner, tuple(records.ids)))
    if link and lines._fields[link].type == "one2many":
        field = lines._fields[link]
        query.order = None
        lines = lines.env[field.comodel_name]
        domain = Domain(field.inverse_name, "in", query)
        query = lines._search(domain, order=lines._order)
        owner = lines._field_to_sql(lines._table, field.inverse_name, query)
        link = None
    turn = SQL("row_number() OVER (ORDER BY %s)", query.order)
    query.order = None
    line, kept = (
        SQL.identifier(lines._table, "id"),
        [SQL("NULL::bool"), SQL("NULL::int")],
    )
    for place, name in enumerate(_get_kept(lines)):
        if name:
            kept[place] = lines._field_to_sql(lines._table, name, query)
    if link:
        owner, line = line, lines._field_to_sql(lines._table, link, query)
    return query.select(SQL("%s", number), owner, line, turn, *kept)


def read_along(rows, domain, *links):
    """Find rows, and read them and the records they point to by one statement.

    :param rows: their model, in the environment of the system
    :param links: many2one fields of it
    :return: the rows found, in the order of their model
    """
    assert rows.env.su, "only the engine reads past the rules"
    query = rows._search(domain, order=rows._order)
    parts = [(rows, rows._table)]
    for link in links:
        parts.append(rows._fields[link].join(rows, rows._table, query))
    columns = []
    for model, alias in parts:
        names = ["id"] + [
            field.name
            for field in model._determine_fields_to_fetch()
            if field.column_type and field.name != "id"
        ]
        columns += [(model, name, _column(model, alias, name, query)) for name in names]
    lines = rows.env.execute_query(query.select(*(sql for *_name, sql in columns)))
    values = [*zip(*lines, strict=True)]
    if not values:
        return rows.browse()
    found = rows.browse(values[0])
    for (model, name, _sql), column in zip(columns, values, strict=True):
        if name == "id":
            target = model.browse(column)
        else:
            # as Odoo does: never over a value that waits to be written
            model._fields[name]._insert_cache(target, column)
    return found


def _column(model, alias, name, query):
    """Return SQL of a column that leaves waiting values where they are."""
    column = model._field_to_sql(alias, name, query)
    if model._fields[name].translate:
        return column
    return SQL(column.code, *column.params)


class Lists:
    """Many2many lists of the engine, written by one statement.

    Odoo writes each list by a statement of its own, and the date of its owner by one
    more. Nobody is asked for rights, no `write` hears of it.
    """

    def __init__(self, env):
        assert env.su, "only the engine writes past the rules"
        self.env = env
        self.parts = []

    def set(self, record, name, lines):
        """Let a list of a record hold these lines; `store` writes it."""
        field = record._fields[name]
        old = record.with_context(active_test=False)[name]
        if old == lines:
            return
        field._update_cache(record, lines._ids)
        record.modified([name])
        gone, new = old - lines, lines - old
        names = (field.relation, field.column1, field.column2)
        table, owner, line = map(SQL.identifier, names)
        if new:
            pairs = SQL(", ").join((record.id, one) for one in new.ids)
            self.parts.append(
                SQL(
                    "INSERT INTO %s (%s, %s) VALUES %s ON CONFLICT DO NOTHING",
                    *(table, owner, line, pairs),
                )
            )
        if gone:
            self.parts.append(
                SQL(
                    "DELETE FROM %s WHERE %s = %s AND %s IN %s",
                    *(table, owner, record.id, line, gone._ids),
                )
            )

    def store(self):
        """Store what was set, each list as it is in the cache."""
        if not self.parts:
            return
        *parts, last = self.parts
        self.parts = []
        named = [
            SQL("%s AS (%s)", SQL.identifier(f"list{number}"), part)
            for number, part in enumerate(parts)
        ]
        ahead = SQL("WITH %s ", SQL(", ").join(named)) if named else SQL()
        self.env.cr.execute(SQL("%s%s", ahead, last))
