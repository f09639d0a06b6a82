# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class FollowupHeardMixin(models.AbstractModel):
    """Head of a dialog in which a caller writes down what he heard.

    Rights are those of the task, which the method behind the dialog checks.
    """

    _name = "followup.heard.mixin"
    _description = "Heard in a Call"

    task_id = fields.Many2one("followup.task", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="task_id.company_id")
    department_id = fields.Many2one(
        "hr.department",
        compute="_compute_department_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        ondelete="cascade",
    )

    @api.depends("task_id")
    def _compute_department_id(self):
        for wizard in self:
            wizard.department_id = wizard.task_id.department_id


class FollowupSpecialistMixin(models.AbstractModel):
    """Whom of a department a question may be put to, and how to reach it (X-9).

    Needs a `department_id`. Rights are those of the method behind the dialog.
    """

    _name = "followup.specialist.mixin"
    _description = "Choice of a Specialist"

    hotline = fields.Char(compute="_compute_directory")
    directory = fields.Text(string="Rooms and Numbers", compute="_compute_directory")
    specialist_ids = fields.Many2many(
        "res.users", string="Who May Be Asked", compute="_compute_directory"
    )
    specialist_id = fields.Many2one(
        "res.users",
        domain="[('id', 'in', specialist_ids)]",
        compute="_compute_specialist_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        help="Empty: the doctor or the head of the department.",
        ondelete="cascade",
    )

    @api.depends("department_id")
    def _compute_directory(self):
        """Who of the department can open the question, and how it is reached."""
        callers = self.env["res.users"]._followup_callers()
        for wizard in self:
            team = wizard.department_id.followup_team_ids[:1]
            wizard.hotline = team.hotline
            wizard.directory = team.directory
            members = team.member_ids.filtered(
                lambda member: member.profession in ("doctor", "head")
            )
            wizard.specialist_ids = (members.user_id | team.head_user_id) & callers

    @api.depends("department_id")
    def _compute_specialist_id(self):
        """Another department has other specialists."""
        for wizard in self:
            wizard.specialist_id = wizard.specialist_id & wizard.specialist_ids
