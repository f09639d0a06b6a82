# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupTeam(models.Model):
    """What the papers say that patients of the department take home (E-16)."""

    _inherit = "followup.team"

    leaflet_text = fields.Text(
        string="To Be Reported at Once",
        translate=True,
        help="Printed on what patients take home: signs with which they call at"
        " once. Empty: the usual signs. Never printed for sensitive departments.",
    )
