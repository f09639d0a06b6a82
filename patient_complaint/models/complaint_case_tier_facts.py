# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What chose the tiers does not change under them (I-9).

A case made more serious after submission would be decided by too few, one made
milder before by too few as well. The digest holds these facts; changing one voids
the approvals as changing the resolution does.
"""

from odoo import api, models
from odoo.exceptions import UserError

CHOOSING = frozenset({"severity", "reach", "department_id", "is_dispute", "issue_ids"})
CHOOSING_ISSUE = frozenset({"category_id", "department_id", "harm"})
SUBMITTED = ("submitted", "approved")
SERIOUS = ("high", "critical")


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    def _get_tier_facts(self):
        """Return what the rules of approval look at, as plain data."""
        issues = self.issue_ids
        return {
            "severity": self.severity or False,
            "dispute": self._is_a_dispute(),
            "department": self.department_id.id,
            "categories": sorted(issues.category_id.ids),
            "departments": sorted(issues.department_id.ids),
        }

    def write(self, vals):
        result = super().write(vals)
        if not CHOOSING.isdisjoint(vals):
            self._void_unlike()
        return result

    def _void_unlike(self):
        """Void the approvals of what is not as it was submitted."""
        # sudo: engine write; write on the case or its issue was checked before
        for case in self.sudo()._guarded():
            row = case.resolution_id
            if case.state not in ("approval", "resolution"):
                continue
            if row.state in SUBMITTED and row._hash() != row.content_hash:
                row._lock()
                row._keep()

    # ------------------------------------------------------------
    # ANSWER
    # ------------------------------------------------------------

    def _check_step(self, step):
        """On the full track an answer needs an approved resolution (C-15)."""
        super()._check_step(step)
        if step != "answer" or self.kind != "complaint":
            return
        if self.track != "full":
            self._check_simple()
            return
        self._check_approved()

    def _check_simple(self):
        """What is serious is investigated: on the spot no tier would see it (C-16)."""
        if self.severity in SERIOUS:
            raise UserError(
                self.env._(
                    "%(name)s is serious: it has to be investigated, and its answer"
                    " approved.",
                    name=self.name,
                )
            )

    def _check_approved(self):
        """What is told was approved, to the letter."""
        # sudo: the digest of rows the caller may answer from
        resolution = self.sudo().resolution_id
        if resolution.state == "approved" and (
            resolution._hash() != resolution.content_hash
        ):
            raise UserError(
                self.env._(
                    "The resolution of %(name)s is not as it was approved: revise and"
                    " submit it again.",
                    name=self.name,
                )
            )
        if resolution.state != "approved":
            raise UserError(
                self.env._(
                    "%(name)s is answered when its resolution has been approved.",
                    name=self.name,
                )
            )


class ComplaintIssue(models.Model):
    _inherit = "complaint.issue"

    @api.model_create_multi
    def create(self, vals_list):
        issues = super().create(vals_list)
        issues.case_id._void_unlike()
        return issues

    def write(self, vals):
        result = super().write(vals)
        if not CHOOSING_ISSUE.isdisjoint(vals):
            self.case_id._void_unlike()
        return result
