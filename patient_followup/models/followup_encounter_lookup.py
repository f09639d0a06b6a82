# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
import unicodedata

from odoo import api, models
from odoo.tools import SQL

DOCTOR_FIELDS = ("attending", "resident", "surgeon")


def fold(text):
    """Return a name as lists and people write it: no case, width or blanks."""
    return "".join(unicodedata.normalize("NFKC", text or "").lower().split())


class FollowupEncounter(models.Model):
    """Look-ups of `upsert`, each for a whole batch at once (D-14)."""

    _inherit = "followup.encounter"

    # ------------------------------------------------------------
    # STAYS
    # ------------------------------------------------------------

    @api.model
    def _lookup_stays(self, stays):
        """Give each row the stay its number names."""
        # sudo: the number of a stay the caller may not see is taken all the same;
        # what he may change of it is checked when it is written
        known = self.sudo().search_fetch(
            [
                ("company_id", "=", self.env.company.id),
                ("number", "in", [stay.number for stay in stays]),
            ]
        )
        by_key = {(record.source, record.number): record for record in known}
        for stay in stays:
            stay.encounter = by_key.get(stay.key, self.browse())
            stay.was_known = bool(stay.encounter)

    # ------------------------------------------------------------
    # DEPARTMENTS
    # ------------------------------------------------------------

    @api.model
    def _get_department_index(self):
        """Return [{folded code or alias: ids}, {folded name: ids}]."""
        self.env["hr.department"].flush_model(["name", "active", "company_id"])
        self.env["followup.team"].flush_model(["code", "alias_names", "active"])
        codes, names = {}, {}
        for department_id, name, code, aliases in self.env.execute_query(
            SQL(
                "SELECT department.id, label.value, team.code, team.alias_names"
                " FROM hr_department department"
                " CROSS JOIN LATERAL jsonb_each_text(department.name) label"
                " LEFT JOIN followup_team team"
                " ON team.department_id = department.id AND team.active"
                " WHERE department.active AND (department.company_id = %s"
                " OR department.company_id IS NULL)",
                self.env.company.id,
            )
        ):
            names.setdefault(fold(name), set()).add(department_id)
            for alias in (code or "", *re.split(r"[;；\n]", aliases or "")):
                codes.setdefault(fold(alias), set()).add(department_id)
        return codes, names

    @api.model
    def _lookup_departments(self, stays, index):
        for stay in stays:
            if "department" not in stay.names:
                continue
            text = stay.names["department"]
            ids = next(
                (found[fold(text)] for found in index if fold(text) in found), ()
            )
            if not text:
                stay.fail("department", "missing")
            elif not ids:
                stay.fail("department", "unknown_department", text)
            elif len(ids) > 1:
                stay.fail("department", "ambiguous_department", text)
            else:
                stay.vals["department_id"] = next(iter(ids))

    # ------------------------------------------------------------
    # DOCTORS
    # ------------------------------------------------------------

    @api.model
    def _lookup_doctors(self, stays, cache):
        texts = {
            stay.names[role]
            for stay in stays
            for role in DOCTOR_FIELDS
            if stay.names.get(role)
        }
        self._fill_doctor_cache(texts - cache.keys(), cache)
        for stay in stays:
            for role in DOCTOR_FIELDS:
                if role in stay.names:
                    self._set_doctor(stay, role, cache)

    @api.model
    def _fill_doctor_cache(self, texts, cache):
        """Remember {text: [(employee id, department id, name), ...]}."""
        if not texts:
            return
        names = list(texts)
        # sudo: interfaces need not read employees; only ids are kept of them
        employees = (
            self.env["hr.employee"]
            .sudo()
            .search_fetch(
                [
                    ("company_id", "in", [self.env.company.id, False]),
                    "|",
                    "|",
                    ("name", "in", names),
                    ("barcode", "in", names),
                    ("user_id.login", "in", names),
                ],
                ["name", "barcode", "user_id", "department_id"],
            )
        )
        cache.update((text, []) for text in texts)
        for employee in employees:
            entry = (employee.id, employee.department_id.id, employee.name)
            for text in {employee.name, employee.barcode, employee.user_id.login}:
                if text in texts:
                    cache[text].append(entry)

    def _set_doctor(self, stay, role, cache):
        """An unknown or ambiguous doctor stays as text, with a warning."""
        text = stay.names[role]
        stay.vals[f"{role}_name"] = text or False
        stay.vals[f"{role}_id"] = False
        found = cache.get(text, ())
        if len(found) > 1:
            department_id = stay.vals.get("department_id")
            near = [entry for entry in found if entry[1] == department_id]
            found = near if len(near) == 1 else found
        if len(found) == 1:
            stay.vals[f"{role}_id"] = found[0][0]
            stay.vals[f"{role}_name"] = found[0][2]
        elif text:
            stay.warn(role, "ambiguous_doctor" if found else "unknown_doctor", text)

    # ------------------------------------------------------------
    # PATIENTS
    # ------------------------------------------------------------

    @api.model
    def _lookup_patients(self, stays):
        """Find by mrn, identity number, then name + birthdate + phone (D-14)."""
        # sudo: a patient the caller may not see must not be made twice
        patients = self.env["followup.patient"].sudo()
        company = [("company_id", "=", self.env.company.id)]
        patients = patients.with_context(active_test=False)
        by_mrn = {
            patient.mrn: patient
            for patient in patients.search_fetch(
                [*company, ("mrn", "in", [s.mrn for s in stays if s.mrn])]
            )
        }
        numbers = {s.patient["id_number"] for s in stays if s.patient.get("id_number")}
        owners = patients._match_protected("id_number", numbers) if numbers else {}
        known = patients.browse({i for ids in owners.values() for i in ids})
        known = known.filtered(lambda p: p.company_id == self.env.company)
        for stay in stays:
            stay.id_owners = known.browse(
                i
                for i in owners.get(stay.patient.get("id_number"), ())
                if i in known._ids
            )
            stay.found_patient = by_mrn.get(stay.mrn, patients.browse())
            if not stay.found_patient and len(stay.id_owners) == 1:
                stay.found_patient = stay.id_owners
            self._follow_merge(stay)
        self._lookup_similar(
            [s for s in stays if not s.found_patient and not s.encounter],
            patients,
            company,
        )

    def _follow_merge(self, stay):
        """A row that names a merged record means the one that was kept."""
        if stay.found_patient.merged_into_id:
            stay.found_patient = stay.found_patient._get_survivor()
            if stay.mrn:
                stay.mrn = stay.patient["mrn"] = stay.found_patient.mrn

    @api.model
    def _lookup_similar(self, stays, patients, company):
        """Find by name, birthdate and phone; tell who only resembles."""
        names = {stay.name for stay in stays if stay.name}
        if not names:
            return
        by_name = patients.search_fetch(
            [*company, ("name", "in", list(names))]
        ).grouped("name")
        stays = [stay for stay in stays if stay.name in by_name]
        phones = {phone for stay in stays for phone in stay.phones}
        contacts = self.env["followup.patient.contact"].sudo()  # sudo: as above
        owners = contacts._match_protected("phone", phones) if phones else {}
        for stay in stays:
            ids = {i for phone in stay.phones for i in owners.get(phone, ())}
            reached = contacts.browse(ids).patient_id
            self._choose_similar(stay, by_name[stay.name], reached)

    def _choose_similar(self, stay, namesakes, reached):
        birthdate = stay.patient.get("birthdate")
        same_birth = namesakes.filtered(
            lambda p: not birthdate or not p.birthdate or p.birthdate == birthdate
        )
        sure = (same_birth & reached).filtered(
            lambda p: (
                birthdate
                and p.birthdate
                and not (p.mrn and stay.mrn)
                and not (p.id_number_masked and stay.patient.get("id_number"))
            )
        )
        if len(sure) == 1:
            stay.found_patient = sure
        elif same_birth or namesakes & reached:
            stay.warn("patient_name", "possible_duplicate")

    def _get_latest_stays(self, patient_ids):
        """Return {patient id: (day, number)} of their latest valid stay."""
        if not patient_ids:
            return {}
        self.flush_model(["patient_id", "admission_day", "discharge_day", "number"])
        return {
            row[0]: (str(row[1] or ""), row[2])
            for row in self.env.execute_query(
                SQL(
                    "SELECT DISTINCT ON (patient_id) patient_id,"
                    " COALESCE(admission_day, discharge_day) AS day, number"
                    " FROM followup_encounter WHERE patient_id IN %s"
                    " AND is_cancelled IS NOT TRUE"
                    " ORDER BY patient_id, day DESC NULLS LAST, number DESC",
                    tuple(patient_ids),
                )
            )
        }
