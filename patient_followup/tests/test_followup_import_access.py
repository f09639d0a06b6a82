# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whoever takes a list of patients out of the system stands in the log (Y-2)."""

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_followup_import import ImportCase


class AccessCase(ImportCase):
    def _rejected(self):
        record = self._import(self._csv(self._line(1, department="?")))
        record.action_import()
        return record

    def _logged(self):
        """Return what the log got since the last call."""
        logs = self.env["followup.access.log"].search([("id", ">", self.last_log)])
        self.last_log = max(logs.ids, default=self.last_log)
        return [(log.action, log.user_id, log.field_name) for log in logs]

    def setUp(self):
        super().setUp()
        self.last_log = 0
        self._logged()


@tagged("post_install", "-at_install")
class TestFollowupImportAccess(AccessCase):
    def test_reading_the_file_is_logged(self):
        record = self._rejected()
        self._logged()
        for name in ("file", "rejected_file"):
            for read in (
                lambda n=name: record.read([n]),
                lambda n=name: record.web_read({n: {}}),
                lambda n=name: record.search_read([("id", "=", record.id)], [n]),
            ):
                with self.subTest(name=name):
                    self.assertTrue(read()[0][name])
                    self.assertEqual(self._logged(), [("export", self.manager, name)])

    def test_reading_its_attachment_is_logged(self):
        record = self._rejected()
        self._logged()
        files = self.env["ir.attachment"].with_user(self.manager)
        attachment = files.search(
            [("res_model", "=", record._name), ("res_field", "=", "file")]
        )
        for name in ("datas", "raw"):
            attachment.read([name])
            self.assertEqual(self._logged(), [("export", self.manager, name)])

    def test_forms_and_lists_log_nothing(self):
        """They show name and size; other attachments are nobody's business here."""
        record = self._rejected()
        self._logged()
        record.with_context(bin_size=True).web_read({"file": {}, "rejected_file": {}})
        record.read(["file_name", "state"])
        other = self.env["ir.attachment"].create({"name": "x", "raw": b"x"})
        other.read(["raw"])
        self.assertEqual(self._logged(), [])

    def test_many_lists_cost_as_much_as_one(self):
        records = self._rejected()
        counts = []
        for _round in range(2):
            records.read(["file"])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.read(["file"])
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            records |= self._import(self._csv(self._line(2)))
            records |= self._import(self._csv(self._line(3)))
        self.assertEqual(counts[0], counts[1])

    def test_exported_rows_are_logged(self):
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        record = self._rejected()
        self._logged()
        record.line_ids.export_data(["patient_name"])
        self.assertEqual(self._logged(), [("export", self.manager, False)])


@tagged("post_install", "-at_install")
class TestFollowupImportDownload(AccessCase, HttpCase):
    @mute_logger("odoo.http")  # it says that it runs the request again
    def test_download_is_logged(self):
        record = self._rejected()
        self.manager.password = "manager-manager"
        self.env.flush_all()
        self._logged()
        self.authenticate("manager", "manager-manager")
        for name in ("file", "rejected_file"):
            answer = self.url_open(f"/web/content/{record._name}/{record.id}/{name}")
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(self._logged(), [("export", self.manager, name)])
