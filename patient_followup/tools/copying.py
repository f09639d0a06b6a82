# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows into a table by COPY: no statement to quote, to send and to parse."""

import csv
import io

from psycopg2.extras import Json

from odoo.tools import SQL


def copy_rows(cr, table, columns):
    """Write rows given as {column: values}, converted as for a statement.

    An empty text becomes NULL, which Odoo reads alike.

    :raise psycopg2.Error: as an INSERT would; none of the values is logged
    """
    columns = {
        name: [_plain(value) for value in values]
        for name, values in columns.items()
        if any(value is not None for value in values)
    }
    text = io.StringIO(newline="")
    csv.writer(text).writerows(zip(*columns.values(), strict=True))
    text.seek(0)
    names = SQL(", ").join(map(SQL.identifier, columns))
    target = SQL("COPY %s (%s) FROM STDIN CSV", SQL.identifier(table), names)
    cr.copy_expert(target.code, text)


def _plain(value):
    return value.dumps(value.adapted) if isinstance(value, Json) else value
