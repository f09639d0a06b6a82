# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.patient_followup.tools.guard import is_open

from .complaint_question import STATES


class ComplaintHearing(models.Model):
    """An employee is heard on a case: what he is asked and what he says (C-13).

    He himself has no access to this row, nor to the case: he gets a
    `complaint.question` that knows of neither.
    Access: the office and cleared members of the team read and ask; rows stay.
    """

    _name = "complaint.hearing"
    _description = "Hearing of an Employee"
    _inherit = ["followup.guarded.mixin"]
    _order = "case_id, asked_at, id"
    _rec_name = "employee_id"

    case_id = fields.Many2one(
        "complaint.case", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    employee_id = fields.Many2one("hr.employee.public", required=True, index=True)
    user_id = fields.Many2one("res.users", string="Account", readonly=True)
    question = fields.Text(
        string="What He Is Asked",
        required=True,
        help="He sees these words and nothing else of the case.",
    )
    deadline = fields.Date(string="Answer until", required=True)
    asked_at = fields.Datetime(
        string="Asked on", readonly=True, default=fields.Datetime.now
    )
    asked_by_id = fields.Many2one(
        "res.users",
        string="Asked by",
        readonly=True,
        default=lambda self: self.env.user,
    )
    answer = fields.Text(string="What He Says", readonly=True)
    answered_at = fields.Datetime(readonly=True)
    state = fields.Selection(STATES, default="asked", readonly=True, required=True)
    question_id = fields.Many2one(
        "complaint.question", readonly=True, index=True, ondelete="set null"
    )

    _guarded_fields = frozenset(
        {"user_id", "asked_at", "asked_by_id", "answer", "answered_at", "state"}
        | {"question_id", "company_id"}
    )
    _erase_fields = ("question", "answer")
    _erase_link = "case_id"

    def _erase_rows(self):
        """Empty what the employee was asked and said as well (Y-1)."""
        if questions := self.question_id:
            questions.flush_recordset()
            self.env.cr.execute(
                SQL(
                    "UPDATE complaint_question SET question = '#' || id, answer = NULL"
                    " WHERE id = ANY(%s)",
                    questions.ids,
                )
            )
            questions.invalidate_recordset()
        return super()._erase_rows()

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        for row in rows:
            row._check_asked()
            row._ask()
            row.case_id._note_handler(self.env.user)
        return rows

    def write(self, vals):
        if not is_open(self.env):
            raise AccessError(self.env._("What was asked stays as it was: ask again."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        raise UserError(self.env._("What was asked stays as it was: ask again."))

    def _check_asked(self):
        self.case_id._check_investigator()
        self.case_id._check_is_open()
        # sudo: accounts of employees are hidden from the office
        user = self.sudo().employee_id.user_id.filtered("active")
        if not user:
            raise ValidationError(
                self.env._(
                    "%(name)s has no account: talk to him and record an interview.",
                    name=self.employee_id.name,
                )
            )
        if self.deadline < fields.Date.context_today(self):
            raise ValidationError(self.env._("Leave time to answer."))

    def _ask(self):
        """Send the question, which says nothing of the case."""
        # sudo: engine write after the checks above; the question is his, not ours
        row = self.sudo()
        user = row.employee_id.user_id
        # in the name of nobody: who asks would tell of the complaint
        questions = row.env["complaint.question"].with_user(SUPERUSER_ID)
        question = questions._guarded()
        question = question.create(
            {
                "user_id": user.id,
                "company_id": row.company_id.id,
                "question": row.question,
                "deadline": row.deadline,
            }
        )
        row._guarded().write(
            {
                "user_id": user.id,
                "asked_by_id": self.env.uid,
                "question_id": question.id,
            }
        )
        question._unguarded()._notify()

    def action_save(self):
        """Close the dialog; saving it has put it on record."""
        self.check_access("read")
        return {"type": "ir.actions.act_window_close"}

    def action_withdraw(self):
        """Take a question back that was not answered yet."""
        for row in self:
            row.case_id._check_investigator()
            if row.state != "asked":
                raise UserError(self.env._("It was answered already."))
            # sudo: engine write after the check above
            row.sudo().question_id._end("withdrawn")
            row.sudo()._guarded().write({"state": "withdrawn"})
