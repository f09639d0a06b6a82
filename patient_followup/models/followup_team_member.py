# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupTeamMember(models.Model):
    """A person of a team with profession and title."""

    _name = "followup.team.member"
    _description = "Follow-up Team Member"
    _order = "team_id, sequence, id"

    team_id = fields.Many2one(
        "followup.team", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="team_id.company_id", store=True, index=True)
    department_id = fields.Many2one(related="team_id.department_id", store=True)
    user_id = fields.Many2one("res.users", required=True, index=True)
    sequence = fields.Integer(default=10)
    profession = fields.Selection(
        [
            ("doctor", "Doctor"),
            ("nurse", "Nurse"),
            ("head_nurse", "Head Nurse"),
            ("head", "Head"),
            ("clerk", "Clerk"),
        ],
        required=True,
        default="nurse",
    )
    title = fields.Selection(
        selection=lambda self: (
            self.env["followup.protocol.step"]._fields["min_title"].selection
        ),
        default="none",
        required=True,
    )
