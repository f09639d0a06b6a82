# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read the bytes of a list (CSV or XLSX) into rows of text, safely (A-14).

Nothing here knows hospitals or Odoo. Sizes are checked before anything is
parsed, so a spreadsheet bomb costs milliseconds. Whatever cannot be read raises
`TableError` with a code that the caller puts into words.
"""

import codecs
import csv
import io
from typing import NamedTuple

MAX_BYTES = 32 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 256
MAX_CELL = 32_767
DELIMITERS = (",", "\t", ";", "|", "，")
# control characters no list has a use for; NUL stops some readers altogether
NUL_MARK = "\x01"
EDGES = " \t\r\n\f\v\x00\ufeff\u00a0\u3000\u200b\u200c\u200d\u200e\u200f\u2060"


class TableError(ValueError):
    """A file that cannot be read: a code, the row (from 1) and a detail."""

    def __init__(self, code, row=None, detail=None):
        super().__init__(f"{code} row={row} {detail or ''}".strip())
        self.code = code
        self.row = row
        self.detail = detail


class Row(NamedTuple):
    """A row of the file: its number as people count, and its cells as text."""

    number: int
    cells: list


def read_table(data, hints=()):
    """Return the non-empty rows of a CSV or XLSX file as `Row`s.

    :param bytes data: the file
    :param hints: words expected in it; they decide between encodings that fit
    """
    if not data:
        raise TableError("empty")
    if len(data) > MAX_BYTES:
        raise TableError("too_big", detail=MAX_BYTES // 1024 // 1024)
    kind = sniff(data)
    if kind == "xlsx":
        from .spreadsheet import read_xlsx

        rows = read_xlsx(data)
    elif kind == "text":
        rows = read_csv(decode(data, hints))
    else:
        raise TableError(f"format_{kind}")
    rows = [row for row in rows if any(row.cells)]
    if not rows:
        raise TableError("empty")
    return rows


def sniff(data):
    """Tell the kind of file from its content; names lie."""
    if data.startswith(b"PK\x03\x04"):
        return "xlsx"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"\x1f\x8b")):
        return "unknown"
    start = data[:512].lstrip(codecs.BOM_UTF8 + b" \r\n\t").lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta")):
        return "html"
    return "text"


def decode(data, hints=()):
    """Return the text of bytes in UTF-8, UTF-16, GB18030 or Big5."""
    certain = _certain_encoding(data)
    names = (certain,) if certain else ("utf-8", "gb18030", "big5hkscs")
    texts = {name: text for name in names if (text := _decode(data, name)) is not None}
    if not texts:
        raise TableError("encoding")
    if "utf-8" in texts:
        return texts["utf-8"]
    # max() keeps the first of equals: GB18030 wins where no hint decides
    return max(
        texts.values(), key=lambda text: sum(hint in text[:4096] for hint in hints)
    )


def _certain_encoding(data):
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return _guess_utf16(data)


def _decode(data, encoding):
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _guess_utf16(data):
    """Recognise UTF-16 without a mark by the zero halves of its separators."""
    sample = data[:2048]
    zeros = sample.count(b"\x00")
    if not zeros or (zeros * 3 < len(sample) and _decode(data, "utf-8") is not None):
        return None
    marks = (b",", b"\t", b";", b"\n", b"\r", b"0", b"1", b"2")
    little = sum(sample.count(mark + b"\x00") for mark in marks)
    big = sum(sample.count(b"\x00" + mark) for mark in marks)
    if max(little, big) * 20 < len(sample):
        return None
    return "utf-16-le" if little >= big else "utf-16-be"


def read_csv(text):
    """Return the rows of separated text, whatever its separator and line ends."""
    text = text.replace("\x00", NUL_MARK)
    delimiter = guess_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    try:
        for number, cells in enumerate(reader, start=1):
            check_row(number, cells, number)
            rows.append(Row(number, [clean_cell(cell) for cell in cells]))
    except csv.Error as error:
        raise TableError("quotes", row=len(rows) + 1) from error
    return rows


def guess_delimiter(text):
    """Return the separator that splits the first lines most evenly."""
    lines = [line for line in text[:65536].splitlines()[:20] if line.strip()]
    best, best_score = ",", 0
    for delimiter in DELIMITERS:
        counts = [_unquoted(line).count(delimiter) for line in lines]
        score = sorted(counts)[len(counts) // 2] if counts else 0
        score = score * 100 + max(counts, default=0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _unquoted(line):
    return "".join(line.split('"')[::2])


def check_row(number, cells, count):
    """Refuse what is longer or wider than any list of a hospital."""
    if count > MAX_ROWS:
        raise TableError("too_many_rows", row=number, detail=MAX_ROWS)
    if len(cells) > MAX_COLUMNS:
        raise TableError("too_many_columns", row=number, detail=MAX_COLUMNS)
    if any(len(cell) > MAX_CELL for cell in cells):
        raise TableError("cell_too_long", row=number, detail=MAX_CELL)


def clean_cell(text):
    """Return the text without the edges and wrappers that exports add."""
    text = text.strip(EDGES)
    if len(text) > 3 and text.startswith('="') and text.endswith('"'):
        text = text[2:-1].strip(EDGES)  # ="00123" keeps zeros in Excel
    return text


# ------------------------------------------------------------
# WRITING
# ------------------------------------------------------------

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def neutralise(value):
    """Return the text such that no spreadsheet takes it for a formula."""
    if isinstance(value, str) and value.lstrip(" \u3000").startswith(FORMULA_STARTS):
        return "'" + value
    return value


def write_csv(rows):
    """Return rows as UTF-8 CSV that Excel opens with the right characters."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([neutralise(cell) for cell in row] for row in rows)
    return codecs.BOM_UTF8 + stream.getvalue().encode("utf-8", "replace")
