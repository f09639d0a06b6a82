# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

PREFIXES = {
    "followup.appointment": ("Appointment", "A%(year)s-"),
    "followup.home.visit": ("Home Visit", "H%(year)s-"),
}


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

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        for company in companies.sudo():
            # sudo: whoever adds hospitals need not administer sequences
            company._followup_make_booking_sequences()
        return companies

    @api.model
    def _followup_number_bookings(self):
        """Number the bookings of the hospitals that were there first."""
        # every hospital, of which there are few
        for company in self.search([]):  # pylint: disable=no-search-all
            company._followup_make_booking_sequences()

    def _followup_make_booking_sequences(self):
        for code in PREFIXES:
            self._followup_booking_sequence(code)

    def _followup_booking_sequence(self, code):
        """Return the hospital's own sequence of neutral numbers (D-7)."""
        self.ensure_one()
        name, prefix = PREFIXES[code]
        sequences = self.env["ir.sequence"]
        return sequences.search(
            [("code", "=", code), ("company_id", "=", self.id)], limit=1
        ) or sequences.create(
            {
                "name": f"{name} ({self.name})",
                "code": code,
                "prefix": prefix,
                "padding": 6,
                "company_id": self.id,
            }
        )

    def _followup_next_number(self, code):
        """Return the next neutral number, such as A2026-000123."""
        # sudo: sequences are not readable for callers
        sequence = self.sudo()._followup_booking_sequence(code)
        zone = self.env["followup.clock"]._for_company(self).tz
        return sequence.with_context(tz=str(zone)).next_by_id()
