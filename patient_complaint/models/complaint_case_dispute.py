# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A dispute opens a checklist: sealing, appraisal, mediation, court (section 2)."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    is_dispute = fields.Boolean(
        string="Dispute",
        help="The complainant claims compensation or goes to law: a checklist opens.",
    )
    dispute_ids = fields.One2many(
        "complaint.dispute", "case_id", string="Dispute Checklist"
    )
    dispute_open_count = fields.Integer(
        string="Steps to Do", compute="_compute_dispute_open_count"
    )

    @api.depends("dispute_ids.state")
    def _compute_dispute_open_count(self):
        for case in self:
            rows = case.dispute_ids.filtered(lambda row: row.state == "open")
            case.dispute_open_count = len(rows)

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        cases.filtered("is_dispute")._open_dispute()
        return cases

    def write(self, vals):
        if vals.get("is_dispute") is False and any(
            row.state != "open" for row in self.sudo().dispute_ids
        ):
            # sudo: rows of the case that may be written
            raise UserError(self.env._("The dispute has begun: it stays on record."))
        result = super().write(vals)
        if "is_dispute" in vals:
            self.filtered("is_dispute")._open_dispute()
            closing = self.filtered(lambda case: not case.is_dispute)
            # sudo: engine write, write on the case was checked before
            closing.sudo().dispute_ids._guarded().unlink()
        return result

    def _open_dispute(self):
        """Make the checklist of cases that have none, from the presets."""
        # sudo: engine write, write on the case was checked before
        steps = self.env["complaint.dispute.step"].sudo()
        rows = []
        for case in self.sudo().filtered(lambda case: not case.dispute_ids):
            company = ("company_id", "in", (case.company_id.id, False))
            rows += [
                {
                    "case_id": case.id,
                    "step_id": step.id,
                    "sequence": step.sequence,
                    "name": step.name,
                    "kind": step.kind,
                    "text": step.text,
                }
                for step in steps.search([company])
            ]
        self.env["complaint.dispute"].sudo()._guarded().create(rows)

    def action_close(self):
        """Close no dispute of which a step is neither done nor found needless."""
        for case in self.filtered("dispute_open_count"):
            case.check_access("write")
            raise UserError(
                self.env._(
                    "%(name)s is a dispute: %(count)s steps of its checklist are open.",
                    name=case.name,
                    count=case.dispute_open_count,
                )
            )
        return super().action_close()
