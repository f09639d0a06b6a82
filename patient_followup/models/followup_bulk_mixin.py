# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Making thousands of records at once (I-2, speed goals)."""

from odoo import models
from odoo.tools import SQL, clean_context

from ..tools.copying import copy_rows

# their columns hold what the cache holds
CACHED_AS_STORED = frozenset(
    "boolean char date datetime integer many2one selection text".split()
)
LOG_COLUMNS = frozenset(models.MAGIC_COLUMNS)


class FollowupBulkMixin(models.AbstractModel):
    """One statement for a thousand rows, at several times the speed of `create`.

    For the engine only: values come from our own code, and what a model does
    around `create` it does around `_insert` itself, rights included.
    """

    _name = "followup.bulk.mixin"
    _description = "Bulk Insert"

    def _insert(self, vals_list):
        """Insert rows; stored computed fields that are not given are computed.

        Whatever are no plain columns goes the usual way. All rows give the same
        computed fields, or none does.
        """
        names = {name for vals in vals_list for name in vals}
        columns = {
            name
            for name, field in self._fields.items()
            if field.column_type and field.store and name not in LOG_COLUMNS
        }
        if not vals_list or not names <= columns:
            return self.create(vals_list)
        plain = {name for name in columns if not self._fields[name].compute}
        # rows of the engine take no default from the context of a client
        engine = self.with_context(clean_context(self.env.context))
        defaults = engine.default_get(list(plain))
        values = self._prepare_insert_columns(names, defaults, vals_list)
        records = self.browse(self._reserve_ids(len(vals_list)))
        log = self._prepare_insert_log(len(records))
        copy_rows(self.env.cr, self._table, {"id": records._ids, **log, **values})
        records._forget_inverses(values)
        nothing = [None] * len(records)
        records._remember_inserted({**dict.fromkeys(plain, nothing), **values})
        records._announce_inserted(list(values))
        return records

    def _reserve_ids(self, count):
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id'))::regclass)"
                " FROM generate_series(1, %s)",
                self._table,
                count,
            )
        )
        return [id_ for [id_] in rows]

    def _prepare_insert_columns(self, names, defaults, vals_list):
        """Return {name: values of the rows}, converted as for a statement."""
        columns = {}
        for name in sorted(names | set(defaults)):
            default = defaults.get(name, False)
            values = [vals.get(name, default) for vals in vals_list]
            columns[name] = self._convert_column(self._fields[name], values)
        return columns

    def _convert_column(self, field, values):
        """Convert values; most columns hold few that differ."""
        convert = field.convert_to_column_insert
        try:
            known = {value: convert(value, self) for value in set(values)}
        except TypeError:  # lists and such
            return [convert(value, self) for value in values]
        return [known[value] for value in values]

    def _prepare_insert_log(self, count):
        now, uid = [str(self.env.cr.now())] * count, [self.env.uid] * count
        return {
            "create_uid": uid,
            "create_date": now,
            "write_uid": uid,
            "write_date": now,
        }

    def _remember_inserted(self, columns):
        """Fill the cache as reading the rows would: checks need not read them."""
        for name, values in columns.items():
            field = self._fields[name]
            if field.type not in CACHED_AS_STORED:
                continue
            if not (field.translate or field.company_dependent):
                field._insert_cache(self, values)

    def _forget_inverses(self, names):
        """Let lines of others be read anew; this forgets the links of lines too."""
        for name in names:
            for inverse in self.pool.field_inverses[self._fields[name]]:
                model = self.env[inverse.model_name]
                model.invalidate_model([inverse.name], flush=False)

    def _announce_inserted(self, names):
        """Do what `create` does for others: dependents, constraints."""
        given = [self._fields[name] for name in names if self._fields[name].compute]
        with self.env.protecting(given, self):
            self.modified(self._fields, create=True)
        self._validate_fields(names)
