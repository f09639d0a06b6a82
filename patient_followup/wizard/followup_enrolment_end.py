# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupEnrolmentEnd(models.TransientModel):
    """Ask why a programme is paused, left or completed."""

    _name = "followup.enrolment.end"
    _description = "Pause or End an Enrolment"

    enrolment_ids = fields.Many2many(
        "followup.enrolment",
        string="Enrolments",
        required=True,
        default=lambda self: self._default_enrolment_ids(),
    )
    step = fields.Selection(
        [("pause", "Pause"), ("leave", "The Patient Leaves"), ("complete", "Complete")],
        string="What to Do",
        default="leave",
        required=True,
    )
    reason = fields.Char(required=True)

    def _default_enrolment_ids(self):
        if self.env.context.get("active_model") == "followup.enrolment":
            return self.env.context.get("active_ids") or []
        return []

    def action_confirm(self):
        self.ensure_one()
        actions = {
            "pause": self.enrolment_ids.action_pause,
            "leave": self.enrolment_ids.action_leave,
            "complete": self.enrolment_ids.action_complete,
        }
        actions[self.step](self.reason)
        return {"type": "ir.actions.act_window_close"}
