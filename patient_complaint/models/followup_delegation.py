# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.patient_followup.models.followup_delegation import ARRANGERS

from ..tools.lists import read_lists

APPROVER = "patient_complaint.complaint_group_approver"


class FollowupDelegation(models.Model):
    """A deputy decides complaints, too, while the approver is away (C-15)."""

    _inherit = "followup.delegation"

    # whoever had a hand in the choice, not only the first and the last
    arranger_ids = fields.Many2many(
        "res.users",
        "complaint_delegation_arranger_rel",
        "delegation_id",
        "user_id",
        string="Arranged by",
        readonly=True,
        copy=False,
    )

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
    def _approval_deputies(self, users, case, resolution):
        """Return {absent approver: deputy} of today, first arranged first.

        Only what the absent person or an arranger of the hospital set up counts,
        who has no part in the case; nobody makes himself the deputy (C-15, I-8).
        """
        # sudo: the caller may not see the hospital the absent person works for
        # one look for all who may be asked next
        asked = case.sudo().approval_ids.approver_ids | users.sudo()
        read_lists((asked, "complaint_away_ids"))
        rows = users.sudo().complaint_away_ids.sorted("id", reverse=True)
        return {
            row.user_id.sudo(False): row.deputy_id.sudo(False)
            for row in rows
            if row.date_from <= self._today(row.company_id) <= row.date_to
            and row.deputy_id.active
            and row._covers(case.department_id)
            and row._may_decide(case, resolution)
        }

    def _may_decide(self, case, resolution):
        """Whether whoever had a hand in this row may choose who decides the case."""
        # who left the hospital since counts, too
        row = self.with_context(active_test=False)
        authors = row.create_uid | row.write_uid | row.arranger_ids
        authors -= self.env.ref("base.user_root")
        return (
            self.deputy_id not in authors
            and authors.sudo(False) <= case._filter_apart(authors, resolution)
            and all(
                author == self.user_id or author.has_groups(ARRANGERS)
                for author in authors
            )
        )

    def _note_arranger(self):
        """Keep who arranged it: a later hand does not wash off an earlier one."""
        # sudo: no role writes this field
        for row in self.sudo():
            if self.env.user not in row.arranger_ids:
                # past our own `write`, which takes this field from nobody
                models.Model.write(row, {"arranger_ids": [(4, self.env.uid)]})
        return self

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            {name: vals[name] for name in vals if name != "arranger_ids"}
            for vals in vals_list
        ]
        rows = super().create(vals_list)
        rows._note_arranger()
        self.env["complaint.approval"]._refresh_turns_of(rows.user_id)
        return rows

    def write(self, vals):
        before = self.user_id
        vals = {name: vals[name] for name in vals if name != "arranger_ids"}
        result = super().write(vals)
        self._note_arranger()
        self.env["complaint.approval"]._refresh_turns_of(before | self.user_id)
        return result

    def unlink(self):
        users = self.user_id
        result = super().unlink()
        self.env["complaint.approval"]._refresh_turns_of(users)
        return result


class ResUsers(models.Model):
    _inherit = "res.users"

    complaint_away_ids = fields.One2many(
        "followup.delegation",
        "user_id",
        string="Absences with a Deputy",
        groups=fields.NO_ACCESS,
    )
