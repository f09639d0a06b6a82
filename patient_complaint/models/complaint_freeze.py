# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.patient_followup.tools.guard import is_open


class ComplaintFreeze(models.Model):
    """A time in which the clocks of a case stand still, with its reason.

    Clocks set by law and clocks that are late already run on.
    Access: whoever reads the case; specialists add rows, nobody changes one.
    """

    _name = "complaint.freeze"
    _description = "Freeze of the Clocks"
    _order = "id desc"
    _rec_name = "reason_id"

    case_id = fields.Many2one(
        "complaint.case", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    reason_id = fields.Many2one("complaint.freeze.reason", required=True)
    note = fields.Char(string="Waiting for")
    started_at = fields.Datetime(
        string="From", required=True, readonly=True, default=fields.Datetime.now
    )
    until = fields.Datetime(string="Until at the Latest", readonly=True)
    ended_at = fields.Datetime(string="Resumed", readonly=True)
    by_id = fields.Many2one(
        "res.users",
        string="Frozen by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )

    _erase_fields = ("note",)
    _erase_link = "case_id"

    @api.model_create_multi
    def create(self, vals_list):
        now = fields.Datetime.now()
        vals_list = [
            {
                **vals,
                "started_at": now,
                "until": False,
                "ended_at": False,
                "by_id": self.env.uid,
            }
            for vals in vals_list
        ]
        rows = super().create(vals_list)
        for row in rows:
            row.case_id._freeze_clocks(row)
        return rows

    def write(self, vals):
        if not is_open(self.env):
            raise AccessError(self.env._("A freeze stays on record as it was."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_made(self):
        raise UserError(self.env._("A freeze stays on record as it was."))

    def action_save(self):
        """Close the dialog; saving it has frozen the clocks."""
        self.check_access("read")
        return {"type": "ir.actions.act_window_close"}
