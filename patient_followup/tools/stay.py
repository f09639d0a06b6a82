# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Check one row of `upsert` and turn it into clean values, without a database."""

from datetime import datetime, timedelta

from . import masking, values
from .values import UTC, BadValue

TEXT_LIMIT = 500
NOTE_LIMIT = 4000
NAME_LIMIT = 120
FUTURE_DAYS = 31
STAY_DATES = ("admission_date", "discharge_date", "procedure_date")
SHORT_TEXTS = (
    "clinic_room",
    "outpatient_diagnosis",
    "admission_diagnosis",
    "discharge_diagnosis",
    "diagnosis_code",
    "procedure_name",
    "procedure_code",
    "treatment_result",
)
STAY_TEXTS = (*SHORT_TEXTS, "caller_note")
PATIENT_TEXTS = ("employer", "occupation", "address")
DOCTORS = ("attending", "resident", "surgeon")
KEYS = frozenset(
    (
        "source",
        "number",
        "mrn",
        "patient_name",
        "sex",
        "birthdate",
        "id_number",
        "encounter_class",
        "department",
        "disposition",
        "state",
        "contacts",
        *DOCTORS,
        *STAY_DATES,
        *STAY_TEXTS,
        *PATIENT_TEXTS,
    )
)
KEY_READERS = (
    ("source", values.read_text),
    ("number", values.read_number),
    ("mrn", values.read_number),
)
CONTACT_KEYS = frozenset(
    ("name", "relation", "phone", "is_primary", "may_receive_medical_info")
)


class Stay:
    """A row taken apart: values of the stay, of the patient, and what is wrong.

    `errors` and `warnings` are lists of (field, code, value). Only keys the row
    has are in `vals` and `patient`; an empty value is False and clears.
    """

    def __init__(self, index, row, calendar=None):
        self.index = index
        self.row = row
        self.calendar = calendar
        self.source = self.number = self.mrn = self.name = ""
        self.vals = {}
        self.patient = {}
        self.names = {}
        self.contacts = []
        self.bare_days = {}
        self.is_cancelled = None
        self.errors = []
        self.warnings = []
        # found and decided later, by the model
        self.encounter = self.found_patient = None
        self.was_known = False
        self.id_owners = ()
        self.patient_id = self.other_id = None
        self.changes = {}
        self.patient_changes = {}
        self.new_contacts = []
        self.contact_changes = []
        self.decided = None

    @property
    def key(self):
        return self.source, self.number

    @property
    def phones(self):
        return [contact["phone"] for contact in self.contacts]

    @property
    def rank(self):
        """Order the stays of a patient: the latest one speaks for him."""
        day = self.day("admission_date") or self.day("discharge_date")
        return str(day or ""), self.number

    @property
    def identity(self):
        """What makes two rows of a list one new patient."""
        if self.mrn:
            return "mrn", self.mrn
        if self.patient.get("id_number"):
            return "id_number", self.patient["id_number"]
        if self.patient.get("birthdate") and self.contacts:
            return self.name, self.patient["birthdate"], self.phones[0]
        return ("row", self.index)

    @property
    def has_changes(self):
        return bool(
            self.changes
            or self.patient_changes
            or self.new_contacts
            or self.contact_changes
        )

    @property
    def outcome(self):
        if self.errors:
            return "rejected"
        if self.decided:
            return self.decided
        if not self.was_known:
            return "created"
        return "updated" if self.has_changes else "unchanged"

    @property
    def encounter_id(self):
        if self.errors:
            return False
        return self.other_id or (self.encounter.id if self.encounter else False)

    def day(self, field):
        """Return the local day of one of its dates."""
        if field in self.bare_days:
            return self.bare_days[field]
        moment = self.vals.get(field)
        return self.calendar.local_date(moment) if moment else None

    def fail(self, field, code, value=None):
        self.errors.append((field, code, value))

    def warn(self, field, code, value=None):
        self.warnings.append((field, code, value))


class Cleaner:
    """Cleans the rows of one hospital; `today` is its local day."""

    def __init__(self, calendar, today, date_order="ymd"):
        self.calendar = calendar
        self.today = today
        self.latest_day = today + timedelta(days=FUTURE_DAYS)
        self._moments = {}
        self._readers = _readers(date_order)

    def clean(self, index, row):
        stay = Stay(index, row, self.calendar)
        if not isinstance(row, dict):
            stay.row = {}
            stay.fail("row", "bad_row")
            return stay
        for key in sorted(map(str, row.keys() - KEYS)):
            stay.fail(key[:60], "unknown_field")
        self._clean_keys(stay, self._read(stay, KEY_READERS))
        clean = self._read(stay, self._readers)
        self._clean_person(stay, clean)
        self._clean_stay(stay, clean)
        self._clean_state(stay, clean)
        self._clean_contacts(stay)
        self._check_dates(stay)
        return stay

    @staticmethod
    def _read(stay, readers):
        """Return {field: clean value} of what the row has and is good."""
        clean = {}
        for field, reader, *limits in readers:
            if field in stay.row:
                try:
                    clean[field] = reader(stay.row[field], *limits)
                except BadValue as error:
                    stay.fail(field, error.code, error.value)
        return clean

    def _clean_keys(self, stay, clean):
        stay.source = clean.get("source") or "his"
        stay.number = clean.get("number") or ""
        stay.mrn = clean.get("mrn") or ""
        if not stay.number and not stay.errors:
            stay.fail("number", "missing")
        if stay.mrn:
            stay.patient["mrn"] = stay.mrn

    def _clean_person(self, stay, clean):
        if name := clean.get("patient_name"):
            stay.name = stay.patient["name"] = name
        elif "patient_name" in clean:
            stay.fail("patient_name", "missing")
        if "sex" in clean:
            stay.patient["sex"] = clean["sex"]
        for field in ("birthdate", *PATIENT_TEXTS):
            if field in clean:
                stay.patient[field] = clean[field] or False
        self._clean_identity(stay)

    def _clean_identity(self, stay):
        """A damaged identity number is left out and told, the stay goes in."""
        if "id_number" not in stay.row:
            return
        try:
            number = values.read_id_number(stay.row["id_number"])
            if number and not masking.parse("identity", number):
                raise BadValue("bad_id_number")
        except BadValue as error:
            stay.warn("id_number", error.code)
            return
        stay.patient["id_number"] = number or False
        birthdate, sex = values.birth_and_sex(number)
        if birthdate and not stay.patient.get("birthdate"):
            stay.patient["birthdate"] = birthdate
        if sex and stay.patient.get("sex", "unknown") == "unknown":
            stay.patient["sex"] = sex

    def _clean_stay(self, stay, clean):
        for field in STAY_TEXTS:
            if field in clean:
                stay.vals[field] = clean[field] or False
        for field in ("department", *DOCTORS):
            if field in clean:
                stay.names[field] = clean[field]
        if clean.get("encounter_class"):
            stay.vals["encounter_class"] = clean["encounter_class"]
        self._clean_disposition(stay)
        for field in STAY_DATES:
            if field in clean:
                self._clean_moment(stay, field, clean[field])
        self._fill_visit(stay)

    def _clean_disposition(self, stay):
        """An unlisted word is kept as "other" and told: the patient counts more."""
        if "disposition" not in stay.row:
            return
        try:
            stay.vals["disposition"] = values.read_disposition(stay.row["disposition"])
        except BadValue as error:
            if error.code != "unknown_disposition":
                stay.fail("disposition", error.code, error.value)
                return
            stay.vals["disposition"] = "other"
            stay.warn("disposition", error.code, error.value)

    def _clean_moment(self, stay, field, value):
        if value is None:
            stay.vals[field] = False
            return
        if not isinstance(value, datetime):
            stay.bare_days[field] = value
        is_utc = isinstance(stay.row[field], datetime)
        try:
            stay.vals[field] = self._to_utc(value, is_utc)
        except ValueError:
            stay.fail(field, "date_range", str(value))

    def _to_utc(self, value, is_utc):
        """Return the moment in UTC; a bare day is 12:00, text is local (D-11)."""
        if not isinstance(value, datetime):
            if value not in self._moments:
                self._moments[value] = self.calendar.to_utc(value, 12.0)
            return self._moments[value]
        if value.tzinfo:
            return value.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        if is_utc:
            return value.replace(microsecond=0)
        minutes = value.hour * 60 + value.minute
        start = self.calendar.to_utc(value.date(), minutes / 60)
        return start + timedelta(seconds=value.second)

    def _fill_visit(self, stay):
        """A visit or examination comes and goes on one day."""
        if stay.vals.get("encounter_class") not in ("outpatient", "checkup"):
            return
        for field, other in (
            ("admission_date", "discharge_date"),
            ("discharge_date", "admission_date"),
        ):
            if stay.vals.get(other) and not stay.row.get(field):
                stay.vals[field] = stay.vals[other]
                if other in stay.bare_days:
                    stay.bare_days[field] = stay.bare_days[other]

    def _clean_state(self, stay, clean):
        state = clean.get("state")
        if not state:
            return
        stay.is_cancelled = state == "cancelled"
        if state == "open":
            stay.vals["discharge_date"] = False

    def _clean_contacts(self, stay):
        contacts = stay.row.get("contacts")
        if not contacts:
            return
        if not isinstance(contacts, (list, tuple)):
            stay.fail("contacts", "bad_row")
            return
        seen = set()
        for contact in contacts:
            if not isinstance(contact, dict) or set(contact) - CONTACT_KEYS:
                stay.fail("contacts", "unknown_field")
                return
            self._clean_contact(stay, contact, seen)

    def _clean_contact(self, stay, contact, seen):
        """A number that cannot be rung is left out and told, the stay goes in."""
        try:
            phones = values.read_phones(contact.get("phone"))
        except BadValue as error:
            stay.warn("contacts", error.code)
            return
        try:
            name = values.read_text(contact.get("name"), NAME_LIMIT)
            stated = values.read_text(contact.get("relation"), NAME_LIMIT)
            relation = values.read_relation(stated)
        except BadValue as error:
            stay.fail("contacts", error.code, error.value)
            return
        for phone in phones:
            if phone in seen:
                continue
            seen.add(phone)
            vals = {"phone": phone}
            if stated:
                vals["relation"] = relation
            if name:
                vals["name"] = name
            for flag in ("is_primary", "may_receive_medical_info"):
                if contact.get(flag) is not None:
                    vals[flag] = bool(contact[flag])
            stay.contacts.append(vals)

    def _check_dates(self, stay):
        days = {field: stay.day(field) for field in STAY_DATES}
        first, last = days["admission_date"], days["discharge_date"]
        if first and last and last < first:
            stay.fail("discharge_date", "before_admission", f"{first} > {last}")
        for field, day in days.items():
            if day and day > self.latest_day:
                stay.fail(field, "in_future", str(day))
        birthdate = stay.patient.get("birthdate")
        if birthdate and birthdate > min(filter(None, (first, last, self.today))):
            stay.fail("birthdate", "born_later", str(birthdate))


def _readers(date_order):
    """Return (field, reader, its limits) of each plain field, in their order."""
    return (
        ("patient_name", values.read_text, NAME_LIMIT),
        ("sex", values.read_sex),
        ("birthdate", values.read_day, date_order),
        *((field, values.read_text, TEXT_LIMIT) for field in PATIENT_TEXTS),
        *((field, values.read_text, TEXT_LIMIT) for field in SHORT_TEXTS),
        ("caller_note", values.read_text, NOTE_LIMIT),
        *((field, values.read_text, NAME_LIMIT) for field in ("department", *DOCTORS)),
        ("encounter_class", values.read_class),
        *((field, values.read_moment, date_order) for field in STAY_DATES),
        ("state", values.read_state),
    )
