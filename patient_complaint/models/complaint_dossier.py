# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import binascii
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.patient_followup.tools.guard import is_open

from ..tools import dossier
from .complaint_closure import PARTS

OFFICE = "patient_complaint.complaint_group_specialist"
REPORT = "patient_complaint.complaint_dossier_report"
MAX_BYTES = 300 * 1024 * 1024
KEPT_DAYS = 30


class ComplaintDossier(models.Model):
    """One copy of the whole file of a case that was taken out (C-21, R-7, Y-2).

    The ZIP holds the file on paper, every attachment, and a list of their hashes. It
    is kept for a month; its digest stays, so that a copy can be checked for ever.
    Access: the complaint office reads what it may read the case of; nobody writes.
    """

    _name = "complaint.dossier"
    _description = "Complaint File"
    _inherit = ["followup.guarded.mixin"]
    _order = "id desc"
    _rec_name = "number"

    case_id = fields.Many2one(
        "complaint.case", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    number = fields.Char(related="case_id.name", string="Case No.")
    made_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    made_by_id = fields.Many2one(
        "res.users", required=True, readonly=True, default=lambda self: self.env.user
    )
    file = fields.Binary(string="ZIP", attachment=True, readonly=True)
    file_name = fields.Char(readonly=True)
    size = fields.Integer(string="Bytes", readonly=True)
    attachment_count = fields.Integer(string="Attachments", readonly=True)
    zip_sha256 = fields.Char(string="SHA-256 of the ZIP", readonly=True)
    pdf_sha256 = fields.Char(string="SHA-256 of the PDF", readonly=True)
    manifest = fields.Text(string="Files and Hashes", readonly=True)
    # dropped in to be compared, never kept
    upload = fields.Binary(string="Copy to Check", store=False)
    upload_result = fields.Char(compute="_compute_upload_result", string="Result")

    _guarded_fields = frozenset(
        {"case_id", "company_id", "made_at", "made_by_id", "file", "file_name", "size"}
        | {"attachment_count", "zip_sha256", "pdf_sha256", "manifest"}
    )
    _erase_fields = ("manifest",)
    _erase_link = "case_id"

    @api.depends("upload")
    def _compute_upload_result(self):
        for row in self:
            row.upload_result = row._compare(row.upload) if row.upload else False

    def _compare(self, content):
        try:
            digest = dossier.digest(base64.b64decode(content, validate=True))
        except (binascii.Error, ValueError, TypeError):
            return self.env._("This is no file.")
        if digest == self.zip_sha256:
            return self.env._("This is the file that was taken out, unchanged.")
        return self.env._("This is another file, or it was changed.")

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not is_open(self.env):
            raise AccessError(self.env._("Take the file out from its case."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("That a file was taken out stays on record."))

    def _read_format(self, fnames, load="_classic_read"):
        """Log who reads the ZIP beside its form (Y-2)."""
        self.env["followup.access.log"]._log_file(self, fnames)
        return super()._read_format(fnames, load)

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    @api.model
    def _make(self, case):
        """Build the file of one case as its reader may read it."""
        report = self.env["ir.actions.report"]
        paper, _kind = report._render_qweb_pdf(REPORT, case.ids)
        files = [(f"{case.name}.pdf", paper), *case._dossier_attachments()]
        content = dossier.pack(files)
        # sudo: nobody creates rows by himself; caller and case were checked
        made = self.sudo()._guarded()
        return made.create(
            {
                "case_id": case.id,
                "made_by_id": self.env.uid,
                "file": base64.b64encode(content),
                "file_name": f"{case.name}.zip",
                "size": len(content),
                "attachment_count": len(files) - 1,
                "zip_sha256": dossier.digest(content),
                "pdf_sha256": dossier.digest(paper),
                "manifest": dossier.manifest(files).decode(),
            }
        )._unguarded()

    def action_verify(self):
        """Say whether the ZIP that is kept is the one that was made."""
        self.ensure_one()
        self.check_access("read")
        # sudo: the content leaves no further than its digest
        content = self.sudo().with_context(bin_size=False).file
        if not content:
            raise UserError(self.env._("The ZIP is no longer kept: drop your copy in."))
        same = dossier.digest(base64.b64decode(content)) == self.zip_sha256
        text = (
            self.env._("The ZIP is as it was made.")
            if same
            else self.env._("The ZIP was changed after it was made.")
        )
        return self.case_id._notify("success" if same else "danger", self.number, text)

    def action_download(self):
        """Download the ZIP; this is logged."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file"
            f"?download=true&filename={self.number}.zip",
            "target": "self",
        }

    @api.autovacuum
    def _gc_files(self):
        """Drop the ZIPs after a month; digests stay."""
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        rows = self.search([("made_at", "<", limit), ("file", "!=", False)], limit=100)
        rows._guarded().write({"file": False})
        return len(rows), int(len(rows) == 100)


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    dossier_ids = fields.One2many(
        "complaint.dossier", "case_id", string="Taken Out", readonly=True
    )

    _guarded_fields = frozenset({"dossier_ids"})

    def action_make_dossier(self):
        """Take the whole file of the case out as a ZIP, logged (R-7, Y-2)."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(OFFICE):
            raise AccessError(self.env._("Only the complaint office takes a file out."))
        made = self.env["complaint.dossier"]._make(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Case File"),
            "res_model": made._name,
            "res_id": made.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _dossier_attachments(self):
        """Return [(path, bytes)] of all files of the case that may be read.

        :raises UserError: more than fits into one ZIP
        """
        self.ensure_one()
        found, total = [], 0
        for file in self._dossier_files():
            content = file.raw or b""
            total += len(content)
            if total > MAX_BYTES:
                raise UserError(
                    self.env._("The attachments are too large for one ZIP.")
                )
            name = self._get_dossier_name(file)
            found.append((dossier.place(len(found) + 1, name), content))
        return found

    def _get_dossier_name(self, file):
        """Return the name a file came with; a field keeps it beside itself."""
        row = self.env[file.res_model].browse(file.res_id)
        if file.res_field and "file_name" in row._fields:
            return row.file_name or file.name
        return file.name

    def _dossier_files(self):
        """Return the attachments of the case and of all its rows."""
        # sudo: files of rows the user may read; those of fields are left out by core
        files = self.env["ir.attachment"].sudo()
        found = files.browse()
        for model in PARTS:
            ids = self._dossier_ids(model)
            if ids:
                domain = [("res_model", "=", model), ("res_id", "in", ids)]
                domain += [("type", "=", "binary"), ("id", "!=", False)]
                domain += ["|", ("res_field", "=", False), ("res_field", "!=", False)]
                found |= files.search(domain, order="id")
        return found

    def _dossier_ids(self, model):
        if model == self._name:
            return self.ids
        rows = self.env[model] if model in self.env else None
        if rows is None or "case_id" not in rows._fields or not rows.has_access("read"):
            return []
        return rows.search([("case_id", "=", self.id)]).ids


class FollowupAccessLog(models.Model):
    _inherit = "followup.access.log"

    @api.model
    def _log_file(self, records, field_names):
        """Log who takes out the ZIP of a case, by whatever address (Y-2)."""
        super()._log_file(records, field_names)
        context = self.env.context
        if context.get("bin_size") or context.get("bin_size_file"):
            return
        names = set(field_names)
        if records._name == "complaint.dossier" and "file" in names:
            self._log_dossiers(records)
        elif records._name == "ir.attachment" and names & {"raw", "datas", "db_datas"}:
            # sudo: only which of them belong to a file; reading it checks the rights
            of_dossier = records.sudo().filtered(
                lambda file: file.res_model == "complaint.dossier"
            )
            self._log_dossiers(
                self.env["complaint.dossier"].browse(of_dossier.mapped("res_id"))
            )

    @api.model
    def _log_dossiers(self, dossiers):
        # sudo: only whether there is a ZIP; reading it checks the rights
        cases = dossiers.sudo().exists().filtered("zip_sha256").case_id
        if cases:
            self._log("export", cases, "file", self.env._("ZIP of a complaint file"))
