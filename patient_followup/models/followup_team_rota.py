# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupTeamRota(models.Model):
    """Who calls on one day; it goes before the weekdays of the members (A-5).

    Access: every role reads; heads plan their departments, the centre all.
    """

    _name = "followup.team.rota"
    _description = "Calling Rota"
    _order = "date desc, id"
    _rec_name = "user_id"

    team_id = fields.Many2one(
        "followup.team", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="team_id.company_id", store=True, index=True)
    department_id = fields.Many2one(
        related="team_id.department_id", store=True, index=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today, index=True)
    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="cascade"
    )

    _day_uniq = models.UniqueIndex(
        "(team_id, date, user_id)", "This person is on the rota of this day already."
    )
