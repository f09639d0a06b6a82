# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError


class FollowupSharedMixin(models.AbstractModel):
    """Configuration of one hospital, or without a company of all (D-17).

    Access: what serves all hospitals is changed by administrators and by whoever
    works for all of them; the manager of one hospital duplicates it for his own.
    """

    _name = "followup.shared.mixin"
    _description = "Shared Configuration"

    # the field that names the hospital of a row; without one it is shared
    _shared_owner = "company_id"

    @api.model_create_multi
    def create(self, vals_list):
        field = self._fields.get(self._shared_owner)
        if field and not field.related and not self._may_edit_shared():
            vals_list = [self._prepare_own(vals) for vals in vals_list]
        records = super().create(vals_list)
        records._check_may_edit_shared()
        return records

    def write(self, vals):
        self._check_may_edit_shared()
        result = super().write(vals)
        self._check_may_edit_shared()
        return result

    def unlink(self):
        self._check_may_edit_shared()
        return super().unlink()

    def _update_field_translations(self, field_name, *args, **kwargs):
        self._check_may_edit_shared()
        return super()._update_field_translations(field_name, *args, **kwargs)

    @api.model
    def _prepare_own(self, vals):
        """Return the values of a new row, for the hospital of its user."""
        name = self._shared_owner
        return {**vals, name: vals.get(name) or self.env.company.id}

    @api.model
    def _may_edit_shared(self):
        """Tell whether the user answers for every hospital."""
        user = self.env.user
        if self.env.su or user.has_group(
            "patient_followup.followup_group_administrator"
        ):
            return True
        # sudo: hospitals he may not see are what is asked for
        others = self.env["res.company"].sudo()
        return not others.search_count(
            [("id", "not in", user.company_ids.ids)], limit=1
        )

    def _check_may_edit_shared(self):
        shared = self.filtered(lambda row: not row._get_shared_owner())
        if shared and not self._may_edit_shared():
            raise AccessError(
                self.env._(
                    "%(name)s serves every hospital: only the administrator changes"
                    " it. Duplicate it to make one for your hospital.",
                    name=shared[:1].display_name,
                )
            )

    def _get_shared_owner(self):
        """Return the hospital of the row; none where it is shared."""
        self.ensure_one()
        if self._shared_owner not in self._fields:
            return self.env["res.company"]
        # sudo: whose row it is decides whether the user may change it
        return self.sudo()[self._shared_owner]
