# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    followup_readmission = fields.Selection(
        [
            ("keep", "Keep Them on Their Days"),
            ("move", "Move Them by the Days in Hospital"),
            ("cancel", "Cancel Them"),
            ("decide", "Ask for Each"),
        ],
        string="Calls of Earlier Stays",
        default="keep",
        required=True,
        help="What becomes of calls that waited while the patient was in hospital.",
    )
