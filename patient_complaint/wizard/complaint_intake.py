# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ComplaintIntake(models.TransientModel):
    """Register what a patient complains of during a call, in one step.

    Rights are those of the call or concern: `_register_from` checks them.
    """

    _name = "complaint.intake"
    _description = "Register a Complaint from Follow-up"
    _inherit = ["complaint.dialog.mixin"]

    task_id = fields.Many2one("followup.task", ondelete="cascade")
    concern_id = fields.Many2one("followup.concern", ondelete="cascade")
    text = fields.Text(
        string="In the Complainant's Words",
        compute="_compute_text",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    complainant_relation = fields.Selection(
        [
            ("self", "Patient"),
            ("spouse", "Spouse"),
            ("parent", "Parent"),
            ("child", "Child"),
            ("other", "Other"),
        ],
        string="Who Complains",
        default="self",
        required=True,
    )
    department_id = fields.Many2one(
        "hr.department",
        string="It Is About",
        compute="_compute_text",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        ondelete="cascade",
    )
    safety_risk = fields.Boolean(string="Patients at Risk")

    @api.depends("task_id", "concern_id")
    def _compute_text(self):
        for wizard in self:
            source = wizard.concern_id or wizard.task_id
            wizard.text = wizard.text or wizard.concern_id.text
            wizard.department_id = wizard.department_id or source.department_id

    def action_confirm(self):
        """Register the case and tell its number."""
        self.ensure_one()
        case = self.env["complaint.case"]._register_from(
            self.concern_id or self.task_id,
            {
                "description": self.text,
                "complainant_relation": self.complainant_relation,
                "department_id": self.department_id.id,
                "safety_risk": self.safety_risk,
            },
        )
        told = {
            "type": "success",
            "message": self.env._(
                "Registered as %(number)s: tell the patient this number.",
                number=case.name,
            ),
            "sticky": True,
            "next": {"type": "ir.actions.act_window_close"},
        }
        return self._close(
            {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": told,
            }
        )
