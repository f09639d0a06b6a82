# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Patients: what is refused, who sees them, and what stops their follow-up."""

from datetime import date

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from .common import FollowupCase


@tagged("post_install", "-at_install")
class TestFollowupPatient(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient = cls._patient(phone="13812345678", name="王小明", mrn="T900001")
        cls.encounter = cls._encounter(cls.patient)
        cls.other = cls._patient(name="李小红")
        cls._encounter(cls.other, department_id=cls.department_b.id)

    # ------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------

    @freeze_time("2026-03-15 18:00:00")  # the 16th in the hospital
    def test_age_is_told_in_days_months_or_years(self):
        table = [
            ("2026-03-16", "0 d"),
            ("2026-03-01", "15 d"),
            ("2026-02-16", "1 mo"),
            ("2025-03-17", "11 mo"),
            ("2025-03-16", "12 mo"),
            ("2024-03-17", "23 mo"),
            ("2024-03-16", "2 y"),
            ("1950-12-31", "75 y"),
            (False, False),
        ]
        for birthdate, age in table:
            self.patient.birthdate = birthdate
            self.assertEqual(self.patient.age, age, birthdate)
        self.patient.write({"birthdate": "1950-12-31", "deceased_date": "2020-12-30"})
        self.assertEqual(self.patient.age, "69 y")

    @freeze_time("2026-03-15 18:00:00")
    def test_impossible_dates_are_refused_in_words(self):
        table = [
            ({"birthdate": "2026-03-17"}, "birth lies in the future"),
            ({"deceased_date": "2026-03-17"}, "death lies in the future"),
            (
                {"birthdate": "2000-01-02", "deceased_date": "2000-01-01"},
                "before the date of birth",
            ),
        ]
        for vals, sentence in table:
            with self.assertRaisesRegex(ValidationError, sentence):
                self._patient(**vals)
        self._patient(birthdate="2026-03-16")

    def test_record_numbers_are_stripped_and_unique_in_a_hospital(self):
        patient = self._patient(mrn="  T9  7 ")
        self.assertEqual(patient.mrn, "T9 7")
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._patient(mrn="T9 7")
        self._patient(mrn="T9 7", company_id=self._company("Other").id)
        self.assertEqual(
            self._patient(mrn=" ").mrn, self._patient(mrn="").mrn, "empty is no number"
        )

    def test_a_name_needs_more_than_invisible_characters(self):
        for name in ("\u200b", "\u202e \u200d"):
            with self.assertRaises(ValidationError):
                self._patient(name=name)

    def test_a_ban_needs_its_reason(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.patient.do_not_contact = True
            self.env.flush_all()

    def test_links_to_patients_show_the_masked_name(self):
        self.assertEqual(self.patient.display_name, "王** (T900001)")
        found = (
            self.env["followup.patient"].with_user(self.ward_a).name_search("王小明")
        )
        self.assertEqual(found, [(self.patient.id, "王** (T900001)")])

    # ------------------------------------------------------------
    # WHO SEES WHOM
    # ------------------------------------------------------------

    def test_each_role_sees_its_patients(self):
        both = self.patient | self.other
        table = [
            (self.ward_a, self.patient),
            (self.head_a, self.patient),
            (self.ward_b, self.other),
            (self.centre, self.env["followup.patient"]),
            (self.manager, both),
            (self.inspector, both),
        ]
        for user, expected in table:
            patients = self.env["followup.patient"].with_user(user)
            self.assertEqual(patients.search([]), expected, user.login)
            contacts = patients.env["followup.patient.contact"].search([])
            self.assertEqual(contacts.patient_id, expected, user.login)
        self.patient._guarded().centre_visible = True
        patients = self.env["followup.patient"].with_user(self.centre)
        self.assertEqual(patients.search([]), self.patient)

    def test_a_task_assigned_opens_the_patient_to_its_caller(self):
        self._task(self.encounter, user_id=self.ward_b.id)
        patients = self.env["followup.patient"].with_user(self.ward_b)
        self.assertEqual(patients.search([]), self.patient | self.other)

    def test_an_inspector_changes_nothing(self):
        for record, vals in (
            (self.patient, {"name": "X"}),
            (self.patient.contact_ids, {"note": "X"}),
        ):
            with self.assertRaises(AccessError):
                record.with_user(self.inspector).write(vals)

    def test_a_ward_sees_the_patient_it_registers(self):
        with Form(self.env["followup.patient"].with_user(self.ward_a)) as form:
            form.name = "赵新"
            with form.contact_ids.new() as line:
                line.phone = "13700000009"
        patient = form.save()
        self.assertEqual(patient.department_ids, self.department_a)
        self.assertEqual(patient.phone_masked, "137****0009")
        self.assertTrue(patient.contact_ids.is_primary)

    def test_nobody_gives_himself_a_patient_by_writing_departments(self):
        with self.assertRaises(AccessError):
            self.patient.with_user(self.ward_a).write(
                {"department_ids": [(4, self.department_b.id)]}
            )
        with self.assertRaises(AccessError):
            self.env["followup.patient"].with_user(self.ward_a).create(
                {"name": "X", "centre_visible": True}
            )

    def test_other_hospitals_are_closed(self):
        patient = self._patient(company_id=self._company("Other").id)
        with self.assertRaises(AccessError):
            patient.with_user(self.manager).read(["name"])

    # ------------------------------------------------------------
    # CONTACTS (E-9, E-10)
    # ------------------------------------------------------------

    def test_a_patient_has_one_primary_number(self):
        first = self.patient.contact_ids
        self.assertTrue(first.is_primary)
        second = first.create(
            {"patient_id": self.patient.id, "phone": "13700000002", "is_primary": True}
        )
        self.assertRecordValues(
            first | second, [{"is_primary": False}, {"is_primary": True}]
        )
        first.is_primary = True
        self.assertFalse(second.is_primary)
        first.unlink()
        self.assertTrue(second.is_primary)

    def test_the_first_number_becomes_primary_by_itself(self):
        patient = self._patient(
            contact_ids=[
                (0, 0, {"name": "nobody"}),
                (0, 0, {"phone": "13700000002", "relation": "child"}),
                (0, 0, {"phone": "13700000003"}),
            ]
        )
        primary = patient.contact_ids.filtered("is_primary")
        self.assertEqual(primary.phone, "137****0002")
        self.assertEqual(patient.phone_masked, "137****0002")

    def test_contacts_are_tried_in_order_and_wrong_ones_never(self):
        rows = [
            ("13700000001", "unknown", 20),
            ("13700000002", "wrong", 1),
            ("13700000003", "unknown", 10),
            (False, "unknown", 1),
            ("13700000005", "valid", 30),
        ]
        patient = self._patient(
            contact_ids=[
                (0, 0, {"phone": phone, "validity": validity, "sequence": sequence})
                for phone, validity, sequence in rows
            ]
        )
        self.assertEqual(
            patient.contact_ids._to_try().mapped("phone"),
            ["137****0001", "137****0005", "137****0003"],
        )

    def test_a_wrong_number_goes_to_the_list_of_the_last_ward(self):
        later = fields.Datetime.now()
        self._encounter(
            self.patient,
            department_id=self.department_b.id,
            admission_date=later,
            discharge_date=False,
        )
        contact = self.patient.contact_ids.with_user(self.ward_a)
        contact.action_mark_wrong()
        self.assertRecordValues(
            contact,
            [
                {
                    "validity": "wrong",
                    "correction_department_id": self.department_b.id,
                    "wrong_by_id": self.ward_a.id,
                }
            ],
        )
        self.assertFalse(self.patient.contact_ids._to_try())
        action = self.env.ref("patient_followup.followup_patient_contact_action_wrong")
        self.assertIn("('validity', '=', 'wrong')", action.domain)

    def test_correcting_the_number_takes_it_off_the_list(self):
        contact = self.patient.contact_ids
        contact.action_mark_wrong()
        contact.phone = "138-1234-5678"
        self.assertEqual(contact.validity, "wrong", "it is the same number")
        contact.phone = "13812345679"
        self.assertRecordValues(
            contact,
            [
                {
                    "validity": "unknown",
                    "wrong_since": False,
                    "correction_department_id": False,
                }
            ],
        )

    def test_patients_without_a_usable_number_are_found(self):
        search = self.env.ref("patient_followup.followup_patient_view_search")
        self.assertIn("filter_no_number", search.arch)
        domain = [
            (
                "contact_ids",
                "not any",
                [("phone_masked", "!=", False), ("validity", "!=", "wrong")],
            )
        ]
        patients = self.env["followup.patient"].with_user(self.manager)
        self.assertFalse(patients.search(domain))
        self.patient.contact_ids.action_mark_wrong()
        self.assertEqual(patients.search(domain), self.patient)

    # ------------------------------------------------------------
    # TIMELINE
    # ------------------------------------------------------------

    def test_the_timeline_tells_stays_tasks_and_attempts_of_what_one_may_see(self):
        self.encounter.write({"discharge_diagnosis": "<script>alert(1)</script>"})
        self._task(self.encounter, name="Call after a week")
        self._task(self.encounter, name="Level 2 call", level="2")
        timeline = self.patient.with_user(self.ward_a).timeline
        self.assertIn("Call after a week", timeline)
        self.assertIn("Ward A", timeline)
        self.assertNotIn("<script>", timeline)
        self.assertNotIn("Level 2 call", timeline)
        self.assertIn("Level 2 call", self.patient.with_user(self.manager).timeline)

    # ------------------------------------------------------------
    # KEEPING AND TAKING OUT
    # ------------------------------------------------------------

    def test_a_patient_with_a_history_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "archived, never deleted"):
            self.patient.with_user(self.manager).unlink()
        self.assertTrue(self.patient.contact_ids)
        self._patient().with_user(self.manager).unlink()

    def test_a_patient_stays_with_his_hospital(self):
        with self.assertRaisesRegex(UserError, "his hospital"):
            self.patient.company_id = self._company("Other")

    def test_exports_are_logged_and_hold_no_live_formula(self):
        self.patient.write({"name": "=1+1", "address": "＠SUM(A1)", "employer": "Mill"})
        self.manager.group_ids |= self.env.ref("base.group_allow_export")
        patient = self.patient.with_user(self.manager)
        rows = patient.export_data(["name", "address", "employer"])["datas"]
        self.assertEqual(rows, [["'=1+1", "'＠SUM(A1)", "Mill"]])
        log = self.env["followup.access.log"].search([("action", "=", "export")])
        self.assertRecordValues(
            log,
            [
                {
                    "user_id": self.manager.id,
                    "res_model": "followup.patient",
                    "count": 1,
                    "reason": "name, address, employer",
                }
            ],
        )

    # ------------------------------------------------------------
    # KEY GROUPS AND DATA QUALITY
    # ------------------------------------------------------------

    def test_stays_put_their_patients_into_key_groups(self):
        table = [
            ({"diagnosis_code": "E11.9"}, {}, {"diabetes"}),
            ({"diagnosis_code": "z51.102"}, {}, {"chemotherapy"}),
            (
                {"diagnosis_code": "I10"},
                {"birthdate": "1940-01-01"},
                {"chronic", "elderly"},
            ),
            ({"procedure_date": "2026-01-05"}, {}, {"surgery"}),
            ({"diagnosis_code": "J06"}, {"birthdate": "2000-01-01"}, set()),
        ]
        for stay, person, codes in table:
            patient = self._patient(**person)
            self._encounter(patient, **stay)
            self.assertEqual(set(patient.category_ids.mapped("code")), codes, stay)

    def test_a_group_chosen_by_hand_stays(self):
        vip = self.env.ref("patient_followup.followup_patient_category_vip")
        self.patient.category_ids = vip
        self._encounter(self.patient, diagnosis_code="E11")
        self.assertIn(vip, self.patient.category_ids)
        self.assertEqual(len(self.patient.category_ids), 2)

    def test_quality_counts_wrong_numbers_and_gaps_by_ward(self):
        wrong = self._patient(
            contact_ids=[
                (0, 0, {"phone": "13700000001", "validity": "wrong"}),
                (0, 0, {"phone": "13700000002", "validity": "valid"}),
                (0, 0, {"phone": "13700000003", "validity": "valid"}),
            ]
        )
        silent = self._patient(contact_ids=[])
        for patient in (wrong, silent):
            self._encounter(patient)
        self.patient.contact_ids.validity = "wrong"
        quality = self.env["followup.data.quality"].with_user(self.head_a)
        [row] = quality._read_group(
            [],
            ["department_id"],
            [
                "stay_count:sum",
                "no_number_count:sum",
                "tried_count:sum",
                "wrong_count:sum",
                "wrong_rate:avg",
            ],
        )
        self.assertEqual(row, (self.department_a, 3, 1, 4, 2, 50.0))
        departments = quality.with_user(self.leader).search([]).department_id
        self.assertEqual(departments, self.department_a | self.department_b)
        for user in (self.ward_a, self.plain, self.auditor):
            with self.assertRaises(AccessError):
                quality.with_user(user).search([])


@tagged("post_install", "-at_install")
class TestStop(FollowupCase):
    """Death and withdrawal of consent stop follow-up at once (I-12, D-20)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient = cls._patient(phone="13812345678", name="王小明")
        cls.encounter = cls._encounter(cls.patient)
        cls.task = cls._task(cls.encounter)
        cls.other = cls._patient(phone="13900000009")
        cls.other_task = cls._task(cls._encounter(cls.other))

    def _plan(self):
        protocol = self._protocol([{"anchor": "discharge", "offset_target": 3}])
        return protocol.start_plan(self.encounter)

    def _mail(self, record, **vals):
        message = self.env["mail.message"].create(
            {"model": record._name, "res_id": record.id, "message_type": "email"}
        )
        return self.env["mail.mail"].create({"mail_message_id": message.id, **vals})

    def _sms(self, number, record=None, **vals):
        if record:
            vals["mail_message_id"] = (
                self.env["mail.message"]
                .create({"model": record._name, "res_id": record.id})
                .id
            )
        return self.env["sms.sms"].create({"number": number, "body": "Hello", **vals})

    # ------------------------------------------------------------
    # WHAT STOPS
    # ------------------------------------------------------------

    def test_death_cancels_open_tasks_and_plans_of_this_patient_only(self):
        plan = self._plan()
        self.patient.with_user(self.ward_a).deceased_date = "2026-01-05"
        self.assertTrue(self.patient.contact_blocked)
        self.assertFalse(self.patient._is_contactable())
        self.assertEqual(set(self.patient.task_ids.mapped("state")), {"cancelled"})
        self.assertEqual(plan.state, "cancelled")
        self.assertEqual(self.task.closing_reason, "The patient has died.")
        self.assertNotEqual(self.other_task.state, "cancelled")
        self.assertFalse(self.other.contact_blocked)

    def test_what_is_done_stays_done(self):
        self.task._guarded().write({"state": "done"})
        self.patient.deceased_date = "2026-01-05"
        self.assertEqual(self.task.state, "done")

    def test_a_ban_stops_as_well(self):
        self.patient.with_user(self.ward_a).write(
            {"do_not_contact": True, "do_not_contact_reason": "Asked by letter"}
        )
        self.assertEqual(self.task.state, "cancelled")

    def test_withdrawing_calls_stops_everything(self):
        Consent = self.env["followup.consent"].with_user(self.ward_a)
        Consent.create({"patient_id": self.patient.id, "scope": "phone"})
        self.assertFalse(self.patient.contact_blocked)
        self.assertNotEqual(self.task.state, "cancelled")
        Consent.create(
            {"patient_id": self.patient.id, "scope": "phone", "granted": False}
        )
        self.assertTrue(self.patient.contact_blocked)
        self.assertEqual(self.task.state, "cancelled")
        Consent.create({"patient_id": self.patient.id, "scope": "phone"})
        self.assertFalse(self.patient.contact_blocked)
        self.assertEqual(self.task.state, "cancelled", "nothing comes back by itself")

    def test_withdrawing_visits_stops_visits_only(self):
        visit = self._task(self.encounter, method="home")
        self.env["followup.consent"].create(
            {"patient_id": self.patient.id, "scope": "home_visit", "granted": False}
        )
        self.assertEqual(visit.state, "cancelled")
        self.assertNotEqual(self.task.state, "cancelled")
        self.assertFalse(self.patient.contact_blocked)

    # ------------------------------------------------------------
    # CONSENTS
    # ------------------------------------------------------------

    @freeze_time("2026-03-15 02:00:00")
    def test_the_latest_consent_of_a_scope_counts(self):
        rows = [
            ("2026-03-01", "home_visit", True, False),
            ("2026-03-03", "home_visit", False, False),
            ("2026-03-02", "home_visit", True, False),
            ("2026-02-01", "publication", True, "2026-03-14"),
            ("2026-02-01", "sms", True, "2026-03-15"),
        ]
        self.env["followup.consent"].create(
            [
                {
                    "patient_id": self.patient.id,
                    "date": day,
                    "scope": scope,
                    "granted": granted,
                    "expiry_date": expiry,
                }
                for day, scope, granted, expiry in rows
            ]
        )
        has = {
            scope: self.patient._has_consent(scope)
            for scope in ("home_visit", "publication", "sms", "email", "phone")
        }
        self.assertEqual(
            has,
            {
                "home_visit": False,
                "publication": False,
                "sms": True,
                "email": False,
                "phone": False,
            },
        )
        self.assertTrue(self.patient._is_contactable(), "E-11: no row, no ban")

    def test_what_was_said_stays_on_record(self):
        consent = self.env["followup.consent"].create({"patient_id": self.patient.id})
        consent.write({"granted": True, "evidence": "Form 7"})
        for vals in ({"granted": False}, {"scope": "sms"}, {"date": "2020-01-01"}):
            with self.assertRaisesRegex(UserError, "new consent"):
                consent.write(vals)
        with self.assertRaises(ValidationError):
            consent.create({"patient_id": self.patient.id, "date": "2999-01-01"})
        with self.assertRaises(AccessError):
            consent.with_user(self.ward_a).unlink()

    # ------------------------------------------------------------
    # QUEUED MESSAGES
    # ------------------------------------------------------------

    def test_queued_mail_to_the_patient_is_cancelled_and_to_staff_is_sent(self):
        to_patient = self._mail(self.patient, email_to="family@example.com")
        on_task = self._mail(self.task, email_to="family@example.com")
        to_staff = self._mail(
            self.patient, recipient_ids=[(4, self.ward_a.partner_id.id)]
        )
        to_other = self._mail(self.other, email_to="someone@example.com")
        on_company = self._mail(self.company, email_to="someone@example.com")
        self.patient.deceased_date = "2026-01-05"
        self.assertEqual((to_patient | on_task).mapped("state"), ["cancel"] * 2)
        self.assertEqual(
            (to_staff | to_other | on_company).mapped("state"), ["outgoing"] * 3
        )

    def test_queued_sms_are_cancelled_by_record_and_by_number(self):
        shared = self._patient(phone="13700000007")
        self.patient.contact_ids.create(
            {"patient_id": self.patient.id, "phone": "13700000007"}
        )
        mine = self._sms("+8613812345678")
        linked = self._sms("+8613700000007", self.task)
        kept = (
            self._sms("+8613700000007")  # also the number of another patient
            | self._sms("+8613900000009")
            | self._sms("+8613812345678", shared)
            | self._sms("+8613812345678", partner_id=self.ward_a.partner_id.id)
        )
        self.patient.deceased_date = "2026-01-05"
        self.assertEqual((mine | linked).mapped("state"), ["canceled"] * 2)
        self.assertEqual(kept.mapped("state"), ["outgoing"] * 4)

    def test_other_addons_documents_are_never_follow_up_documents(self):
        for model in self.patient._get_follow_up_documents():
            self.assertTrue(model.startswith("followup."), model)

    # ------------------------------------------------------------
    # UNDO
    # ------------------------------------------------------------

    def test_only_the_manager_allows_contact_again_and_says_why(self):
        self.patient.deceased_date = "2026-01-05"
        for user in (self.ward_a, self.manager):
            with self.assertRaisesRegex(UserError, "follow-up centre"):
                self.patient.with_user(user).deceased_date = False
        with self.assertRaises(AccessError):
            self.patient.with_user(self.ward_a).action_resume("mistake")
        with self.assertRaises(UserError):
            self.patient.with_user(self.manager).action_resume(" ")
        wizard = self.env["followup.patient.resume"].with_user(self.manager)
        wizard.with_context(active_id=self.patient.id).create(
            {"reason": "Recorded for the wrong patient"}
        ).action_resume()
        self.assertTrue(self.patient._is_contactable())
        self.assertEqual(self.task.state, "cancelled", "nothing comes back by itself")
        self.assertIn("wrong patient", self.patient.message_ids[0].body)

    def test_a_corrected_day_of_death_is_no_undoing(self):
        self.patient.deceased_date = "2026-01-05"
        self.patient.with_user(self.ward_a).deceased_date = "2026-01-04"
        self.assertEqual(self.patient.deceased_date, date(2026, 1, 4))

    def test_a_withdrawn_consent_is_not_undone_by_the_manager(self):
        self.env["followup.consent"].create(
            {"patient_id": self.patient.id, "granted": False}
        )
        with self.assertRaisesRegex(UserError, "new consent"):
            self.patient.with_user(self.manager).action_resume("mistake")


@tagged("post_install", "-at_install")
class TestMailLeaks(FollowupCase, MailCommon):
    """Mails about patients name nobody (I-3)."""

    SECRETS = ("王小明", "小明", "13812345678", "138****5678", "E119")

    def test_no_mail_about_a_patient_carries_his_name_or_number(self):
        self.env = self.env["base"].with_context(tracking_disable=False).env
        patient = self._patient(phone="13812345678", name="王小明", mrn="T900001")
        patient = patient.with_env(self.env)
        self._encounter(patient, diagnosis_code="E119")
        patient.message_subscribe(self.ward_a.partner_id.ids)
        with self.mock_mail_gateway():
            patient.with_user(self.manager).message_post(
                body="Please call.",
                partner_ids=self.head_a.partner_id.ids,
                subtype_xmlid="mail.mt_comment",
            )
            patient.with_user(self.manager).write(
                {"name": "王小明明", "deceased_date": "2026-01-05"}
            )
            self.env.flush_all()
        self.assertTrue(self._new_mails)
        for mail in self._mails:
            for secret in self.SECRETS:
                self.assertNotIn(secret, repr(mail), mail["subject"])
        for message in patient.message_ids:
            self.assertNotIn("小明", message.record_name)
            self.assertFalse(message.tracking_value_ids)

    def test_the_patient_is_never_a_follower_or_recipient(self):
        patient = self._patient(phone="13812345678", name="王小明")
        self.assertFalse(patient._message_get_suggested_recipients())
        self.assertFalse(self.env["res.partner"].search([("name", "=", "王小明")]))
        self.assertFalse(patient.message_partner_ids - self.env.user.partner_id)

    def test_messages_of_a_patient_are_closed_to_plain_users(self):
        patient = self._patient(name="王小明")
        self._encounter(patient)
        message = patient.message_post(body="Please call.")
        for user in (self.plain, self.ward_b, self.leader, self.administrator):
            with self.assertRaises(AccessError):
                message.with_user(user).read(["body"])
            found = self.env["mail.message"].with_user(user)
            self.assertFalse(
                found.search(
                    [("model", "=", patient._name), ("res_id", "=", patient.id)]
                )
            )
