# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupTask(models.Model):
    """A complaint heard on the phone becomes a case with clocks of its own (X-7)."""

    _inherit = "followup.task"

    complaint_case_ids = fields.One2many(
        "complaint.case",
        "task_id",
        string="Complaint Cases",
        groups="patient_complaint.complaint_group_specialist",
    )
