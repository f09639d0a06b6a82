# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The part of the LACE readmission index that a discharge list tells.

LACE adds Length of stay, Acuity of admission, Comorbidity (Charlson) and
Emergency visits of six months. A list knows the first and, by its one code, a
share of the third; the others count nothing here. So the figure is a lower bound
and a hint for the order of calls, never a clinical score.
"""

from functools import lru_cache

LENGTH_POINTS = ((14, 7), (7, 5), (4, 4), (3, 3), (2, 2), (1, 1))
# Charlson groups by the start of the ICD-10 code, weights as LACE uses them
COMORBIDITY_POINTS = {
    **dict.fromkeys(("I21", "I22", "I25.2"), 1),  # infarction
    **dict.fromkeys(("I60", "I61", "I62", "I63", "I64", "I69"), 1),  # stroke
    **dict.fromkeys(("I70", "I71", "I73"), 1),  # peripheral vessels
    **dict.fromkeys(("E10", "E11", "E12", "E13", "E14"), 1),  # diabetes
    "I50": 2,  # heart failure
    **dict.fromkeys(("J40", "J41", "J42", "J43", "J44", "J45", "J47"), 2),  # lungs
    **dict.fromkeys(("F00", "F01", "F02", "F03", "G30"), 3),  # dementia
    **dict.fromkeys(("M05", "M06", "M32", "M34"), 3),  # connective tissue
    **dict.fromkeys(("K70.3", "K74", "K72", "K76.6"), 4),  # liver
    **dict.fromkeys(("B20", "B21", "B22", "B24"), 4),  # AIDS
    **dict.fromkeys(("C77", "C78", "C79"), 4),  # metastases
}
CANCER_POINTS = 2


@lru_cache(maxsize=4096)
def known_points(length_of_stay, diagnosis_code):
    """Return the points of length of stay and main diagnosis, at most 11."""
    points = next((p for days, p in LENGTH_POINTS if length_of_stay >= days), 0)
    return points + _comorbidity(diagnosis_code or "")


def _comorbidity(code):
    code = code.strip().upper()
    found = [p for start, p in COMORBIDITY_POINTS.items() if code.startswith(start)]
    if found:
        return max(found)
    return CANCER_POINTS if code.startswith("C") else 0
