# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import approvals
from ..tools.lists import read_lists
from .complaint_case_approver import INVOLVED
from .complaint_severity_rule import SEVERITIES
from .complaint_sla_policy import UNITS

APPROVERS = [
    ("department_head", "Head of the Department"),
    ("functional_head", "Head of the Functional Department"),
    ("quality_office", "Quality Office"),
    ("vice_president", "Vice President"),
    ("president", "President"),
    ("user", "Named Persons"),
    ("group", "A Group"),
]
ORDER = [code for code, _label in SEVERITIES]


class ComplaintApprovalRule(models.Model):
    """One tier of approval: when it is needed, who decides, how fast (C-15).

    Rules of one sequence and approver make one tier. A rule that lets a
    resolution pass makes it need no tier at all.
    Access: every role reads; administrators edit, never who submits.
    """

    _name = "complaint.approval.rule"
    _description = "Approval Rule"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="Lower tiers decide first.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )
    source_text = fields.Char(string="Clause", translate=True, help="Where it says so.")
    # when
    passes = fields.Boolean(
        string="Passes without Approval", help="Such a resolution needs no tier."
    )
    min_severity = fields.Selection(SEVERITIES, string="Severity from")
    max_severity = fields.Selection(SEVERITIES, string="Severity up to")
    amount_from = fields.Float(string="Amount from", digits=(16, 2))
    amount_limited = fields.Boolean(string="Only up to an Amount")
    amount_to = fields.Float(string="Amount up to", digits=(16, 2))
    category_ids = fields.Many2many(
        "complaint.category", string="Categories", help="Empty: every category."
    )
    department_ids = fields.Many2many(
        "hr.department",
        "complaint_approval_rule_department_rel",
        "rule_id",
        "department_id",
        string="Departments",
        help="And those below them. Empty: every department.",
    )
    only_dispute = fields.Boolean(string="Only Disputes")
    # who
    approver = fields.Selection(APPROVERS, default="department_head", required=True)
    user_ids = fields.Many2many(
        "res.users",
        "complaint_approval_rule_user_rel",
        "rule_id",
        "user_id",
        string="Persons",
    )
    group_id = fields.Many2one("res.groups", ondelete="restrict")
    minimum = fields.Integer(
        string="Approvals Needed", default=1, required=True, help="By so many persons."
    )
    may_bulk = fields.Boolean(
        string="May Be Approved Together",
        help="Several at once from the list, without opening each.",
    )
    # how fast
    amount = fields.Integer(string="Within", default=1, required=True)
    unit = fields.Selection(UNITS, default="working_days", required=True)
    remind_hours = fields.Integer(string="Reminder, Hours before", default=4)
    repeat_hours = fields.Integer(string="Repeated every (Hours)", default=24)

    _minimum_positive = models.Constraint(
        "CHECK (minimum > 0)", "A tier needs at least one approval."
    )
    _times_positive = models.Constraint(
        "CHECK (amount > 0 AND remind_hours >= 0 AND repeat_hours > 0)",
        "Times are positive.",
    )

    @api.constrains("approver", "user_ids", "group_id", "passes")
    def _check_approver(self):
        for rule in self.filtered(lambda rule: not rule.passes):
            named = {"user": rule.user_ids, "group": rule.group_id}
            if rule.approver in named and not named[rule.approver]:
                raise ValidationError(
                    self.env._("%(name)s: say who decides.", name=rule.name)
                )

    @api.model
    def _for_case(self, case, resolution):
        """Return the rules that fit a case and what its resolution costs."""
        resolution = resolution.sudo()  # sudo: its price chooses the rules
        # sudo: rules of the hospital of the case, whichever is chosen just now
        rules = self.sudo().search_fetch(
            [("company_id", "in", (case.company_id.id, False))]
        )
        read_lists(
            *((case.sudo(), name) for name in INVOLVED),
            *((rules, name) for name in ("category_ids", "department_ids", "user_ids")),
            *((resolution, name) for name in ("remedy_ids", "proposer_ids")),
            (rules, "user_ids.complaint_away_ids"),
        )
        amount = resolution.amount_total
        return rules.filtered(lambda rule: rule._fits(case, amount))

    def _fits(self, case, amount):
        self.ensure_one()
        limit = self.amount_to if self.amount_limited else None
        bounds = (self.min_severity, self.max_severity, self.amount_from, limit)
        if not approvals.passes(case.severity, amount, bounds, ORDER):
            return False
        if self.only_dispute and not case._is_a_dispute():
            return False
        return self._fits_scope(case)

    def _fits_scope(self, case):
        """Whether category and department, or one above them, are named."""
        if self.category_ids:
            categories = case.issue_ids.category_id
            if not self.category_ids & (categories | categories.parent_id):
                return False
        if not self.department_ids:
            return True
        departments = case.department_id | case.issue_ids.department_id
        paths = "".join(department.parent_path or "" for department in departments)
        return any(str(unit.id) in paths.split("/") for unit in self.department_ids)

    def _say_why(self):
        """Return in words what makes this rule fit."""
        self.ensure_one()
        _ = self.env._
        labels = dict(self._fields["min_severity"]._description_selection(self.env))
        words = []
        if self.min_severity:
            words.append(_("severity from %(at)s", at=labels[self.min_severity]))
        if self.max_severity:
            words.append(_("severity up to %(at)s", at=labels[self.max_severity]))
        if self.amount_from:
            words.append(_("amount from %(at)s", at=f"{self.amount_from:,.2f}"))
        if self.amount_limited:
            words.append(_("amount up to %(at)s", at=f"{self.amount_to:,.2f}"))
        if self.only_dispute:
            words.append(_("a dispute"))
        words += self.category_ids.mapped("display_name")
        # sudo: names of departments, which approvers do not all read
        words += self.department_ids.sudo().mapped("name")
        return ", ".join(words) or _("every resolution")

    def _get_tier_key(self):
        """Rules with the same key ask for the same tier."""
        self.ensure_one()
        named = tuple(self.user_ids.ids) if self.approver == "user" else ()
        group = self.group_id.id if self.approver == "group" else False
        return self.sequence, self.approver, named, group
