# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..models.followup_report_run import REPORTS
from ..tools import periods


class FollowupReportProduce(models.TransientModel):
    """Choose a report and a period, see it (K-4).

    Access: centre managers and inspectors for follow-up, the complaint office for
    complaints.
    """

    _name = "followup.report.produce"
    _description = "Make a Report"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    code = fields.Selection(
        selection="_selection_code",
        string="Report",
        required=True,
        default=lambda self: self._selection_code()[0][0],
    )
    period_kind = fields.Selection(
        periods.PERIODS, string="Length", required=True, default="month"
    )
    day = fields.Date(
        string="A Day of the Period",
        required=True,
        default=lambda self: self._default_day(),
    )
    basis = fields.Selection(
        [("discharge", "Discharged in the Period"), ("due", "Due in the Period")],
        string="Counted Are",
        required=True,
        default="discharge",
    )
    department_id = fields.Many2one(
        "hr.department", check_company=True, help="Empty: the whole hospital."
    )
    date_from = fields.Date(string="From", compute="_compute_dates")
    date_to = fields.Date(string="To", compute="_compute_dates")

    @api.model
    def _selection_code(self):
        """Return the reports that the user's role makes."""
        runs = self.env["followup.report.run"]
        labels = dict(runs._fields["code"]._description_selection(self.env))
        user = self.env.user
        return [
            (code, labels[code])
            for code, _label in REPORTS
            if self.env.su or user.has_groups(runs._get_producers(code))
        ] or list(labels.items())

    @api.model
    def _default_day(self):
        """Return the last day of the month before."""
        today = self.env["followup.clock"]._today(self.env.company)
        return today.replace(day=1) - relativedelta(days=1)

    @api.depends("day", "period_kind")
    def _compute_dates(self):
        for choice in self:
            bounds = (False, False)
            if choice.day and choice.period_kind:
                bounds = periods.period_of(choice.period_kind, choice.day)
            choice.date_from, choice.date_to = bounds

    def action_produce(self):
        """Compute the report and open it; a long one in the background."""
        self.ensure_one()
        jobs = self.env["followup.report.job"]
        if jobs._is_long(*periods.period_of(self.period_kind, self.day)):
            return self._open(
                jobs._ask(
                    *(self.code, self.period_kind, self.day, self.basis),
                    self.department_id,
                )
            )
        run = self.env["followup.report.run"]._produce(
            self.code, self.period_kind, self.day, self.basis, self.department_id
        )
        return self._open(run)

    @api.model
    def _open(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
            "name": record.display_name,
        }
