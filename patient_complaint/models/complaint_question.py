# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.patient_followup.tools.guard import is_open

STATES = [
    ("asked", "Asked"),
    ("answered", "Answered"),
    ("withdrawn", "Withdrawn"),
]


class ComplaintQuestion(models.Model):
    """What one employee is asked, and his answer; nothing of the case (I-8).

    It holds no link to a case, so none can be followed. Its name is neutral (D-7).
    Access: only the employee himself, any internal user; he writes his answer.
    """

    _name = "complaint.question"
    _description = "Question to an Employee"
    _inherit = ["followup.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, index=True)
    question = fields.Text(string="You Are Asked", required=True, readonly=True)
    deadline = fields.Date(string="Answer Until", readonly=True)
    answer = fields.Text(string="Your Answer")
    answered_at = fields.Datetime(readonly=True)
    state = fields.Selection(STATES, default="asked", required=True, readonly=True)

    _guarded_fields = frozenset(
        {"company_id", "user_id", "question", "deadline", "answered_at", "state"}
    )

    @api.depends("create_date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = self.env._("Question %(number)s", number=row.id or "")

    @api.model_create_multi
    def create(self, vals_list):
        if not is_open(self.env):
            raise AccessError(self.env._("Only the investigation asks."))
        quiet = self.with_context(mail_create_nosubscribe=True, mail_create_nolog=True)
        return super(ComplaintQuestion, quiet).create(vals_list).with_env(self.env)

    def write(self, vals):
        if not is_open(self.env) and "answer" in vals:
            self._check_mine()
        return super().write(vals)

    def _check_mine(self):
        for row in self:
            if row.user_id != self.env.user or row.state != "asked":
                raise UserError(self.env._("This question is closed."))

    def action_answer(self):
        """Send the answer; it cannot be changed afterwards."""
        for row in self:
            row.check_access("write")
            row._check_mine()
            if not (row.answer or "").strip():
                raise UserError(self.env._("Write your answer first."))
            # sudo: engine write; he has no access to the hearing, nor may have
            hearing = self.env["complaint.hearing"].sudo()
            hearing = hearing.search([("question_id", "=", row.id)])
            now = fields.Datetime.now()
            hearing._guarded().write(
                {"answer": row.answer, "answered_at": now, "state": "answered"}
            )
            row._end("answered", now)
            for asked in hearing:
                asked.case_id._ask_to_read(asked.asked_by_id)

    def _end(self, state, at=False):
        """Close the question and its to-dos."""
        # sudo: engine write, callers checked
        row = self.sudo()._guarded()
        row.write({"state": state, "answered_at": at})
        row.activity_ids.unlink()

    def _notify(self):
        self.activity_schedule(
            "patient_complaint.mail_activity_type_question",
            user_id=self.user_id.id,
            date_deadline=self.deadline,
        )
