# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class FollowupReportAcknowledge(models.TransientModel):
    """A head says what his department will do (K-18, A-7).

    Access: department heads, for their departments.
    """

    _name = "followup.report.acknowledge"
    _description = "Answer to a Report"

    run_id = fields.Many2one("followup.report.run", required=True, readonly=True)
    department_id = fields.Many2one(
        "hr.department",
        required=True,
        domain="[('id', 'in', allowed_department_ids)]",
        default=lambda self: self._default_department(),
    )
    allowed_department_ids = fields.Many2many(
        "hr.department", compute="_compute_allowed_department_ids"
    )
    measure = fields.Text(string="What the Department Will Do", required=True)
    measure_date = fields.Date(string="To Be Done by", required=True)

    @api.model
    def _default_department(self):
        run_id = self.env.context.get("default_run_id")
        run = self.env["followup.report.run"].browse(run_id).exists()
        return run and run._get_unanswered()[:1]

    @api.depends("run_id")
    @api.depends_context("uid")
    def _compute_allowed_department_ids(self):
        for answer in self:
            run = answer.run_id
            answer.allowed_department_ids = run and run._get_unanswered()

    def action_acknowledge(self):
        """Record the answer."""
        self.ensure_one()
        self.run_id._acknowledge(self.department_id, self.measure, self.measure_date)
        return {"type": "ir.actions.act_window_close"}
