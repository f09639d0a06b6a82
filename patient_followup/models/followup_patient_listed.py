# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Patients of a list and their numbers, a thousand in one statement (D-14)."""

from odoo import api, models


class FollowupPatient(models.Model):
    _inherit = "followup.patient"

    @api.model
    def _create_listed(self, vals_list):
        """Create patients with `contact_ids`, as `create` does, at once."""
        self.check_access("create")
        vals_list = [dict(vals) for vals in vals_list]
        lines = [vals.pop("contact_ids", ()) for vals in vals_list]
        patients = self._insert([self._foresee(self._tidy(v)) for v in vals_list])
        if departments := self._default_department_ids():
            patients._guarded().write({"department_ids": [(6, 0, departments.ids)]})
        patients.check_access("create")
        self.env["followup.patient.contact"]._create_listed(
            [
                dict(vals, patient_id=patient.id)
                for patient, commands in zip(patients, lines, strict=True)
                for _code, _id, vals in commands
            ]
        )
        return patients


class FollowupPatientContact(models.Model):
    _inherit = "followup.patient.contact"

    @api.model
    def _create_listed(self, vals_list):
        """Create untried numbers, as `create` does, at once."""
        self.check_access("create")
        self._choose_primaries(vals_list)
        self._copy_companies(vals_list)
        contacts = self._insert(vals_list)
        contacts.check_access("create")
        return contacts
