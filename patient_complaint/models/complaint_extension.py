# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.patient_followup.tools.guard import is_open


class ComplaintExtension(models.Model):
    """A later deadline, with a reason and the word to the complainant (C-9, I-10).

    There is no extension without both: the contact that told him is named.
    Access: whoever reads the case; officers add rows, nobody changes one.
    """

    _name = "complaint.extension"
    _description = "Extension of a Deadline"
    _order = "id desc"
    _rec_name = "clock_id"

    case_id = fields.Many2one(
        "complaint.case", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    clock_id = fields.Many2one(
        "complaint.clock", required=True, index=True, ondelete="cascade"
    )
    old_deadline = fields.Datetime(readonly=True)
    new_deadline = fields.Datetime(required=True)
    reason = fields.Text(required=True)
    feedback_id = fields.Many2one(
        "complaint.feedback",
        string="Told to the Complainant",
        required=True,
        ondelete="restrict",
        index=True,
        help="The contact in which the complainant heard of it.",
    )
    by_id = fields.Many2one(
        "res.users",
        string="Extended by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )

    _erase_fields = ("reason",)
    _erase_link = "case_id"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [{**vals, "by_id": self.env.uid} for vals in vals_list]
        rows = super().create(vals_list)
        for row in rows:
            row._check_allowed()
            row.case_id._extend_clock(row)
        return rows

    def write(self, vals):
        if not is_open(self.env):
            raise AccessError(self.env._("An extension stays on record as it was."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_made(self):
        raise UserError(self.env._("An extension stays on record as it was."))

    def _check_allowed(self):
        """Reason, notice and a running clock that nobody else set."""
        self.ensure_one()
        self.case_id.check_access("write")
        clock = self.clock_id
        if clock.case_id != self.case_id or self.feedback_id.case_id != self.case_id:
            raise ValidationError(self.env._("Clock and notice are of another case."))
        if not self.reason.strip():
            raise ValidationError(self.env._("Give a reason."))
        if clock.is_legal:
            raise UserError(self.env._("A deadline set by law cannot be extended."))
        if clock.stopped_at:
            raise UserError(self.env._("This clock has stopped already."))
        if self.new_deadline <= max(clock.deadline, fields.Datetime.now()):
            raise UserError(self.env._("The new deadline lies after the old one."))
        if self.feedback_id.kind != "extension":
            raise UserError(
                self.env._(
                    "Record first that the complainant was told it takes longer."
                )
            )
        used = [("feedback_id", "=", self.feedback_id.id), ("clock_id", "=", clock.id)]
        if self.search_count(used, limit=2) > 1:
            raise UserError(
                self.env._("Each extension is told anew: record another contact.")
            )
        if self.feedback_id.at < clock.started_at:
            raise UserError(
                self.env._("The complainant was told before this clock began.")
            )

    def action_save(self):
        """Close the dialog; saving it has extended the deadline."""
        self.check_access("read")
        return {"type": "ir.actions.act_window_close"}
