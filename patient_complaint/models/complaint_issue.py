# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.patient_followup.tools.guard import is_open

HARMS = [
    ("none", "No Harm"),
    ("minor", "Minor, Short-Lived"),
    ("moderate", "Treatment Needed"),
    ("severe", "Lasting Harm"),
    ("death", "Death"),
]
STAGES = [
    ("registration", "Registration and Admission"),
    ("examination", "Examination and Diagnosis"),
    ("treatment", "Treatment and Operation"),
    ("ward", "Care on the Ward"),
    ("discharge", "Discharge and Payment"),
    ("after", "After Discharge"),
]


class ComplaintIssue(models.Model):
    """One problem of a case; a letter holds two on average (C-1, C-6).

    Access: whoever reads the case; specialists write while it is open.
    """

    _name = "complaint.issue"
    _description = "Complaint Issue"
    _order = "case_id, sequence, id"
    _rec_name = "category_id"

    case_id = fields.Many2one(
        "complaint.case", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    category_id = fields.Many2one(
        "complaint.category", index=True, domain=[("child_ids", "=", False)]
    )
    department_id = fields.Many2one(
        "hr.department", string="Department Concerned", index="btree_not_null"
    )
    handler_department_id = fields.Many2one(
        "hr.department",
        string="Looked into by",
        compute="_compute_handler_department_id",
        help="Functional department of the category.",
    )
    employee_ids = fields.Many2many(
        "hr.employee.public",
        "complaint_issue_employee_rel",
        "issue_id",
        "employee_id",
        string="Named Employees",
    )
    stage = fields.Selection(STAGES, string="Stage of Care")
    harm = fields.Selection(HARMS, default="none", required=True)
    text = fields.Text(string="What Happened")
    finding = fields.Selection(
        [
            ("upheld", "Upheld"),
            ("partly", "Partly Upheld"),
            ("not_upheld", "Not Upheld"),
            ("undetermined", "Cannot Be Determined"),
        ],
        string="Conclusion",
    )
    cause_ids = fields.Many2many(
        "complaint.cause", string="Causes", domain=[("child_ids", "=", False)]
    )
    lesson = fields.Text(string="Lesson Learnt")

    _erase_fields = ("text", "lesson")
    _erase_link = "case_id"

    @api.depends("category_id", "company_id")
    def _compute_handler_department_id(self):
        for issue in self:
            category = issue.category_id
            handler = category._get_department(issue.company_id) if category else False
            issue.handler_department_id = handler

    @api.model_create_multi
    def create(self, vals_list):
        issues = super().create(vals_list)
        issues._check_open()
        return issues

    def write(self, vals):
        if not is_open(self.env) and not {"case_id", "company_id"}.isdisjoint(vals):
            raise AccessError(self.env._("An issue stays with its case."))
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_triaged(self):
        if any(issue.case_id.state != "received" for issue in self):
            raise UserError(
                self.env._("What was assessed stays on record: say what was found.")
            )

    def _check_open(self):
        """What a closed case says stays as it is."""
        self.case_id._check_is_open()
