# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    """What a hospital lets pass when records are compared with what people say."""

    _inherit = "res.company"

    followup_verify_days = fields.Integer(
        string="Days Memory May Differ",
        default=3,
        help="A patient who remembers the level 1 call within so many days of the"
        " recorded one confirms it.",
    )
