# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""FHIR R4 resources as plain dicts, ready for JSON. No ORM."""

import uuid

MRN = "http://terminology.hl7.org/CodeSystem/v2-0203"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
LOINC = "http://loinc.org"
SEAL = "urn:patient-followup:seal"
#: vital signs: code and words of LOINC
VITALS = {
    "temperature": ("8310-5", "Body temperature"),
    "systolic": ("8480-6", "Systolic blood pressure"),
    "diastolic": ("8462-4", "Diastolic blood pressure"),
    "heart_rate": ("8867-4", "Heart rate"),
    "respiration": ("9279-1", "Respiratory rate"),
    "glucose_fasting": ("1558-6", "Fasting glucose"),
    "glucose_meal": ("1521-4", "Glucose 2 hours post meal"),
    "weight": ("29463-7", "Body weight"),
    "pain": ("72514-3", "Pain severity 0-10"),
}
ENCOUNTER_CLASS = {"inpatient": "IMP", "outpatient": "AMB"}
REACHED = ("reached", "reached_relative", "refused", "callback")


def moment(value):
    """Return a naive moment in UTC as FHIR writes it, None for nothing."""
    return f"{value.isoformat()}Z" if value else None


def day(value):
    return str(value) if value else None


def text(value):
    """Return a CodeableConcept of words alone."""
    return {"text": value} if value else None


def url(namespace, kind, number):
    """Return the address of a resource: the same each time, telling no id."""
    return f"urn:uuid:{uuid.uuid5(uuid.UUID(namespace), f'{kind}/{number}')}"


def resource(kind, **values):
    """Return a resource without its empty elements, as FHIR demands."""
    return {"resourceType": kind, **filled(values)}


def bundle(entries, at, seal=None):
    """Return a collection of `(fullUrl, resource)`.

    :param at: moment of the export, in UTC
    :param str seal: digest of the sealed record, to be compared later
    """
    return resource(
        "Bundle",
        type="collection",
        timestamp=moment(at),
        identifier=seal and {"system": SEAL, "value": seal},
        entry=[{"fullUrl": where, "resource": what} for where, what in entries],
    )


def answer(question, value):
    """Return the answers of one question as QuestionnaireResponse keeps them."""
    if isinstance(value, list):
        labels = {choice["id"]: choice["label"] for choice in question["choices"]}
        return [{"valueString": labels[key]} for key in value if key in labels]
    if isinstance(value, dict):
        return [{"valueString": next(iter(value))}]
    if question["type"] == "scale":
        return [{"valueInteger": int(value)}]
    if question["type"] == "numerical_box":
        return [{"valueQuantity": quantity(question, value)}]
    kind = "valueDate" if question["type"] == "date" else "valueString"
    return [{kind: str(value)}]


def quantity(question, value):
    return filled({"value": value, "unit": question["unit"] or None})


def filled(values):
    """Return a dict without what is empty; a measured zero is not."""
    return {
        key: value
        for key, value in values.items()
        if value is not None and value is not False and value not in ("", [])
    }
