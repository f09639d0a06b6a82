# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from psycopg2 import IntegrityError, errors

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools.misc import clean_context

from ..tools.stay import Cleaner
from ..tools.upsert_run import UpsertRun

_logger = logging.getLogger(__name__)

MAX_ROWS = 20_000
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}
# what a batch may fail with and one row be blamed for
ROW_ERRORS = (IntegrityError, errors.DataError, UserError, ValueError)


class FollowupEncounter(models.Model):
    """`upsert`: the one door of lists and interfaces (D-5, D-14, I-2)."""

    _inherit = "followup.encounter"

    # ------------------------------------------------------------
    # DOOR
    # ------------------------------------------------------------

    @api.model
    def upsert(self, rows):
        """Create or update stays with their patients and contacts.

        Idempotent: a stay is known by company, `source` and `number`. One bad row
        never stops the others. The rights of the caller apply.

        :param list rows: dicts with `source`, `number`, `mrn`, `patient_name`,
            `sex`, `birthdate`, `id_number`, `employer`, `occupation`, `address`,
            `encounter_class`, `department`, `attending`, `resident`, `surgeon`,
            `admission_date`, `discharge_date`, `procedure_date`, the text fields of
            the stay, `disposition`, `state` and `contacts` (list of dicts with
            `name`, `relation`, `phone`, `is_primary`). An absent key leaves the field
            as it is, an empty value clears it; contacts are only added or completed.
            A bare day is 12:00, a text without zone is local time.
        :return: dict with the counts `created`, `updated`, `unchanged`, the lists
            `rejected` and `warnings` of {index, field, code, reason}, and `ids`: the
            stay of each row, False where it was rejected
        """
        return self._upsert_all(rows).result(self)

    @api.model
    def _upsert_all(self, rows):
        """Do what `upsert` says and return the `UpsertRun`."""
        run = self._upsert_run(rows)
        for batch in run.batches():
            self._upsert_decide(run, batch)
            self._upsert_apply(run, batch)
        self._upsert_generate(run)
        return run

    @api.model
    def _upsert_check(self, rows):
        """Run `upsert` without writing anything; see `_upsert_run`."""
        run = self._upsert_run(rows)
        for batch in run.batches():
            self._upsert_decide(run, batch)
        run.settle_repeated()
        return run

    @api.model
    def _upsert_run(self, rows):
        for model in (self, self.env["followup.patient"]):
            model.check_access("create")
            model.check_access("write")
        if not isinstance(rows, (list, tuple)):
            raise UserError(self.env._("Rows are expected as a list."))
        if len(rows) > MAX_ROWS:
            raise UserError(
                self.env._("At most %(count)s rows at a time.", count=MAX_ROWS)
            )
        clock = self.env["followup.clock"]
        company = self.env.company
        cleaner = Cleaner(clock._for_company(company), clock._today(company))
        run = UpsertRun([cleaner.clean(i, row) for i, row in enumerate(rows)])
        run.departments = self._get_department_index()
        return run

    # ------------------------------------------------------------
    # DECIDE
    # ------------------------------------------------------------

    def _upsert_decide(self, run, stays):
        """Find what the rows mean and what they change; write nothing."""
        self._lookup_departments(stays, run.departments)
        stays = [stay for stay in stays if not stay.errors]
        if not stays:
            return
        self._lookup_doctors(stays, run.doctors)
        self._lookup_stays(stays)
        self._lookup_patients(stays)
        for stay in stays:
            self._check_person(stay)
        stays = [stay for stay in stays if not stay.errors]
        self._compare_patients(stays)
        for stay in stays:
            self._compare_stay(stay)

    def _check_person(self, stay):
        """Refuse a number that names another person or another admission."""
        known = stay.encounter
        if not known:
            self._check_new(stay)
            return
        patient = known.patient_id
        if not self._is_same_person(stay, patient) or (
            stay.found_patient and stay.found_patient != patient
        ):
            stay.fail("number", "number_reused", "person")
        else:
            stay.found_patient = patient
            self._check_admission(stay)

    def _check_admission(self, stay):
        known, moment = stay.encounter.admission_day, stay.vals.get("admission_date")
        if known and moment and stay.day("admission_date") != known:
            stay.fail("admission_date", "number_reused", str(known))

    def _check_new(self, stay):
        if "department_id" not in stay.vals:
            stay.fail("department", "missing")
        if not stay.name:
            stay.fail("patient_name", "missing")
        if not stay.vals.get("admission_date") and not stay.vals.get("discharge_date"):
            stay.fail("discharge_date", "missing_date")
        if stay.found_patient and not self._is_same_person(stay, stay.found_patient):
            stay.fail("mrn", "patient_mismatch")

    def _is_same_person(self, stay, patient):
        """Compare what both sides know; a corrected name keeps its birthdate."""
        if stay.mrn and patient.mrn and stay.mrn != patient.mrn:
            return False
        birthdate = stay.patient.get("birthdate")
        same_birth = birthdate and birthdate == patient.birthdate
        if patient in stay.id_owners:
            return True
        if stay.name and stay.name != patient.name:
            return bool(same_birth)
        if birthdate and patient.birthdate and not same_birth:
            return bool(stay.mrn and stay.mrn == patient.mrn)
        return True

    # ------------------------------------------------------------
    # COMPARE
    # ------------------------------------------------------------

    def _compare_stay(self, stay):
        """Keep of the values those that change something."""
        known, calendar = stay.encounter, stay.calendar
        if not known:
            stay.changes = dict(stay.vals)
            return
        for field, value in stay.vals.items():
            current = known[field]
            if isinstance(current, models.BaseModel):
                current = current.id
            if (current or False) == (value or False):
                continue
            bare = stay.bare_days.get(field)
            if bare and current and calendar.local_date(current) == bare:
                continue  # the day without a time says less than what is known
            stay.changes[field] = value
        if stay.is_cancelled is not None and stay.is_cancelled != known.is_cancelled:
            stay.changes["is_cancelled"] = stay.is_cancelled

    def _compare_patients(self, stays):
        """Find what rows add to known patients: values and numbers.

        The latest stay of a patient speaks for him: an older row fills gaps only,
        so that importing a list again changes nothing.
        """
        known = [stay for stay in stays if stay.found_patient]
        latest = self._get_latest_stays([stay.found_patient.id for stay in known])
        contacts = self.env["followup.patient.contact"].sudo()  # sudo: see look-ups
        phones = {phone for stay in known for phone in stay.phones}
        owners = contacts._match_protected("phone", phones) if phones else {}
        contacts.browse({i for ids in owners.values() for i in ids}).fetch(
            ["patient_id", "relation", "name", "is_primary", "may_receive_medical_info"]
        )
        for stay in known:
            speaks = stay.rank >= latest.get(stay.found_patient.id, stay.rank)
            self._compare_patient(stay, speaks)
            for vals in stay.contacts:
                mine = contacts.browse(owners.get(vals["phone"], ())).filtered(
                    lambda c, p=stay.found_patient: c.patient_id == p
                )
                self._compare_contact(stay, vals, mine[:1], speaks)

    def _compare_patient(self, stay, speaks):
        patient = stay.found_patient
        for field, value in stay.patient.items():
            if field == "id_number":
                current = patient.id_number_masked
                same = (value and patient in stay.id_owners) or not (value or current)
            else:
                current = patient[field]
                same = (value or False) == (current or False)
            is_gap = not current or (field == "sex" and current == "unknown")
            if same or not (is_gap or speaks) or (field == "mrn" and not is_gap):
                continue
            if field == "name":
                stay.warn("patient_name", "name_changed")
            stay.patient_changes[field] = value

    def _compare_contact(self, stay, vals, contact, speaks):
        if not contact:
            stay.new_contacts.append(vals)
            return
        changes = {
            field: value
            for field, value in vals.items()
            if field != "phone" and contact[field] != value and speaks
        }
        if changes:
            stay.contact_changes.append((contact, changes))

    # ------------------------------------------------------------
    # APPLY
    # ------------------------------------------------------------

    def _upsert_apply(self, run, stays):
        good = [stay for stay in stays if not stay.errors]
        quiet = self.with_context(clean_context(self.env.context), **QUIET)
        quiet._upsert_safely(
            [stay for stay in good if not stay.was_known], quiet._upsert_create
        )
        quiet._upsert_safely(
            [stay for stay in good if stay.was_known and stay.has_changes],
            quiet._upsert_update,
        )

    def _upsert_safely(self, stays, method):
        """Apply rows together; where that fails, halve until the bad row is alone."""
        if not stays:
            return
        try:
            with self.env.cr.savepoint():
                method(stays)
            return
        except ROW_ERRORS as error:
            if len(stays) == 1:
                self._upsert_blame(stays[0], error)
                return
        middle = len(stays) // 2
        self._upsert_safely(stays[:middle], method)
        self._upsert_safely(stays[middle:], method)

    def _upsert_blame(self, stay, error):
        stay.encounter = stay.encounter if stay.was_known else self.browse()
        if isinstance(error, errors.UniqueViolation):
            self._upsert_elsewhere(stay)
        elif isinstance(error, UserError):
            stay.fail("row", "refused", str(error))
        else:
            _logger.warning("Row refused by the database: %s", type(error).__name__)
            stay.fail("row", "refused")

    def _upsert_elsewhere(self, stay):
        """Somebody brought the same row in at the same moment.

        This transaction cannot see what he wrote; a new one can, and says so.
        """
        with self.env.registry.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '3s'")
            own = self.with_env(self.env(cr=cursor))
            known = own.sudo().search(  # sudo: as `_lookup_stays`
                [
                    ("company_id", "=", own.env.company.id),
                    ("source", "=", stay.source),
                    ("number", "=", stay.number),
                ]
            )
            if not known:
                # only the patient is shared: start over with all he has now
                raise ConcurrencyError("patient created by somebody else")
            result = own.upsert([stay.row])
        if result["rejected"]:
            problem = result["rejected"][0]
            stay.fail(problem["field"], problem["code"])
        stay.decided = "unchanged" if result["unchanged"] else "updated"
        stay.other_id = known.id

    def _upsert_create(self, stays):
        self._upsert_patients(stays)
        vals_list = []
        for stay in stays:
            vals = dict(
                stay.vals,
                source=stay.source,
                number=stay.number,
                company_id=self.env.company.id,
                patient_id=stay.patient_id,
            )
            if stay.is_cancelled:
                vals["is_cancelled"] = True
            vals_list.append(vals)
        created = self._create_listed(vals_list)
        for stay, record in zip(stays, created, strict=True):
            stay.encounter = record

    def _upsert_patients(self, stays):
        """Create the new patients of a batch, each once, and complete the known."""
        groups = {}
        for stay in stays:
            if stay.found_patient:
                stay.patient_id = stay.found_patient.id
                self._upsert_patient_changes(stay)
            else:
                groups.setdefault(stay.identity, []).append(stay)
        created = self.env["followup.patient"]._create_listed(
            [self._prepare_patient(group) for group in groups.values()]
        )
        for group, patient in zip(groups.values(), created, strict=True):
            for stay in group:
                stay.patient_id = patient.id
        created._flag_duplicates(created)

    def _prepare_patient(self, stays):
        """Return the values of one new patient from his rows, the latest first."""
        vals = {"company_id": self.env.company.id}
        contacts = {}
        for stay in sorted(stays, key=lambda stay: stay.rank, reverse=True):
            for field, value in stay.patient.items():
                if value and not vals.get(field):
                    vals[field] = value
            for contact in stay.contacts:
                contacts.setdefault(contact["phone"], contact)
        contacts = [dict(contact) for contact in contacts.values()]
        if contacts and not any(contact.get("is_primary") for contact in contacts):
            contacts[0]["is_primary"] = True
        vals["contact_ids"] = [(0, 0, contact) for contact in contacts]
        return vals

    def _upsert_update(self, stays):
        for stay in stays:
            self._upsert_patient_changes(stay)
            changes = dict(stay.changes)
            record = self.browse(stay.encounter.id)
            if "is_cancelled" in changes:
                record.check_access("write")
                record = record._guarded()
            if changes:
                record.write(changes)
            stay.encounter = record._unguarded()

    def _upsert_patient_changes(self, stay):
        patient = self.env["followup.patient"].browse(stay.found_patient.id)
        if stay.patient_changes:
            patient.write(stay.patient_changes)
        for contact, changes in stay.contact_changes:
            self.env["followup.patient.contact"].browse(contact.id).write(changes)
        if stay.new_contacts:
            has_primary = any(patient.contact_ids.mapped("is_primary"))
            vals_list = [dict(c, patient_id=patient.id) for c in stay.new_contacts]
            if not has_primary:
                vals_list[0]["is_primary"] = True
            self.env["followup.patient.contact"].create(vals_list)

    def _upsert_generate(self, run):
        """Make the follow-up of what came in; a fault there never loses a stay."""
        ids = [
            stay.encounter.id
            for stay in run.stays
            if stay.encounter
            and not stay.errors
            and stay.changes
            # a new one that fits no protocol was noted as it came in
            and (stay.was_known or stay.encounter.match_state == "pending")
        ]
        records = self.browse(ids).filtered(lambda stay: stay.state == "discharged")
        if not records:
            return
        try:
            with self.env.cr.savepoint():
                records.generate_plans()
        except ROW_ERRORS:
            # the nightly generation tries again
            _logger.exception("Follow-up could not be generated for a list")
