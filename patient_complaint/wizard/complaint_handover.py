# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ComplaintHandover(models.TransientModel):
    """Say who handles a case that nobody of the office may (I-8).

    Access: leaders and approvers; only whoever the case was brought before succeeds.
    """

    _name = "complaint.handover"
    _description = "Hand over a Case"

    case_id = fields.Many2one("complaint.case", required=True, ondelete="cascade")
    eligible_user_ids = fields.Many2many(
        "res.users",
        compute="_compute_eligible_user_ids",
        compute_sudo=False,
        export_string_translation=False,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Handled by",
        required=True,
        ondelete="cascade",
        domain="[('id', 'in', eligible_user_ids)]",
    )

    @api.depends("case_id")
    def _compute_eligible_user_ids(self):
        for wizard in self:
            case = wizard.case_id
            case.check_access("read")
            wizard.eligible_user_ids = case._without_conflict(case._get_role_holders())

    def action_confirm(self):
        """Hand the case over; back to the list, as the case is closed to him now."""
        self.ensure_one()
        self.case_id._hand_over(self.user_id)
        action = "patient_complaint.complaint_case_action_before_me"
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(action),
            "target": "main",
        }
