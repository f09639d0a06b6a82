# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..models.followup_task import CLOSED_STATES, OPEN_STATES
from ..report.followup_document import MAX_SHEETS

REGISTER = "patient_followup.followup_register_report"
SHEETS = "patient_followup.followup_record_sheet_report"


class FollowupRegister(models.TransientModel):
    """What to print of a period: a register, or all record sheets (R-3, R-5).

    The month before is proposed: its sheets are handed in on the day the hospital
    set. Access: whoever works with follow-ups; the lines are those he may read.
    """

    _name = "followup.register"
    _description = "Print a Register"

    kind = fields.Selection(
        [
            ("followups", "Register of follow-ups"),
            ("discharges", "Register of discharges"),
            ("sheets", "Record sheets to hand in"),
        ],
        default="followups",
        required=True,
    )
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._default_month()[0]
    )
    date_to = fields.Date(
        string="To", required=True, default=lambda self: self._default_month()[1]
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    department_ids = fields.Many2many(
        "hr.department",
        string="Departments",
        domain="[('company_id', 'in', [company_id, False])]",
        help="Empty: all you may see.",
    )
    level = fields.Selection([("1", "Level 1"), ("2", "Level 2")])
    state = fields.Selection(
        [("made", "Made"), ("open", "Still open"), ("other", "Refused or cancelled")],
        help="Empty: all.",
    )

    @api.model
    def _default_month(self):
        """Return the first and the last day of the month before."""
        today = self.env["followup.clock"]._today(self.env.company)
        first = today.replace(day=1) - relativedelta(months=1)
        return first, today.replace(day=1) - relativedelta(days=1)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        if any(choice.date_to < choice.date_from for choice in self):
            raise ValidationError(self.env._("The last day lies before the first."))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_print(self):
        """Print what was chosen; an empty choice is said in words."""
        self.ensure_one()
        rows = self
        if self.kind == "sheets":
            rows = self._search_rows(MAX_SHEETS + 1)
            if not rows:
                raise UserError(self.env._("No follow-up was made in this period."))
        # sudo: the definition of a report; what it prints is checked there
        report = self.env.ref(SHEETS if rows != self else REGISTER).sudo()
        return report.report_action(rows.ids, config=False)

    # ------------------------------------------------------------
    # LINES
    # ------------------------------------------------------------

    def _search_rows(self, limit):
        """Return what the user may read of the choice, at most `limit` rows."""
        return self._get_model().search(self._get_domain(), order="id", limit=limit)

    def _count_rows(self):
        return self._get_model().search_count(self._get_domain())

    def _get_model(self):
        self.ensure_one()
        is_stays = self.kind == "discharges"
        return self.env["followup.encounter" if is_stays else "followup.task"]

    def _get_domain(self):
        domain = Domain("company_id", "=", self.company_id.id)
        if self.department_ids:
            domain &= Domain("department_id", "child_of", self.department_ids.ids)
        if self.kind == "discharges":
            return domain & self._in_period("discharge_day")
        if self.level:
            domain &= Domain("level", "=", self.level)
        if self.kind == "sheets":
            return domain & Domain("state", "=", "done") & self._made_in_period()
        states = {
            "made": ("done",),
            "open": OPEN_STATES,
            "other": tuple(set(CLOSED_STATES) - {"done"}),
        }
        if self.state:
            domain &= Domain("state", "in", states[self.state])
        made = Domain("state", "=", "done") & self._made_in_period()
        due = Domain("state", "!=", "done") & self._in_period("due_day")
        return domain & (made | due)

    def _made_in_period(self):
        return self._in_period("completed_day")

    def _in_period(self, name):
        return Domain(name, ">=", self.date_from) & Domain(name, "<=", self.date_to)

    def _get_filter_words(self):
        """Return [(what, how)] as it stands above the register."""
        self.ensure_one()
        # sudo: names of the departments that were chosen
        names = self.sudo().department_ids.mapped("name")
        words = [
            (self.env._("Period"), f"{self.date_from} – {self.date_to}"),
            (self.env._("Department"), ", ".join(names) or self.env._("All")),
        ]
        if self.kind == "followups":
            for name in ("level", "state"):
                field = self._fields[name]
                if self[name]:
                    labels = dict(field._description_selection(self.env))
                    label = field._description_string(self.env)
                    words.append((label, labels[self[name]]))
        return words
