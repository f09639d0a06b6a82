# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..models.followup_concern import CONCERN_TYPES


class FollowupHomeVisitEnd(models.TransientModel):
    """Say why a home visit did not take place, or raise a red flag from it.

    Rights are those of the visits: their methods check them.
    """

    _name = "followup.home.visit.end"
    _description = "End a Home Visit"

    visit_ids = fields.Many2many(
        "followup.home.visit", "followup_home_visit_end_rel", "wizard_id", "visit_id"
    )
    kind = fields.Selection(
        [
            ("not_met", "Nobody Met"),
            ("cancelled", "Cancel"),
            ("red_flag", "Red Flag"),
        ],
        required=True,
        default="not_met",
    )
    concern_type = fields.Selection(
        CONCERN_TYPES, string="What It Is About", default="condition", required=True
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        self.ensure_one()
        if self.kind == "red_flag":
            return self.visit_ids.action_red_flag(
                self.reason, self.concern_type
            )._action_notify_raised()
        step = {
            "not_met": self.visit_ids.action_not_met,
            "cancelled": self.visit_ids.action_cancel,
        }[self.kind]
        step(self.reason)
        return {"type": "ir.actions.act_window_close"}
