# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

HEAD = "patient_followup.followup_group_department_head"
KINDS = [("hand_in", "Handed In"), ("acknowledge", "Acknowledged")]


class FollowupReportReceipt(models.Model):
    """A department hands in its half-month table, or acknowledges its sheet.

    It says what it will do and until when (A-7, K-2, K-18). Late is what comes
    after the day it is due, by the hospital's clock (K-17).

    Access: heads their departments, centre managers, inspectors and leaders all.
    Rows come from `_acknowledge` only.
    """

    _name = "followup.report.receipt"
    _description = "Hand-in of a Department"
    _inherit = ["followup.guarded.mixin"]
    _order = "id desc"
    _rec_name = "department_id"

    run_id = fields.Many2one(
        "followup.report.run",
        string="Report",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", required=True)
    department_id = fields.Many2one(
        "hr.department", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(KINDS, required=True)
    given_by_id = fields.Many2one(
        "res.users", string="By", required=True, ondelete="restrict"
    )
    given_at = fields.Datetime(string="When", required=True)
    due_day = fields.Date(string="Due")
    is_late = fields.Boolean(string="Late")
    measure = fields.Text(help="What the department will do.")
    measure_date = fields.Date(string="To Be Done by")

    _guarded_fields = frozenset(
        {"run_id", "company_id", "department_id", "kind", "given_by_id", "given_at"}
        | {"due_day", "is_late", "measure", "measure_date"}
    )
    _department_uniq = models.UniqueIndex(
        "(run_id, department_id)", "This department has answered already."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("What a department handed in stays on record."))


class FollowupReportRun(models.Model):
    _inherit = "followup.report.run"

    receipt_ids = fields.One2many(
        "followup.report.receipt", "run_id", string="Departments"
    )
    can_answer = fields.Boolean(compute="_compute_can_answer")

    @api.depends("receipt_ids")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        for run in self:
            run.can_answer = bool(run._get_unanswered())

    def _get_unanswered(self):
        """Return the departments the user still answers for: his, with figures."""
        self.ensure_one()
        user = self.env.user
        if not user.has_group(HEAD):
            return self.env["hr.department"]
        mine = user.followup_department_ids - self.receipt_ids.department_id
        wanted = [("run_id", "=", self.id), ("department_id", "in", mine.ids)]
        found = self.env["followup.report.line"]._read_group(wanted, ["department_id"])
        return mine.filtered(lambda row: (row,) in found)

    def _acknowledge(self, department, measure, until):
        """Record that a department has its sheet, and what it will do.

        :param str measure: in words; needed
        :param date until: day until which it is done
        :raises AccessError: not the head's own department
        :raises UserError: nothing to acknowledge, or no measure
        """
        self.ensure_one()
        self.check_access("read")
        user = self.env.user
        is_head = user.has_group(HEAD)
        if not is_head or department not in user.followup_department_ids:
            raise AccessError(self.env._("The head of the department answers for it."))
        lines = self.env["followup.report.line"]
        mine = [("run_id", "=", self.id), ("department_id", "=", department.id)]
        if not lines.search_count(mine, limit=1):
            raise UserError(self.env._("This report has no figures of the department."))
        measure = (measure or "").replace("\x00", "").strip()
        if not measure:
            raise UserError(self.env._("Say what the department will do."))
        # sudo: role and department were checked; written by this method only
        rows = self.env["followup.report.receipt"].sudo()._guarded()
        return rows.create(self._prepare_receipt(department, measure, until))

    def _prepare_receipt(self, department, measure, until):
        now = fields.Datetime.now()
        due = self._get_receipt_due()
        today = self.env["followup.clock"]._local_date(self.company_id, now)
        return {
            "run_id": self.id,
            "company_id": self.company_id.id,
            "department_id": department.id,
            "kind": "hand_in" if self.code == "half_month" else "acknowledge",
            "given_by_id": self.env.uid,
            "given_at": now,
            "due_day": due,
            "is_late": bool(due and today > due),
            "measure": measure,
            "measure_date": until,
        }

    def _get_receipt_due(self):
        """Return the day a half-month table is due: the last of its period (K-2).

        Extension point: other reports have no such day.
        """
        return self.date_to if self.code == "half_month" else False
