# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Named employees whom no question can reach: they are asked on paper (C-13)."""

from odoo import api, fields, models

OVER = ("closed", "withdrawn", "not_accepted")


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    unheard_note = fields.Char(
        compute="_compute_unheard_note",
        compute_sudo=False,
        export_string_translation=False,
    )

    @api.depends("state", "issue_ids.employee_ids", "evidence_ids.employee_id")
    @api.depends_context("uid", "lang")
    def _compute_unheard_note(self):
        for case in self:
            names = [] if case.state in OVER else case._get_without_account()
            case.unheard_note = bool(names) and self.env._(
                "%(names)s: no account, so no question can be sent. Whoever"
                " investigates asks in person or on paper and records the answer as"
                " an interview with this employee.",
                names=", ".join(names),
            )

    def _get_without_account(self):
        """Return names of named employees who can get no question and were not asked.

        Whoever an interview on record is with was asked.
        """
        self.ensure_one()
        # sudo: accounts of employees are hidden from the office; only whether there
        # is one is told, of employees the reader sees named
        lacking = self.issue_ids.employee_ids.filtered(
            lambda employee: not employee.sudo().user_id.active
        )
        interviews = self.evidence_ids.filtered(lambda row: row.kind == "interview")
        return (lacking - interviews.employee_id).mapped("name")

    def _get_proof_gaps(self, policies):
        """Who can get no question is heard all the same (C-13)."""
        yield from super()._get_proof_gaps(policies)
        if any(policies.mapped("needs_hearing")):
            # sudo: named employees and interviews count, whoever looks
            for name in self.sudo()._get_without_account():
                yield self.env._("Hearing: %(name)s was not heard", name=name)
