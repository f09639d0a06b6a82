# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError

from ..tools.guard import GUARD, GUARD_KEY, is_open


class FollowupGuardedMixin(models.AbstractModel):
    """Fields that only the model's own methods may change (D-18).

    RPC `create`, `write`, `copy` and `import` of a field named in
    `_guarded_fields` are refused for everybody, superuser included.
    """

    _name = "followup.guarded.mixin"
    _description = "Guarded Fields"

    _guarded_fields = frozenset()

    # Keys are taken out of the context, which keyword arguments cannot do.
    # pylint: disable=context-overridden

    @api.model_create_multi
    def create(self, vals_list):
        if not is_open(self.env):
            for vals in vals_list:
                self._check_guarded_create(vals)
        # whoever calls a method of ours sends its context, too
        plain = self._without_guarded_defaults()
        return super(FollowupGuardedMixin, plain).create(vals_list)

    def _without_guarded_defaults(self):
        """Return the same records, guarded fields without defaults of the context."""
        names = {f"default_{name}" for name in self._guarded_fields}
        if names.isdisjoint(self.env.context):
            return self
        context = self.env.context.items()
        return self.with_context({k: v for k, v in context if k not in names})

    def write(self, vals):
        if not is_open(self.env):
            self._raise_guarded(self._guarded_fields.intersection(vals))
        return super().write(vals)

    def _check_company(self, fnames=None):
        """Leave to core only rows that may be wrong.

        Core builds a domain for every row and field, which takes more time than
        creating a thousand tasks; comparing the companies says the same.
        """
        names = self._get_company_checked(fnames)
        # sudo: companies are compared, also of links the user may not read
        suspects = self.sudo() if names else self.browse()
        if len(suspects) > 1 and not suspects._may_mix_companies(names):
            return None  # rows of one hospital by the thousand, in one look
        suspects = self.browse(
            record.id for record in suspects if record._may_mix_companies(names)
        )
        return super(FollowupGuardedMixin, suspects)._check_company(fnames)

    def _get_company_checked(self, fnames=None):
        """Return the fields to compare; all of them where the company changes."""
        if fnames is None or "company_id" in fnames:
            fnames = self._fields
        return [
            name
            for name in fnames
            if (field := self._fields.get(name))
            and field.relational
            and field.check_company
        ]

    def _may_mix_companies(self, names):
        """Tell whether any target is not of the one hospital all records are of."""
        if "company_id" not in self or len({r.company_id.id for r in self}) != 1:
            return True
        own = self.company_id
        return any(
            "company_id" not in targets or not targets.company_id <= own
            for name in names
            if (targets := self[name])
        )

    def _guarded(self):
        """Return the same records, allowed to change guarded fields."""
        return self.with_context(**{GUARD_KEY: GUARD})

    def _unguarded(self):
        """Return the same records without the permission, for foreign code."""
        context = dict(self.env.context)
        context.pop(GUARD_KEY, None)
        return self.with_context(context)

    def _check_guarded_create(self, vals):
        """Allow a form to send the default of a guarded field, nothing else."""
        names = self._guarded_fields.intersection(vals)
        if not names:
            return
        defaults = self._unguarded().with_context({}).default_get(list(names))
        self._raise_guarded(
            {
                name
                for name in names
                if (vals[name] or False) != (defaults.get(name) or False)
            }
        )

    def _raise_guarded(self, names):
        if not names:
            return
        labels = ", ".join(
            sorted(self._fields[name]._description_string(self.env) for name in names)
        )
        raise AccessError(
            self.env._(
                "%(fields)s cannot be edited directly: use the buttons of the form.",
                fields=labels,
            )
        )
