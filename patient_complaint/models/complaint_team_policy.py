# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from .complaint_severity_rule import SEVERITIES

DISCIPLINES = [
    ("medical", "Medical"),
    ("nursing", "Nursing"),
    ("administrative", "Administrative"),
]
ORDER = [code for code, _label in SEVERITIES]


class ComplaintTeamPolicy(models.Model):
    """Who has to investigate what, and what the investigation has to show (C-12).

    Of several that fit the strictest counts: their demands are added up.
    Access: every role reads, complaint officers and administrators edit.
    """

    _name = "complaint.team.policy"
    _description = "Investigation Policy"
    _inherit = ["followup.shared.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every hospital."
    )
    source_text = fields.Char(string="Clause", translate=True, help="Where it says so.")
    min_severity = fields.Selection(
        SEVERITIES, string="Severity from", default="low", required=True
    )
    category_ids = fields.Many2many(
        "complaint.category", string="Categories", help="Empty: every category."
    )
    needs_medical = fields.Boolean(string="Medical")
    needs_nursing = fields.Boolean(string="Nursing")
    needs_administrative = fields.Boolean(string="Administrative")
    needs_evidence = fields.Boolean(
        string="Evidence", help="Something has to stand in the evidence log."
    )
    needs_hearing = fields.Boolean(
        string="Hearing", help="Every named employee with an account is heard."
    )
    progress_days = fields.Integer(
        string="Tell Progress Every (Days)",
        default=5,
        help="The complainant hears of it at least so often; 0: never demanded.",
    )

    @api.constrains("progress_days")
    def _check_progress_days(self):
        if any(policy.progress_days < 0 for policy in self):
            raise ValidationError(self.env._("Days are not negative."))

    @api.model
    def _for_case(self, case):
        """Return the policies that a case has to satisfy."""
        # sudo: policies of the hospital of the case, whichever is chosen just now
        case = case.sudo()
        rows = self.sudo().browse(self._ids_of(case.company_id.id))
        return rows.filtered(lambda row: row._fits(case))

    @api.model
    @ormcache("company_id")
    def _ids_of(self, company_id):
        """Return the ids of a hospital's policies: every card of a board asks."""
        # sudo: as above
        domain = [("company_id", "in", (company_id, False))]
        return tuple(self.sudo().search(domain)._ids)

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _fits(self, case):
        self.ensure_one()
        if ORDER.index(case.severity or ORDER[0]) < ORDER.index(self.min_severity):
            return False
        if not self.category_ids:
            return True
        found = case.issue_ids.category_id
        return bool(self.category_ids & (found | found.parent_id))

    def _get_disciplines(self):
        """Return the codes of the disciplines these policies demand."""
        return [
            code
            for code, _label in DISCIPLINES
            if any(policy[f"needs_{code}"] for policy in self)
        ]

    def _get_progress_days(self):
        """Return after how many days of silence word is due, 0 for never."""
        return min(filter(None, self.mapped("progress_days")), default=0)
