# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Patients who may be registered twice: found in a few queries, never one each."""

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
        # to others the list would tell whose number they have just typed in (D-9)
        found = self._find_duplicates() if self._may_merge() else {}
        for patient in self:
            others = self.browse(found.get(patient._origin.id, ()))
            patient.duplicate_ids = others._filtered_access("read")

    def _find_duplicates(self):
        """Return `{id: {ids}}`: same name and birthday, own number or identity.

        Within one company, among active patients; engine use, without rules.
        One table a query: joins of tables just filled go wrong before their
        statistics are known, and the first list of a hospital is a long one.
        """
        mine = self._origin
        pairs = {
            *mine._pairs_by_name(),
            *mine._pairs_by_number("followup.patient", "id_number"),
            *mine._pairs_by_number("followup.patient.contact", "phone"),
        }
        pairs -= mine._pairs_settled()
        found = {}
        for patient_id, other_id in pairs:
            found.setdefault(patient_id, set()).add(other_id)
        return found

    def _select(self, query, *params):
        return self.env.execute_query(SQL(query, *params))

    def _pairs_by_name(self):
        """Same name and birthday; where it is unknown, unless both are numbered."""
        self.flush_model(["active", "birthdate", "company_id", "mrn", "name"])
        names = tuple({patient.name for patient in self if patient.name})
        rows = names and self._select(
            "SELECT id, company_id, name, birthdate, mrn FROM followup_patient"
            " WHERE active AND name IN %s",
            names,
        )
        namesakes = {}
        for row in rows:
            namesakes.setdefault(row[1:3], []).append(row)
        mine = set(self._ids)
        for group in namesakes.values():
            for one in group:
                if one[0] in mine:
                    for other in group:
                        if other[0] != one[0] and _may_be_same(one, other):
                            yield one[0], other[0]

    def _pairs_by_number(self, model, field_name):
        """Same identity number, or same own number: relatives share theirs."""
        records = self
        if model != self._name:
            records = self.env[model].browse(
                self._own_contacts("patient_id", self._ids)
            )
        keys = records._protected_keys(field_name)
        # sudo: nobody has access to the store; only ids of patients leave here
        store = self.env["followup.protected.value"].sudo()
        owners = store._owners_by_key(model, field_name, set(keys.values()))
        shared = {key: ids for key, ids in owners.items() if len(ids) > 1}
        involved = [i for ids in shared.values() for i in ids]
        patient_of = {i: i for i in involved}
        if model != self._name:
            patient_of = self._own_contacts("id", involved)
        company_of = self._companies_of(set(patient_of.values()))
        mine = set(self._ids)
        for ids in shared.values():
            patients = {patient_of[i] for i in ids if i in patient_of}
            for one in patients & mine:
                for other in patients - {one}:
                    company = company_of.get(one)
                    if company and company == company_of.get(other):
                        yield one, other

    def _own_contacts(self, column, ids):
        """Return `{contact id: patient id}` of numbers of the patients themselves."""
        self.env["followup.patient.contact"].flush_model(["patient_id", "relation"])
        rows = ids and self._select(
            "SELECT id, patient_id FROM followup_patient_contact"
            " WHERE %s IN %s AND relation = 'self'",
            SQL.identifier(column),
            tuple(ids),
        )
        return dict(rows)

    def _companies_of(self, ids):
        """Return `{id: company id}` of the active ones among patients."""
        rows = ids and self._select(
            "SELECT id, company_id FROM followup_patient WHERE active AND id IN %s",
            tuple(ids),
        )
        return dict(rows)

    def _pairs_settled(self):
        """Return the pairs that somebody found to be two persons."""
        self.flush_model(["not_duplicate_ids"])
        rows = self._ids and self._select(
            "SELECT patient_id, other_id FROM followup_patient_not_duplicate_rel"
            " WHERE patient_id IN %s",
            self._ids,
        )
        return set(rows)

    @api.model
    def _flag_duplicates(self, patients):
        """Put the doubtful ones of `patients` on the list; return them (D-14)."""
        found = patients._find_duplicates()
        others = {other_id for ids in found.values() for other_id in ids}
        # sudo: both sides are listed, also where the caller sees one of them only
        doubtful = self.sudo().browse([*found, *(others - set(found))])
        doubtful = doubtful.filtered(lambda patient: not patient.possible_duplicate)
        doubtful._guarded().write({"possible_duplicate": True})
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
        for patient in self._guarded():
            others = patient.duplicate_ids
            patient.not_duplicate_ids |= others
            for other in others._guarded():
                other.not_duplicate_ids |= patient
            (patient | others)._drop_settled_flags()
        return True

    def _drop_settled_flags(self):
        found = self._find_duplicates()
        settled = self.filtered(lambda patient: patient.id not in found)
        settled._guarded().write({"possible_duplicate": False})

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


def _may_be_same(one, other):
    """Compare (id, company, name, birthdate, mrn) of two namesakes."""
    if one[3] and other[3]:
        return one[3] == other[3]
    return not (one[4] and other[4])
