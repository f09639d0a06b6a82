# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A file for research names nobody, and only two people get it (R-6, Y-10)."""

import base64
import csv
import io
import zipfile
from collections import Counter
from datetime import datetime, timedelta
from unittest import TestCase
from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from ..tools import research
from ..tools.research import Look
from ..tools.tabular import read_table
from .common import FollowupCase
from .samples import FollowupSampleCase

TODAY = "2026-03-05 02:00:00"
NAME = "Qzsecret Person"
WORDS = "=cmd|qzword"
SEALS = {
    "followup.access.log",
    "followup.seal",
    "followup.seal.check",
    "followup.seal.finding",
    "followup.retention.run",
}


class TestResearchTools(TestCase):
    def test_ages_become_bands(self):
        table = [
            (None, ""),
            (-1, ""),
            (0, "0"),
            (1, "1-4"),
            (5, "5-9"),
            (9, "5-9"),
            (10, "10-19"),
            (89, "80-89"),
            (90, "90+"),
            (112, "90+"),
        ]
        for years, band in table:
            with self.subTest(years=years):
                self.assertEqual(research.age_band(years), band)

    def test_codes_are_cut_and_long_stays_look_alike(self):
        self.assertEqual(research.category(" i21.901 "), "I21")
        self.assertEqual(research.category(None), "")
        self.assertEqual([research.cap(n) for n in (3, 60, 400)], [3, 60, 60])

    def test_small_groups_become_coarser_and_then_go(self):
        """5 of one code stay; 3 + 2 of one chapter stay coarser; 1 goes."""
        looks = {}
        for code, count in (("I21", 5), ("J18", 3), ("J20", 2), ("C50", 1)):
            for _number in range(count):
                patient = len(looks)
                looks[patient] = {patient: Look(1, "30-39", "female", code)}
        shown, coarser, left_out = research.hide_small_groups(looks)
        self.assertEqual((len(shown), coarser, left_out), (10, 5, 1))
        codes = Counter(
            look.code for stays in shown.values() for look in stays.values()
        )
        self.assertEqual(codes, {"I21": 5, "J": 5})

    def test_all_stays_of_a_patient_together_are_what_he_is_known_by(self):
        """Each stay has many like it, both together only this patient has."""
        looks = {n: {n: Look(1, "30-39", "male", "I21")} for n in range(5)}
        looks |= {n: {n: Look(2, "30-39", "male", "K35")} for n in range(5, 10)}
        looks[10] = {
            10: Look(1, "30-39", "male", "I21"),
            11: Look(2, "30-39", "male", "K35"),
        }
        shown, _coarser, left_out = research.hide_small_groups(looks)
        self.assertEqual((len(shown), left_out), (10, 1))
        self.assertNotIn(10, shown)

    def test_pseudonyms_differ_between_exports(self):
        first, second = (research.pseudonym(bytes([n]) * 32, 7) for n in (1, 2))
        self.assertNotEqual(first, second)
        self.assertEqual(len(first), 16)

    def test_files_hold_texts_not_formulas(self):
        rows = [("a", "b"), ("=1+1", "＋1")]
        for data in (
            research.write_xlsx_tables([("t", rows)]),
            _unzip(research.write_csv_tables([("t", rows)]))["t.csv"],
        ):
            cells = [row.cells for row in read_table(data)]
            self.assertEqual(cells, [["a", "b"], ["'=1+1", "'＋1"]])


def _unzip(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class ResearchCase(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.researcher = cls._user("researcher", "researcher")
        cls.colleague = cls._user("colleague", "researcher")
        cls.exports = cls.env["followup.research.export"]

    @classmethod
    def _ask(cls, user=None, **vals):
        return cls.exports.with_user(user or cls.researcher).create(
            {
                "name": "Heart failure",
                "purpose": "Readmission",
                "ethics_number": "EC-2026-7",
                "date_from": "2026-01-01",
                "date_to": "2026-02-28",
                **vals,
            }
        )

    def _make(self, export):
        """Request, approve and build it, without the commits of the job."""
        export.action_request()
        export.with_user(self.manager).action_approve()
        with patch.object(
            self.registry["ir.cron"], "_commit_progress", lambda *a, **k: 1
        ):
            self.exports._cron_build()
        self.env.invalidate_all()
        return export

    @classmethod
    def _stays(cls, count, code, **vals):
        day = datetime(2026, 2, 1, 4)
        stays = cls.env["followup.encounter"]
        for _number in range(count):
            patient = cls._patient(
                name=NAME, birthdate="1960-05-05", sex="female", address=WORDS
            )
            stays |= cls._encounter(
                patient,
                diagnosis_code=code,
                discharge_diagnosis=WORDS,
                admission_date=day - timedelta(days=7),
                discharge_date=day,
                **vals,
            )
        return stays


@tagged("post_install", "-at_install")
class TestFollowupResearch(ResearchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.stays = cls._stays(5, "I21.9")
        cls.rare = cls._stays(1, "C50.1")
        task = cls._task(cls.stays[:1], due_day="2026-02-04")
        call = task.with_user(cls.ward_a)
        call.log_attempt("reached", direction="in", note=WORDS)
        call.action_complete(WORDS)

    def _tables(self, export):
        content = base64.b64decode(export.sudo().file)
        if export.file_format == "csv":
            return {
                name.removesuffix(".csv"): list(
                    csv.reader(io.StringIO(data.decode("utf-8-sig")))
                )
                for name, data in _unzip(content).items()
            }
        return {"stays": [row.cells for row in read_table(content)]}

    # ------------------------------------------------------------
    # THE FILE
    # ------------------------------------------------------------

    def test_the_file_holds_bands_offsets_and_no_person(self):
        export = self._make(self._ask(file_format="csv"))
        self.assertEqual(export.state, "ready")
        tables = self._tables(export)
        head, *rows = tables["stays"]
        self.assertEqual(len(rows), 5)
        row = dict(zip(head, rows[0], strict=True))
        self.assertEqual(
            {key: row[key] for key in ("age", "sex", "diagnosis", "length_of_stay")},
            {
                "age": "60-69",
                "sex": "female",
                "diagnosis": "I21",
                "length_of_stay": "7",
            },
        )
        self.assertEqual(row["department"], "Ward A")
        [contact] = tables["contacts"][1:]
        contact = dict(zip(tables["contacts"][0], contact, strict=True))
        self.assertEqual(
            (contact["day_due"], contact["state"], contact["attempts"]),
            ("3", "done", "1"),
        )
        text = str(tables)
        patients = self.stays.patient_id
        for trace in (
            NAME,
            "Qz",
            "qzword",
            "2026",
            "1960",
            *patients.mapped("mrn"),
            *self.stays.mapped("number"),
        ):
            with self.subTest(trace=trace):
                self.assertNotIn(trace, text)

    def test_who_is_alone_with_his_look_is_left_out_and_counted(self):
        export = self._make(self._ask())
        self.assertEqual(
            (export.patient_count, export.stay_count, export.left_out_count), (5, 5, 1)
        )
        codes = {row[6] for row in self._tables(export)["stays"][1:]}
        self.assertEqual(codes, {"I21"})

    def test_patients_have_other_names_in_every_export(self):
        names = [
            {row[0] for row in self._tables(self._make(self._ask()))["stays"][1:]}
            for _export in range(2)
        ]
        self.assertEqual(list(map(len, names)), [5, 5])
        self.assertFalse(names[0] & names[1])

    def test_too_few_patients_give_no_file(self):
        export = self._make(self._ask(date_from="2025-01-01", date_to="2025-02-28"))
        self.assertEqual(export.state, "failed")
        self.assertFalse(export.file)
        self.assertTrue(export.message)

    def test_departments_and_protocols_choose_the_stays(self):
        self._stays(5, "I21.9", department_id=self.department_b.id)
        export = self._make(self._ask(department_ids=[(4, self.department_b.id)]))
        departments = {row[3] for row in self._tables(export)["stays"][1:]}
        self.assertEqual(departments, {"Ward B"})
        protocol = self._protocol([{"offset_target": 3}])
        export = self._make(self._ask(protocol_ids=[(4, protocol.id)]))
        self.assertEqual(export.state, "failed")

    @mute_logger("odoo.sql_db")
    def test_groups_below_five_cannot_be_asked_for(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self._ask(min_group=4)

    # ------------------------------------------------------------
    # WHO DECIDES, WHO READS
    # ------------------------------------------------------------

    def test_the_manager_approves_never_his_own(self):
        export = self._ask()
        export.action_request()
        for user in (self.researcher, self.colleague, self.administrator, self.head_a):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                export.with_user(user).action_approve()
        self.manager.group_ids += self.env.ref(
            "patient_followup.followup_group_researcher"
        )
        own = self._ask(self.manager)
        own.action_request()
        with self.assertRaises(AccessError):
            own.action_approve()
        export.with_user(self.manager).action_approve()
        self.assertEqual(export.state, "approved")

    def test_exports_are_of_whole_months_that_are_over(self):
        """A day more or less would tell who was discharged on it."""
        for first, last in (
            ("2026-01-02", "2026-01-31"),
            ("2026-01-01", "2026-01-30"),
            ("2026-03-01", "2026-03-31"),  # today is the fifth
            ("2026-01-01", "2026-02-27"),
        ):
            with (
                self.subTest(first=first, last=last),
                self.assertRaisesRegex(ValidationError, "whole months that are over"),
            ):
                self._ask(date_from=first, date_to=last)
        self.assertTrue(self._ask(date_from="2025-12-01", date_to="2026-01-31"))
        row = self.exports.with_user(self.researcher).default_get(
            ["date_from", "date_to"]
        )
        self.assertEqual(
            [str(row["date_from"]), str(row["date_to"])], ["2026-02-01", "2026-02-28"]
        )

    def test_who_approves_sees_what_went_out_of_these_months(self):
        earlier = self._make(self._ask(self.colleague))
        self._ask().action_request()  # asked for, not given out
        self._make(self._ask(date_from="2025-12-01", date_to="2025-12-31"))
        export = self._ask(date_from="2026-02-01")
        export.action_request()
        self.assertEqual(export.with_user(self.manager).overlap_ids, earlier)
        with self.assertRaises(AccessError):
            export.read(["overlap_ids"])

    def test_what_was_handed_in_does_not_change(self):
        export = self._ask()
        with self.assertRaises(AccessError):
            export.write({"state": "approved"})
        with self.assertRaises(AccessError):
            self._ask(state="ready")
        export.action_request()
        with self.assertRaises(UserError):
            export.write({"date_to": "2030-01-01"})
        with self.assertRaises(UserError):
            export.unlink()

    def test_only_the_researcher_and_the_manager_get_the_file(self):
        export = self._make(self._ask())
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", export._name), ("res_field", "=", "file")]
        )
        self.assertEqual(len(attachment), 1)
        for user in (self.researcher, self.manager):
            self.assertTrue(export.with_user(user).file)
            self.assertTrue(attachment.with_user(user).raw)
        for user in (
            self.colleague,
            self.administrator,
            self.inspector,
            self.head_a,
            self.auditor,
            self.plain,
        ):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    export.with_user(user).read(["file"])
                with self.assertRaises(AccessError):
                    attachment.with_user(user).read(["raw"])

    def test_reading_the_file_is_logged(self):
        export = self._make(self._ask())
        logs = self.env["followup.access.log"]
        domain = [("res_model", "=", export._name), ("res_id", "=", export.id)]
        before = logs.search_count(domain)
        export.read(["file"])
        export.with_user(self.manager).read(["file"])
        found = logs.search(domain, order="id")[before:]
        self.assertEqual(found.user_id, self.researcher | self.manager)

    def test_after_its_days_the_file_is_gone(self):
        export = self._make(self._ask(keep_days=2))
        with freeze_time("2026-03-08 02:00:00"):
            with self.assertRaises(AccessError):
                export.read(["file"])
            with self.assertRaises(AccessError):
                export.action_download()
            self.exports._cron_expire()
        self.assertEqual(export.state, "expired")
        self.assertFalse(export.file)
        self.assertFalse(
            self.env["ir.attachment"].search(
                [("res_model", "=", export._name), ("res_field", "=", "file")]
            )
        )


@tagged("post_install", "-at_install")
class TestFollowupResearchRoles(FollowupSampleCase):
    """A researcher reads definitions and his own exports, no row about a patient."""

    def test_a_researcher_sees_no_patient_detail_in_any_model(self):
        researcher = self._user("a_researcher", "researcher")
        for sample, (record, _field, _vals) in self.samples.items():
            rows = self.env[record._name].with_user(researcher)
            expected = self.env[record._name].with_user(self.auditor).has_access("read")
            if record._name in SEALS:
                expected = False
            elif record._name == "followup.research.export":
                expected = True
            with self.subTest(sample=sample):
                self.assertEqual(rows.has_access("read"), expected)
                if "patient_id" in rows or record._name == "followup.patient":
                    self.assertFalse(rows.has_access("read"))


@tagged("post_install", "-at_install")
class TestFollowupResearchDownload(ResearchCase, HttpCase):
    def test_the_address_of_the_file_serves_two_people(self):
        self._stays(5, "I21.9")
        export = self._make(self._ask())
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", export._name), ("res_field", "=", "file")]
        )
        urls = [
            export.action_download()["url"],
            f"/web/content/{attachment.id}?download=true",
        ]
        for login, status in (
            ("researcher", 200),
            ("manager", 200),
            ("colleague", 404),
            ("administrator", 404),
            ("inspector", 404),
            ("plain", 404),
        ):
            self.authenticate(login, login)
            for url in urls:
                with self.subTest(login=login, url=url), mute_logger("odoo.http"):
                    self.assertEqual(self.url_open(url).status_code, status)
        logs = self.env["followup.access.log"].search(
            [("res_model", "=", export._name), ("action", "=", "export")]
        )
        self.assertLessEqual(
            {"researcher", "manager"}, set(logs.user_id.mapped("login"))
        )
