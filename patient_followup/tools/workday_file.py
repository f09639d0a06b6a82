# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read a year file of public holidays and make-up workdays (I-6).

A CSV of date, is_workday, name, with or without a heading, in the encodings and
separators that spreadsheets write. Nothing is guessed: each line that cannot be
read stands in a list with its number and why (I-7).
"""

import codecs
import csv
import io
import re
from datetime import date
from typing import NamedTuple

MAX_BYTES = 1_000_000
MAX_LINES = 5_000
MAX_NAME = 200
YEARS = range(1990, 2101)
SEPARATORS = ",;\t"
YES = {"1", "true", "yes", "y", "是", "班", "上班", "工作日", "补班", "補班"}
NO = {"0", "false", "no", "n", "否", "休", "放假", "节假日", "節假日", "休息日"}
HEADINGS = {"date", "day", "日期"}
DATE_PATTERN = re.compile(r"(\d{4})(?:-|/|\.|年)?(\d{1,2})(?:-|/|\.|月)?(\d{1,2})日?")


class WorkdayLine(NamedTuple):
    """One day of the file; `line` counts from 1, as a spreadsheet does."""

    line: int
    date: date
    is_workday: bool
    name: str


class Problem(NamedTuple):
    """Why a line, or the whole file (line 0), cannot be read.

    Codes: too_big, too_long, encoding, empty, columns, date, workday, name,
    duplicate.
    """

    line: int
    code: str
    value: str


def read_workday_file(content):
    """Return ([WorkdayLine], [Problem]) of the bytes of a file."""
    if len(content) > MAX_BYTES:
        return [], [Problem(0, "too_big", str(MAX_BYTES // 1000))]
    text = _decode(content)
    if text is None:
        return [], [Problem(0, "encoding", "")]
    table = list(_read_table(text))
    if len(table) > MAX_LINES:
        return [], [Problem(0, "too_long", str(MAX_LINES))]
    if not table:
        return [], [Problem(0, "empty", "")]
    return _read_lines(table)


def _decode(content):
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # a NUL is no text, whatever the encoding says
        return None if "\0" in text else text
    return None


def _read_table(text):
    """Yield (line number, cells) of the lines that hold something."""
    first = text.lstrip().split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = 0
    try:
        for cells in reader:
            number = reader.line_num
            cells = [cell.strip() for cell in cells]
            if any(cells) and not (number == 1 and cells[0].lower() in HEADINGS):
                yield number, cells
    except csv.Error:
        yield number + 1, []


def _read_lines(table):
    lines, problems, seen = [], [], {}
    for number, cells in table:
        found = _read_line(number, cells)
        if isinstance(found, WorkdayLine) and found.date in seen:
            found = Problem(number, "duplicate", str(seen[found.date]))
        if isinstance(found, Problem):
            problems.append(found)
            continue
        seen[found.date] = number
        lines.append(found)
    return lines, problems


def _read_line(number, cells):
    if len(cells) < 3:
        return Problem(number, "columns", str(len(cells)))
    day = _read_date(cells[0])
    if not day:
        return Problem(number, "date", cells[0][:40])
    flag = cells[1].lower()
    if flag not in YES and flag not in NO:
        return Problem(number, "workday", cells[1][:40])
    if not cells[2] or len(cells[2]) > MAX_NAME:
        return Problem(number, "name", str(MAX_NAME))
    return WorkdayLine(number, day, flag in YES, cells[2])


def _read_date(text):
    match = DATE_PATTERN.fullmatch(text)
    if not match:
        return None
    year, month, day = map(int, match.groups())
    if year not in YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
