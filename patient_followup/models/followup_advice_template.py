# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

ADVICE_KINDS = [
    ("medicine", "Medicine"),
    ("diet", "Diet"),
    ("lifestyle", "Lifestyle"),
    ("rehabilitation", "Rehabilitation"),
    ("psychological", "Psychological Support"),
    ("return", "When to Come Back"),
]


class FollowupAdviceTemplate(models.Model):
    """A text the caller may give as advice, kept in one place (Q-4, Q-5, Q-15).

    Access: every role reads, centre managers and administrators edit.
    """

    _name = "followup.advice.template"
    _description = "Advice Text"
    _inherit = ["followup.shared.mixin"]
    _order = "kind, sequence, id"

    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(ADVICE_KINDS, required=True, default="lifestyle")
    text = fields.Text(
        string="What Is Advised",
        required=True,
        translate=True,
        help="In the words the patient hears.",
    )
    department_ids = fields.Many2many(
        "hr.department", string="Departments", help="Empty: every one."
    )
    diagnosis_prefixes = fields.Char(
        string="Diagnosis Codes",
        help="ICD-10 codes begin with one of these, as in: I10, E11",
    )

    def _fits(self, department, code):
        """Whether it is offered for a stay of this ward and diagnosis."""
        self.ensure_one()
        if self.department_ids and department not in self.department_ids:
            return False
        prefixes = (self.diagnosis_prefixes or "").upper().replace("，", ",")
        wanted = tuple(part.strip() for part in prefixes.split(",") if part.strip())
        return not wanted or (code or "").upper().startswith(wanted)
