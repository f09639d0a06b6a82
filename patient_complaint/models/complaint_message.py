# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.patient_followup.tools.guard import is_open

from .complaint_feedback_outcome import OUTCOMES

# what the office may write; the rest comes from the page or the engine
OFFICE_FIELDS = frozenset({"case_id", "body", "attachment_ids"})
MAX_BODY = 4000


class ComplaintMessage(models.Model):
    """What the complainant and the hospital wrote on the page (FHIR Communication).

    Rows are sealed as they are written: nobody edits or deletes one, and nothing of
    them stands in the chatter, whose followers would get it by mail (C-2, C-3).
    Access: whoever reads the case; specialists answer, the page writes the rest.
    """

    _name = "complaint.message"
    _description = "Message of a Case"
    _inherit = ["followup.guarded.mixin", "followup.sealed.mixin"]
    _order = "id desc"
    _rec_name = "kind"

    case_id = fields.Many2one(
        "complaint.case", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="case_id.company_id",
        store=True,
        index=True,
        precompute=True,
        ondelete="restrict",
    )
    direction = fields.Selection(
        [("in", "From the Complainant"), ("out", "From the Hospital")],
        required=True,
        default="out",
        readonly=True,
    )
    kind = fields.Selection(
        [
            ("message", "Message"),
            ("rating", "Rating"),
            ("reopen", "Asked to Reopen"),
            ("letter", "Reply Letter"),
        ],
        required=True,
        default="message",
        readonly=True,
    )
    # always there, but for anonymised cases: `create` sees to it
    body = fields.Text(string="Text")
    satisfaction = fields.Selection(
        [(str(step), str(step)) for step in range(1, 6)],
        string="Satisfaction (1-5)",
        readonly=True,
    )
    outcome = fields.Selection(OUTCOMES, string="Answer Is", readonly=True)
    at = fields.Datetime(
        string="When", required=True, readonly=True, default=fields.Datetime.now
    )
    sender = fields.Selection(
        [
            ("code", "Code or Link"),
            ("mail", "E-mail, Sender Not Proven"),
            ("stranger", "E-mail from Another Address"),
        ],
        string="How It Came",
        readonly=True,
        help="Anybody can write any sender into an e-mail: ask back before you act.",
    )
    by_id = fields.Many2one(
        "res.users", string="Written by", readonly=True, ondelete="restrict"
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "complaint_message_attachment_rel",
        "message_id",
        "attachment_id",
        string="Files",
        bypass_search_access=True,
    )
    read_at = fields.Datetime(readonly=True)
    read_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")

    _guarded_fields = frozenset(
        {"company_id", "direction", "kind", "satisfaction", "outcome", "at", "by_id"}
        | {"read_at", "read_by_id", "sender"}
    )
    _seal_fields = ("case_id", "company_id", "direction", "kind") + (
        *("satisfaction", "outcome", "at", "by_id"),
    )
    _seal_texts = ("body",)
    _erase_fields = ("body",)
    _erase_link = "case_id"

    _unread_idx = models.Index("(case_id) WHERE direction = 'in' AND read_at IS NULL")

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not is_open(self.env):
            vals_list = [self._take_written(vals) for vals in vals_list]
            # what follows from who writes is set here, after the values were judged
            made = self._guarded().create(vals_list)._unguarded()
            made.case_id._on_answered_message()
            return made
        rows = super().create(vals_list)
        rows._own_attachments()
        # sudo: the columns of the seal are closed to everybody
        rows.sudo()._write_seals()
        return rows

    def _take_written(self, vals):
        """Return what a member of the office may write, signed by him.

        :raises AccessError: other values, a case he may not change, a foreign file
        """
        if unknown := set(vals) - OFFICE_FIELDS:
            self._raise_guarded(unknown & self._guarded_fields or unknown)
        case = self.env["complaint.case"].browse(vals.get("case_id")).exists()
        if not case:
            raise UserError(self.env._("Choose the case first."))
        case.check_access("write")
        if not case._is_page_open():
            raise UserError(self.env._("Nobody can read this any more: it is over."))
        body = (vals.get("body") or "").replace("\0", "").strip()[:MAX_BODY]
        if not body:
            raise UserError(self.env._("Write something first."))
        return {**vals, "body": body, "direction": "out", "by_id": self.env.uid}

    def _own_attachments(self):
        """Tie the files to their row; only files of nobody else can be sent."""
        for row in self:
            # sudo: files the visitor has no account for; checked here one by one
            files = row.sudo().attachment_ids
            if not self.env.su and any(
                (file.res_id and (file.res_model, file.res_id) != (row._name, row.id))
                or file.create_uid != self.env.user
                or file.public
                or file.type != "binary"
                for file in files
            ):
                raise AccessError(self.env._("Send only files you uploaded here."))
            files.write({"res_model": row._name, "res_id": row.id})

    def write(self, vals):
        if not is_open(self.env):
            raise AccessError(
                self.env._("What was written stays: write another message.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_written(self):
        raise UserError(self.env._("What was written stays: write another message."))

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def action_save(self):
        """Close the dialog; saving it has sent the message."""
        self.check_access("read")
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _get_complete_domain(self):
        return Domain.TRUE

    def _erase_rows(self):
        """Files may show a face: they go with the words."""
        # sudo: anonymisation, whose caller checked the right
        self.sudo().attachment_ids.unlink()
        return super()._erase_rows()
