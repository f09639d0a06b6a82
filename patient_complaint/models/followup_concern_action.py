# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupConcern(models.Model):
    """Opinions and suggestions lead to improvements without a complaint (S-5, O-5)."""

    _inherit = "followup.concern"

    complaint_action_ids = fields.One2many(
        "complaint.action", "concern_id", string="Rectification"
    )
