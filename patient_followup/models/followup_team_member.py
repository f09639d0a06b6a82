# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

# Titles of a protocol step's `min_title`, lowest first.
TITLE_RANKS = {"none": 0, "attending": 1, "deputy_chief": 2, "chief": 3}
WEEKDAYS = (
    "duty_monday",
    "duty_tuesday",
    "duty_wednesday",
    "duty_thursday",
    "duty_friday",
    "duty_saturday",
    "duty_sunday",
)


class FollowupTeamMember(models.Model):
    """A person of a team: profession, title and the weekdays he calls.

    Membership gives access to the department's patients. Access: every role
    reads; centre managers and administrators edit.
    """

    _name = "followup.team.member"
    _description = "Follow-up Team Member"
    _order = "team_id, sequence, id"
    _rec_name = "user_id"

    team_id = fields.Many2one(
        "followup.team", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="team_id.company_id", store=True, index=True)
    department_id = fields.Many2one(
        related="team_id.department_id", store=True, index=True
    )
    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="cascade"
    )
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
        [
            ("none", "None"),
            ("attending", "Attending Physician"),
            ("deputy_chief", "Deputy Chief Physician"),
            ("chief", "Chief Physician"),
        ],
        default="none",
        required=True,
    )
    duty_monday = fields.Boolean(string="Mon")
    duty_tuesday = fields.Boolean(string="Tue")
    duty_wednesday = fields.Boolean(string="Wed")
    duty_thursday = fields.Boolean(string="Thu")
    duty_friday = fields.Boolean(string="Fri")
    duty_saturday = fields.Boolean(string="Sat")
    duty_sunday = fields.Boolean(string="Sun")

    _user_uniq = models.UniqueIndex(
        "(team_id, user_id)", "This person is in the team already."
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        self.env["res.users"]._followup_refresh_departments()
        return members

    def write(self, vals):
        result = super().write(vals)
        if not {"team_id", "user_id"}.isdisjoint(vals):
            self.env["res.users"]._followup_refresh_departments()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["res.users"]._followup_refresh_departments()
        return result
