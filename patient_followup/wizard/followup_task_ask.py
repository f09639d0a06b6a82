# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class FollowupTaskAsk(models.TransientModel):
    """Ask a specialist and promise the patient a reply time (X-1, P-6, P-7).

    Rights are those of the task: `action_ask` checks them.
    """

    _name = "followup.task.ask"
    _description = "Ask a Specialist"

    task_id = fields.Many2one("followup.task", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="task_id.company_id")
    text = fields.Text(string="The patient asks", required=True)
    department_id = fields.Many2one(
        "hr.department",
        compute="_compute_department_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        ondelete="cascade",
    )
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
    promised_at = fields.Datetime(
        string="Reply Promised for",
        compute="_compute_promised_at",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        help="Tell the patient this time.",
    )
    deadline_explanation = fields.Char(compute="_compute_deadline_explanation")

    @api.depends("task_id")
    def _compute_department_id(self):
        for wizard in self:
            wizard.department_id = wizard.task_id.department_id

    @api.depends("department_id", "company_id")
    def _compute_directory(self):
        """Who of the department can open the question, and how it is reached (X-9)."""
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

    @api.depends("task_id")
    def _compute_promised_at(self):
        """Propose the end of the answer's clock; the patient hears that time."""
        policies = self.env["followup.concern.policy"]
        now = fields.Datetime.now()
        for wizard in self:
            term = wizard._get_term()
            wizard.promised_at = term and policies._end(wizard.company_id, now, *term)

    @api.depends("task_id")
    def _compute_deadline_explanation(self):
        policies = self.env["followup.concern.policy"]
        now = fields.Datetime.now()
        for wizard in self:
            term = wizard._get_term()
            wizard.deadline_explanation = term and policies._explain_end(
                wizard.company_id, now, *term
            )

    def _get_term(self):
        """Return amount and unit in which a question is answered, or False."""
        policies = self.env["followup.concern.policy"]
        policy = policies._for_kind(self.company_id, "question")
        return policy._get_terms().get("answer", False) if policy else False

    def action_confirm(self):
        self.ensure_one()
        concern = self.task_id.action_ask(
            self.text,
            promised_at=self.promised_at,
            department_id=self.department_id.id,
            specialist_id=self.specialist_id.id,
        )
        return concern._action_notify_raised()
