# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading the rows of a list quickly, without filling the memory (section 5)."""

from odoo import fields, models
from odoo.tools import SQL

BATCH = 2000
# read by one statement for each batch; other columns by the export of Odoo
PLAIN = {"char", "text", "integer", "float", "monetary", "boolean", "date"}
PLAIN |= {"datetime", "selection", "many2one"}


class FollowupReportList(models.AbstractModel):
    _inherit = "followup.report.list"

    def _iter_rows(self, rows, columns):
        """Yield the cells of rows, batch by batch.

        The reader searched the rows, so his rules are applied; whether he may read
        a field is asked for each.
        """
        self.env.flush_all()
        is_plain = all(self._is_plain(rows, column) for column in columns)
        read = self._read_plain if is_plain else self._read_any
        names = {}
        for start in range(0, len(rows), BATCH):
            batch = rows.browse(rows._ids[start : start + BATCH])
            yield from read(batch, columns, names)

    def _is_plain(self, rows, column):
        field = column.field
        return (
            column.path in rows._fields
            and field.type in PLAIN
            and field.store
            and not field.company_dependent
            and field.column_type is not None
        )

    def _read_any(self, batch, columns, _names):
        """Return the cells as Odoo exports them; paths and computed fields."""
        paths = [column.path.split("/") for column in columns]
        cells = batch.with_context(import_compat=False)._export_rows(paths)
        self.env.invalidate_all()
        return [list(map(self._plain_value, row)) for row in cells]

    @staticmethod
    def _plain_value(value):
        if isinstance(value, bytes):
            return value.decode(errors="replace")
        return str(value) if isinstance(value, list | tuple | dict) else value

    def _read_plain(self, batch, columns, names):
        """Return the cells of stored columns, read by one statement."""
        table, query = batch._table, batch._as_query(ordered=False)
        wanted = [batch._field_to_sql(table, col.path, query) for col in columns]
        found = {
            row[0]: row[1:]
            for row in self.env.execute_query(
                query.select(SQL.identifier(table, "id"), *wanted)
            )
        }
        values = [found[id_] for id_ in batch._ids if id_ in found]
        by_column = zip(*values, strict=True)
        return zip(
            *(
                self._in_words(column.field, cells, names)
                for column, cells in zip(columns, by_column, strict=False)
            ),
            strict=True,
        )

    def _in_words(self, field, cells, names):
        """Return the values of a column as a reader knows them."""
        if field.type == "many2one":
            known = names.setdefault(field.name, {None: None})
            self._learn_names(field, set(cells) - known.keys(), known)
        elif field.type == "selection":
            known = dict(field._description_selection(self.env))
        elif field.type in ("float", "monetary"):
            return [None if cell is None else float(cell) for cell in cells]
        elif field.type == "datetime":
            return [cell and self._local(cell) for cell in cells]
        else:
            return cells
        return [known.get(cell) for cell in cells]

    def _learn_names(self, field, ids, known):
        # sudo: the name of what a row names, as every list shows it
        linked = self.env[field.comodel_name].browse(ids).sudo()
        known.update((record.id, record.display_name) for record in linked.exists())
        linked.invalidate_recordset()

    def _local(self, moment):
        return fields.Datetime.context_timestamp(self, moment).replace(tzinfo=None)
