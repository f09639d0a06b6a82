# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Booking from a call: an expert, a re-check on the next visit date (P-8, P-13)."""

from odoo import api, fields, models

from ..tools.checked import checked
from .followup_appointment import OPEN_STATES

# what became of the patient's wish: what is booked for it
KIND_OF_OUTCOME = {"expert": "clinic", "recheck": "clinic"}


class FollowupTask(models.Model):
    _inherit = "followup.task"

    appointment_ids = fields.One2many(
        "followup.appointment", "task_id", string="Appointments"
    )
    is_unbooked = fields.Boolean(
        string="Re-check Not Booked",
        compute="_compute_is_unbooked",
        search="_search_is_unbooked",
        help="A next visit was agreed and no appointment stands for it (B-6).",
    )

    @api.depends("next_visit_date", "appointment_ids")
    def _compute_is_unbooked(self):
        for task in self:
            task.is_unbooked = bool(task.next_visit_date and not task.appointment_ids)

    def _search_is_unbooked(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("next_visit_date", "!=", False), ("appointment_ids", "=", False)]

    @checked
    def action_book(self, outcome=None):
        """Open the dialog that books for the patient of this call.

        :param outcome: `expert` or `recheck`; a re-check begins on the day agreed
        """
        self.ensure_one()
        self.check_access("write")
        self._check_contactable()
        context = {
            "default_task_id": self.id,
            "default_patient_id": self.patient_id.id,
            "default_kind": KIND_OF_OUTCOME.get(outcome, "clinic"),
        }
        if self.next_visit_date:
            context["default_day_from"] = fields.Date.to_string(self.next_visit_date)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book an Appointment"),
            "res_model": "followup.appointment.book",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }

    def _screen_health(self):
        return {**super()._screen_health(), "appointments": self._screen_appointments()}

    def _screen_appointments(self):
        """What the patient has booked or asked for and is still to come."""
        rows = self.env["followup.appointment"].search(
            [
                ("patient_id", "=", self.patient_id.id),
                ("state", "in", OPEN_STATES),
            ],
            limit=5,
        )
        labels = dict(rows._fields["state"]._description_selection(self.env))
        kinds = dict(rows._fields["kind"]._description_selection(self.env))
        return [
            {
                "id": row.id,
                "name": row.name,
                "kind": kinds[row.kind],
                "state": labels[row.state],
                "starts_at": str(row.starts_at) if row.starts_at else False,
            }
            for row in rows
        ]
