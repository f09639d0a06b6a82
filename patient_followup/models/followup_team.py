# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupTeam(models.Model):
    """Who follows up for a department (A-3, A-5, D-6)."""

    _name = "followup.team"
    _description = "Follow-up Team"
    _order = "department_id, id"

    department_id = fields.Many2one("hr.department", required=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    member_ids = fields.One2many("followup.team.member", "team_id")
    hotline = fields.Char()
    unit_type = fields.Selection(
        [
            ("ward", "Ward"),
            ("outpatient", "Outpatient Clinic"),
            ("checkup", "Health Examination"),
            ("imaging", "Imaging"),
            ("special", "Special Clinic"),
            ("centre", "Follow-up Centre"),
        ],
        default="ward",
        required=True,
    )
