# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An anonymised patient is found nowhere in the database; figures stay (Y-1, D-4)."""

import base64
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .survey_common import FollowupSurveyCase

NAME = "Zqmarkov Xanadu"
PHONE = "13877654321"
IDENTITY = "11010519491231002X"
MRN = "ZQMRN77"
NUMBER = "ZQSTAY88"
WORD = "zqsecretword"
# four figures alone stand by chance in numbers of messages: the masked form counts
TRACES = (NAME, "Zqmarkov", PHONE, f"****{PHONE[-4:]}", IDENTITY, MRN, NUMBER, WORD)
TEXTS = ("char", "text", "html", "json")
# text columns of rows about patients that say nothing about the patient
KEPT = {
    "followup.appointment": {"name"},  # numbers of the hospital
    "followup.home.visit": {"name"},
    "followup.link": {"digest"},
    "followup.message": {
        "res_model",
        "code",
        "claim",
        "key",
        "reference",
        "gateway_ref",
    },
    "followup.concern": {"name", "clock_terms"},
    "followup.encounter": {
        "source",
        "clinic_room",
        "attending_name",
        "resident_name",
        "surgeon_name",
        "diagnosis_code",  # cut to its category
        "erased_key",  # a keyed digest: the next list does not bring him back
        "procedure_code",
    },
    "followup.patient": {"do_not_contact_reason"},  # says "Anonymised"
    "followup.plan": {"origin_key", "origin"},
    "followup.plan.gap": {"origin_key"},
    "followup.sample.line": {"stratum_key"},
    "followup.task": {"origin_key", "attempt_tally", "identity_items"},
    "survey.user_input": {"access_token", "invite_token", "followup_raised"},
}


@tagged("post_install", "-at_install")
class TestFollowupAnonymise(FollowupSurveyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient = cls._patient(
            PHONE,
            name=NAME,
            mrn=MRN,
            id_number=IDENTITY,
            sex="female",
            birthdate="1949-12-31",
            employer=WORD,
            occupation=WORD,
            address=WORD,
        )
        cls.patient.contact_ids.write({"name": NAME, "note": WORD})
        cls.stay = cls._encounter(
            cls.patient,
            number=NUMBER,
            diagnosis_code="I21.901",
            discharge_diagnosis=WORD,
            caller_note=WORD,
        )
        cls._call()
        cls._leave_traces()
        cls.env.flush_all()

    @classmethod
    def _call(cls):
        """A whole call: answers, advice, a red flag, an opinion, an amendment."""
        cls.task = cls._asked_of(cls.stay)
        call = cls.task.with_user(cls.ward_a)
        call.log_attempt("reached", direction="in", note=f"{NAME} {WORD}")
        call._start_user_input()
        cls.answers = cls.task.user_input_id
        cls.flag = call.action_red_flag(f"{NAME} {WORD}")
        call.action_opinion("opinion", WORD)
        call.action_complete(f"{NAME} {WORD}")
        cls.env["followup.amendment"].with_user(cls.ward_a).create(
            {"task_id": cls.task.id, "text": WORD, "reason": WORD}
        )
        concerns = cls.env["followup.concern"].search(
            [("patient_id", "=", cls.patient.id)]
        )
        concerns._guarded().write({"state": "told", "answer": WORD})

    @classmethod
    def _asked_of(cls, stay):
        return cls._task(stay, step_id=cls.protocol.step_ids.id, name=WORD)

    @classmethod
    def _leave_traces(cls):
        cls.patient.message_post(body=f"{NAME} {WORD}", subject=WORD)
        cls.flag.message_post(body=NAME)
        cls.patient.with_context(tracking_disable=False).message_post(
            body=PHONE, attachments=[("letter.txt", WORD.encode())]
        )
        cls.env["ir.attachment"].create(
            {
                "name": f"{NAME}.txt",
                "raw": WORD.encode(),
                "res_model": cls.stay._name,
                "res_id": cls.stay.id,
            }
        )
        cls.env["sms.sms"].create({"number": PHONE, "body": f"{NAME} {WORD}"})
        contact = cls.patient.contact_ids
        contact.with_user(cls.ward_a).action_reveal(f"{NAME} {WORD}")
        cls.env["followup.patient.resume"].create(
            {"patient_id": cls.patient.id, "reason": WORD}
        )
        cls.import_ = cls.env["followup.import"].create(
            {"file": base64.b64encode(f"name\n{NAME}\n".encode())}
        )
        cls.import_._guarded().write({"state": "done"})
        cls.env["followup.import.line"]._guarded().create(
            {
                "import_id": cls.import_.id,
                "company_id": cls.company.id,
                "row": 2,
                "patient_name": NAME,
                "value": PHONE,
                "reason": WORD,
            }
        )

    def _fill_every_text(self):
        """Put the word into every column that is to be emptied, of every row."""
        for rows in self.patient._guarded()._get_erasable_rows().values():
            for name in rows._erase_fields if rows else ():
                field = rows._fields[name]
                if field.type in ("char", "text") and not field.required:
                    self.env.cr.execute(
                        SQL(
                            "UPDATE %s SET %s = %s WHERE id = ANY(%s)",
                            SQL.identifier(rows._table),
                            SQL.identifier(name),
                            WORD,
                            rows.ids,
                        )
                    )
        self.env.invalidate_all()

    def _find(self, word):
        """Return [(table, column)] of all texts of the database with this word."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
            " AND c.data_type IN"
            " ('text', 'character varying', 'json', 'jsonb', 'character')"
        )
        found = []
        for table, column in self.env.cr.fetchall():
            self.env.cr.execute(
                SQL(
                    "SELECT FROM %s WHERE %s::text ILIKE %s LIMIT 1",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    f"%{word}%",
                )
            )
            if self.env.cr.rowcount:
                found.append((table, column))
        return found

    # ------------------------------------------------------------
    # EVERYWHERE
    # ------------------------------------------------------------

    @mute_logger("odoo.models.unlink")
    def test_no_table_of_the_database_knows_the_patient_afterwards(self):
        self._fill_every_text()
        self.assertTrue(self._find(WORD))
        self.assertTrue(self._find(NAME))
        self.patient._anonymise()
        for trace in (*TRACES, "Z*******"):
            with self.subTest(trace=trace):
                self.assertEqual(self._find(trace), [])
        files = self.env["ir.attachment"].search(
            [("res_model", "in", ["followup.encounter", "followup.patient"])]
        )
        self.assertNotIn(WORD.encode(), files.mapped("raw"))

    @mute_logger("odoo.models.unlink")
    def test_no_search_finds_him_afterwards(self):
        self.patient._anonymise()
        patients = self.env["followup.patient"].with_user(self.manager)
        patients = patients.with_context(active_test=False)
        for domain in (
            [("name", "ilike", "Zqmarkov")],
            [("mrn", "=", MRN)],
            [("id_number", "=", IDENTITY)],
            [("contact_ids.phone", "=", PHONE)],
            [("contact_ids.phone", "=", PHONE[-4:])],
        ):
            with self.subTest(domain=domain):
                self.assertFalse(patients.search(domain))
        self.assertEqual(patients.name_search("Zqmarkov"), [])
        self.assertFalse(
            self.env["followup.protected.value"].search(
                [
                    ("res_model", "=", "followup.patient"),
                    ("res_id", "=", self.patient.id),
                ]
            )
        )

    def test_every_model_about_patients_says_what_it_empties(self):
        """A new model without `_erase_fields` fails here, and a new text column."""
        models = {
            name: model
            for name, model in self.env.registry.items()
            if not model._abstract and not model._transient and model._auto
        }
        linked = {"followup.patient"}
        while more := {
            name
            for name, model in models.items()
            if name not in linked
            and (name.startswith("followup.") or name.startswith("survey.user"))
            and any(
                field.type == "many2one"
                and field.store
                and field.comodel_name in linked
                for field in model._fields.values()
            )
        }:
            linked |= more
        for name in sorted(linked):
            with self.subTest(model=name):
                self.assertIsNotNone(models[name]._erase_fields)
                self.assertEqual(self._find_forgotten(models[name]), set())

    def _find_forgotten(self, model):
        emptied = {
            *model._erase_fields,
            *getattr(model, "_seal_texts", ()),
            *KEPT.get(model._name, ()),
        }
        return {
            name
            for name, field in model._fields.items()
            if field.store
            and field.column_type
            and field.type in TEXTS
            and not name.startswith("followup_seal_")
            and name not in emptied
        }

    def test_emptied_columns_exist_and_can_be_empty(self):
        for name, model in self.env.registry.items():
            if model._abstract or not model._erase_fields:
                continue
            for column in model._erase_fields:
                with self.subTest(model=name, column=column):
                    field = model._fields[column]
                    self.assertTrue(field.store)
                    self.assertTrue(not field.required or field.type in TEXTS[:2])

    # ------------------------------------------------------------
    # WHAT STAYS
    # ------------------------------------------------------------

    @mute_logger("odoo.models.unlink")
    def test_figures_stay(self):
        before = (self.stay.discharge_date, self.task.completed_at, self.task.state)
        self.patient._anonymise()
        self.assertEqual(
            (self.stay.discharge_date, self.task.completed_at, self.task.state), before
        )
        self.assertEqual(self.patient.sex, "female")
        self.assertEqual(self.patient.birthdate, date(1949, 1, 1))
        self.assertEqual(self.stay.department_id, self.department_a)
        self.assertEqual(self.stay.diagnosis_code, "I21")
        self.assertEqual(self.task.attempt_count, 1)
        self.assertEqual(self.task.attempt_ids.result, "reached")

    @mute_logger("odoo.models.unlink")
    def test_seals_stay_and_say_anonymised(self):
        rows = [self.task, self.task.attempt_ids, self.task.amendment_ids]
        digests = [row.followup_seal_digest for row in rows]
        self.patient._anonymise()
        self.assertEqual([row.followup_seal_digest for row in rows], digests)
        for row in rows:
            with self.subTest(model=row._name):
                self.assertEqual(row._check_seal(), "anonymised")

    @mute_logger("odoo.models.unlink")
    def test_again_it_does_nothing(self):
        self.assertEqual(self.patient._anonymise(), self.patient)
        at = self.patient.anonymised_at
        self.assertFalse(self.patient._anonymise())
        self.assertEqual(self.patient.anonymised_at, at)

    @mute_logger("odoo.models.unlink")
    def test_what_was_merged_into_him_goes_with_him(self):
        other = self._patient(name=NAME, phone="13877650000")
        self.patient._merge(other)
        self.patient._anonymise()
        self.assertTrue(other.anonymised_at)
        self.assertEqual(self._find("Zqmarkov"), [])

    @mute_logger("odoo.models.unlink")
    def test_other_patients_keep_everything(self):
        other = self._patient("13800000077", name="Other Person")
        task = self._task(self._encounter(other))
        call = task.with_user(self.ward_a)
        call.log_attempt("reached", direction="in", note="other words")
        call.action_complete("other result")
        other.message_post(body="other letter")
        self.patient._anonymise()
        self.assertEqual(other.name, "Other Person")
        self.assertEqual(task.outcome_note, "other result")
        self.assertEqual(task.attempt_ids.note, "other words")
        self.assertEqual(task._check_seal(), "intact")
        self.assertTrue(self._find("other letter"))
        self.assertEqual(
            other.contact_ids.with_user(self.ward_a).action_reveal()["phone"],
            "13800000077",
        )

    @mute_logger("odoo.models.unlink")
    def test_a_row_of_a_list_by_a_name_two_patients_bear_stays(self):
        self._patient("13800000078", name=NAME)
        self.import_.line_ids._guarded().write({"value": "no such department"})
        self.patient._anonymise()
        self.assertEqual(self.import_.line_ids.patient_name, NAME)
        self.assertTrue(self.import_.file)

    # ------------------------------------------------------------
    # WHAT STANDS AGAINST IT, AND WHAT FOLLOWS
    # ------------------------------------------------------------

    def test_it_refuses_whole_where_something_stands_against_it(self):
        holds = {
            "hold": lambda: self.patient.write(
                {"legal_hold": True, "legal_hold_reason": "dispute"}
            ),
            "concern": lambda: self.flag._guarded().write({"state": "new"}),
            "in hospital": lambda: self._encounter(self.patient, discharge_date=False),
            "list": lambda: self.import_._guarded().write({"state": "checked"}),
        }
        for name, act in holds.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                act()
                with self.assertRaises(UserError):
                    self.patient._anonymise()
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(self.patient.name, NAME)

    @mute_logger("odoo.models.unlink")
    def test_nothing_is_written_about_him_afterwards(self):
        self.patient._anonymise()
        manager = self.patient.with_user(self.manager)
        contacts = self.env["followup.patient.contact"].with_user(self.manager)
        consents = self.env["followup.consent"].with_user(self.manager)
        for act in (
            lambda: manager.write({"name": NAME}),
            lambda: manager.write({"active": True}),
            lambda: manager.action_resume("x"),
            lambda: self.stay.with_user(self.manager).write({"caller_note": NAME}),
            lambda: contacts.create({"patient_id": manager.id, "phone": PHONE}),
            lambda: consents.create({"patient_id": manager.id, "evidence": NAME}),
            lambda: self._patient()._merge(self.patient),
            lambda: manager.message_post(body=NAME),
            lambda: (
                self.env["ir.attachment"]
                .with_user(self.manager)
                .create(
                    {"name": NAME, "res_model": manager._name, "res_id": manager.id}
                )
            ),
        ):
            with self.assertRaises(UserError):
                act()
        self.assertFalse(self.patient._is_contactable())
        self.assertEqual(self.patient.display_name, f"Anonymised #{self.patient.id}")

    def test_only_the_manager_of_the_centre_sets_a_hold(self):
        for user in (self.ward_a, self.head_a):
            with self.assertRaises(AccessError):
                self.patient.with_user(user).write(
                    {"legal_hold": True, "legal_hold_reason": "x"}
                )
        self.patient.with_user(self.manager).write(
            {"legal_hold": True, "legal_hold_reason": "dispute"}
        )
        self.assertTrue(self.patient.legal_hold)
