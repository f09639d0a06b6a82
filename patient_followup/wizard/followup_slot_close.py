# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from ..models.followup_appointment import OPEN_STATES


class FollowupSlotClose(models.TransientModel):
    """Close booked times and say what becomes of the patients (B-3).

    Rights are those of the times: whoever may edit them may close them.
    """

    _name = "followup.slot.close"
    _description = "Close Booked Times"

    slot_ids = fields.Many2many(
        "followup.slot", "followup_slot_close_rel", "wizard_id", "slot_id"
    )
    company_id = fields.Many2one(related="slot_ids.company_id")
    booked_count = fields.Integer(
        string="Booked Patients", compute="_compute_booked_count"
    )
    choice = fields.Selection(
        [
            ("requested", "Find another time for each"),
            ("waitlist", "Put them on the wait list"),
            ("move", "Move them to another time"),
            ("cancel", "Cancel and tell them"),
        ],
        string="What Becomes of the Patients",
        required=True,
        default="requested",
    )
    target_id = fields.Many2one(
        "followup.slot", string="Other Time", ondelete="cascade"
    )
    reason = fields.Char(required=True)

    def _compute_booked_count(self):
        for wizard in self:
            wizard.booked_count = sum(wizard.slot_ids.mapped("booked"))

    def action_confirm(self):
        self.ensure_one()
        self.slot_ids.check_access("write")
        if self.choice == "move" and not self.target_id:
            raise UserError(self.env._("Choose the other time."))
        # closed first: nobody moves up into a time that is given up
        self.slot_ids._close(self.reason)
        # sudo: patients of other wards are booked here too; whoever closes the
        # time may decide, and sees none of them
        for row in self.sudo().slot_ids.appointment_ids.sorted("confirmed_at"):
            if row.state in OPEN_STATES:
                self._settle(row)
        return {"type": "ir.actions.act_window_close"}

    def _settle(self, row):
        """Move one patient out of the time and tell him."""
        if self.choice == "cancel":
            row.action_cancel(self.reason)
        elif self.choice == "waitlist":
            row._wait()
        elif self.choice == "move":
            row._offer(row._find_slot(self.target_id))
        else:
            row._leave_time("requested", waiting_since=False)
            version = f"closed:{self.slot_ids[:1].id}"
            row._notify("appointment_received", version=version)
