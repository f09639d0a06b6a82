# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class FollowupTaskAsk(models.TransientModel):
    """Ask a specialist and promise the patient a reply time (X-1, P-6, P-7).

    Rights are those of the task: `action_ask` checks them.
    """

    _name = "followup.task.ask"
    _description = "Ask a Specialist"
    _inherit = ["followup.heard.mixin", "followup.specialist.mixin"]

    text = fields.Text(string="The patient asks", required=True)
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
