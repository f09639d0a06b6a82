# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The whole file of a case, its seal, and what is published of it (R-7, K-13)."""

import base64
import io
import json
import zipfile
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models.complaint_closure import EARLIER, PARTS
from ..report import complaint_dossier_report
from ..tools import deidentify, dossier
from .common import ComplaintCommon

REPORT = "patient_complaint.complaint_dossier_report"


@tagged("post_install", "-at_install")
class TestComplaintDossier(ComplaintCommon):
    def _closed(self, **vals):
        case = self._ready(self._case(**vals), track="fast")
        case.action_triage()
        self._tell(case)
        case.action_close()
        return case

    def _change(self, table, row, column, value):
        """Change a row as somebody with the password of the database does."""
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE {table} SET {column} = %s WHERE id = %s", (value, row.id)
        )
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # SEAL
    # ------------------------------------------------------------

    def test_the_columns_of_a_seal_are_those_of_the_models(self):
        for model, (plain, texts) in PARTS.items():
            if model not in self.env:
                continue
            columns = self.env[model]._fields
            for name in (*plain, *texts):
                with self.subTest(model=model, name=name):
                    self.assertIn(name, columns)
                    self.assertTrue(columns[name].store)
                    self.assertNotIn(columns[name].type, ("one2many", "many2many"))

    def test_closing_seals_the_case_and_all_its_rows(self):
        case = self._closed()
        closure = case.closure_ids
        models = {row[0] for row in json.loads(closure.manifest)}
        self.assertLessEqual(
            {"complaint.case", "complaint.issue", "complaint.feedback"}, models
        )
        self.assertEqual(closure.sudo()._check_seal(), "intact")

    def test_what_was_sealed_before_a_column_moved_holds(self):
        """An upgrade breaks no seal, and hides no change (I-5)."""
        name = "complaint.case"
        with patch.dict(PARTS, {name: EARLIER[name][0]}):
            case = self._closed()
        closure = case.closure_ids.sudo()
        self.assertEqual(closure._check_seal(), "intact")
        self._change("complaint_case", case, "external_number", "forged")
        self.assertEqual(closure._find_altered(), [(name, case.id)])

    def test_a_change_in_the_database_is_found(self):
        """I-5: what -> where it shows."""
        for table, column in (
            ("complaint_case", "description"),
            ("complaint_feedback", "content"),
            ("complaint_issue", "text"),
            ("complaint_clock", "deadline"),
        ):
            case = self._closed()
            row = {
                "complaint_case": case,
                "complaint_feedback": case.feedback_ids,
                "complaint_issue": case.issue_ids,
                "complaint_clock": case.clock_ids[:1],
            }[table]
            value = "2031-01-01" if column == "deadline" else "Other words"
            self._change(table, row, column, value)
            closure = case.closure_ids.sudo()
            with self.subTest(table):
                self.assertEqual(closure._find_altered(), [(row._name, row.id)])
                self.assertEqual(closure._check_seal(), "altered")

    def test_reopening_leaves_the_seal_right_and_closing_makes_another(self):
        case = self._closed()
        case.action_reopen("New facts")
        first = case.closure_ids.sudo()
        self.assertEqual(first._check_seal(), "intact")
        self._change("complaint_feedback", case.feedback_ids, "content", "Other")
        self.assertEqual(first._check_seal(), "altered")
        self._tell(case)
        case.action_close()
        self.assertEqual(len(case.closure_ids), 2)

    def test_an_anonymised_case_is_told_from_an_altered_one(self):
        """D-4: texts and salt go, digests stay."""
        case = self._closed()
        closure = case.closure_ids.sudo()
        for rows in (case.sudo(), case.sudo().feedback_ids, case.issue_ids.sudo()):
            if rows._erase_fields:
                rows._erase_rows()
        closure._erase_rows()
        self.env.invalidate_all()
        self.assertEqual(closure._check_seal(), "anonymised")

    def test_nobody_forges_a_seal(self):
        case = self._closed()
        closure = case.closure_ids
        with self.assertRaises(AccessError):
            self.env["complaint.closure"].sudo().create({"case_id": case.id})
        with self.assertRaises(UserError):
            closure.sudo()._guarded().write({"manifest": "[]"})
        with self.assertRaises(UserError):
            closure.sudo().unlink()

    def test_the_auditor_checks_without_seeing_words(self):
        closure = self._closed().closure_ids.with_user(self.auditor)
        notice = closure.action_check()["params"]
        self.assertEqual(notice["type"], "success")
        with self.assertRaises(AccessError):
            closure.case_id.read(["description"])

    # ------------------------------------------------------------
    # FILE
    # ------------------------------------------------------------

    def _html(self, case, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.specialist)
        html, _kind = reports._render_qweb_html(REPORT, case.ids)
        return html.decode()

    def test_the_paper_holds_every_part(self):
        case = self._closed(complainant_name="Li Na", remedy_sought="An apology")
        case.sudo().message_post(body="x", attachments=[("scan.png", b"abc")])
        html = self._html(case)
        words = [case.name, "Li Na", "An apology", "Waited three hours", "We are sorry"]
        words += [case.clock_ids[0].explanation, "scan.png", dossier.digest(b"abc")]
        words += [case.closure_ids.sudo().followup_seal_digest]
        for word in words:
            self.assertIn(word, html, word)

    def test_script_on_paper_stays_text(self):
        html = self._html(self._closed(description="<script>alert(1)</script>"))
        self.assertNotIn("<script>alert", html)

    def test_the_zip_holds_paper_files_and_their_hashes(self):
        case = self._closed()
        case.sudo().message_post(
            body="x", attachments=[("../../a.html", b"<html>"), ("b.png", b"abc")]
        )
        reports = type(self.env["ir.actions.report"])
        with patch.object(
            reports, "_render_qweb_pdf", lambda *_args, **_kwargs: (b"%PDF-1", "pdf")
        ):
            case.action_make_dossier()
        row = case.dossier_ids
        content = base64.b64decode(row.sudo().with_context(bin_size=False).file)
        self.assertEqual(row.zip_sha256, dossier.digest(content))
        archive = zipfile.ZipFile(io.BytesIO(content))
        listed = {
            one["path"]: one["sha256"]
            for one in json.loads(archive.read("manifest.json"))
        }
        self.assertEqual({*listed, "manifest.json"}, set(archive.namelist()))
        for path, digest in listed.items():
            self.assertEqual(dossier.digest(archive.read(path)), digest)
            self.assertNotIn("..", path)
        self.assertEqual(row.attachment_count, 2)
        self.assertIn("unchanged", row._compare(base64.b64encode(content)))
        self.assertIn("another", row._compare(base64.b64encode(content + b"x")))
        self.assertIn("no file", row._compare("%%%"))
        self.assertEqual(row.action_verify()["params"]["type"], "success")

    def test_taking_a_file_out_is_logged_and_the_office_s_alone(self):
        case = self._closed(severity="high")
        reports = type(self.env["ir.actions.report"])
        with patch.object(
            reports, "_render_qweb_pdf", lambda *_args, **_kwargs: (b"%PDF-1", "pdf")
        ):
            case.action_make_dossier()
            with self.assertRaises(AccessError):
                case.with_user(self.leader).action_make_dossier()
        logs = self.env["followup.access.log"].sudo()
        domain = [("res_model", "=", case._name), ("res_id", "=", case.id)]
        before = logs.search_count(domain)
        case.dossier_ids.with_user(self.specialist).read(["file"])
        self.assertEqual(logs.search_count(domain), before + 1)
        with self.assertRaises(AccessError):
            self._html(case, self.leader)

    def test_the_file_shows_the_words_of_its_reader_only(self):
        case = self._case()
        with self.assertRaises(AccessError):
            self._html(case, self.investigator)

    def test_names_of_the_paper_s_columns_are_those_of_the_models(self):
        fields_ = self.env["complaint.case"]._fields
        names = complaint_dossier_report.REGISTRATION
        for name in (*names, *complaint_dossier_report.ASSESSMENT):
            self.assertIn(name, fields_)

    # ------------------------------------------------------------
    # PUBLICATION
    # ------------------------------------------------------------

    def _publication(self, **vals):
        case = self._closed(complainant_name="李娜娜", **vals)
        action = case.with_user(self.specialist).action_publish()
        rows = self.env["complaint.publication"].with_user(self.specialist)
        return rows.browse(action["res_id"])

    def test_names_and_numbers_are_masked(self):
        row = self._publication(
            description="我叫李娜娜，电话13800000001，2026年3月5日住12床，"
            "写信 li@example.com"
        )
        for secret in ("李娜娜", "13800000001", "3月5日", "12床", "li@example.com"):
            self.assertNotIn(secret, row.text)
        self.assertFalse(row.found)

    def test_masking_table(self):
        table = [
            ("王大夫说等等", ["王强"], "***说等等"),
            ("打 138 0000 0001 找我", [], "打 *** 找我"),
            ("id 110101199001011234x", [], "id ***"),
            ("Dr Smith and smithy", ["John Smith"], "Dr *** and smithy"),
            ("等了3小时", ["王强"], "等了3小时"),
            ("见 https://a.example/x?y=1", [], "见 ***"),
            ("１３８０００００００１", [], "***"),
            ("", ["王强"], ""),
        ]
        for text, names, masked in table:
            with self.subTest(text):
                self.assertEqual(deidentify.mask(text, names), masked)

    def test_a_second_person_checks_and_a_change_asks_again(self):
        """K-13: whoever wrote it does not check it, whatever his role."""
        row = self._publication()
        row.action_request()
        with self.assertRaises(AccessError):
            row.action_approve()
        row.with_user(self.officer).write({"text": "Edited by the officer"})
        self.assertEqual(row.state, "draft")
        row.action_request()
        with self.assertRaises(AccessError):
            row.with_user(self.officer).action_approve()
        second = self._office_user("officer", "second_officer")
        row.with_user(second).action_approve()
        self.assertEqual((row.state, row.checked_by_id), ("checked", second))
        row.write({"text": "Changed afterwards"})
        self.assertEqual((row.state, row.checked_by_id.id), ("draft", False))

    def test_what_tells_who_it_was_is_not_handed_on(self):
        row = self._publication()
        row.text = "李娜娜 waited"
        self.assertIn("李娜娜", row.found)
        with self.assertRaises(ValidationError) as raised:
            row.action_request()
        self.assertNotIn("李娜娜", str(raised.exception))
        row.action_mask()
        row.action_request()
        self.assertEqual(row.state, "review")

    def test_only_closed_cases_are_published_once(self):
        with self.assertRaises(UserError):
            self._case().action_publish()

    def test_nobody_writes_the_check_by_hand(self):
        row = self._publication()
        for vals in ({"state": "checked"}, {"checked_by_id": self.officer.id}):
            with self.subTest(vals), self.assertRaises(AccessError):
                row.with_user(self.officer).write(vals)
