# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import FollowupCase

ID_NUMBER = "110105196005170017"  # invented, with a right check digit


class UpsertCase(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-11-23 02:00:00"))
        cls.department_a.followup_team_ids.write(
            {"code": "D001", "alias_names": "一病区；Ward One"}
        )
        cls.door = cls.env["followup.encounter"].with_user(cls.manager)

    def _row(self, number="1001", **vals):
        return {
            "source": "his",
            "number": number,
            "mrn": f"B{number}",
            "patient_name": f"病人{number}",
            "sex": "男",
            "birthdate": "1960-05-17",
            "department": "Ward A",
            "admission_date": "2026-11-10",
            "discharge_date": "2026-11-20",
            "contacts": [{"phone": "13800000001", "relation": "本人"}],
            **vals,
        }

    def _upsert(self, *rows):
        result = self.door.upsert(list(rows))
        self.env.flush_all()
        self.env.invalidate_all()
        return result

    def _stay(self, result, index=0):
        return self.env["followup.encounter"].browse(result["ids"][index])

    def _code(self, *rows):
        """Return what the last row is rejected with."""
        result = self._upsert(*rows)
        return result["rejected"] and result["rejected"][-1]["code"]

    def _assert_counts(self, result, created=0, updated=0, unchanged=0, rejected=0):
        self.assertEqual(
            (
                result["created"],
                result["updated"],
                result["unchanged"],
                len(result["rejected"]),
            ),
            (created, updated, unchanged, rejected),
            result["rejected"],
        )


@tagged("post_install", "-at_install")
class TestFollowupUpsert(UpsertCase):
    def test_a_row_makes_stay_patient_and_contact(self):
        """D-5, D-11"""
        result = self._upsert(self._row())
        self._assert_counts(result, created=1)
        stay = self._stay(result)
        self.assertRecordValues(
            stay,
            [
                {
                    "source": "his",
                    "number": "1001",
                    "company_id": self.company.id,
                    "department_id": self.department_a.id,
                    "encounter_class": "inpatient",
                    "state": "discharged",
                    "admission_date": datetime(2026, 11, 10, 4),
                    "discharge_date": datetime(2026, 11, 20, 4),
                    "admission_day": date(2026, 11, 10),
                    "discharge_day": date(2026, 11, 20),
                    "length_of_stay": 10,
                }
            ],
        )
        self.assertRecordValues(
            stay.patient_id,
            [
                {
                    "name": "病人1001",
                    "mrn": "B1001",
                    "sex": "male",
                    "birthdate": date(1960, 5, 17),
                    "department_ids": self.department_a.ids,
                }
            ],
        )
        self.assertRecordValues(
            stay.patient_id.contact_ids,
            [{"phone": "138****0001", "relation": "self", "is_primary": True}],
        )

    def test_the_same_rows_again_change_nothing(self):
        """I-2"""
        rows = [self._row(str(number)) for number in range(2001, 2021)]
        first = self._upsert(*rows)
        self._assert_counts(first, created=20)
        with (
            patch.object(
                self.env.registry["followup.encounter"],
                "write",
                side_effect=AssertionError,
            ),
            patch.object(
                self.env.registry["followup.patient"],
                "write",
                side_effect=AssertionError,
            ),
        ):
            again = self._upsert(*rows)
        self._assert_counts(again, unchanged=20)
        self.assertEqual(first["ids"], again["ids"])

    def test_a_list_again_needs_few_queries(self):
        rows = [self._row(str(number)) for number in range(3001, 3101)]
        self._upsert(*rows)
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            self.door.upsert(rows)

    def test_the_same_stay_twice_in_one_call_is_one_stay(self):
        result = self._upsert(
            self._row(), self._row(), self._row(treatment_result="好转")
        )
        self._assert_counts(result, created=1, unchanged=1, updated=1)
        self.assertEqual(len(set(result["ids"])), 1)

    def test_two_new_stays_of_one_new_patient_make_one_patient(self):
        result = self._upsert(
            self._row("1", mrn="B1", patient_name="甲", address="旧址"),
            self._row(
                "2",
                mrn="B1",
                patient_name="甲",
                address="新址",
                admission_date="2026-11-21",
                discharge_date="2026-11-22",
            ),
        )
        self._assert_counts(result, created=2)
        patient = self._stay(result).patient_id
        self.assertEqual(patient, self._stay(result, 1).patient_id)
        self.assertEqual(patient.address, "新址")

    def test_an_older_stay_does_not_overwrite_the_patient(self):
        rows = [
            self._row("1", mrn="B1", patient_name="甲", address="旧址"),
            self._row(
                "2",
                mrn="B1",
                patient_name="甲",
                address="新址",
                admission_date="2026-11-21",
                discharge_date="2026-11-22",
            ),
        ]
        self._upsert(*rows)
        self._assert_counts(self._upsert(*rows), unchanged=2)

    def test_absent_is_unchanged_and_empty_is_cleared(self):
        """D-5"""
        self._upsert(self._row(discharge_diagnosis="肺炎", treatment_result="治愈"))
        row = self._row(discharge_diagnosis="")
        result = self._upsert(row)
        self._assert_counts(result, updated=1)
        stay = self._stay(result)
        self.assertFalse(stay.discharge_diagnosis)
        self.assertEqual(stay.treatment_result, "治愈")

    def test_one_bad_row_never_stops_the_others(self):
        """I-7"""
        result = self._upsert(
            self._row("1"),
            self._row("2", department="Nowhere"),
            self._row("3", discharge_date="2026-02-30"),
            "no row",
            self._row("4", patient_name="A\x00B"),
            self._row("5", patient_name="A\ud800B"),
            self._row("6", unknown="x"),
            self._row("7"),
        )
        self._assert_counts(result, created=2, rejected=6)
        self.assertEqual(
            [(r["index"], r["field"], r["code"]) for r in result["rejected"]],
            [
                (1, "department", "unknown_department"),
                (2, "discharge_date", "no_such_date"),
                (3, "row", "bad_row"),
                (4, "patient_name", "bad_text"),
                (5, "patient_name", "bad_text"),
                (6, "unknown", "unknown_field"),
            ],
        )
        self.assertEqual(
            [bool(i) for i in result["ids"]], [True] + [False] * 6 + [True]
        )

    def test_refused_rows_name_their_reason(self):
        table = [
            ({"number": ""}, "missing"),
            ({"patient_name": ""}, "missing"),
            ({"department": ""}, "missing"),
            ({"admission_date": "", "discharge_date": ""}, "missing_date"),
            ({"discharge_date": "2026-11-09"}, "before_admission"),
            ({"discharge_date": "2027-06-01"}, "in_future"),
            ({"discharge_date": "0001-01-01"}, "date_range"),
            ({"discharge_date": "9999-12-31"}, "date_range"),
            ({"discharge_date": "gestern"}, "bad_date"),
            ({"discharge_date": "03/04/2026"}, "ambiguous_date"),
            ({"birthdate": "2026-11-22"}, "born_later"),
            ({"sex": "?"}, "unknown_sex"),
            ({"encounter_class": "hotel"}, "unknown_class"),
            ({"patient_name": "x" * 200}, "too_long"),
            ({"contacts": "13800000001"}, "bad_row"),
            ({"excluded": True}, "unknown_field"),
            ({"company_id": 1}, "unknown_field"),
        ]
        for vals, code in table:
            with self.subTest(vals=vals):
                self.assertEqual(self._code({**self._row("9001"), **vals}), code)

    def test_what_cannot_be_used_is_left_out_with_a_warning(self):
        table = [
            ({"contacts": [{"phone": "1.38E+10"}]}, "contacts", "damaged_number"),
            ({"contacts": [{"phone": "138****0001"}]}, "contacts", "masked_number"),
            ({"contacts": [{"phone": "12"}]}, "contacts", "bad_phone"),
            ({"id_number": "110105196005170010"}, "id_number", "bad_id_number"),
            ({"attending": "Nobody"}, "attending", "unknown_doctor"),
            ({"disposition": "飞走"}, "disposition", "unknown_disposition"),
        ]
        for number, (vals, field, code) in enumerate(table):
            with self.subTest(vals=vals):
                result = self._upsert(self._row(f"80{number}", **vals))
                self._assert_counts(result, created=1)
                self.assertIn(
                    (field, code), [(w["field"], w["code"]) for w in result["warnings"]]
                )

    def test_a_known_number_of_another_admission_or_person_is_rejected(self):
        """D-14"""
        self._upsert(self._row())
        table = [
            {"admission_date": "2026-11-11"},
            {"mrn": "B9999"},
            {"mrn": "", "patient_name": "另一人", "birthdate": "1970-01-01"},
        ]
        for vals in table:
            with self.subTest(vals=vals):
                self.assertEqual(self._code(self._row(**vals)), "number_reused")
        self.assertEqual(
            self.env["followup.encounter"].search_count([("number", "=", "1001")]), 1
        )

    def test_a_corrected_name_of_the_same_birthdate_is_the_same_person(self):
        self._upsert(self._row())
        result = self._upsert(self._row(patient_name="病人一"))
        self._assert_counts(result, updated=1)
        self.assertEqual(self._stay(result).patient_id.name, "病人一")

    def test_patient_is_found_by_mrn_then_identity_then_name_birth_and_phone(self):
        """D-14"""
        first = self._stay(self._upsert(self._row(id_number=ID_NUMBER))).patient_id
        later = {"admission_date": "2026-11-21", "discharge_date": "2026-11-22"}
        table = [
            {"patient_name": "病人1001"},
            {"mrn": "", "patient_name": "病人1001", "id_number": ID_NUMBER},
            {"mrn": "", "patient_name": "病人1001"},
        ]
        for number, vals in enumerate(table):
            row = self._row(f"77{number}", **{"mrn": "B1001", **later, **vals})
            with self.subTest(vals=vals):
                self.assertEqual(self._stay(self._upsert(row)).patient_id, first)

    def test_who_only_resembles_is_new_and_listed_as_possible_duplicate(self):
        """D-14"""
        first = self._stay(self._upsert(self._row())).patient_id
        result = self._upsert(
            self._row(
                "1002",
                mrn="B1002",
                patient_name="病人1001",
                contacts=[{"phone": "13800000099"}],
            )
        )
        self.assertNotEqual(self._stay(result).patient_id, first)
        self.assertEqual(result["warnings"][0]["code"], "possible_duplicate")

    def test_department_by_code_alias_and_name_in_any_language(self):
        """D-14"""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.department_b.with_context(lang="zh_CN").name = "二病区"
        table = [
            ("D001", self.department_a),
            ("一病区", self.department_a),
            ("ward one", self.department_a),
            ("Ward B", self.department_b),
            ("二病区", self.department_b),
        ]
        for number, (text, department) in enumerate(table):
            with self.subTest(text=text):
                result = self._upsert(self._row(f"55{number}", department=text))
                self.assertEqual(self._stay(result).department_id, department)

    def test_doctors_by_name_barcode_and_login_keep_user_beside(self):
        """D-18"""
        employee = self.env["hr.employee"].create(
            {
                "name": "陈医生",
                "barcode": "G0001",
                "user_id": self.ward_b.id,
                "company_id": self.company.id,
            }
        )
        for number, text in enumerate(("陈医生", "G0001", "ward_b")):
            with self.subTest(text=text):
                result = self._upsert(self._row(f"44{number}", attending=text))
                self.assertFalse(result["warnings"])
                self.assertRecordValues(
                    self._stay(result),
                    [
                        {
                            "attending_id": employee.id,
                            "attending_user_id": self.ward_b.id,
                            "attending_name": "陈医生",
                        }
                    ],
                )

    def test_unknown_doctor_stays_as_text(self):
        """D-14"""
        result = self._upsert(self._row(surgeon="外院专家"))
        self.assertRecordValues(
            self._stay(result), [{"surgeon_id": False, "surgeon_name": "外院专家"}]
        )

    def test_number_of_a_stay_is_unique_per_source(self):
        result = self._upsert(self._row(), self._row(source="other", mrn="B1001"))
        self._assert_counts(result, created=2)

    def test_contacts_are_completed_never_removed(self):
        self._upsert(self._row())
        result = self._upsert(
            self._row(
                contacts=[{"phone": "13800000002", "relation": "妻子", "name": "乙"}]
            )
        )
        self._assert_counts(result, updated=1)
        self.assertRecordValues(
            self._stay(result).patient_id.contact_ids.sorted("id"),
            [
                {"phone": "138****0001", "relation": "self", "is_primary": True},
                {"phone": "138****0002", "relation": "spouse", "is_primary": False},
            ],
        )

    def test_a_moment_is_kept_when_the_list_says_only_its_day(self):
        self._upsert(self._row(discharge_date="2026-11-20 09:30"))
        result = self._upsert(self._row(discharge_date="2026-11-20"))
        self._assert_counts(result, unchanged=1)
        self.assertEqual(
            self._stay(result).discharge_date, datetime(2026, 11, 20, 1, 30)
        )

    def test_moments_with_and_without_zone(self):
        table = [
            ("2026-11-20T23:30:00+08:00", datetime(2026, 11, 20, 15, 30)),
            ("2026-11-20T15:30:00Z", datetime(2026, 11, 20, 15, 30)),
            ("2026-11-20 23:30", datetime(2026, 11, 20, 15, 30)),
            ("2026年11月20日", datetime(2026, 11, 20, 4)),
            ("20261120", datetime(2026, 11, 20, 4)),
            (datetime(2026, 11, 20, 15, 30), datetime(2026, 11, 20, 15, 30)),
            (date(2026, 11, 20), datetime(2026, 11, 20, 4)),
        ]
        for number, (value, expected) in enumerate(table):
            with self.subTest(value=value):
                result = self._upsert(self._row(f"33{number}", discharge_date=value))
                self.assertEqual(self._stay(result).discharge_date, expected)
                self.assertEqual(self._stay(result).discharge_day, date(2026, 11, 20))

    def test_cancelled_discharge_and_cancelled_stay(self):
        result = self._upsert(self._row())
        self._upsert(self._row(discharge_date=""))
        self.assertEqual(self._stay(result).state, "open")
        self._upsert(self._row())
        self.assertEqual(self._stay(result).state, "discharged")
        self._upsert(self._row(state="作废"))
        self.assertEqual(self._stay(result).state, "cancelled")

    def test_death_reaches_the_patient_and_its_correction_too(self):
        """I-12"""
        result = self._upsert(self._row(disposition="死亡"))
        patient = self._stay(result).patient_id
        self.assertEqual(patient.deceased_date, date(2026, 11, 20))
        self._upsert(self._row(disposition="医嘱离院"))
        self.assertFalse(patient.deceased_date)

    def test_a_moved_stay_moves_the_right_to_see_the_patient(self):
        result = self._upsert(self._row())
        patient = self._stay(result).patient_id
        self._upsert(self._row(department="Ward B"))
        self.assertEqual(patient.department_ids, self.department_b)

    def test_a_row_the_database_refuses_is_found_alone(self):
        model = self.env.registry["followup.encounter"]
        check = model._check_dates

        def refuse(stays):
            if "5" in stays.mapped("number"):
                # pylint: disable-next=translation-required  # no user reads it
                raise UserError("refused by a rule")
            return check(stays)

        rows = [self._row(str(number)) for number in range(1, 9)]
        with patch.object(model, "_after_create", refuse):
            result = self._upsert(*rows)
        self._assert_counts(result, created=7, rejected=1)
        self.assertEqual(result["rejected"][0]["index"], 4)
        self.assertEqual(result["rejected"][0]["code"], "refused")
        self.assertFalse(
            self.env["followup.patient"].search([("mrn", "=", "B5")]), "left over"
        )

    def test_only_roles_that_may_create_stays_may_use_the_door(self):
        for user in (
            self.plain,
            self.ward_a,
            self.head_a,
            self.centre,
            self.inspector,
            self.leader,
            self.auditor,
            self.administrator,
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["followup.encounter"].with_user(user).upsert([self._row()])

    def test_a_call_without_list_is_refused_in_words(self):
        for rows in (None, "x", {"number": "1"}):
            with self.subTest(rows=rows), self.assertRaises(UserError):
                self.door.upsert(rows)
        self._assert_counts(self._upsert())

    def test_answer_is_plain_data(self):
        result = self._upsert(self._row(), self._row("2", department="x"))
        self.assertEqual(
            set(result),
            {"created", "updated", "unchanged", "rejected", "warnings", "ids"},
        )
        self.assertEqual(
            set(result["rejected"][0]), {"index", "field", "code", "reason"}
        )
        fields.Json().convert_to_column(result, None)
