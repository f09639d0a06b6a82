# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Numbers are written in clear, read masked and revealed with a trace (I-3, D-9)."""

import logging
import os
import tempfile
from unittest.mock import patch

from psycopg2.errors import NotNullViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.patient_followup.tools import crypto

from .common import FollowupCase

PHONE = "13812345678"
MASK = "138****5678"
IDENTITY = "110101199003071234"
IDENTITY_MASK = "110***********1234"
OLD_KEY = "old-secret-of-forty-characters-or-so-0001"
NEW_KEY = "new-secret-of-forty-characters-or-so-0002"
CLEAR = (PHONE, "1381234", "2345678", IDENTITY, "19900307")


def with_key(*keys):
    """Run with these keys in the environment, newest first."""
    environ = {crypto.KEY_VARIABLE: ",".join(keys), crypto.KEY_FILE_VARIABLE: ""}
    return patch.dict(os.environ, environ)


class ProtectedCase(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        no_key = with_key()
        no_key.start()
        cls.addClassCleanup(no_key.stop)
        cls.patient = cls._patient(phone=PHONE, name="王小明", id_number=IDENTITY)
        cls.contact = cls.patient.contact_ids
        cls.encounter = cls._encounter(cls.patient)
        cls.other = cls._patient(phone="13911119009", name="李小红")
        cls._encounter(cls.other, department_id=cls.department_b.id)
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _as(self, user, record=None):
        return (self.contact if record is None else record).with_user(user)

    def _rows(self, *records):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT * FROM followup_protected_value WHERE (res_model, res_id) IN %s",
            [tuple((record._name, record.id) for record in records)],
        )
        return self.env.cr.dictfetchall()

    def _logs(self, **vals):
        domain = [(name, "=", value) for name, value in vals.items()]
        return self.env["followup.access.log"].search(domain)

    def assertNoClearText(self, value):
        text = repr(value)
        for clear in CLEAR:
            self.assertNotIn(clear, text)


@tagged("post_install", "-at_install")
class TestProtectedValues(ProtectedCase):
    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    def test_every_way_of_reading_gives_the_mask(self):
        for user in (self.ward_a, self.manager, self.inspector, self.env.user):
            contact = self._as(user)
            self.assertEqual(contact.phone, MASK)
            self.assertEqual(contact.read(["phone"])[0]["phone"], MASK)
            self.assertEqual(
                contact.search_read([("id", "=", contact.id)], ["phone"])[0]["phone"],
                MASK,
            )
            self.assertNoClearText(contact.read())
            self.assertNoClearText(self._as(user, self.patient).read())
            self.assertNoClearText(contact.display_name)
        with self.assertRaises(UserError, msg="callers export nothing"):
            self._as(self.ward_a).export_data(["phone"])
        self.ward_a.group_ids |= self.env.ref("base.group_allow_export")
        self.assertEqual(
            self._as(self.ward_a).export_data(["phone"])["datas"], [[MASK]]
        )
        patient = self._as(self.ward_a, self.patient)
        self.assertEqual(patient.id_number, IDENTITY_MASK)
        self.assertEqual(patient.phone_masked, MASK)
        self.assertNoClearText(
            patient.export_data(
                ["name", "id_number", "id_number_masked", "contact_ids/phone"]
            )
        )

    def test_web_reads_and_groups_give_the_mask(self):
        contacts = self.env["followup.patient.contact"].with_user(self.ward_a)
        fields = {"phone": {}, "phone_masked": {}, "patient_id": {"fields": {}}}
        self.assertNoClearText(contacts.web_search_read([], fields))
        self.assertNoClearText(
            contacts.formatted_read_group([], ["phone_masked"], ["__count"])
        )
        self.assertNoClearText(self._as(self.ward_a).web_read(fields))
        self.assertNoClearText(contacts.env["followup.patient"].name_search("王小明"))

    def test_grouping_and_ordering_by_the_number_is_closed(self):
        contacts = self.env["followup.patient.contact"].with_user(self.ward_a)
        with self.assertRaises(ValueError):
            contacts._read_group([], ["phone"])
        with self.assertRaises(ValueError), mute_logger("odoo.sql_db"):
            contacts.search([], order="phone")

    def test_no_column_holds_the_number_but_the_store(self):
        self.env.flush_all()
        for table in ("followup_patient", "followup_patient_contact"):
            self.env.cr.execute(f"SELECT * FROM {table}")  # noqa: S608
            self.assertNoClearText(self.env.cr.fetchall())
        self.env.cr.execute("SELECT body, subject FROM mail_message")
        self.assertNoClearText(self.env.cr.fetchall())

    def test_the_store_is_closed_to_everybody(self):
        for user in (self.ward_a, self.manager, self.auditor, self.administrator):
            store = self.env["followup.protected.value"].with_user(user)
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
                store.search([])
        system = self._user("system")
        system.group_ids |= self.env.ref("base.group_system")
        with self.assertRaises(AccessError):
            self.env["followup.protected.value"].with_user(system).search_read([])

    def test_a_plain_user_sees_nothing_at_all(self):
        for user in (self.plain, self.leader, self.auditor, self.administrator):
            for record in (self.contact, self.patient):
                with self.assertRaises(AccessError):
                    self._as(user, record).read(["display_name"])
                with self.assertRaises(AccessError):
                    self._as(user, record).search([])
                with self.assertRaises(AccessError):
                    self._as(user, record).name_search("王")
            with self.assertRaises(AccessError):
                self._as(user).action_reveal()

    def test_another_ward_sees_nothing_of_the_patient(self):
        with self.assertRaises(AccessError):
            self._as(self.ward_b).read(["phone"])
        with self.assertRaises(AccessError):
            self._as(self.ward_b).action_reveal()
        found = self._as(self.ward_b, self.patient).search([])
        self.assertEqual(found, self.other)

    # ------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------

    def test_writing_the_mask_back_changes_nothing(self):
        before = self._rows(self.contact)
        self.contact.write({"phone": MASK, "note": "evenings"})
        self.assertEqual(self._rows(self.contact), before)
        self.assertEqual(self.contact.action_reveal()["phone"], PHONE)

    def test_another_mask_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Phone"):
            self.contact.phone = "139****5678"
        with self.assertRaises(ValidationError):
            self._patient(phone=MASK)

    def test_refusals_do_not_repeat_the_number(self):
        with self.assertRaises(ValidationError) as caught:
            self.contact.phone = "1381234567"
        self.assertNotIn("1381234567", str(caught.exception))

    def test_emptying_removes_the_value(self):
        self.contact.phone = False
        self.assertFalse(self.contact.phone)
        self.assertFalse(self._rows(self.contact))

    def test_a_form_shows_the_mask_and_takes_the_number(self):
        with Form(self.patient.with_user(self.ward_a)) as form:
            self.assertEqual(form.id_number, IDENTITY_MASK)
            with form.contact_ids.edit(0) as line:
                self.assertEqual(line.phone, MASK)
                line.phone = "139 0000 0001"
        self.assertEqual(self.contact.phone, "139****0001")
        self.assertEqual(self.contact.action_reveal()["phone"], "13900000001")

    def test_masks_cannot_be_forged_or_filled_by_defaults(self):
        contacts = self.env["followup.patient.contact"].with_context(
            default_phone_masked=PHONE, default_phone="13911112222"
        )
        contact = contacts.create({"patient_id": self.patient.id})
        self.assertEqual(contact.phone_masked, "139****2222")
        contact.write({"phone_masked": PHONE})
        self.assertEqual(contact.phone_masked, "139****2222")
        self.env["ir.default"].set("followup.patient.contact", "phone", PHONE)
        contact = self.env["followup.patient.contact"].create(
            {"patient_id": self.patient.id}
        )
        self.assertFalse(contact.phone)

    def test_a_copy_takes_no_number_along(self):
        copy = self.patient.copy()
        self.assertFalse(copy.id_number)
        self.assertFalse(self._rows(copy))
        self.assertFalse(copy.contact_ids)
        contact = self.contact.copy()
        self.assertFalse(contact.phone)
        self.assertFalse(self._rows(contact))

    def test_deleting_removes_the_values(self):
        patient = self._patient(phone="13700000001", id_number="E12345678")
        contact = patient.contact_ids
        self.assertEqual(len(self._rows(patient, contact)), 2)
        patient.unlink()
        self.assertFalse(self._rows(patient, contact))

    def test_a_thousand_contacts_cost_few_queries(self):
        vals_list = [
            {"patient_id": self.patient.id, "phone": f"137{number:08}"}
            for number in range(1000)
        ]
        contacts = self.env["followup.patient.contact"]
        contacts.create(vals_list[:1])
        self.env.flush_all()
        # the ORM inserts a hundred rows in one statement: ten, and three of ours
        with self.assertQueryCount(13):
            created = contacts.create(vals_list)
            self.env.flush_all()
        self.assertEqual(len(set(created.mapped("phone_masked"))), 1000)
        self.assertEqual(len(self._rows(*created)), 1000)

    # ------------------------------------------------------------
    # REVEAL
    # ------------------------------------------------------------

    def test_a_reveal_is_logged_in_the_same_transaction(self):
        answer = self._as(self.ward_a).action_reveal()
        self.assertEqual(answer, {"phone": PHONE, "tel": f"tel:{PHONE}"})
        self.assertRecordValues(
            self._logs(user_id=self.ward_a.id),
            [
                {
                    "action": "reveal",
                    "res_model": "followup.patient.contact",
                    "res_id": self.contact.id,
                    "field_name": "phone",
                    "company_id": self.company.id,
                }
            ],
        )

    def test_a_refused_reveal_leaves_no_number_and_no_log(self):
        with self.assertRaises(AccessError):
            self._as(self.leader).action_reveal()
        self.assertFalse(self._logs(user_id=self.leader.id))

    def test_links_to_dial_exist_only_in_a_reveal(self):
        notice = self._as(self.ward_a).action_show_number()
        self.assertEqual(notice["params"]["links"][0]["url"], f"tel:{PHONE}")
        self.assertNoClearText(notice["params"]["title"])
        self.assertNotIn("tel:", repr(self._as(self.ward_a).read()))

    def test_reveals_are_limited_by_the_hour(self):
        self.company.followup_reveal_limit = 3
        with freeze_time("2026-03-02 01:00:00"):
            for _call in range(3):
                self._as(self.ward_a).action_reveal()
            self._age_logs("2026-03-02 01:00:00")
            with self.assertRaisesRegex(UserError, "3 numbers within an hour"):
                self._as(self.ward_a).action_reveal()
            self._as(self.manager).action_reveal()
        with freeze_time("2026-03-02 02:00:01"):
            self._as(self.ward_a).action_reveal()

    def _age_logs(self, moment):
        """The transaction keeps real time: give its rows the frozen one."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE followup_access_log SET create_date = %s", [moment])
        self.env.invalidate_all()

    def test_a_patient_who_must_not_be_called_is_revealed_with_a_reason_only(self):
        self.patient.write({"deceased_date": "2026-01-05"})
        with self.assertRaisesRegex(UserError, "has died"):
            self._as(self.ward_a).action_reveal()
        with self.assertRaises(UserError):
            self._as(self.ward_a).action_reveal("  ")
        self._as(self.ward_a).action_reveal("Condolences of the ward")
        log = self._logs(user_id=self.ward_a.id)
        self.assertEqual(log.reason, "Condolences of the ward")

    # ------------------------------------------------------------
    # SEARCH
    # ------------------------------------------------------------

    def test_search_by_full_number_in_any_spelling_is_counted(self):
        contacts = self.env["followup.patient.contact"].with_user(self.ward_a)
        for spelling in (PHONE, "+86 138-1234-5678", "１３８１２３４５６７８"):
            found = contacts.search([("phone", "=", spelling)])
            self.assertEqual(found, self.contact, spelling)
        self.assertEqual(contacts.search([("phone", "ilike", PHONE)]), self.contact)
        self.assertEqual(contacts.search([("phone", "in", [PHONE])]), self.contact)
        logs = self._logs(user_id=self.ward_a.id, action="search")
        self.assertEqual(len(logs), 3, "once for each text in a transaction")
        self.assertNoClearText(logs.read())

    def test_search_by_the_last_four_digits(self):
        contacts = self.env["followup.patient.contact"].with_user(self.ward_a)
        self.assertEqual(contacts.search([("phone", "ilike", "5678")]), self.contact)
        patients = self.env["followup.patient"].with_user(self.ward_a)
        self.assertEqual(patients.search([("id_number", "=", "1234")]), self.patient)
        self.assertEqual(
            patients.search([("contact_ids.phone", "=", PHONE)]), self.patient
        )

    def test_parts_and_patterns_find_nothing(self):
        contacts = self.env["followup.patient.contact"].with_user(self.ward_a)
        for text in ("138", "12345", "%", "%5678%%", "____", "138%", "1381234567"):
            found = contacts.search([("phone", "ilike", text)])
            self.assertEqual(found, contacts, text) if text != "%5678%%" else None
        self.assertFalse(contacts.search([("phone", "=", MASK)]))

    def test_odd_values_of_a_search_are_no_error(self):
        contacts = self.env["followup.patient.contact"].with_user(self.ward_a)
        for value in (13812345678, "\0", "\ud800", "9" * 10000, True, 1.5, "％"):
            found = contacts.search([("phone", "=", value)])
            self.assertEqual(found, contacts if value != int(PHONE) else self.contact)
        with self.assertRaises(ValidationError):
            self._as(self.ward_a).action_reveal({"no": "text"})
        log = self._as(self.ward_a).action_reveal("why\0")
        self.assertEqual(log["phone"], PHONE)

    def test_search_finds_only_what_the_caller_may_read(self):
        contacts = self.env["followup.patient.contact"].with_user(self.ward_b)
        self.assertFalse(contacts.search([("phone", "=", PHONE)]))
        self.assertEqual(contacts._search_protected("phone", PHONE), [])
        contacts = contacts.with_user(self.ward_a)
        self.assertEqual(contacts._search_protected("phone", PHONE), self.contact.ids)

    def test_contacts_without_a_number_are_found_as_empty(self):
        empty = self.env["followup.patient.contact"].create(
            {"patient_id": self.patient.id}
        )
        contacts = self.patient.contact_ids
        self.assertEqual(contacts.filtered_domain([("phone", "=", False)]), empty)
        domain = [("patient_id", "=", self.patient.id)]
        contacts = self.env["followup.patient.contact"]
        self.assertEqual(contacts.search([*domain, ("phone", "=", False)]), empty)
        self.assertEqual(
            contacts.search([*domain, ("phone", "!=", False)]), self.contact
        )
        self.assertEqual(contacts.search([*domain, ("phone", "!=", PHONE)]), empty)

    def test_the_engine_matches_in_batch_without_logs(self):
        with self.assertQueryCount(2):
            found = self.env["followup.patient.contact"]._match_protected(
                "phone", ["+86" + PHONE, "13911119009", "13000000000", "nonsense"]
            )
        self.assertEqual(
            found,
            {
                "+86" + PHONE: self.contact.ids,
                "13911119009": self.other.contact_ids.ids,
            },
        )
        self.assertFalse(self._logs(action="search"))

    # ------------------------------------------------------------
    # LOG
    # ------------------------------------------------------------

    def test_the_access_log_cannot_be_changed_by_anybody(self):
        self._as(self.ward_a).action_reveal()
        log = self._logs(user_id=self.ward_a.id)
        for user in (self.auditor, self.manager, self.administrator):
            with self.assertRaises(AccessError):
                log.with_user(user).write({"reason": "other"})
            with self.assertRaises(AccessError):
                log.with_user(user).unlink()
            with self.assertRaises(AccessError):
                log.with_user(user).create({"action": "reveal"})
        for root in (log.sudo(), log.with_user(self.env.ref("base.user_root"))):
            with self.assertRaises(AccessError):
                root.write({"reason": "other"})
            with self.assertRaises(AccessError):
                root.unlink()

    def test_only_auditors_read_the_log_of_their_hospital(self):
        self._as(self.ward_a).action_reveal()
        logs = self.env["followup.access.log"]
        self.assertTrue(logs.with_user(self.auditor).search([]))
        for user in (self.ward_a, self.manager, self.leader, self.plain):
            with self.assertRaises(AccessError):
                logs.with_user(user).search([])
        elsewhere = self._user("auditor_2", "auditor", self._company("Other"))
        logs = logs.with_user(elsewhere).with_context(
            allowed_company_ids=elsewhere.company_ids.ids
        )
        self.assertNotIn(self.company, logs.search([]).company_id)


@tagged("post_install", "-at_install")
class TestEncryption(ProtectedCase):
    def test_with_a_key_no_row_holds_clear_text(self):
        with with_key(NEW_KEY):
            patient = self._patient(phone=PHONE, id_number=IDENTITY)
            rows = self._rows(patient, patient.contact_ids)
            self.assertEqual(len(rows), 2)
            self.assertNoClearText(rows)
            self.assertEqual(patient.contact_ids.action_reveal()["phone"], PHONE)

    def test_values_from_before_the_key_are_still_read_and_found(self):
        with with_key(NEW_KEY):
            self.assertEqual(self.contact.action_reveal()["phone"], PHONE)
            contacts = self.env["followup.patient.contact"]
            self.assertEqual(contacts.search([("phone", "=", PHONE)]), self.contact)

    def test_rekeying_goes_in_batches_until_nothing_is_left(self):
        store = self.env["followup.protected.value"]
        self.assertEqual(store._rekey(), (0, 0), "nothing to do without a key")
        with with_key(NEW_KEY), mute_logger(store._module and "odoo.addons"):
            left = store._rekey(batch=2)[1]
            rounds = 0
            while left and rounds < 500:
                left = store._rekey(batch=50)[1]
                rounds += 1
            self.assertEqual(left, 0)
            rows = self._rows(self.patient, self.contact)
            self.assertNoClearText(rows)
            self.assertEqual(self.contact.action_reveal()["phone"], PHONE)
            found = self.contact.search([("phone", "=", PHONE)])
            self.assertEqual(found, self.contact)

    def test_a_new_key_reads_what_the_old_one_wrote_until_rekeyed(self):
        with with_key(OLD_KEY):
            patient = self._patient(phone="13711112222")
        contact = patient.contact_ids
        with with_key(NEW_KEY, OLD_KEY):
            self.assertEqual(contact.action_reveal()["phone"], "13711112222")
            self.assertEqual(contact.search([("phone", "=", "13711112222")]), contact)
            while self.env["followup.protected.value"]._rekey(batch=500)[1]:
                pass
        with with_key(NEW_KEY):
            self.assertEqual(contact.action_reveal()["phone"], "13711112222")
            self.assertEqual(contact.search([("phone", "=", "13711112222")]), contact)

    def test_without_its_key_a_value_is_refused_in_words(self):
        with with_key(OLD_KEY):
            patient = self._patient(phone="13711112222")
        with with_key(NEW_KEY), self.assertRaisesRegex(UserError, "does not have"):
            patient.contact_ids.action_reveal()
        self.assertEqual(patient.contact_ids.phone, "137****2222")

    def test_encryption_switched_on_without_a_key_refuses_to_write(self):
        self.env["ir.config_parameter"].set_param("patient_followup.encryption", "True")
        with self.assertRaisesRegex(UserError, "nothing was saved"):
            self.contact.phone = "13711112222"
        self.assertEqual(self.contact.phone, MASK)

    def test_a_key_that_disappears_never_leads_to_clear_text(self):
        with with_key(OLD_KEY):
            self._patient(phone="13711112222")
        with self.assertRaisesRegex(UserError, "no key"):
            self._patient(phone="13711113333")

    def test_a_short_key_or_a_missing_file_is_refused_in_words(self):
        with with_key("short"), self.assertRaisesRegex(UserError, "too short"):
            self.contact.phone = "13711112222"
        environ = {crypto.KEY_VARIABLE: "", crypto.KEY_FILE_VARIABLE: "/nowhere"}
        with patch.dict(os.environ, environ), self.assertRaises(UserError):
            self.contact.phone = "13711112222"

    def test_the_key_may_stand_in_a_file(self):
        with tempfile.NamedTemporaryFile("w", suffix=".key") as key_file:
            key_file.write(NEW_KEY + "\n")
            key_file.flush()
            environ = {
                crypto.KEY_VARIABLE: "",
                crypto.KEY_FILE_VARIABLE: key_file.name,
            }
            with patch.dict(os.environ, environ):
                self.contact.phone = "13711112222"
                self.assertNotIn("13711112222", repr(self._rows(self.contact)))

    def test_a_key_in_the_configuration_file_is_warned_of(self):
        store = self.env["followup.protected.value"]
        path = "odoo.addons.patient_followup.models.followup_protected_value"
        with (
            patch(f"{path}.config.get", return_value=NEW_KEY),
            self.assertLogs(path, logging.WARNING) as caught,
        ):
            store._register_hook()
        self.assertNotIn(NEW_KEY, caught.output[0])

    def test_the_switch_is_refused_on_a_server_without_a_key(self):
        settings = self.env["res.config.settings"].create({"followup_encryption": True})
        with self.assertRaisesRegex(UserError, "no key yet"):
            settings.execute()
        with with_key(NEW_KEY):
            settings.execute()
        parameters = self.env["ir.config_parameter"]
        self.assertEqual(parameters.get_param("patient_followup.encryption"), "True")

    def test_a_failing_statement_is_not_logged_with_its_values(self):
        store = self.env["followup.protected.value"].sudo()
        row = store._prepare_row(
            store._keyring(),
            self.contact,
            None,
            "phone",
            self.contact._parse_protected("phone", PHONE),
        )
        with (
            self.assertNoLogs("odoo.sql_db", logging.ERROR),
            self.assertRaises(NotNullViolation),
        ):
            store._upsert([row])
