# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.patient_followup.tools.guard import is_open


class ComplaintFeedback(models.Model):
    """One contact with the complainant: what he was told, how, when (C-2, C-17).

    Telling the plan or the answer moves the case and stops its clocks.
    Access: whoever reads the case; specialists add rows, nobody changes one.
    """

    _name = "complaint.feedback"
    _description = "Contact with the Complainant"
    _order = "at desc, id desc"
    _rec_name = "kind"

    case_id = fields.Many2one(
        "complaint.case", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(
        [
            ("acknowledgement", "Receipt Confirmed"),
            ("plan", "What Will Be Done"),
            ("progress", "Progress"),
            ("extension", "It Takes Longer"),
            ("answer", "Answer"),
        ],
        string="What Was Told",
        required=True,
        default="acknowledgement",
    )
    method = fields.Selection(
        [
            ("phone", "Phone"),
            ("in_person", "In Person"),
            ("letter", "Letter"),
            ("email", "E-mail"),
            ("message", "Short Message"),
            ("posted", "Posted (Anonymous)"),
        ],
        required=True,
        default="phone",
    )
    at = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    by_id = fields.Many2one(
        "res.users",
        string="Told by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    content = fields.Text(string="In Which Words", required=True)
    reaction = fields.Text(string="What the Complainant Said")
    satisfaction = fields.Selection(
        [
            ("1", "Very Dissatisfied"),
            ("2", "Dissatisfied"),
            ("3", "Neither"),
            ("4", "Satisfied"),
            ("5", "Very Satisfied"),
        ],
        string="Satisfaction (1-5)",
    )

    _erase_fields = ("content", "reaction")
    _erase_link = "case_id"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["by_id"] = self.env.uid
        rows = super().create(vals_list)
        for row in rows.sorted("at"):
            row._check_told()
            row.case_id._on_told(row)
        return rows

    def write(self, vals):
        if not is_open(self.env):
            raise AccessError(
                self.env._("What was told stays on record: add another contact.")
            )
        return super().write(vals)

    def _check_told(self):
        case = self.case_id
        case.check_access("write")
        case._check_is_open()
        if not case.received_at <= self.at <= fields.Datetime.now():
            raise UserError(
                self.env._("It was told after the case came in and before now.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told(self):
        raise UserError(
            self.env._("What was told stays on record: add another contact.")
        )

    def action_save(self):
        """Close the dialog; saving it has recorded the contact."""
        self.check_access("read")
        return {"type": "ir.actions.act_window_close"}
