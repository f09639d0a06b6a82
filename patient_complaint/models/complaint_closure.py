# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.patient_followup.tools import seal
from odoo.addons.patient_followup.tools.guard import is_open

# model: (plain columns, texts); rows are those of the case. A model that is not there
# is left out, and so is a column: other addons may add or lack some.
PARTS = {
    "complaint.case": (
        (
            *("name", "company_id", "kind", "channel_id", "received_at"),
            *("receiver_id", "anonymous", "incident_date", "severity", "track"),
            *("safety_risk", "triaged_at", "triaged_by_id", "investigated_at"),
            *("acknowledged_at", "planned_at", "answered_at"),
            *("external_deadline", "complainant_relation"),
        ),
        (
            *("description", "remedy_sought", "complainant_name", "immediate_action"),
            "external_number",
        ),
    ),
    "complaint.issue": (
        ("category_id", "department_id", "stage", "harm", "finding"),
        ("text", "lesson"),
    ),
    "complaint.feedback": (
        (
            *("kind", "method", "at", "by_id", "satisfaction", "outcome"),
            "legal_step",
        ),
        ("content", "reaction", "outcome_reason"),
    ),
    "complaint.message": (
        ("direction", "kind", "satisfaction", "outcome", "at", "by_id"),
        ("body",),
    ),
    "complaint.letter": (("lang", "state", "given_at", "given_by_id"), ("body",)),
    "complaint.clock": (
        ("kind", "is_legal", "started_at", "deadline", "stopped_at"),
        (),
    ),
    "complaint.freeze": (("reason_id", "started_at", "ended_at", "by_id"), ("note",)),
    "complaint.extension": (
        ("clock_id", "old_deadline", "new_deadline", "by_id"),
        ("reason",),
    ),
    "complaint.member": (
        ("user_id", "discipline", "role", "declared", "declared_at"),
        ("declaration",),
    ),
    "complaint.evidence": (
        ("kind", "taken_at", "by_id", "employee_id", "sha256", "file_size"),
        ("name", "person", "note"),
    ),
    "complaint.custody": (("evidence_id", "event", "at", "by_id"), ("person", "note")),
    "complaint.hearing": (
        ("employee_id", "user_id", "asked_at", "answered_at", "state"),
        ("question", "answer"),
    ),
    "complaint.resolution": (
        (
            *("version", "state", "round", "submitted_at", "submitted_by_id"),
            *("approved_at", "content_hash", "rectification_needed"),
        ),
        ("explanation", "apology"),
    ),
    "complaint.remedy": (("resolution_id", "kind", "amount", "date"), ()),
    "complaint.approval": (
        (
            *("resolution_id", "round", "sequence", "decision", "decided_at"),
            *("decided_by_id", "delegate_for_id", "content_hash"),
        ),
        ("comment",),
    ),
    "complaint.action": (
        ("kind", "responsible_id", "deadline", "done_at", "checked_by_id"),
        ("name", "proof"),
    ),
}
# What was sealed before a column moved, for each model: earlier seals hold as well.
EARLIER = {
    "complaint.case": [
        (  # before 19.0.1.3.0 the outer number was no text
            (*PARTS["complaint.case"][0], "external_number"),
            tuple(n for n in PARTS["complaint.case"][1] if n != "external_number"),
        )
    ],
}
# rows that no step changes any more, not even after the case was reopened
LASTING = ("complaint.feedback", "complaint.message", "complaint.extension")


class ComplaintClosure(models.Model):
    """The seal of a case at one closing: a digest of every row it consists of (I-5).

    A case that is reopened and closed again gets another one. The row enters the
    chain of seals, whose check compares the rows of the case with it.
    Access: whoever reads the case, and auditors; the engine alone writes.
    """

    _name = "complaint.closure"
    _description = "Seal of a Closed Case"
    _inherit = ["followup.guarded.mixin", "followup.sealed.mixin"]
    _order = "id desc"
    _rec_name = "number"

    number = fields.Char(string="Case No.", required=True, readonly=True)
    case_id = fields.Many2one(
        "complaint.case", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    state = fields.Char(string="Closed as", required=True, readonly=True)
    closed_at = fields.Datetime(required=True, readonly=True)
    closed_by_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="restrict"
    )
    row_count = fields.Integer(string="Rows", readonly=True)
    manifest = fields.Text(
        required=True, readonly=True, help="Model, row, digest and digest of texts."
    )
    # deleted by anonymisation: nothing can be guessed from the digests of texts then
    salt = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)

    _guarded_fields = frozenset(
        {"number", "case_id", "company_id", "state", "closed_at", "closed_by_id"}
        | {"row_count", "manifest", "salt"}
    )
    _seal_fields = (
        *("number", "case_id", "company_id", "state", "closed_at", "closed_by_id"),
        *("row_count", "manifest"),
    )
    _erase_fields = ("salt",)
    _erase_link = "case_id"

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not is_open(self.env):
            raise AccessError(self.env._("A case is sealed when it is closed."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("The seal of a case is never deleted."))

    @api.model
    def _get_complete_domain(self):
        return Domain.TRUE

    # ------------------------------------------------------------
    # SEALING
    # ------------------------------------------------------------

    @api.model
    def _close(self, case):
        """Seal one case as it is now."""
        salt = secrets.token_hex(16)
        rows = self._digest_case(case, salt)
        closure = self._guarded().create(
            {
                "number": case.name,
                "case_id": case.id,
                "company_id": case.company_id.id,
                "state": case.state,
                "closed_at": case.closed_at,
                "closed_by_id": self.env.uid,
                "row_count": len(rows),
                "manifest": json.dumps(rows, separators=(",", ":")),
                "salt": salt,
            }
        )
        # sudo: the columns of the seal are closed to everybody
        closure.sudo()._write_seals()
        return closure._unguarded()

    @api.model
    def _digest_case(self, case, salt):
        """Return [[model, id, digest, digest of texts]] of all rows of a case."""
        case.env.flush_all()
        return [
            [row._name, row.id, *self._digest_row(row, salt)]
            for model in PARTS
            for row in self._get_rows(case, model)
        ]

    @api.model
    def _get_rows(self, case, model):
        if model not in self.env:
            return ()
        # sudo: all rows of the case, whoever closes it
        rows = self.env[model].sudo()
        if model == case._name:
            return rows.browse(case.id)
        if "case_id" in rows._fields:
            return rows.search([("case_id", "=", case.id)], order="id")
        return rows.search([("resolution_id.case_id", "=", case.id)], order="id")

    @api.model
    def _digest_row(self, row, salt):
        plain, texts = self._read_row(row)
        made = seal.seal(row._name, plain, texts, salt)
        return made.digest, made.text_digest

    @api.model
    def _read_row(self, row, parts=None):
        return tuple(
            {name: self._plain(row, name) for name in names if name in row._fields}
            for names in parts or PARTS[row._name]
        )

    @api.model
    def _plain(self, row, name):
        """Return a column as plain value: ids for links, None for nothing."""
        field = row._fields[name]
        value = field.convert_to_cache(row[name], row)
        if isinstance(value, bytes):
            value = value.decode()
        value = str(value) if field.type == "html" and value else value
        if field.required and value == f"#{row.id}":
            return None  # emptied by anonymisation
        return value if value or field.type in ("integer", "boolean") else None

    # ------------------------------------------------------------
    # CHECKING
    # ------------------------------------------------------------

    def _check_seal(self):
        """Compare the rows of the case as well, where nothing may have changed."""
        verdict = super()._check_seal()
        if verdict == "altered":
            return verdict
        return "altered" if self._find_altered() else verdict

    def _find_altered(self):
        """Return [(model, id)] of rows that are not as they were when it closed.

        After reopening only those count that no step changes.
        """
        self.ensure_one()
        case = self.sudo().case_id  # sudo: the check covers every hospital
        found = []
        for model, record_id, digest, text_digest in json.loads(self.manifest):
            if model not in self.env or not self._is_lasting(case, model):
                continue
            row = self.env[model].sudo().browse(record_id).exists()
            if not row:
                found.append((model, record_id))
                continue
            known = seal.Sealed(self.sudo().salt or "", text_digest, digest)
            if self._is_altered(row, known):
                found.append((model, record_id))
        return found

    @api.model
    def _is_altered(self, row, known):
        """Compare a row with its seal, in the form of today and of earlier."""
        return all(
            seal.check(row._name, *self._read_row(row, parts), known) == "altered"
            for parts in (PARTS[row._name], *EARLIER.get(row._name, ()))
        )

    def _is_lasting(self, case, model):
        if model in LASTING:
            return True
        last = case.closure_ids[:1]
        # sudo: compared only, auditors do not read the seal
        return last == self.sudo() and case.closed_at == self.closed_at

    def action_check(self):
        """Say whether anything of the case was changed since it was closed."""
        self.ensure_one()
        self.check_access("read")
        # sudo: salt and rows are closed to auditors; numbers leave here, no words
        found = self.sudo()._find_altered()
        kind = "danger" if found else "success"
        names = ", ".join(f"{model} {record_id}" for model, record_id in found[:10])
        text = (
            self.env._("Changed since it was closed: %(rows)s", rows=names)
            if found
            else self.env._("%(count)s rows are as they were.", count=self.row_count)
        )
        return self.case_id._notify(kind, self.number, text)


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    closure_ids = fields.One2many(
        "complaint.closure", "case_id", string="Seals", readonly=True
    )

    _guarded_fields = frozenset({"closure_ids"})

    def _on_event(self, event, at=None):
        """Seal the case once everything that closing does is done."""
        result = super()._on_event(event, at)
        if event == "closed":
            # sudo: engine write; whoever closes the case was checked by the step
            self.env["complaint.closure"].sudo()._close(self)
        return result
