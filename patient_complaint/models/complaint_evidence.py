# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import binascii
import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.patient_followup.tools.guard import is_open

KINDS = [
    ("record", "Records Reviewed"),
    ("interview", "Interview"),
    ("file", "File or Recording"),
    ("object", "Sealed Object"),
    ("site", "Visit on Site"),
    ("other", "Other"),
]
MAX_BYTES = 25 * 1024 * 1024


class ComplaintEvidence(models.Model):
    """What the investigation rests on (DocumentReference; C-13).

    The server computes SHA-256 of a file when it comes in; what was put on record
    is never changed. Where it went is told by its custody rows.
    Access: the office; members who declared no conflict read and add.
    """

    _name = "complaint.evidence"
    _description = "Evidence"
    _inherit = ["followup.guarded.mixin"]
    _order = "case_id, taken_at, id"

    case_id = fields.Many2one(
        "complaint.case", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    name = fields.Char(string="What It Is", required=True)
    kind = fields.Selection(KINDS, required=True, default="record")
    taken_at = fields.Datetime(
        string="Taken on", required=True, default=fields.Datetime.now
    )
    by_id = fields.Many2one(
        "res.users",
        string="Taken by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    employee_id = fields.Many2one(
        "hr.employee.public",
        string="Employee Interviewed",
        index="btree_not_null",
        help="A named employee who was asked in person, as no question reaches him.",
    )
    person = fields.Char(
        string="Person Interviewed", help="Patient, relative or witness."
    )
    place = fields.Char(string="Kept at")
    note = fields.Text(string="What It Says")
    file = fields.Binary(attachment=True)
    file_name = fields.Char()
    file_size = fields.Integer(string="Bytes", readonly=True)
    sha256 = fields.Char(string="SHA-256", readonly=True)
    is_intact = fields.Boolean(
        string="File as Recorded",
        compute="_compute_is_intact",
        help="The file still has the SHA-256 it came in with.",
    )
    custody_ids = fields.One2many("complaint.custody", "evidence_id")
    custody = fields.Text(string="Where It Was", compute="_compute_custody")

    _guarded_fields = frozenset({"by_id", "sha256", "file_size", "company_id"})
    _erase_fields = ("name", "person", "note", "file_name")
    _erase_link = "case_id"

    def _compute_is_intact(self):
        for row in self.with_context(bin_size=False):
            row.is_intact = not row.sha256 or (
                hashlib.sha256(base64.b64decode(row.file or b"")).hexdigest()
                == row.sha256
            )

    @api.depends("custody_ids")
    @api.depends_context("lang")
    def _compute_custody(self):
        for row in self:
            row.custody = "\n".join(line._say() for line in row.custody_ids)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        for row, vals in zip(rows, vals_list, strict=True):
            row._check_recorded()
            # sudo: engine write; who took it and its hash are not the caller's word
            engine = row.sudo()._guarded()
            # the file may come by the context as well
            file = vals.get("file") or row.with_context(bin_size=False).file
            engine.write({"by_id": self.env.uid, **self._measure(file)})
            row.case_id._note_handler(self.env.user)
            engine.custody_ids._guarded().create(
                {
                    "evidence_id": row.id,
                    "event": "taken",
                    "at": row.taken_at,
                    "by_id": self.env.uid,
                    "place": row.place,
                }
            )
        return rows

    def write(self, vals):
        if not is_open(self.env):
            raise AccessError(
                self.env._("Evidence stays on record as it was: add another entry.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        raise UserError(
            self.env._("Evidence stays on record as it was: add another entry.")
        )

    def _check_recorded(self):
        case = self.case_id
        case._check_investigator()
        case._check_is_open()
        if self.taken_at > fields.Datetime.now():
            raise ValidationError(
                self.env._("Evidence cannot be taken later than now.")
            )

    def action_save(self):
        """Close the dialog; saving it has put it on record."""
        self.check_access("read")
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _measure(self, content):
        """Return SHA-256 and size of a file as it is sent (base64).

        :raises ValidationError: it is no file, or larger than 25 MB
        """
        if not content:
            return {"sha256": False, "file_size": 0}
        try:
            data = base64.b64decode(content, validate=False)
        except (binascii.Error, ValueError, TypeError) as error:
            raise ValidationError(self.env._("This file cannot be read.")) from error
        if len(data) > MAX_BYTES:
            raise ValidationError(self.env._("A file has at most 25 MB."))
        return {"sha256": hashlib.sha256(data).hexdigest(), "file_size": len(data)}


class ComplaintCustody(models.Model):
    """Where a piece of evidence went: taken, handed over, sealed, returned (C-13).

    Access: whoever reads the evidence adds rows; nobody ever edits or deletes one.
    """

    _name = "complaint.custody"
    _description = "Custody of Evidence"
    _inherit = ["followup.guarded.mixin"]
    _order = "at, id"
    _rec_name = "event"

    evidence_id = fields.Many2one(
        "complaint.evidence", required=True, index=True, ondelete="cascade"
    )
    case_id = fields.Many2one(
        related="evidence_id.case_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="evidence_id.company_id", store=True, index=True, precompute=True
    )
    event = fields.Selection(
        [
            ("taken", "Taken"),
            ("viewed", "Viewed"),
            ("handed", "Handed over"),
            ("copied", "Copied"),
            ("sealed", "Sealed"),
            ("returned", "Returned"),
        ],
        required=True,
        default="handed",
    )
    at = fields.Datetime(string="When", readonly=True, default=fields.Datetime.now)
    by_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user
    )
    person = fields.Char(string="To Whom")
    place = fields.Char(string="Where to")
    note = fields.Char()

    _guarded_fields = frozenset({"at", "by_id", "case_id", "company_id"})
    _erase_fields = ("person", "place", "note")
    _erase_link = "case_id"

    @api.model_create_multi
    def create(self, vals_list):
        if not is_open(self.env):
            vals_list = [
                {k: v for k, v in vals.items() if k not in ("at", "by_id")}
                for vals in vals_list
            ]
        rows = super().create(vals_list)
        if not is_open(self.env):
            for row in rows:
                row.evidence_id.case_id._check_investigator()
        return rows

    def write(self, vals):
        if not is_open(self.env):
            raise AccessError(self.env._("The custody log is never edited."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("The custody log is never edited."))

    def action_save(self):
        """Close the dialog; saving it has put it on record."""
        self.check_access("read")
        return {"type": "ir.actions.act_window_close"}

    def _say(self):
        """Return the row in words, for the list of evidence."""
        events = dict(self._fields["event"]._description_selection(self.env))
        parts = [
            fields.Datetime.to_string(fields.Datetime.context_timestamp(self, self.at))[
                :16
            ],
            events[self.event],
            self.person,
            self.place,
            # sudo: the name of a colleague
            self.by_id.sudo().name,
        ]
        return " · ".join(filter(None, parts))
