# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.patient_followup.models.followup_delegation import ARRANGERS

APPROVER = "patient_complaint.complaint_group_approver"


class FollowupDelegation(models.Model):
    """A deputy decides complaints, too, while the approver is away (C-15)."""

    _inherit = "followup.delegation"

    @api.constrains("deputy_id", "user_id", "company_id")
    def _check_deputy(self):
        """Whoever approves may stand in for another approver without calling."""
        # sudo: roles and hospitals of others are hidden from heads
        approving = self.filtered(lambda row: row.deputy_id.sudo().has_group(APPROVER))
        for row in approving:
            if row.company_id not in row.deputy_id.sudo().company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s works in another hospital.",
                        user=row.deputy_id.sudo().name,
                    )
                )
        return super(FollowupDelegation, self - approving)._check_deputy()

    @api.model
    def _approval_deputies(self, users, department):
        """Return {absent approver: deputy} of today, first arranged first.

        Only what the absent person or an arranger of the hospital set up counts;
        nobody makes himself the deputy of whoever decides (C-15).
        """
        # sudo: the caller may not see the hospital the absent person works for
        rows = self.sudo().search(
            self._active_domain() & fields.Domain("user_id", "in", users.ids),
            order="id desc",
        )
        return {
            row.user_id.sudo(False): row.deputy_id.sudo(False)
            for row in rows
            if row.deputy_id.active and row._covers(department) and row._may_decide()
        }

    def _may_decide(self):
        """Whether whoever wrote this row may choose who decides."""
        authors = self.create_uid | self.write_uid
        return self.deputy_id not in authors and all(
            author == self.user_id
            or author._is_superuser()
            or author.has_groups(ARRANGERS)
            for author in authors
        )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self.env["complaint.approval"]._refresh_turns_of(rows.user_id)
        return rows

    def write(self, vals):
        before = self.user_id
        result = super().write(vals)
        self.env["complaint.approval"]._refresh_turns_of(before | self.user_id)
        return result

    def unlink(self):
        users = self.user_id
        result = super().unlink()
        self.env["complaint.approval"]._refresh_turns_of(users)
        return result
