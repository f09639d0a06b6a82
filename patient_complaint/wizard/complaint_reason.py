# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..models.complaint_case import KINDS


class ComplaintReason(models.TransientModel):
    """The reason of a step that needs one: withdrawn, not accepted, reopened,
    of another kind, or open again for somebody who was in conflict.

    Rights are those of the case: its methods check them.
    """

    _name = "complaint.reason"
    _description = "Reason of a Step"
    _inherit = ["complaint.dialog.mixin"]

    case_id = fields.Many2one("complaint.case", required=True, ondelete="cascade")
    step = fields.Selection(
        [
            ("withdraw", "Withdrawn by the Complainant"),
            ("not_accept", "Not Accepted"),
            ("reopen", "Reopen"),
            ("kind", "Another Kind"),
            ("lift", "No Longer in Conflict"),
        ],
        required=True,
    )
    kind = fields.Selection(KINDS)
    stale_user_ids = fields.Many2many(
        "res.users",
        compute="_compute_stale_user_ids",
        compute_sudo=False,
        export_string_translation=False,
    )
    user_ids = fields.Many2many(
        "res.users",
        string="May See It Again",
        domain="[('id', 'in', stale_user_ids)]",
        help="Only who is neither named nor below somebody named any more.",
    )
    reason = fields.Text(required=True)

    @api.depends("case_id", "step")
    def _compute_stale_user_ids(self):
        for wizard in self:
            case = wizard.case_id
            case.check_access("read")
            wizard.stale_user_ids = wizard.step == "lift" and (
                case._get_stale_conflicts()
            )

    def action_confirm(self):
        """Take the step with its reason."""
        self.ensure_one()
        case = self.case_id
        steps = {
            "withdraw": case.action_withdraw,
            "not_accept": case.action_not_accept,
            "reopen": case.action_reopen,
            "kind": lambda reason: case._change_kind(self.kind, reason),
            "lift": lambda reason: case._lift(self.user_ids, reason),
        }
        steps[self.step](self.reason)
        return self._close()
