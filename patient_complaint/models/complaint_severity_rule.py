# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .complaint_issue import HARMS

REACHES = [
    ("single", "One Patient"),
    ("several", "Several Patients or Repeated"),
    ("public", "Media, Authority or Legal Dispute"),
]
SEVERITIES = [
    ("low", "Low"),
    ("medium", "Medium"),
    ("high", "High"),
    ("critical", "Critical"),
]


class ComplaintSeverityRule(models.Model):
    """One cell of the severity matrix: harm and reach give a severity (C-7).

    The cell of the hospital counts before the shared one.
    Access: every role reads, complaint officers and administrators edit.
    """

    _name = "complaint.severity.rule"
    _description = "Severity Matrix"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"
    _rec_name = "severity"

    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )
    harm = fields.Selection(HARMS, required=True)
    reach = fields.Selection(REACHES, required=True)
    severity = fields.Selection(SEVERITIES, required=True)

    _cell_uniq = models.UniqueIndex(
        "(harm, reach, COALESCE(company_id, 0))", "This cell is filled already."
    )

    @api.model
    def _propose(self, company, harms, reach):
        """Return the highest severity the matrix gives for these harms, or False."""
        # sudo: the matrix of the hospital of the case, whichever is chosen just now
        rules = self.sudo().search(
            [
                ("harm", "in", list(harms)),
                ("reach", "=", reach),
                ("company_id", "in", (company.id, False)),
            ]
        )
        cells = {}
        for rule in rules.sorted(lambda rule: bool(rule.company_id)):
            cells[rule.harm] = rule.severity
        order = [code for code, _label in SEVERITIES]
        return max(cells.values(), key=order.index, default=False)
