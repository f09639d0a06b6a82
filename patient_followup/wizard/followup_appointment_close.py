# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class FollowupAppointmentClose(models.TransientModel):
    """Refuse, cancel or decline appointments, with the reason (B-4).

    Rights are those of the appointments: their methods check them.
    """

    _name = "followup.appointment.close"
    _description = "End an Appointment"

    appointment_ids = fields.Many2many(
        "followup.appointment",
        "followup_appointment_close_rel",
        "wizard_id",
        "appointment_id",
        default=lambda self: self._default_appointment_ids(),
    )
    kind = fields.Selection(
        [("refuse", "Not Possible"), ("cancel", "Cancel"), ("decline", "Other Time")],
        required=True,
        default="cancel",
    )
    reason = fields.Text(required=True)

    @api.model
    def _default_appointment_ids(self):
        if self.env.context.get("active_model") != "followup.appointment":
            return False
        return self.env.context.get("active_ids")

    def action_confirm(self):
        self.ensure_one()
        rows = self.appointment_ids
        step = {
            "refuse": rows.action_refuse,
            "cancel": rows.action_cancel,
            "decline": rows.action_decline,
        }[self.kind]
        step(self.reason)
        return {"type": "ir.actions.act_window_close"}
