# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.patient_followup.report.document_words import DocumentWords

from ..tools import dossier

# part of the file: (model, its columns); what another part lacks is left out
REGISTRATION = (
    *("name", "kind", "channel_id", "external_number", "external_deadline"),
    *("received_at", "receiver_id", "anonymous", "complainant_name"),
    *("complainant_relation", "complainant_phone_masked", "complainant_email_masked"),
    *("patient_id", "encounter_id", "department_id", "incident_date", "description"),
    *("remedy_sought", "task_id", "concern_id"),
)
ASSESSMENT = (
    *("severity", "reach", "safety_risk", "immediate_action", "track", "owner_id"),
    *("triaged_at", "triaged_by_id", "informed_at", "acknowledged_at", "planned_at"),
    *("investigated_at", "answered_at", "satisfaction", "outcome", "legal_step"),
    *("outcome_reason", "closed_at", "closing_reason", "reopen_count"),
)
TABLES = (
    (
        "complaint.clock",
        ("kind", "deadline", "stopped_at", "colour", "is_legal", "explanation"),
    ),
    (
        "complaint.freeze",
        ("reason_id", "note", "started_at", "until", "ended_at", "by_id"),
    ),
    (
        "complaint.extension",
        ("clock_id", "old_deadline", "new_deadline", "reason", "by_id"),
    ),
    (
        "complaint.issue",
        (
            *("category_id", "department_id", "employee_ids", "harm", "text"),
            *("finding", "finding_text", "cause_ids", "lesson"),
        ),
    ),
    (
        "complaint.member",
        ("user_id", "discipline", "role", "declared", "declaration", "joined_at"),
    ),
    (
        "complaint.hearing",
        ("employee_id", "asked_at", "question", "answered_at", "answer"),
    ),
    (
        "complaint.evidence",
        ("name", "kind", "taken_at", "by_id", "note", "custody", "sha256"),
    ),
    (
        "complaint.resolution",
        (
            *("version", "state", "explanation", "apology", "settled_through"),
            *("submitted_at", "submitted_by_id", "content_hash"),
        ),
    ),
    ("complaint.remedy", ("kind", "note", "amount", "responsible_id", "date")),
    (
        "complaint.approval",
        (
            *("round", "sequence", "name", "approver_ids", "decision", "comment"),
            *("decided_by_id", "decided_at", "content_hash"),
        ),
    ),
    (
        "complaint.feedback",
        (
            *("at", "kind", "method", "content", "reaction", "satisfaction"),
            *("outcome", "legal_step", "by_id"),
        ),
    ),
    (
        "complaint.message",
        ("at", "direction", "kind", "body", "satisfaction", "outcome", "by_id"),
    ),
    (
        "complaint.action",
        (
            *("name", "kind", "description", "responsible_id", "deadline", "state"),
            *("proof", "checked_by_id", "effective", "check_note"),
        ),
    ),
)
LONG = ("text", "html")
MAX_AUDIT = 500


class ComplaintDossierReport(models.AbstractModel):
    """The whole file of a case on paper (R-7): what its reader may read, all of it.

    Access: the complaint office. Logged as an export (Y-2).
    """

    _name = "report.patient_complaint.complaint_dossier"
    _description = "Complaint File"
    _inherit = ["followup.document"]

    _document_model = "complaint.case"
    _document_log_action = "export"
    _document_page_numbers = True
    _document_max = 20

    @api.model
    def _prepare_document(self, docs, words):
        return {"sheets": [self._sheet(case, words) for case in docs]}

    @api.model
    def _sheet(self, case, words):
        return {
            "company": case.company_id,
            "number": case.name,
            "registration": self._pairs(case, REGISTRATION, words),
            "assessment": self._pairs(case, ASSESSMENT, words),
            "tables": [
                table
                for model, names in TABLES
                if (table := self._make_table(case, model, names, words))
            ],
            "letters": [
                {"day": words.moment(case.company_id, row.given_at), "body": row.body}
                for row in case.letter_ids.filtered(lambda row: row.state == "given")
            ],
            "audit": self._audit(case, words),
            "files": [
                {"path": path, "size": len(content), "sha256": dossier.digest(content)}
                for path, content in case._dossier_attachments()
            ],
            "seals": [
                {
                    "at": words.moment(case.company_id, row.closed_at),
                    "rows": row.row_count,
                    "digest": row.followup_seal_digest or "",
                }
                # sudo: the digest is no secret on paper; the case may be read
                for row in case.sudo().closure_ids
            ],
        }

    # ------------------------------------------------------------
    # VALUES
    # ------------------------------------------------------------

    @api.model
    def _pairs(self, record, names, words):
        """Return [(label, value, is it long)] of what is filled in."""
        found = []
        for name in names:
            if name not in record._fields:
                continue
            if text := self._text(record, name, words):
                field = record._fields[name]
                label = field._description_string(self.env)
                found.append((label, text, field.type in LONG))
        return found

    @api.model
    def _make_table(self, case, model, names, words):
        """Return title, headings and rows of one part; None where there is nothing."""
        if model not in self.env or not self.env[model].has_access("read"):
            return None
        records = self.env[model]
        if "case_id" not in records._fields:
            return None
        rows = records.search([("case_id", "=", case.id)], order="id")
        if not rows:
            return None
        names = [name for name in names if name in records._fields]
        texts = [[self._text(row, name, words) for name in names] for row in rows]
        kept = [i for i in range(len(names)) if any(row[i] for row in texts)]
        return {
            "title": self._title(model),
            "headings": [
                records._fields[names[i]]._description_string(self.env) for i in kept
            ],
            "widths": self._widths([[row[i] for i in kept] for row in texts]),
            "rows": [[row[i] for i in kept] for row in texts],
        }

    @api.model
    def _widths(self, rows):
        """Return the width of each column in percent: long texts get more room."""
        longest = [max(map(len, column)) for column in zip(*rows, strict=True)]
        shares = [min(max(length, 8), 40) for length in longest]
        return [round(100 * share / sum(shares), 1) for share in shares]

    @api.model
    def _title(self, model):
        # sudo: the name of a model, which the office may not read itself
        return self.env["ir.model"].sudo()._get(model).name

    @api.model
    def _text(self, record, name, words):
        """Return one value as people read it; empty text for nothing."""
        field, value = record._fields[name], record[name]
        company = (
            record.company_id if "company_id" in record._fields else self.env.company
        )
        match field.type:
            case "selection":
                return words.label(record, name)
            case "datetime":
                return words.moment(company, value)
            case "many2one" | "many2many" | "one2many":
                # sudo: names of what a row the user may read is linked with
                return ", ".join(one.display_name or "" for one in value.sudo())
            case "boolean":
                return self.env._("Yes") if value else ""
            case "monetary" | "float":
                return f"{value:,.2f}" if value else ""
        return str(value) if value else ""

    # ------------------------------------------------------------
    # AUDIT
    # ------------------------------------------------------------

    @api.model
    def _audit(self, case, words):
        """Return who changed states and who took what out, the oldest first."""
        rows = self._audit_changes(case) + self._audit_access(case)
        moment = words.for_company(case.company_id)
        return [(moment(at), *row) for at, *row in sorted(rows, key=lambda row: row[0])]

    @api.model
    def _audit_changes(self, case):
        # sudo: tracked values of a case the user may read; states and persons only
        values = self.env["mail.tracking.value"].sudo()
        tracked = values.search(
            [
                ("mail_message_id.model", "=", case._name),
                ("mail_message_id.res_id", "=", case.id),
            ],
            limit=MAX_AUDIT,
        )
        return [
            (
                row.mail_message_id.date,
                row.mail_message_id.author_id.name or "",
                row.field_id.field_description or "",
                f"{row.old_value_char or ''} → {row.new_value_char or ''}",
            )
            for row in tracked
        ]

    @api.model
    def _audit_access(self, case):
        # sudo: the log is the auditors'; the file holds the extract of this one case
        logs = self.env["followup.access.log"].sudo()
        found = logs.search(
            [("res_model", "=", case._name), ("res_id", "=", case.id)], limit=MAX_AUDIT
        )
        words = DocumentWords(self.env)
        return [
            (
                row.create_date,
                row.user_id.name,
                words.label(row, "action"),
                row.reason or row.field_name or "",
            )
            for row in found
        ]
