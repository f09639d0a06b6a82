# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class FollowupEncounter(models.Model):
    """What `upsert` says to people about a row."""

    _inherit = "followup.encounter"

    def _upsert_reason(self, field, code, value):
        """Return the sentence of a code, as it stands beside the row."""
        texts = self._get_upsert_reasons()
        text = texts.get(f"{code}:{field}") or texts.get(code)
        return text % {"value": value} if text else str(value or code)

    def _get_upsert_reasons(self):
        _ = self.env._
        return {
            "bad_row": _("The row is not in the expected form."),
            "missing": _("A required value is missing."),
            "missing_date": _("Neither admission nor discharge date is given."),
            "unknown_field": _("This field is unknown."),
            "bad_text": _("The text holds unreadable characters."),
            "too_long": _("The text is too long: at most %(value)s characters."),
            "bad_date": _("This is no date: %(value)s"),
            "no_such_date": _("There is no such day: %(value)s"),
            "ambiguous_date": _("Day or month first? %(value)s"),
            "date_range": _("The year %(value)s cannot be right."),
            "before_admission": _("Discharged before admission: %(value)s"),
            "in_future": _("The date lies too far ahead: %(value)s"),
            "born_later": _("Born after the stay: %(value)s"),
            "unknown_sex": _("Unknown sex: %(value)s"),
            "unknown_class": _("Unknown kind of stay: %(value)s"),
            "unknown_state": _("Unknown state: %(value)s"),
            "unknown_disposition": _(
                "Unknown way of leaving, taken as other: %(value)s"
            ),
            "unknown_department": _("Unknown department: %(value)s"),
            "ambiguous_department": _("Several departments have the name %(value)s"),
            "unknown_doctor": _("No employee found, kept as text: %(value)s"),
            "ambiguous_doctor": _("Several employees found, kept as text: %(value)s"),
            "damaged_number": _("A spreadsheet rounded this number: left out."),
            "masked_number": _("The number is masked: left out."),
            "bad_phone": _("This is no phone number: left out."),
            "bad_id_number": _("The identity number is wrong: left out."),
            "number_reused": _("The number belongs to a stay begun on %(value)s."),
            "anonymised": _("The patient of this stay was anonymised."),
            "number_reused:number": _("The number belongs to another person."),
            "patient_mismatch": _("The record number belongs to another person."),
            "possible_duplicate": _("A patient of this name exists: the same person?"),
            "name_changed": _("The name of the patient was corrected."),
            "refused": _("Refused: %(value)s"),
        }
