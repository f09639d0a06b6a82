# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    """How a hospital books: terms of offers, reminders, teams of visits."""

    _inherit = "res.company"

    followup_slot_horizon_days = fields.Integer(
        string="Bookable Days Ahead",
        default=28,
        help="Times of clinics are made so many days ahead.",
    )
    followup_offer_hours = fields.Integer(
        string="Hours an Offer Stands",
        default=24,
        help="Afterwards the place goes to the next patient on the wait list.",
    )
    followup_remind_hours = fields.Integer(
        string="Reminder Hours Before",
        default=24,
        help="A confirmed appointment is reminded of so many hours before.",
    )
    followup_no_show_days = fields.Integer(
        string="Working Days to Call after a No-Show",
        default=1,
        help="Whoever did not come is called within so many working days.",
    )
    followup_visit_team_size = fields.Integer(
        string="People of a Home Visit",
        default=2,
        help="At least one of them a doctor or a nurse.",
    )

    _booking_terms = models.Constraint(
        "CHECK (followup_slot_horizon_days BETWEEN 1 AND 400"
        " AND followup_offer_hours >= 1 AND followup_remind_hours >= 0"
        " AND followup_no_show_days >= 0 AND followup_visit_team_size >= 1)",
        "Terms of bookings are positive, and times are made 400 days ahead at most.",
    )
