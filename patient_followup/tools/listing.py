# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the cells of a discharge list to the rows `upsert` takes (A-14, D-14)."""

import re
import unicodedata
from typing import NamedTuple

from .values import BadValue, read_moment

HEADER_DEPTH = 15
PLAIN_FIELDS = (
    "mrn",
    "patient_name",
    "sex",
    "birthdate",
    "id_number",
    "employer",
    "occupation",
    "address",
    "encounter_class",
    "department",
    "attending",
    "resident",
    "surgeon",
    "clinic_room",
    "admission_date",
    "discharge_date",
    "procedure_date",
    "outpatient_diagnosis",
    "admission_diagnosis",
    "discharge_diagnosis",
    "diagnosis_code",
    "procedure_name",
    "procedure_code",
    "treatment_result",
    "disposition",
    "state",
    "caller_note",
)
# columns that only together make a value
COMPOSED_FIELDS = (
    "visit_number",
    "inpatient_number",
    "visit_count",
    "card_number",
    "visit_date",
    "age",
    "phone",
    "contact_name",
    "contact_relation",
    "contact_phone",
)
LIST_FIELDS = PLAIN_FIELDS + COMPOSED_FIELDS
DATE_FIELDS = (
    "birthdate",
    "admission_date",
    "discharge_date",
    "procedure_date",
    "visit_date",
)
# what a row shows of a person must not stand in the list of rejected rows
PROTECTED_FIELDS = frozenset({"id_number", "phone", "contact_phone", "address"})


class Header(NamedTuple):
    """Where the header stands, its columns by field, and what nobody knows."""

    index: int
    columns: dict
    unknown: list
    titles: list


def normalise(title):
    """Return a header without case, blanks, marks and remarks in brackets."""
    text = unicodedata.normalize("NFKC", title or "").lower()
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】", "", text)
    return re.sub(r"[\s*:_#\-./、\"']", "", bare or text)


def alias_index(aliases):
    """Return {normalised alias: field} of {field: [aliases]}; the first one wins."""
    index = {}
    for field, names in aliases.items():
        for name in (*names, field):
            index.setdefault(normalise(name), field)
    index.pop("", None)
    return index


def find_header(rows, index):
    """Return the `Header` of the first rows that knows most columns, or None.

    Lists often start with a title and the date of printing.
    """
    best = None
    for position, row in enumerate(rows[:HEADER_DEPTH]):
        header = _read_header(position, row.cells, index)
        if best is None or _known(header) > _known(best):
            best = header
    return best if best and _known(best) >= 2 else None


def _read_header(position, cells, index):
    columns, unknown = {}, []
    for column, title in enumerate(cells):
        field = index.get(normalise(title))
        if field:
            columns.setdefault(field, []).append(column)
        elif title:
            unknown.append(title)
    return Header(position, columns, unknown, list(cells))


def _known(header):
    return len(header.columns)


def title_of(header, field):
    """Return the header people see for a field, or the field's own name."""
    columns = header.columns.get(field)
    return header.titles[columns[0]] if columns else field


def read_cells(header, cells):
    """Return {list field: text}; of several columns the first that has something."""
    values = {}
    for field, columns in header.columns.items():
        texts = [cells[column] if column < len(cells) else "" for column in columns]
        values[field] = next(filter(None, texts), "")
    return values


def to_row(values, source, encounter_class, date_order="ymd"):
    """Return the row `upsert` takes; a column the list lacks is left alone."""
    if date_order != "ymd":
        values = _order_dates(values, date_order)
    row = {"source": source, "number": stay_number(values)}
    for field in PLAIN_FIELDS:
        if field in values:
            row[field] = values[field]
    if not row.get("encounter_class"):
        row["encounter_class"] = encounter_class
    if "visit_date" in values:
        for field in ("admission_date", "discharge_date"):
            row.setdefault(field, values["visit_date"])
    contacts = _contacts(values)
    if contacts is not None:
        row["contacts"] = contacts
    return row


def _order_dates(values, date_order):
    """Return the values with dates in one order; what is no date stays as it is."""
    values = dict(values)
    for field in DATE_FIELDS:
        try:
            moment = read_moment(values.get(field), date_order)
        except BadValue:
            continue
        if moment:
            values[field] = moment.isoformat()
    return values


def stay_number(values):
    """Return the number of the stay: 就诊流水号, or 住院号 with 住院次数 (D-14)."""
    if values.get("visit_number"):
        return values["visit_number"]
    if number := values.get("inpatient_number"):
        times = re.sub(r"\D", "", re.sub(r"\.0$", "", values.get("visit_count") or ""))
        return f"{number}-{times}" if times else number
    if (card := values.get("card_number")) and (day := values.get("visit_date")):
        return f"{card}-{re.sub(r'[^0-9]', '', day)[:8]}"
    return ""


def _contacts(values):
    """Return the contacts, or None where the list has no such column.

    关系 belongs to 联系人 where that has a number of its own, else to 联系电话.
    """
    if not {"phone", "contact_phone"} & set(values):
        return None
    relation, name = values.get("contact_relation", ""), values.get("contact_name", "")
    own = {"phone": values.get("phone", ""), "relation": "", "name": ""}
    other = {"phone": values.get("contact_phone", ""), "name": name}
    other["relation"] = relation or "other"
    if not other["phone"]:
        own.update(relation=relation, name=name)
    return [contact for contact in (own, other) if contact["phone"]]
