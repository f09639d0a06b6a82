# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Patients, stays and numbers on paper (F-1, F-2)."""

from odoo import api, models
from odoo.tools.i18n import format_list


class FollowupDocument(models.AbstractModel):
    _inherit = "followup.document"

    @api.model
    def _patient_words(self, patient, words, day=None):
        """Return what stands at the head of a sheet.

        :param day: day on which the age counts, today without it
        """
        return {
            "name": patient.name,
            "mrn": patient.mrn or "",
            "sex": words.label(patient, "sex"),
            "age": (patient._get_age_text(day) if day else patient.age) or "",
            "birthdate": words.day(patient.birthdate),
            "employer": patient.employer or "",
            "occupation": patient.occupation or "",
            "address": patient.address or "",
            "groups": format_list(words.env, patient.category_ids.mapped("name")),
            "phones": [
                self._contact_words(contact, words)
                for contact in patient.contact_ids._in_order()
            ],
        }

    @api.model
    def _contact_words(self, contact, words):
        """A number on paper is masked: paper lies about (I-3)."""
        return {
            "phone": contact.phone_masked or "",
            "relation": words.label(contact, "relation"),
            "name": contact.name or "",
        }

    @api.model
    def _stay_words(self, stay, words):
        """Return the stay as the sheets print it (F-2)."""
        return {
            "number": stay.number or "",
            "kind": words.label(stay, "encounter_class"),
            "department": stay.department_id.name or "",
            "admitted": words.day(stay.admission_day),
            "discharged": words.day(stay.discharge_day),
            "outpatient_diagnosis": stay.outpatient_diagnosis or "",
            "admission_diagnosis": stay.admission_diagnosis or "",
            "discharge_diagnosis": stay.discharge_diagnosis or "",
            "procedure": stay.procedure_name or "",
            "procedure_day": words.day(stay.procedure_day),
            "result": stay.treatment_result or "",
            "attending": stay.attending_name or "",
        }

    @api.model
    def _for_patient(self, record, patient):
        """Return a record in the language of the patient it is handed to."""
        installed = dict(self.env["res.lang"].get_installed())
        lang = patient.lang if patient.lang in installed else self.env.lang
        return record.with_context(lang=lang)
