# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupTeam(models.Model):
    """How lists and interfaces call the department (D-14)."""

    _inherit = "followup.team"

    code = fields.Char(
        string="Department Code", help="As the hospital information system sends it."
    )
    alias_names = fields.Char(
        string="Other Names",
        help="Names of the department in discharge lists, separated by semicolons.",
    )
