# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupProtocolStep(models.Model):
    _inherit = "followup.protocol.step"

    script_opening = fields.Text(
        string="Opening Line",
        translate=True,
        help="Who calls and why (P-4). {caller}, {hospital}, {department} and"
        " {patient} are filled in. Empty: the usual line.",
    )
    script_closing = fields.Text(
        string="Closing Line",
        translate=True,
        help="Good wishes and good-bye (P-4). Empty: the usual line.",
    )
