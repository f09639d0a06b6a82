# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read and write XLSX without trusting it.

An own reader because the usual one unpacks before it counts: here the sizes an
archive declares are checked first, the bytes are counted while they are
unpacked, and a document type (entity bombs) ends the reading at once.
"""

import io
import re
import zipfile
import zlib
from datetime import datetime, timedelta
from xml.parsers import expat

from .tabular import (
    MAX_CELL,
    MAX_COLUMNS,
    Row,
    TableError,
    check_row,
    clean_cell,
    neutralise,
)

MAX_UNPACKED = 96 * 1024 * 1024
MAX_PARTS = 1000
MAX_RATIO = 250  # real sheets pack 10 to 60 times, bombs a thousand times
SMALL_PART = 1024 * 1024
CHUNK = 256 * 1024
BUILTIN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
LAST_SERIAL = 2_958_465  # 9999-12-31


def read_xlsx(data):
    """Return the rows of the first visible sheet, dates as ISO text."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_archive(archive)
            return _read_book(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, expat.ExpatError) as error:
        raise TableError("broken", detail=type(error).__name__) from error
    except (KeyError, NotImplementedError, RuntimeError, OSError) as error:
        # no such part, unknown compression, encrypted
        raise TableError("broken", detail=type(error).__name__) from error


def _check_archive(archive):
    infos = archive.infolist()
    if len(infos) > MAX_PARTS or sum(i.file_size for i in infos) > MAX_UNPACKED:
        raise TableError("bomb")
    for info in infos:
        packed = max(info.compress_size, 1)
        if info.file_size > SMALL_PART and info.file_size / packed > MAX_RATIO:
            raise TableError("bomb")


def _read_book(archive):
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        raise TableError("broken", detail="workbook")
    book = _Workbook()
    _parse(archive, "xl/workbook.xml", book)
    targets = _Relations()
    _parse(archive, "xl/_rels/workbook.xml.rels", targets)
    styles, strings = _Styles(), _Strings()
    if "xl/styles.xml" in names:
        _parse(archive, "xl/styles.xml", styles)
    if "xl/sharedStrings.xml" in names:
        _parse(archive, "xl/sharedStrings.xml", strings)
    sheet = _Sheet(strings.texts, styles.date_styles(), book.date1904)
    _parse(archive, _part_name(targets.by_id.get(book.sheet_id)), sheet)
    return sheet.rows


def _part_name(target):
    if not target:
        raise TableError("broken", detail="sheet")
    return target.lstrip("/") if target.startswith("/") else "xl/" + target


def _parse(archive, name, handler):
    """Feed one part to a handler, counting what is really unpacked."""
    parser = expat.ParserCreate(namespace_separator=None)
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    unpacked = 0
    with archive.open(name) as part:
        while chunk := part.read(CHUNK):
            unpacked += len(chunk)
            if unpacked > MAX_UNPACKED:
                raise TableError("bomb")
            parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _refuse_doctype(*args):
    raise TableError("bomb")


def _local(name):
    return name.rsplit(":", 1)[-1]


class _Handler:
    def start(self, name, attrs):
        pass

    def end(self, name):
        pass

    def text(self, data):
        pass


class _Workbook(_Handler):
    """The relation of the first visible sheet, and where dates count from."""

    def __init__(self):
        self.sheet_id = None
        self.date1904 = False

    def start(self, name, attrs):
        name = _local(name)
        if name == "workbookPr":
            self.date1904 = attrs.get("date1904") in ("1", "true")
        elif name == "sheet" and attrs.get("state", "visible") == "visible":
            ids = [v for k, v in attrs.items() if k.endswith(":id")]
            self.sheet_id = self.sheet_id or (ids[0] if ids else None)


class _Relations(_Handler):
    def __init__(self):
        self.by_id = {}

    def start(self, name, attrs):
        if _local(name) == "Relationship":
            self.by_id[attrs.get("Id")] = attrs.get("Target")


class _Styles(_Handler):
    """Which cell styles show a date."""

    def __init__(self):
        self.formats = {}
        self.xfs = []
        self.in_xfs = False

    def start(self, name, attrs):
        name = _local(name)
        if name == "numFmt":
            self.formats[attrs.get("numFmtId")] = attrs.get("formatCode", "")
        elif name == "cellXfs":
            self.in_xfs = True
        elif name == "xf" and self.in_xfs:
            self.xfs.append(attrs.get("numFmtId", "0"))

    def end(self, name):
        if _local(name) == "cellXfs":
            self.in_xfs = False

    def date_styles(self):
        return {index for index, number in enumerate(self.xfs) if self._is_date(number)}

    def _is_date(self, number):
        if number in self.formats:
            # colours, literals and conditions may hold the letters of a date
            code = re.sub(r'\[[^\]]*\]|"[^"]*"|\\.|_.', "", self.formats[number])
            return bool(re.search(r"[ymdhs年月日]", code.lower()))
        return number.isdigit() and int(number) in BUILTIN_DATES


class _Strings(_Handler):
    """The table of shared texts; phonetic guides are left out."""

    def __init__(self):
        self.texts = []
        self.parts = None
        self.take = False
        self.phonetic = False

    def start(self, name, attrs):
        name = _local(name)
        if name == "si":
            self.parts = []
        elif name == "rPh":
            self.phonetic = True
        elif name == "t":
            self.take = not self.phonetic and self.parts is not None

    def end(self, name):
        name = _local(name)
        if name == "t":
            self.take = False
        elif name == "rPh":
            self.phonetic = False
        elif name == "si":
            self.texts.append("".join(self.parts))
            self.parts = None

    def text(self, data):
        if self.take:
            self.parts.append(data)


class _Sheet(_Handler):
    """The cells of a sheet as rows of text."""

    def __init__(self, strings, date_styles, date1904):
        self.strings = strings
        self.date_styles = date_styles
        self.base = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30)
        self.rows = []
        self.number = 0
        self.cells = {}
        self.column = -1
        self.kind = self.style = None
        self.parts = []
        self.take = False
        self.phonetic = False

    def start(self, name, attrs):
        name = _local(name)
        if name == "c":
            self._open_cell(attrs)
        elif name in ("v", "t"):
            self.take = not self.phonetic
        elif name == "rPh":
            self.phonetic = True
        elif name == "row":
            number = attrs.get("r", "")
            self.number = int(number) if number.isdigit() else self.number + 1
            self.cells, self.column = {}, -1

    def _open_cell(self, attrs):
        reference = attrs.get("r")
        self.column = _column(reference) if reference else self.column + 1
        self.kind, self.style = attrs.get("t"), attrs.get("s")
        self.parts = []

    def text(self, data):
        if self.take:
            self.parts.append(data)

    def end(self, name):
        name = _local(name)
        if name in ("v", "t"):
            self.take = False
        elif name == "rPh":
            self.phonetic = False
        elif name == "c" and self.parts:
            if value := clean_cell(self._value("".join(self.parts))):
                self._put(value)
        elif name == "row" and self.cells:
            self._close_row()

    def _put(self, value):
        if self.column >= MAX_COLUMNS:
            raise TableError("too_many_columns", self.number, MAX_COLUMNS)
        if len(value) > MAX_CELL:
            raise TableError("cell_too_long", self.number, MAX_CELL)
        self.cells[self.column] = value

    def _close_row(self):
        cells = [""] * (max(self.cells) + 1)
        for column, value in self.cells.items():
            cells[column] = value
        check_row(self.number, (), len(self.rows) + 1)
        self.rows.append(Row(self.number, cells))

    def _value(self, raw):
        if self.kind == "s":
            index = int(raw) if raw.isdigit() else -1
            if not 0 <= index < len(self.strings):
                raise TableError("broken", row=self.number)
            return self.strings[index]
        if self.kind in (None, "n"):
            is_date = self.style and int(self.style) in self.date_styles
            return self._date(raw) if is_date else number_text(raw)
        return raw

    def _date(self, raw):
        try:
            serial = float(raw)
        except ValueError:
            return raw
        if not 0 < serial <= LAST_SERIAL:
            return raw
        # a whole second: serials are floats
        moment = self.base + timedelta(seconds=round(serial * 86400))
        if serial == int(serial):
            return moment.date().isoformat()
        return moment.isoformat(sep=" ")


def _column(reference):
    index = 0
    for char in reference:
        if not "A" <= char <= "Z":
            break
        index = index * 26 + ord(char) - 64
        if index > 16384:
            raise TableError("broken", detail="column")
    return index - 1


def number_text(raw):
    """Return a number as people wrote it: 13800000001, not 1.3800000001E10."""
    try:
        number = float(raw)
    except ValueError:
        return raw
    # the text itself where it is a fraction, infinite or beyond what a float holds
    if abs(number) < 1e15 and number.is_integer():
        return str(int(number))
    return raw


def write_xlsx(rows, sheet="List"):
    """Return rows as an XLSX file whose texts stay texts."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {
        "constant_memory": True,
        "in_memory": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        page = book.add_worksheet(sheet[:31])
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write(number, column, neutralise(cell))
    return stream.getvalue()
