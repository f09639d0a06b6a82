# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import matching
from .test_followup_upsert import UpsertCase

# what separates, quotes or ends a cell somewhere
AWKWARD = 'a,b\t"c"\\N;\\.\'%s 甲，乙'


@tagged("post_install", "-at_install")
class TestFollowupListed(UpsertCase):
    """Rows of a list, written by the thousand (D-14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        presets = cls.env["followup.protocol"].search([("state", "=", "active")])
        presets.write({"state": "retired"})

    def test_what_no_protocol_fits_is_noted_as_it_comes_in(self):
        """E-4: without a second write, and a list without work stays quick."""
        self._protocol(diagnosis_prefixes="I10", company_id=self.company.id)
        result = self._upsert(
            self._row("1", diagnosis_code="I10.9"),
            self._row("2", diagnosis_code="Z99", contacts=[]),
            self._row("3", diagnosis_code="Z99", discharge_date="", contacts=[]),
            self._row("4", diagnosis_code="Z99", disposition="死亡", contacts=[]),
        )
        states = [self._stay(result, i).match_state for i in range(4)]
        self.assertEqual(states, ["matched", "unmatched", "pending", "excluded"])

    def test_a_corrected_diagnosis_is_matched_after_all(self):
        """E-4"""
        self._protocol(diagnosis_prefixes="I10", company_id=self.company.id)
        result = self._upsert(self._row("1", diagnosis_code="Z99"))
        self.assertEqual(self._stay(result).match_state, "unmatched")
        result = self._upsert(self._row("1", diagnosis_code="I10"))
        self.assertEqual(self._stay(result).match_state, "matched")

    def test_what_depends_on_the_patient_is_not_decided_before_he_is_known(self):
        """E-2, E-4: age and key group count once the patient is in."""
        group = self.env["followup.patient.category"].create(
            {"name": "Hips", "auto_procedure_prefixes": "81.5"}
        )
        self._protocol(category_ids=[(6, 0, group.ids)], company_id=self.company.id)
        self._protocol(min_age=60, company_id=self.company.id)
        result = self._upsert(
            self._row("1", birthdate="1990-01-01", procedure_code="81.51"),
            self._row("2", birthdate="1950-01-01", contacts=[]),
            self._row("3", birthdate="1990-01-01", contacts=[]),
        )
        states = [self._stay(result, i).match_state for i in range(3)]
        self.assertEqual(states, ["matched", "matched", "unmatched"])

    def test_rules_without_patients_accept_whoever_the_patient_is(self):
        rule = matching.Rule(
            1, category_ids=frozenset({7}), min_age=60, diagnosis_prefixes=("I",)
        )
        [loose] = matching.without_patients([rule])
        hypertension = matching.Facts(1, diagnosis_code="I10")
        self.assertFalse(rule.accepts(hypertension))
        self.assertTrue(loose.accepts(hypertension))
        self.assertFalse(loose.accepts(matching.Facts(1, diagnosis_code="J18")))

    def test_any_text_comes_in_as_it_is(self):
        """D-14"""
        note = f"{AWKWARD}\r\n{AWKWARD}\n"
        result = self._upsert(
            self._row(patient_name=AWKWARD, caller_note=note, clinic_room="")
        )
        stay = self._stay(result)
        self.assertEqual(stay.caller_note, note.strip())
        self.assertEqual(stay.patient_id.name, " ".join(AWKWARD.split()))
        self.assertIs(stay.clinic_room, False)

    def test_inserted_rows_are_remembered_as_the_database_holds_them(self):
        """The cache that spares reading them says nothing else."""
        result = self.door.upsert([self._row(diagnosis_code="I10")])
        stay = self._stay(result)
        for record in (stay, stay.patient_id, stay.patient_id.contact_ids):
            names = [name for name, field in record._fields.items() if field.store]
            remembered = record.read(names)
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(remembered, record.read(names))

    def test_clear_numbers_do_not_enter_the_cache(self):
        """I-3"""
        self.door.upsert([self._row()])
        store = self.env["followup.protected.value"]
        field = store._fields["cipher"]
        self.assertFalse(field._get_cache(self.env))

    def test_one_row_of_another_hospital_is_found_among_many(self):
        """I-13"""
        stays = self.env["followup.encounter"]
        for number in ("1", "2", "3"):
            stays += self._encounter(number=number)
        stays._check_company()
        other = self.env["res.company"].create({"name": "Other Hospital"})
        self.env.cr.execute(
            "UPDATE followup_patient SET company_id = %s WHERE id = %s",
            (other.id, stays[1].patient_id.id),
        )
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            stays._check_company()
