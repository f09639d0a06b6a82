# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    followup_link_days = fields.Integer(
        string="Days a Link Is Valid",
        default=14,
        help="A link to the patient's page is valid so long, or until the last day"
        " of the follow-up if that is later.",
    )
    followup_link_max_days = fields.Integer(
        string="Longest Validity",
        default=60,
        help="No link is valid longer than so many days.",
    )
    followup_emergency_number = fields.Char(
        string="Emergency Number",
        default="120",
        help="Shown to patients who report something that cannot wait.",
    )

    _followup_link_days_positive = models.Constraint(
        "CHECK (followup_link_days > 0 AND followup_link_max_days > 0)",
        "A link is valid for at least one day.",
    )
