# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..models.followup_task import CLOSED_STATES


class FollowupPaperEntry(models.TransientModel):
    """A questionnaire came back on paper: find its follow-up and enter it (M-1).

    The day on the paper is kept as the time of contact; written up long after, it
    counts as entered late, as a call does. Access: callers; the follow-up is found
    among those they may record.
    """

    _name = "followup.paper.entry"
    _description = "Enter a Paper Questionnaire"

    code = fields.Char(string="Return Code", required=True)
    answered_on = fields.Date(string="Date on the Paper", required=True)
    answered_by = fields.Selection(
        [("patient", "Patient"), ("relative", "Relative")],
        default="patient",
        required=True,
    )
    task_id = fields.Many2one(
        "followup.task", compute="_compute_task_id", string="Follow-up"
    )
    patient_id = fields.Many2one(related="task_id.patient_id")

    @api.depends("code")
    @api.depends_context("uid")
    def _compute_task_id(self):
        for entry in self:
            task = entry.task_id._find_by_paper_code(entry.code)
            entry.task_id = task._filtered_access("write")

    def action_enter(self):
        """Record that the paper came, and open its questions.

        :raises UserError: unknown code, closed follow-up, a day that cannot be
        """
        self.ensure_one()
        task = self.task_id
        if not task:
            raise UserError(
                self.env._("No follow-up of yours has this code. Check every letter.")
            )
        if task.state in CLOSED_STATES:
            raise UserError(
                self.env._(
                    "This follow-up is closed already: add what the paper says as a"
                    " correction."
                )
            )
        task._enter_paper(self._get_moment(task), self.answered_by)
        return task._action_open()

    def _get_moment(self, task):
        """Return noon of the day on the paper, in UTC; not later than now."""
        if self.answered_on > self.env["followup.clock"]._today(task.company_id):
            raise ValidationError(
                self.env._("The date on the paper lies in the future.")
            )
        calendar = self.env["followup.clock"]._for_company(task.company_id)
        noon = calendar.to_utc(self.answered_on, 12.0)
        return min(noon, fields.Datetime.now())
