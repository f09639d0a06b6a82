# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two records of one person become one, and nothing gets lost."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import FollowupCase


@tagged("post_install", "-at_install")
class TestDuplicates(FollowupCase):
    def _flagged(self, **vals):
        patient = self._patient(**vals)
        self.env["followup.patient"]._flag_duplicates(patient)
        return patient

    def test_the_same_person_is_recognised(self):
        first = self._patient(
            name="王小明",
            birthdate="1980-01-01",
            phone="13812345678",
            id_number="110101198001011234",
        )
        table = [
            ({"name": "王小明", "birthdate": "1980-01-01"}, True),
            ({"name": "王小明", "birthdate": "1980-01-02"}, False),
            ({"name": "王小明", "mrn": False}, True),
            ({"name": "王小明"}, False),
            ({"name": "张三", "phone": "138 1234 5678"}, True),
            ({"name": "张三", "id_number": "11010119800101 1234"}, True),
            ({"name": "张三", "birthdate": "1980-01-01"}, False),
        ]
        for vals, doubtful in table:
            patient = self._patient(**vals)
            found = patient._find_duplicates().get(patient.id, set())
            self.assertEqual(first.id in found, doubtful, vals)
            patient.contact_ids.unlink()
            patient.active = False

    def test_a_number_shared_by_relatives_makes_no_duplicate(self):
        self._patient(phone="13812345678")
        child = self._patient(
            contact_ids=[(0, 0, {"phone": "13812345678", "relation": "parent"})]
        )
        self.assertFalse(child._find_duplicates())

    def test_both_sides_stand_on_the_list(self):
        first = self._patient(name="王小明", birthdate="1980-01-01")
        second = self._flagged(name="王小明", birthdate="1980-01-01")
        self.assertEqual(second.duplicate_ids, first)
        self.assertTrue(first.possible_duplicate and second.possible_duplicate)

    def test_who_is_known_to_be_another_is_not_proposed_again(self):
        first = self._patient(name="王小明", birthdate="1980-01-01")
        second = self._flagged(name="王小明", birthdate="1980-01-01")
        second.with_user(self.manager).action_not_duplicate()
        self.assertFalse(first.possible_duplicate or second.possible_duplicate)
        self.env["followup.patient"].with_user(self.manager).action_find_duplicates()
        self.assertFalse(first.possible_duplicate or second.possible_duplicate)

    def test_other_hospitals_have_their_own_patients(self):
        self._patient(
            name="王小明",
            birthdate="1980-01-01",
            company_id=self._company("Other").id,
        )
        second = self._flagged(name="王小明", birthdate="1980-01-01")
        self.assertFalse(second.possible_duplicate)

    def test_an_imported_second_record_is_listed(self):
        self._patient(name="王小明", birthdate="1980-01-01", mrn="T9001")
        row = {
            "source": "his",
            "number": "N1",
            "mrn": "T9002",
            "patient_name": "王小明",
            "birthdate": "1980-01-01",
            "department": "Ward A",
            "admission_date": "2026-01-02",
            "discharge_date": "2026-01-05",
        }
        self.env["followup.encounter"].with_user(self.manager).upsert([row])
        found = self.env["followup.patient"].search(
            [("possible_duplicate", "=", True), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(set(found.mapped("mrn")), {"T9001", "T9002"})


@tagged("post_install", "-at_install")
class TestMerge(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept = cls._patient(phone="13812345678", name="王小明", mrn="T900001")
        cls.double = cls._patient(
            name="王小明",
            mrn="T900002",
            birthdate="1980-01-01",
            sex="male",
            id_number="110101198001011234",
            contact_ids=[
                (0, 0, {"phone": "+86 138 1234 5678", "is_primary": True}),
                (0, 0, {"phone": "13700000002", "relation": "child"}),
            ],
        )
        cls.stay = cls._encounter(cls.kept)
        cls.other_stay = cls._encounter(cls.double, department_id=cls.department_b.id)
        cls.other_task = cls._task(cls.other_stay, department_id=cls.department_b.id)

    def _merge(self, reason="Same person, asked at the desk"):
        wizard = (
            self.env["followup.patient.merge"]
            .with_user(self.manager)
            .with_context(
                active_model="followup.patient",
                active_ids=(self.kept | self.double).ids,
            )
        )
        form = Form(wizard)
        form.target_id = self.kept.with_env(form._env)
        form.reason = reason
        form.save().action_merge()
        self.env.invalidate_all()

    def test_stays_plans_tasks_attempts_and_contacts_move(self):
        plan = self._protocol([{"anchor": "discharge"}]).start_plan(self.other_stay)
        contact = self.double.contact_ids.filtered("is_primary")
        attempt = self.other_task.with_user(self.ward_b).log_attempt(
            "no_answer", contact_id=contact.id
        )
        attempt = attempt.with_env(self.env)
        self._merge()
        for record in (self.other_stay, self.other_task, plan, attempt):
            self.assertEqual(record.patient_id, self.kept, record._name)
        self.assertEqual(
            attempt.contact_id, self.kept.contact_ids.filtered("is_primary")
        )
        self.assertEqual(
            self.kept.contact_ids.mapped("phone_masked"),
            ["138****5678", "137****0002"],
        )
        self.assertFalse(contact.exists())
        self.assertEqual(
            self.kept.department_ids, self.department_a | self.department_b
        )
        self.assertFalse(self.double.department_ids)

    def test_gaps_of_the_kept_record_are_filled(self):
        self._merge()
        self.assertRecordValues(
            self.kept,
            [
                {
                    "mrn": "T900001",
                    "sex": "male",
                    "id_number": "110***********1234",
                }
            ],
        )
        self.assertEqual(str(self.kept.birthdate), "1980-01-01")
        self.assertEqual(
            self.env["followup.patient"].search(
                [("id_number", "=", "110101198001011234")]
            ),
            self.kept,
        )

    def test_the_other_record_is_archived_and_leads_to_the_kept_one(self):
        self._merge()
        self.assertFalse(self.double.active)
        self.assertEqual(self.double.merged_into_id, self.kept)
        self.assertEqual(self.double._get_survivor(), self.kept)
        log = self.env["followup.access.log"].search([("action", "=", "merge")])
        self.assertEqual(log.res_id, self.double.id)
        self.assertEqual(log.reason, "Same person, asked at the desk")
        self.assertIn(str(self.double.id), self.kept.message_ids[0].body)

    def test_the_next_list_finds_the_kept_record_by_the_old_number(self):
        self._merge()
        row = {
            "source": "his",
            "number": "N2",
            "mrn": "T900002",
            "patient_name": "王小明",
            "department": "Ward A",
            "admission_date": "2026-01-02",
            "discharge_date": "2026-01-05",
        }
        result = self.env["followup.encounter"].with_user(self.manager).upsert([row])
        self.assertFalse(result["rejected"])
        stay = self.env["followup.encounter"].browse(result["ids"])
        self.assertEqual(stay.patient_id, self.kept)
        self.assertEqual(self.kept.mrn, "T900001")

    def test_death_of_one_record_is_the_death_of_the_person(self):
        task = self._task(self.stay)
        self.double.deceased_date = "2026-01-05"
        self._merge()
        self.assertTrue(self.kept.deceased_date)
        self.assertEqual(task.state, "cancelled")

    def test_a_withdrawn_consent_moves_along_and_stops(self):
        task = self._task(self.stay)
        self.env["followup.consent"].create(
            {"patient_id": self.double.id, "scope": "phone", "granted": False}
        )
        self._merge()
        self.assertTrue(self.kept.contact_blocked)
        self.assertEqual(task.state, "cancelled")

    def test_messages_and_followers_move(self):
        self.double.message_post(body="Speaks Cantonese.")
        self.double.message_subscribe(self.ward_b.partner_id.ids)
        self.kept.message_subscribe(self.ward_b.partner_id.ids)
        self._merge()
        self.assertIn(
            "Speaks Cantonese.", "".join(self.kept.message_ids.mapped("body"))
        )
        self.assertIn(self.ward_b.partner_id, self.kept.message_partner_ids)
        self.assertFalse(self.double.message_partner_ids)

    def test_merging_twice_in_a_chain_leads_to_the_last(self):
        third = self._patient(name="王小明", mrn="T900003")
        self._merge()
        third._merge(self.kept, "Again")
        self.assertEqual(self.double.merged_into_id, third)
        self.assertEqual(self.other_stay.patient_id, third)
        with self.assertRaisesRegex(UserError, "merged or archived"):
            third._merge(self.kept)

    def test_the_dialog_says_what_moves(self):
        wizard = self.env["followup.patient.merge"].with_user(self.manager)
        wizard = wizard.with_context(
            active_model="followup.patient", active_ids=(self.kept | self.double).ids
        )
        form = Form(wizard)
        self.assertEqual(form.target_id, self.kept, "numbered first, then oldest")
        self.assertIn("1 stays, 1 tasks and 2 contacts move", form.summary)

    def test_only_the_manager_merges(self):
        for user in (self.ward_a, self.head_a, self.centre, self.inspector):
            with self.assertRaises(AccessError):
                self.kept.with_user(user)._merge(self.double)
            with self.assertRaises(AccessError):
                self.env["followup.patient.merge"].with_user(user).create(
                    {"target_id": self.kept.id, "reason": "x"}
                )

    def test_different_hospitals_are_not_merged(self):
        other = self._patient(company_id=self._company("Other").id)
        with self.assertRaisesRegex(UserError, "different hospitals"):
            self.kept._merge(other)

    def test_every_link_to_a_patient_is_moved(self):
        self._merge()
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT rel.relname, att.attname
              FROM pg_constraint con
              JOIN pg_class rel ON rel.oid = con.conrelid
              JOIN pg_attribute att ON att.attrelid = rel.oid
               AND att.attnum = con.conkey[1]
             WHERE con.contype = 'f' AND con.confrelid = 'followup_patient'::regclass
            """
        )
        for table, column in self.env.cr.fetchall():
            if table in ("followup_patient_merge",) or table.endswith("merge_rel"):
                continue
            self.env.cr.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}" = %s',  # noqa: S608
                [self.double.id],
            )
            self.assertEqual(self.env.cr.fetchone()[0], 0, f"{table}.{column}")
