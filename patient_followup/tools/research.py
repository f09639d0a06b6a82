# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""De-identified tables for research: bands, pseudonyms, small groups (R-6, Y-10).

Nothing here knows Odoo. A group of patients who look alike is published only if it
is large enough; otherwise the diagnosis becomes coarser, and then the patient is
left out.
"""

import codecs
import csv
import hmac
import io
import zipfile
from collections import Counter
from typing import NamedTuple

from .tabular import neutralise

MIN_GROUP = 5
MAX_ROWS = 1_048_575  # of an XLSX sheet, below its header
OLDEST = 90
LONGEST_STAY = 60
CODE_LENGTH = 3  # of an ICD code: its category
CHAPTER_LENGTH = 1
PSEUDONYM_LENGTH = 16


class Look(NamedTuple):
    """What a stay shows of its patient to somebody who knows him."""

    department: int
    age: str
    sex: str
    code: str

    def coarser(self):
        return self._replace(code=self.code[:CHAPTER_LENGTH])


def age_band(years):
    """Return the band of an age in whole years; the oldest share one.

    >>> [age_band(years) for years in (None, 0, 4, 17, 30, 104)]
    ['', '0', '1-4', '10-19', '30-39', '90+']
    """
    if years is None or years < 0:
        return ""
    if years < 1:
        return "0"
    if years < 10:
        return "1-4" if years < 5 else "5-9"
    if years >= OLDEST:
        return f"{OLDEST}+"
    low = int(years) // 10 * 10
    return f"{low}-{low + 9}"


def category(code):
    """Return the category of an ICD code, such as I21 of I21.901."""
    return (code or "").strip().upper()[:CODE_LENGTH]


def cap(days):
    """Return a length of stay; the longest ones look alike."""
    return None if days is None else min(days, LONGEST_STAY)


def pseudonym(key, patient_id):
    """Return the name of a patient in one export; the key is thrown away after it."""
    digest = hmac.digest(key, str(patient_id).encode(), "sha256")
    return digest.hex()[:PSEUDONYM_LENGTH]


def hide_small_groups(looks, least=MIN_GROUP):
    """Return {patient: {stay: Look}} of whom at least `least` patients look alike.

    All stays of a patient together are his look, for somebody may know of several.

    :param dict looks: {patient: {stay: Look}}
    :return: (what may be shown, number made coarser, number of patients left out)
    """
    shown, small = _part(looks, least)
    coarse = {
        patient: {stay: look.coarser() for stay, look in stays.items()}
        for patient, stays in small.items()
    }
    coarsened, left_out = _part(coarse, least)
    return {**shown, **coarsened}, len(coarsened), len(left_out)


def _part(looks, least):
    """Divide patients into those of large groups and those of small ones."""
    keys = {patient: _key(stays) for patient, stays in looks.items()}
    sizes = Counter(keys.values())
    large = {p: stays for p, stays in looks.items() if sizes[keys[p]] >= least}
    return large, {p: stays for p, stays in looks.items() if p not in large}


def _key(stays):
    return tuple(sorted(stays.values()))


# ------------------------------------------------------------
# FILES
# ------------------------------------------------------------


def write_xlsx_tables(tables):
    """Return an XLSX file, written row by row.

    :param tables: pairs of a name and an iterable of rows, the header first
    """
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
        for name, rows in tables:
            page = book.add_worksheet(name[:31])
            for number, row in enumerate(rows):
                if number > MAX_ROWS:
                    raise OverflowError(name)
                for column, cell in enumerate(row):
                    page.write(number, column, neutralise(cell))
    return stream.getvalue()


def write_csv_tables(tables):
    """Return a ZIP of CSV files that Excel opens with the right characters."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables:
            with archive.open(f"{name}.csv", "w", force_zip64=True) as entry:
                entry.write(codecs.BOM_UTF8)
                text = io.TextIOWrapper(entry, "utf-8", newline="")
                writer = csv.writer(text)
                writer.writerows([neutralise(cell) for cell in row] for row in rows)
                text.flush()
                text.detach()
    return stream.getvalue()
