# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupConcern(models.Model):
    """What a patient is not content with becomes a case, linked both ways (X-8)."""

    _inherit = "followup.concern"

    complaint_case_ids = fields.One2many(
        "complaint.case",
        "concern_id",
        string="Complaint Cases",
        groups="patient_complaint.complaint_group_specialist",
    )
