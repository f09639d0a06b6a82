# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Patients who may be registered twice: found in three queries, never one each."""

from odoo import api, fields, models
from odoo.tools import SQL


class FollowupPatient(models.Model):
    _inherit = "followup.patient"

    duplicate_ids = fields.Many2many(
        "followup.patient",
        string="May Be the Same Person",
        compute="_compute_duplicate_ids",
    )
    not_duplicate_ids = fields.Many2many(
        "followup.patient",
        "followup_patient_not_duplicate_rel",
        "patient_id",
        "other_id",
        string="Known to Be Others",
        copy=False,
    )

    @api.depends_context("uid")
    def _compute_duplicate_ids(self):
        found = self._find_duplicates()
        for patient in self:
            others = self.browse(found.get(patient._origin.id, ()))
            patient.duplicate_ids = others._filtered_access("read")

    def _find_duplicates(self):
        """Return `{id: {ids}}`: same name and birthday, own number or identity.

        Within one company, among active patients; engine use, without rules.
        """
        ids = tuple(self._origin.ids)
        if not ids:
            return {}
        self.env["followup.patient"].flush_model()
        self.env["followup.patient.contact"].flush_model()
        self.env.cr.execute(
            SQL(
                "SELECT pair.id, pair.other_id FROM (%s UNION %s UNION %s) AS pair"
                " WHERE NOT EXISTS (SELECT 1 FROM followup_patient_not_duplicate_rel"
                " AS known WHERE known.patient_id = pair.id"
                " AND known.other_id = pair.other_id)",
                self._same_person_query(ids),
                self._same_identity_query(ids),
                self._same_phone_query(ids),
            )
        )
        found = {}
        for patient_id, other_id in self.env.cr.fetchall():
            found.setdefault(patient_id, set()).add(other_id)
        return found

    def _same_person_query(self, ids):
        """Same name and birthday; where it is unknown, unless both are numbered."""
        return SQL(
            "SELECT patient.id, other.id AS other_id FROM followup_patient AS patient"
            " JOIN followup_patient AS other ON other.company_id = patient.company_id"
            " AND other.name = patient.name AND other.id <> patient.id"
            " WHERE patient.id IN %s AND (other.birthdate = patient.birthdate OR"
            " (patient.birthdate IS NULL OR other.birthdate IS NULL)"
            " AND (patient.mrn IS NULL OR other.mrn IS NULL))"
            " AND patient.active AND other.active",
            ids,
        )

    def _same_identity_query(self, ids):
        return SQL(
            "SELECT patient.id, other.id FROM followup_patient AS patient"
            " JOIN followup_protected_value AS mine ON mine.res_id = patient.id"
            " AND mine.res_model = 'followup.patient'"
            " AND mine.field_name = 'id_number'"
            " JOIN followup_protected_value AS same ON same.digest = mine.digest"
            " AND same.res_model = mine.res_model"
            " AND same.field_name = mine.field_name"
            " JOIN followup_patient AS other ON other.id = same.res_id"
            " AND other.company_id = patient.company_id"
            " WHERE patient.id IN %s AND other.id <> patient.id"
            " AND patient.active AND other.active",
            ids,
        )

    def _same_phone_query(self, ids):
        """Only own numbers count: relatives share theirs."""
        return SQL(
            "SELECT patient.id, other.id FROM followup_patient AS patient"
            " JOIN followup_patient_contact AS contact"
            " ON contact.patient_id = patient.id AND contact.relation = 'self'"
            " JOIN followup_protected_value AS mine ON mine.res_id = contact.id"
            " AND mine.res_model = 'followup.patient.contact'"
            " AND mine.field_name = 'phone'"
            " JOIN followup_protected_value AS same ON same.digest = mine.digest"
            " AND same.res_model = mine.res_model"
            " AND same.field_name = mine.field_name"
            " JOIN followup_patient_contact AS number ON number.id = same.res_id"
            " AND number.relation = 'self'"
            " JOIN followup_patient AS other ON other.id = number.patient_id"
            " AND other.company_id = patient.company_id"
            " WHERE patient.id IN %s AND other.id <> patient.id"
            " AND patient.active AND other.active",
            ids,
        )

    @api.model
    def _flag_duplicates(self, patients):
        """Put the doubtful ones of `patients` on the list; return them (D-14)."""
        found = patients._find_duplicates()
        others = {other_id for ids in found.values() for other_id in ids}
        # sudo: both sides are listed, also where the caller sees one of them only
        doubtful = self.sudo().browse([*found, *(others - set(found))])
        doubtful.write({"possible_duplicate": True})
        return patients.filtered(lambda patient: patient.id in found)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @api.model
    def action_find_duplicates(self):
        """Look through all patients of the hospitals chosen."""
        self._check_may_merge()
        self._flag_duplicates(
            self.search([("company_id", "in", self.env.companies.ids)])
        )
        return self.env["ir.actions.actions"]._for_xml_id(
            "patient_followup.followup_patient_action_duplicate"
        )

    def action_not_duplicate(self):
        """Keep the patients apart: they are not proposed together again."""
        self._check_may_merge()
        self.check_access("write")
        for patient in self:
            others = patient.duplicate_ids
            patient.not_duplicate_ids |= others
            for other in others:
                other.not_duplicate_ids |= patient
            (patient | others)._drop_settled_flags()
        return True

    def _drop_settled_flags(self):
        found = self._find_duplicates()
        self.filtered(lambda patient: patient.id not in found).write(
            {"possible_duplicate": False}
        )

    def action_merge(self):
        """Open the merge dialog with the patient and who he may be."""
        self._check_may_merge()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "patient_followup.followup_patient_merge_action"
        )
        patients = self | self.duplicate_ids
        action["context"] = {
            "active_model": self._name,
            "active_ids": patients.ids,
            "active_id": self[:1].id,
        }
        return action
