# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

# Writing one of these may give somebody a role.
ROLE_FIELDS = {"user_ids", "all_user_ids", "implied_ids", "implied_by_ids"}


class ResGroups(models.Model):
    """Whoever gives or takes a follow-up role stands in the access log (D-18)."""

    _inherit = "res.groups"

    @api.model_create_multi
    def create(self, vals_list):
        before = self._followup_all_role_pairs()
        groups = super().create(vals_list)
        self._followup_log_role_changes(before)
        return groups

    def write(self, vals):
        if ROLE_FIELDS.isdisjoint(vals):
            return super().write(vals)
        before = self._followup_all_role_pairs()
        result = super().write(vals)
        self._followup_log_role_changes(before)
        return result

    @api.model
    def _followup_roles(self):
        """Return the groups that are follow-up roles; other addons add theirs."""
        return self._followup_find_groups("patient_followup", "followup_group_")

    @api.model
    def _followup_find_groups(self, module, prefix):
        """Return the groups of an addon whose external ids begin so."""
        # sudo: external ids are not readable for user administrators
        rows = self.env["ir.model.data"].sudo()
        rows = rows.search(
            [
                ("model", "=", "res.groups"),
                ("module", "=", module),
                ("name", "=like", f"{prefix}%"),
            ]
        )
        return self.browse(rows.mapped("res_id")).exists()

    @api.model
    def _followup_all_role_pairs(self):
        """Return {(user id, group id)} of everybody with a follow-up role."""
        # sudo: compares before and after, whoever is shown
        roles = self._followup_roles().sudo().with_context(active_test=False)
        return {(user.id, group.id) for group in roles for user in group.all_user_ids}

    @api.model
    def _followup_log_role_changes(self, before):
        after = self._followup_all_role_pairs()
        self.env["res.users"]._followup_log_roles(before, after)
