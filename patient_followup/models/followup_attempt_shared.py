# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupAttempt(models.Model):
    _inherit = "followup.attempt"

    shared_with_id = fields.Many2one(
        "followup.attempt",
        string="Same Call As",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="One call made for several tasks: this row repeats that one.",
    )
