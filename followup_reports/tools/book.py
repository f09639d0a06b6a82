# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A report or list as XLSX: typed cells, frozen header, filters, no formula (5)."""

import io
from datetime import date, datetime
from itertools import count

import xlsxwriter

from odoo.addons.patient_followup.tools.tabular import neutralise

OPTIONS = {
    "constant_memory": True,
    "in_memory": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
FORMATS = {
    "head": {"bold": True, "text_wrap": True, "bg_color": "#e7efee", "border": 1},
    "title": {"bold": True, "font_size": 14},
    "text": {"text_wrap": False},
    "count": {"num_format": "0"},
    "number": {"num_format": "0.0"},
    "difference": {"num_format": "+0.0;-0.0;0.0"},
    "rate": {"num_format": "0.0%"},
    "amount": {"num_format": "#,##0.00"},
    "date": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
    "long": {"text_wrap": True, "valign": "top"},
}
# the last line of a sheet that adds up the others
TOTAL = {"bold": True, "top": 1}
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
MAX_NAME = 31
MAX_TEXT = 32766  # of a cell, with an apostrophe before it
# of a sheet, below its header and above its total
MAX_ROWS = 1_048_574


class Book:
    """An XLSX file written line by line, so its length costs no memory."""

    def __init__(self):
        self._stream = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._stream, OPTIONS)
        self._formats = {
            name: self._book.add_format(vals) for name, vals in FORMATS.items()
        }
        self._totals = {
            name: self._book.add_format({**vals, **TOTAL})
            for name, vals in FORMATS.items()
        }
        self._names = set()

    def close(self):
        """Return the bytes of the file."""
        self._book.close()
        return self._stream.getvalue()

    def sheet(self, name, heads, rows, width=16, kinds=None, total=None):
        """Write a sheet: a frozen header with filters, the rows, their total.

        The total stands below what is filtered, so that it is never sorted in.

        :param heads: labels of the columns
        :param rows: iterable of lists; a cell is a value or (value, format)
        :param kinds: formats of the columns, for values without one
        :param total: cells of the last line, or a `Sum` to be fed with all rows
        """
        page = self._book.add_worksheet(self._free_name(name))
        page.set_column(0, 0, 24)
        page.set_column(1, max(len(heads) - 1, 1), width)
        page.freeze_panes(1, 1)
        for column, head in enumerate(heads):
            page.write_string(0, column, self._safe(head), self._formats["head"])
        kinds = kinds or [None] * len(heads)
        number = 0
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                self._write(page, number, column, cell, kinds[column], self._formats)
            if isinstance(total, Sum):
                total.add(row)
        if heads:
            page.autofilter(0, 0, max(number, 1), len(heads) - 1)
        if total and number:
            cells = total.cells() if isinstance(total, Sum) else total
            self._write_total(page, number + 1, cells, kinds)
        return page

    def _write_total(self, page, number, cells, kinds):
        for column, (cell, kind) in enumerate(zip(cells, kinds, strict=False)):
            self._write(page, number, column, cell, kind or "text", self._totals)

    def _write(self, page, row, column, cell, kind, formats):
        """Write a cell; this runs a million times for a long list."""
        value, kind = cell if type(cell) is tuple else (cell, kind)
        form = formats[kind] if kind in formats else None
        if value is None or value == "" or (value is False and kind != "flag"):
            if form:
                page.write_blank(row, column, None, form)
        elif isinstance(value, str):
            page.write_string(row, column, self._safe(value), form)
        elif isinstance(value, bool):
            page.write_boolean(row, column, value)
        elif isinstance(value, date):
            moment = "moment" if isinstance(value, datetime) else "date"
            page.write_datetime(row, column, value, form or formats[moment])
        else:
            page.write_number(row, column, value, form)

    @staticmethod
    def _safe(text):
        return neutralise(text[:MAX_TEXT])

    def _free_name(self, name):
        """Return a name a sheet may have, once in the book."""
        base = " ".join(name.translate(FORBIDDEN).split())[:MAX_NAME] or "Sheet"
        for number in count(1):
            tail = "" if number == 1 else f" {number}"
            free = base[: MAX_NAME - len(tail)] + tail
            if free.lower() not in self._names:
                self._names.add(free.lower())
                return free


class Sum:
    """What the columns of a sheet add up to, row by row."""

    def __init__(self, word, width, columns):
        """Take the word for the total, how many columns, and which add up."""
        self.columns = tuple(columns)
        self._cells = [None] * width
        self._cells[:1] = [word]
        for column in self.columns:
            self._cells[column] = 0

    def __bool__(self):
        return bool(self.columns)

    def add(self, row):
        """Add a row; cells without a number count nothing."""
        for column in self.columns:
            if isinstance(row[column], int | float):
                self._cells[column] += row[column]

    def cells(self):
        """Return the line of the totals."""
        return self._cells


def write_matrix(matrix, words):
    """Return a report (`matrix.Matrix`) as XLSX, with a sheet for each department.

    :param dict words: labels `summary`, `definitions`, `figure`, `meaning`,
        `section`, `value`, `counted`, `of`
    """
    book = Book()
    book.sheet(words["summary"], [matrix.title, matrix.subtitle], _summary(matrix), 60)
    for table in matrix.tables:
        heads, rows = sheet_of(table)
        total = rows.pop() if table.rows and table.rows[-1].is_total else None
        book.sheet(table.title, heads, rows, total=total)
    heads = [words[key] for key in ("section", "figure", "value", "counted", "of")]
    for name, rows in departments_of(matrix):
        book.sheet(name, heads, rows, 24)
    heads = [words["figure"], words["meaning"]]
    rows = [[name, (text, "long")] for name, text in matrix.definitions]
    book.sheet(words["definitions"], heads, rows, 90)
    return book.close()


def sheet_of(table):
    """Return (labels, rows) of a table; a rate takes three columns."""
    heads = [table.subject]
    for column in table.columns:
        heads.append(column.label)
        if column.kind == "rate":
            heads += [column.counted, column.of]
    return heads, [[row.label, *_flat(row, table.columns)] for row in table.rows]


def departments_of(matrix):
    """Return [(department, rows of its sheet)], a row for each of its figures."""
    found = {}
    for table in matrix.tables:
        for row in table.rows:
            if row.department:
                sheet = found.setdefault(row.department, (row.label, []))
                sheet[1].extend(_lines_of(table, row))
    return list(found.values())


def _lines_of(table, row):
    for cell, column in zip(row.cells, table.columns, strict=True):
        fraction = list(_flat_cell(cell, column))
        value, counted, of = [*fraction, None, None][:3]
        yield [table.title, column.label, value, counted, of]


def _flat(row, columns):
    for cell, column in zip(row.cells, columns, strict=True):
        yield from _flat_cell(cell, column)


def _flat_cell(cell, column):
    """Yield a figure as cells: a rate with what it divides."""
    is_rate = column.kind == "rate"
    if cell.state != "data":
        yield cell.text
        yield from (None, None) if is_rate else ()
    elif is_rate:
        yield cell.value / 100, "rate"
        yield cell.numerator, "count"
        yield cell.denominator, "count"
    else:
        yield cell.value, cell.kind


def _summary(matrix):
    yield from ([label, value] for label, value in matrix.facts)
    yield from (["", (sentence, "long")] for sentence in matrix.sentences)
