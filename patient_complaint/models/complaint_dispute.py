# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.patient_followup.tools.guard import is_open

from .complaint_dispute_step import DISPUTE_KINDS


class ComplaintDispute(models.Model):
    """One step of the dispute about a case: done, by whom, when, or not needed.

    Made from the presets when the case becomes a dispute; the wording stays as it
    was that day. Access: whoever reads the case; specialists tick.
    """

    _name = "complaint.dispute"
    _description = "Dispute Checklist"
    _inherit = ["followup.guarded.mixin"]
    _order = "case_id, sequence, id"

    case_id = fields.Many2one(
        "complaint.case", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    step_id = fields.Many2one(
        "complaint.dispute.step", string="Preset", ondelete="set null"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Step", required=True)
    kind = fields.Selection(DISPUTE_KINDS, required=True, default="other")
    text = fields.Text(string="What to Do")
    state = fields.Selection(
        [("open", "To Do"), ("done", "Done"), ("not_needed", "Not Needed")],
        default="open",
        required=True,
        readonly=True,
    )
    note = fields.Char(help="What was done, with whom; or why it is not needed.")
    done_at = fields.Datetime(string="When", readonly=True)
    done_by_id = fields.Many2one("res.users", string="By", readonly=True)

    _guarded_fields = frozenset(
        {"case_id", "company_id", "step_id", "name", "kind", "text", "state"}
        | {"done_at", "done_by_id", "sequence"}
    )
    _erase_fields = ("note",)
    _erase_link = "case_id"

    def write(self, vals):
        if not is_open(self.env):
            if any(row.state != "open" for row in self):
                raise AccessError(self.env._("What was ticked stays on record."))
            self.case_id._check_is_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_engine(self):
        if not is_open(self.env):
            raise UserError(self.env._("The checklist stays on record."))

    def action_done(self):
        """Tick steps that were taken."""
        self._tick("done")

    def action_not_needed(self):
        """Tick steps this dispute does not need; the note says why.

        :raises UserError: the note is missing
        """
        self.check_access("write")
        for row in self:
            if not (row.note or "").strip():
                raise UserError(
                    self.env._("%(step)s: write down why not.", step=row.name)
                )
        self._tick("not_needed")

    def _tick(self, state):
        for row in self:
            row.check_access("write")
            row.case_id.check_access("write")
            row.case_id._check_is_open()
            if row.state != "open":
                raise UserError(self.env._("What was ticked stays on record."))
            row._guarded().write(
                {
                    "state": state,
                    "done_at": fields.Datetime.now(),
                    "done_by_id": self.env.uid,
                }
            )
