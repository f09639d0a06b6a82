# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.followup_slot_template import KINDS

# as many as a caller reads out and the keys reach
SHOWN = 10


class FollowupAppointmentBook(models.TransientModel):
    """Find a free time for a patient, in a call or for a waiting request (B-3).

    Rights are those of patient, call and appointment: their methods check them.
    """

    _name = "followup.appointment.book"
    _description = "Book an Appointment"

    appointment_id = fields.Many2one("followup.appointment", ondelete="cascade")
    task_id = fields.Many2one("followup.task", ondelete="cascade")
    patient_id = fields.Many2one("followup.patient", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="patient_id.company_id")
    kind = fields.Selection(KINDS, required=True, default="clinic")
    department_id = fields.Many2one(
        "hr.department",
        compute="_compute_department_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Doctor",
        domain="[('id', 'in', doctor_ids)]",
        ondelete="cascade",
        help="Empty: any doctor of the department.",
    )
    doctor_ids = fields.Many2many(
        "res.users", string="Doctors on Offer", compute="_compute_slot_ids"
    )
    day_from = fields.Date(
        string="Earliest Day", default=lambda self: fields.Date.context_today(self)
    )
    wish = fields.Text(string="Patient's Wish")
    slot_ids = fields.Many2many(
        "followup.slot", string="Offered Times", compute="_compute_slot_ids"
    )
    slot_id = fields.Many2one(
        "followup.slot",
        string="Free Times",
        domain="[('id', 'in', slot_ids)]",
        compute="_compute_slot_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        ondelete="cascade",
    )
    has_slots = fields.Boolean(compute="_compute_slot_ids")

    @api.depends("task_id", "patient_id", "appointment_id")
    def _compute_department_id(self):
        mine = self.env.user.followup_department_ids
        for wizard in self:
            departments = wizard.patient_id.department_ids
            wizard.department_id = (
                wizard.appointment_id.department_id
                or wizard.task_id.department_id
                or (departments & mine)[:1]
                or departments[:1]
            )

    @api.depends("kind", "department_id", "user_id", "day_from", "company_id")
    def _compute_slot_ids(self):
        slots = self.env["followup.slot"]
        for wizard in self:
            domain = wizard._get_slot_domain()
            # grouped, as a ward may have thousands of free times
            groups = slots._read_group(domain, ["user_id"])
            wizard.doctor_ids = slots.user_id.union(*(row[0] for row in groups))
            if wizard.user_id:
                domain.append(("user_id", "=", wizard.user_id.id))
            wizard.slot_ids = slots.search(domain, limit=SHOWN)
            wizard.has_slots = bool(wizard.slot_ids)

    @api.depends("kind", "department_id", "user_id", "day_from")
    def _compute_slot_id(self):
        """Propose the first free time."""
        for wizard in self:
            wizard.slot_id = wizard.slot_ids[:1]

    def _get_slot_domain(self):
        domain = [
            ("company_id", "=", self.company_id.id),
            ("kind", "=", self.kind),
            ("department_id", "=", self.department_id.id),
            ("state", "=", "open"),
            ("is_full", "=", False),
            ("starts_at", ">", fields.Datetime.now()),
        ]
        if self.day_from:
            domain.append(("day", ">=", self.day_from))
        return domain

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_book(self):
        """The patient agrees to the time: it is his."""
        appointment = self._get_appointment(needs_slot=True)
        appointment.action_book(self.slot_id)
        return self._finish(appointment)

    def action_offer(self):
        """The patient is not on the phone: he gets the offer and confirms it."""
        appointment = self._get_appointment(needs_slot=True)
        appointment.action_offer(self.slot_id)
        return self._finish(appointment)

    def action_waitlist(self):
        """No time suits: he moves up when one becomes free."""
        appointment = self._get_appointment()
        if appointment.state in ("requested", "offered"):
            appointment.action_waitlist()
        return self._finish(appointment)

    def action_request(self):
        """Leave it to the department to find a time."""
        return self._finish(self._get_appointment())

    def _get_appointment(self, needs_slot=False):
        self.ensure_one()
        if needs_slot and not self.slot_id:
            raise UserError(self.env._("Choose a time."))
        if self.appointment_id:
            self.appointment_id.check_access("write")
            return self.appointment_id
        self._check_allowed()
        rows = self.env["followup.appointment"]
        return rows._request(
            self.patient_id,
            self.kind,
            self.wish,
            task=self.task_id,
            origin="call" if self.task_id else "staff",
            department_id=self.department_id.id,
            user_id=self.user_id.id,
            wish_from=self.day_from,
        )

    def _check_allowed(self):
        self.patient_id.check_access("read")
        self.env["followup.appointment"].check_access("create")
        if self.task_id:
            self.task_id.check_access("write")
            if self.task_id.patient_id != self.patient_id:
                raise UserError(self.env._("This is the call of another patient."))

    def _finish(self, appointment):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": appointment.name,
                "message": appointment._get_result_words(),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
