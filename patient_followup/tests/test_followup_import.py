# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io
from datetime import date, datetime
from unittest.mock import patch

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..tools.spreadsheet import write_xlsx
from .common import FollowupCase

HEADER = (
    "住院号,住院次数,病案号,姓名,性别,出生日期,出院科室,主管医生,入院日期,出院日期,"
    "出院诊断,离院方式,联系电话"
)


class ImportCase(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-11-21 01:00:00"))  # 09:00 local
        cls.profile = cls.env.ref("patient_followup.followup_import_profile_inpatient")

    def _line(self, number, **vals):
        row = {
            "name": f"病人{number}",
            "department": "Ward A",
            "admitted": "2026-11-10",
            "discharged": "2026-11-20",
            "phone": f"138{number:08}",
            **vals,
        }
        return (
            f"ZY{number},1,B{number},{row['name']},男,1960-05-17,{row['department']},,"
            f"{row['admitted']},{row['discharged']},肺炎,医嘱离院,{row['phone']}"
        )

    def _csv(self, *lines, encoding="utf-8"):
        return "\r\n".join([HEADER, *lines]).encode(encoding)

    def _import(self, content, user=None, **vals):
        return (
            self.env["followup.import"]
            .with_user(user or self.manager)
            .create(
                {
                    "file": base64.b64encode(content),
                    "file_name": "list.csv",
                    "profile_id": self.profile.id,
                    **vals,
                }
            )
        )

    def _run_jobs(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "patient_followup.followup_import_cron"
            ).method_direct_trigger()


@tagged("post_install", "-at_install")
class TestFollowupImport(ImportCase):
    def test_check_counts_and_writes_nothing(self):
        self._protocol([{"offset_target": 3}], encounter_class="inpatient")
        stays = self.env["followup.encounter"].search_count([])
        record = self._import(
            self._csv(self._line(1), self._line(2), self._line(3, department="?"))
        )
        record.action_check()
        self.assertRecordValues(
            record,
            [
                {
                    "state": "checked",
                    "row_count": 3,
                    "created_count": 2,
                    "updated_count": 0,
                    "unchanged_count": 0,
                    "rejected_count": 1,
                    "list_date": date(2026, 11, 20),
                }
            ],
        )
        self.assertGreaterEqual(record.task_count, 2)
        self.assertEqual(self.env["followup.encounter"].search_count([]), stays)

    def test_import_brings_stays_in_and_lists_what_it_rejected(self):
        """A-14, I-7"""
        record = self._import(
            self._csv(
                self._line(1), self._line(2, department="?"), self._line(3, phone="12")
            )
        )
        record.action_check()
        record.action_import()
        self.assertRecordValues(
            record,
            [
                {
                    "state": "done",
                    "created_count": 2,
                    "rejected_count": 1,
                    "warning_count": 1,
                    "user_id": self.manager.id,
                    "is_late": False,
                }
            ],
        )
        self.assertRecordValues(
            record.line_ids.sorted("row"),
            [
                {
                    "row": 3,
                    "state": "rejected",
                    "code": "unknown_department",
                    "title": "出院科室",
                    "value": "?",
                    "number": "ZY2-1",
                },
                {
                    "row": 4,
                    "state": "warning",
                    "code": "bad_phone",
                    "title": "联系电话",
                    "value": False,
                    "number": "ZY3-1",
                },
            ],
        )

    def test_an_unknown_doctor_of_many_rows_is_told_once(self):
        """D-14"""
        lines = [self._line(n).replace("Ward A,,", "Ward A,陈,") for n in (1, 2, 3)]
        record = self._import(self._csv(*lines))
        record.action_import()
        self.assertRecordValues(
            record.line_ids,
            [{"row": 2, "code": "unknown_doctor", "value": "陈", "state": "warning"}],
        )
        self.assertEqual(record.warning_count, 1)

    def test_the_same_list_again_changes_nothing(self):
        """I-2"""
        content = self._csv(self._line(1), self._line(2))
        self._import(content).action_import()
        again = self._import(content)
        again.action_import()
        self.assertRecordValues(
            again, [{"created_count": 0, "updated_count": 0, "unchanged_count": 2}]
        )

    def test_a_rejected_row_is_corrected_and_comes_in(self):
        record = self._import(
            self._csv(self._line(1, department="?", discharged="2026-02-30"))
        )
        record.action_import()
        line = record.line_ids
        self.assertEqual(line.field_name, "discharge_date")
        line.correction = "2026-11-20"
        record.action_retry()
        self.assertRecordValues(
            line, [{"state": "rejected", "field_name": "department", "value": "?"}]
        )
        line.correction = "Ward A"
        record.action_retry()
        self.assertRecordValues(line, [{"state": "solved"}])
        self.assertRecordValues(record, [{"created_count": 1, "rejected_count": 0}])

    def test_a_list_longer_than_a_batch_is_finished_by_the_job(self):
        lines = [self._line(number) for number in range(1, 31)]
        record = self._import(self._csv(*lines))
        batch = type(record)._import_batch
        with patch.object(
            type(record), "_import_batch", lambda r, t, size=7: batch(r, t, size)
        ):
            record.action_import()
            self.assertRecordValues(record, [{"state": "running", "next_row": 7}])
            self.assertAlmostEqual(record.progress, 7 / 30 * 100)
            self._run_jobs()
        record.invalidate_recordset()
        self.assertRecordValues(record, [{"state": "done", "created_count": 30}])

    def test_rejected_rows_come_out_as_a_harmless_spreadsheet(self):
        record = self._import(
            self._csv(self._line(1, name="=1+1", department="?")),
            list_date="2026-11-20",
        )
        record.action_import()
        record.action_download_rejected()
        content = base64.b64decode(record.rejected_file)
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual(rows[0][2:5], ("住院号", "住院次数", "病案号"))
        self.assertEqual(rows[1][0], 2)
        self.assertEqual(rows[1][5], "'=1+1")
        self.assertEqual({cell.data_type for cell in sheet[2]} - {"n"}, {"s"})
        self.assertTrue(
            self.env["followup.access.log"].search(
                [("action", "=", "export"), ("res_model", "=", "followup.import")]
            )
        )

    def test_files_in_every_usual_form(self):
        text = self._csv(self._line(1)).decode()
        rows = [line.split(",") for line in text.split("\r\n")]
        forms = {
            "utf-8": text.encode(),
            "utf-8 bom": text.encode("utf-8-sig"),
            "gb18030": text.encode("gb18030"),
            "utf-16": text.encode("utf-16"),
            "tab": text.replace(",", "\t").encode("gb18030"),
            "semicolon": text.replace(",", ";").encode(),
            "title above": ("出院病人一览表\n打印日期：2026-11-21\n" + text).encode(),
            "xlsx": write_xlsx(rows),
        }
        for name, content in forms.items():
            with self.subTest(form=name):
                record = self._import(content)
                record.action_check()
                self.assertRecordValues(record, [{"row_count": 1, "rejected_count": 0}])

    def test_a_header_alone_is_an_empty_list(self):
        record = self._import(self._csv(), list_date="2026-11-20")
        record.action_import()
        self.assertRecordValues(record, [{"state": "done", "row_count": 0}])

    def test_files_that_are_no_list_are_refused_in_words(self):
        table = [
            (b"\xd0\xcf\x11\xe0rest", "xls"),
            (b"<html><table></table></html>", "web page"),
            (b"hello, world", "header"),
            (b"PK\x03\x04broken", "damaged"),
            (b"\n\n\n", "no rows"),
        ]
        for content, words in table:
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self._import(content).action_check()
        with self.assertRaisesRegex(UserError, "Drop a file"):
            self.env["followup.import"].with_user(self.manager).create(
                {}
            ).action_check()

    def test_other_dates_by_profile(self):
        self.profile.date_order = "dmy"
        record = self._import(
            self._csv(self._line(1, admitted="03/04/2026", discharged="05/04/2026"))
        )
        record.action_import()
        stay = self.env["followup.encounter"].search([("number", "=", "ZY1-1")])
        self.assertEqual(stay.admission_day, date(2026, 4, 3))

    def test_outpatient_log_with_clinic_room(self):
        content = (
            "门诊号,姓名,性别,就诊科室,诊室,接诊医生,就诊日期,门诊诊断,联系电话\n"
            "M1,甲,女,Ward A,3诊室,张,2026-11-20 09:15,感冒,13800000001\n"
        ).encode("gb18030")
        record = self._import(
            content,
            profile_id=self.env.ref(
                "patient_followup.followup_import_profile_outpatient"
            ).id,
        )
        record.action_import()
        self.assertRecordValues(
            self.env["followup.encounter"].search([("number", "=", "M1-20261120")]),
            [
                {
                    "encounter_class": "outpatient",
                    "clinic_room": "3诊室",
                    "discharge_date": datetime(2026, 11, 20, 1, 15),
                    "outpatient_diagnosis": "感冒",
                    "attending_name": "张",
                    "state": "discharged",
                }
            ],
        )

    def test_health_examinations(self):
        content = (
            "體檢編號,姓名,體檢日期,科室,單位,聯絡電話\n"
            "T1,乙,2026/11/20,Ward B,某公司,13800000002\n"
        ).encode()
        record = self._import(
            content,
            profile_id=self.env.ref(
                "patient_followup.followup_import_profile_checkup"
            ).id,
        )
        record.action_import()
        stay = self.env["followup.encounter"].search([("number", "=", "T1")])
        self.assertEqual(stay.encounter_class, "checkup")
        self.assertEqual(stay.patient_id.employer, "某公司")

    def test_an_edited_profile_knows_new_headers(self):
        content = self._csv(self._line(1)).decode().replace("出院科室", "护理单元")
        record = self._import(content.encode())
        record.action_check()
        self.assertEqual(record.rejected_count, 1)
        self.assertIn("护理单元", record.unknown_columns)
        column = self.profile.column_ids.filtered(
            lambda column: column.field_name == "department"
        )
        column.aliases += "; 护理单元"
        record.action_check()
        self.assertEqual(record.rejected_count, 0)

    # ------------------------------------------------------------
    # STATES AND RIGHTS
    # ------------------------------------------------------------

    def test_states_and_counts_are_not_written_from_outside(self):
        """D-18"""
        record = self._import(self._csv(self._line(1)))
        for vals in ({"state": "done"}, {"created_count": 5}, {"is_late": True}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                record.write(vals)
        record.action_import()
        with self.assertRaises(UserError):
            record.action_import()
        with self.assertRaises(UserError):
            record.write({"file": base64.b64encode(b"x")})

    def test_another_file_needs_another_check(self):
        record = self._import(self._csv(self._line(1)))
        record.action_check()
        record.write({"file": base64.b64encode(self._csv(self._line(2)))})
        self.assertEqual(record.state, "draft")

    def test_only_centre_managers_see_lists_and_their_files(self):
        """I-3: the file holds patient data"""
        record = self._import(self._csv(self._line(1), self._line(2, department="?")))
        record.action_import()
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "followup.import"),
                    ("res_id", "=", record.id),
                    ("res_field", "=", "file"),
                ]
            )
        )
        self.assertEqual(len(attachment), 1)
        others = (
            self.plain,
            self.ward_a,
            self.head_a,
            self.centre,
            self.inspector,
            self.leader,
            self.auditor,
            self.administrator,
        )
        for user in others:
            with self.subTest(user=user.login):
                for target in (record, record.line_ids):
                    with self.assertRaises(AccessError):
                        target.with_user(user).read()
                with self.assertRaises(AccessError):
                    attachment.with_user(user).read(["datas"])
                self.assertFalse(
                    self.env["ir.attachment"]
                    .with_user(user)
                    .search([("id", "=", attachment.id), ("res_field", "=", "file")])
                )

    def test_another_hospital_does_not_see_the_list(self):
        """I-13"""
        record = self._import(self._csv(self._line(1)))
        other = self._user("other", "centre_manager", self._company("Other"))
        record = record.with_user(other).with_context(
            allowed_company_ids=other.company_ids.ids
        )
        self.assertFalse(record.search([("id", "=", record.id)]))
        with self.assertRaises(AccessError):
            record.read(["file"])

    def test_file_and_personal_data_go_after_some_days(self):
        """Y-3"""
        record = self._import(self._csv(self._line(1, department="?")))
        record.action_import()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE followup_import SET write_date = '2026-11-01' WHERE id = %s",
            [record.id],
        )
        record.invalidate_recordset()
        self.env["followup.import"]._gc_personal_data()
        self.assertFalse(record.file)
        self.assertRecordValues(
            record.line_ids,
            [{"patient_name": False, "value": False, "code": "unknown_department"}],
        )

    # ------------------------------------------------------------
    # LATE
    # ------------------------------------------------------------

    def test_a_list_after_the_hour_is_late(self):
        """K-1"""
        with freeze_time("2026-11-21 02:00:01"):  # 10:00:01 local
            record = self._import(self._csv(self._line(1)))
            record.action_import()
        self.assertTrue(record.is_late)

    def _alarms(self):
        kind = self.env.ref("patient_followup.mail_activity_type_list_missing")
        return self.env["mail.activity"].search(
            [("activity_type_id", "=", kind.id), ("user_id", "=", self.manager.id)]
        )

    def test_managers_are_told_once_that_the_list_is_missing(self):
        """K-1, D-7"""
        self._encounter(source="manual")
        imports = self.env["followup.import"]
        imports._cron_alarm()
        self.assertFalse(self._alarms(), "before the hour")
        with freeze_time("2026-11-21 02:30:00"):
            imports._cron_alarm()
            imports._cron_alarm()
            self.assertEqual(len(self._alarms()), 1)
            self.assertFalse(self._alarms().res_model)
            self.assertNotIn("病人", self._alarms().summary)
            self._import(self._csv(self._line(1))).action_import()
            self.assertFalse(self._alarms(), "the late list ends the to-do")

    def test_no_alarm_where_the_list_or_an_interface_was_in_time(self):
        self._import(self._csv(self._line(1))).action_import()
        with freeze_time("2026-11-21 03:00:00"):
            self.env["followup.import"]._cron_alarm()
        self.assertFalse(self._alarms())

    def test_no_alarm_where_nobody_uses_the_addon(self):
        with freeze_time("2026-11-21 03:00:00"):
            self.env["followup.import"]._cron_alarm()
        self.assertFalse(self._alarms())
