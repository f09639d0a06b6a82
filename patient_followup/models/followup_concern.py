# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupConcern(models.Model):
    """A red flag, question or opinion raised during a contact (FHIR Flag, X-2)."""

    _name = "followup.concern"
    _description = "Concern"
    _inherit = ["followup.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    task_id = fields.Many2one("followup.task", index="btree_not_null")
    patient_id = fields.Many2one("followup.patient", required=True, index=True)
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    kind = fields.Selection(
        [
            ("red_flag", "Red Flag"),
            ("question", "Question"),
            ("opinion", "Opinion"),
            ("suggestion", "Suggestion"),
            ("praise", "Praise"),
        ],
        required=True,
        default="red_flag",
    )
    text = fields.Text()
    state = fields.Selection(
        [
            ("new", "New"),
            ("assigned", "Assigned"),
            ("answered", "Answered"),
            ("told", "Told"),
            ("closed", "Closed"),
        ],
        default="new",
        required=True,
    )
