# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.book import MAX_ROWS, Book, Sum

# what is listed: model, columns; numbers keep their type
LISTS = {
    "follow-ups": (
        "followup.report.task",
        (
            *("due_day", "discharge_day", "department_id", "level"),
            *("encounter_class", "protocol_id", "method", "state"),
            *("completed_by_id", "base_count", "covered_count"),
            *("effective_count", "on_time_count"),
        ),
    ),
    "attempts": (
        "followup.report.attempt",
        ("day", "hour", "department_id", "level", "method", "result", "user_id"),
    ),
    "complaints": (
        "followup.report.complaint",
        (
            *("case_id", "received_day", "closed_day", "department_id", "kind"),
            *("category_id", "severity", "state", "days_to_close"),
        ),
    ),
    "ledger": (
        "followup.ledger",
        (
            *("period", "kind", "department_id", "user_id", "count", "base"),
            *("share", "amount", "state"),
        ),
    ),
}
KINDS = {
    "integer": "count",
    "float": "amount",
    "monetary": "amount",
    "date": "date",
    "datetime": "moment",
    "boolean": "flag",
}
# numbers that say which, not how much
NO_SUM = {"sequence", "version", "rank", "color", "due_day"}


class Column(NamedTuple):
    """A column of a list: the path from the row, its label, its last field."""

    path: str
    label: str
    field: object = None

    @property
    def kind(self):
        """Return the format of its cells."""
        return KINDS.get(self.field.type) if self.field else None

    @property
    def is_summed(self):
        """Tell whether its numbers add up to something."""
        is_amount = self.kind in ("count", "amount")
        return is_amount and self.field.aggregator == "sum" and self.path not in NO_SUM


class FollowupReportList(models.AbstractModel):
    """Any list as XLSX, however long, with the rights of the reader (section 5).

    Access: whoever reads the rows and may export; each list is logged.
    """

    _name = "followup.report.list"
    _description = "Lists as XLSX"

    @api.model
    def _get_xlsx(self, name):
        """Return one of LISTS as XLSX; rows are read and written batch by batch.

        :raises KeyError: no such list
        :raises AccessError: not this reader's, or he may not export
        """
        model, paths = LISTS[name]
        rows = self.env[model]
        rows.check_access("read")
        return self._write_xlsx(rows.search(Domain.TRUE), paths)

    @api.model
    def _write_xlsx(self, rows, paths, labels=None, by_department=False):
        """Return rows the reader sees as XLSX and log it.

        :param rows: records of one model, already searched by the reader
        :param paths: names of fields, or paths such as `department_id/name`
        :param labels: heads of the columns; else the labels of the fields
        :param by_department: add a sheet for each department
        :raises AccessError: the reader may not export
        :raises UserError: more rows than a sheet holds
        """
        self._check_may_export(rows)
        columns = self._get_columns(rows, paths, labels)
        self._log_list(rows, paths)
        book = Book()
        self._write_sheet(book, rows._description, rows, columns)
        if by_department and "department_id" in rows._fields:
            for name, part in self._split(rows):
                self._write_sheet(book, name, part, columns)
        self._write_meaning(book, rows, columns)
        return book.close()

    def _check_may_export(self, rows):
        rows.check_access("read")
        if not self.env.user.has_group("base.group_allow_export"):
            raise AccessError(self.env._("You are not allowed to export."))
        if len(rows) > MAX_ROWS:
            raise UserError(
                self.env._(
                    "A sheet holds %(count)s rows: filter the list.", count=MAX_ROWS
                )
            )

    def _log_list(self, rows, paths):
        log = self.env["followup.access.log"]
        vals = log._prepare_log("export", rows._name, None, ", ".join(paths))
        log._append([{**vals, "count": len(rows)}])

    # ------------------------------------------------------------
    # SHEETS
    # ------------------------------------------------------------

    def _write_sheet(self, book, name, rows, columns):
        summed = [place for place, col in enumerate(columns) if place and col.is_summed]
        book.sheet(
            name,
            [column.label for column in columns],
            self._iter_rows(rows, columns),
            kinds=[column.kind for column in columns],
            total=Sum(self.env._("Total"), len(columns), summed),
        )

    def _split(self, rows):
        """Yield (name of the department, its rows) in the order of the names."""
        parts = rows.with_context(active_test=False)._read_group(
            [("id", "in", rows.ids)], ["department_id"], ["id:array_agg"]
        )
        for department, ids in parts:
            # sudo: the name of a department whose rows the reader sees
            name = department.sudo().display_name or self.env._("None")
            wanted = set(ids)
            yield name, rows.browse(id_ for id_ in rows._ids if id_ in wanted)

    def _write_meaning(self, book, rows, columns):
        """Write what the columns mean, who took the list out, and how long it is."""
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        words = self.env["followup.kpi"]._get_words()
        lines = [
            [column.label, (self._explain(rows, column, words), "long")]
            for column in columns
        ]
        lines += [
            [self.env._("Rows"), len(rows)],
            [self.env._("Exported by"), self.env.user.name],
            [self.env._("Exported on"), now.replace(tzinfo=None)],
        ]
        heads = [self.env._("Column"), self.env._("What it means")]
        book.sheet(self.env._("Definitions"), heads, lines, 90)

    def _explain(self, rows, column, words):
        """Return the definition of a figure, else the help of a field."""
        if hasattr(rows, "_quotients"):
            for tail in ("", "_rate", "_count"):
                if found := words.get(column.path.removesuffix(tail)):
                    return found[1]
        return (column.field and column.field._description_help(self.env)) or ""

    @api.model
    def _get_columns(self, rows, paths, labels=None):
        """Return the `Column`s of paths, with labels in the reader's language."""
        found = []
        for place, path in enumerate(paths):
            field = self._last_field(rows, path)
            label = labels[place] if labels else field._description_string(self.env)
            found.append(Column(path, label.strip(), field))
        return found

    @api.model
    def _last_field(self, rows, path):
        field = None
        for name in path.split("/"):
            field = rows._fields.get(name.split(".")[0])
            if field is None:
                return None
            rows = self.env[field.comodel_name] if field.relational else rows
        return field
