# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Collection

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..tools import masking


class FollowupProtectedMixin(models.AbstractModel):
    """Fields written in clear and read masked (I-3, D-9).

    A model names them in `_protected_fields` (field -> kind) and declares each
    as computed by `_compute_protected`, not stored, with its search method,
    beside a stored `<field>_masked`. The clear text never enters the cache, a
    column, a message or an export: `create` and `write` take it out of the
    values and keep it in `followup.protected.value`.
    """

    _name = "followup.protected.mixin"
    _description = "Protected Fields"
    _inherit = "followup.bulk.mixin"

    _protected_fields = {}
    # Who may see clear values and search by number, if he reads the record.
    _reveal_groups = (
        "patient_followup.followup_group_ward_caller",
        "patient_followup.followup_group_centre_caller",
        "patient_followup.followup_group_inspector",
    )

    @api.depends(lambda self: [f"{name}_masked" for name in self._protected_fields])
    def _compute_protected(self):
        for name in self._protected_fields:
            for record in self:
                record[name] = record[f"{name}_masked"]

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        kept = self._take_all_protected(vals_list)
        records = super().create(vals_list)
        records._keep_protected(kept)
        return records

    def _insert(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        kept = self._take_all_protected(vals_list)
        records = super()._insert(vals_list)
        records._keep_protected(kept)
        return records

    def _take_all_protected(self, vals_list):
        kept = [self._take_protected(vals, on_create=True) for vals in vals_list]
        self._check_can_keep(kept)
        return kept

    def _keep_protected(self, kept):
        owners = [
            (record, name, self._protected_fields[name], parsed)
            for record, values in zip(self, kept, strict=True)
            for name, parsed in values.items()
            if parsed
        ]
        # sudo: nobody has access to the store; the right to create is checked before
        self.env["followup.protected.value"].sudo()._keep_new(owners)

    def write(self, vals):
        if not self._written_protected(vals):
            return super().write(vals)
        vals = dict(vals)
        values = self._take_protected(vals)
        self._check_can_keep([values])
        result = super().write(vals)
        for name, parsed in values.items():
            self._replace_protected(name, parsed, vals)
        return result

    def unlink(self):
        model, ids = self._name, self.ids
        result = super().unlink()
        # sudo: nobody has access to the store; the right to delete is checked above
        self.env["followup.protected.value"].sudo()._discard(
            model, ids, list(self._protected_fields)
        )
        return result

    def _written_protected(self, vals):
        return [
            name
            for name in self._protected_fields
            if name in vals or f"{name}_masked" in vals
        ]

    def _check_can_keep(self, kept):
        """Refuse before anything is written where encryption lacks its key."""
        if any(parsed for values in kept for parsed in values.values()):
            # sudo: nobody has access to the store; this only looks for its key
            self.env["followup.protected.value"].sudo()._check_can_keep()

    def _take_protected(self, vals, on_create=False):
        """Move clear values out of `vals`; return `{field: Parsed or None}`.

        Masks are derived here only: what a caller sends as mask is ignored.
        """
        values = {}
        for name, kind in self._protected_fields.items():
            vals.pop(f"{name}_masked", None)
            text = vals.pop(name, None if on_create else ...)
            if on_create and text is None:
                text = self.env.context.get(f"default_{name}")
            if text is ... or self._is_own_mask(name, text):
                continue
            values[name] = self._parse_or_refuse(name, kind, text)
        for name in self._protected_fields:
            if on_create or name in values:
                parsed = values.get(name)
                # set even when empty, so that no default fills the column
                vals[f"{name}_masked"] = parsed.mask if parsed else False
        return values

    def _is_own_mask(self, name, text):
        """Tell whether a screen sent back the mask it was given."""
        return (
            bool(self)
            and masking.is_masked(text)
            and all(record[f"{name}_masked"] == text.strip() for record in self)
        )

    def _parse_or_refuse(self, name, kind, text):
        if not text or not str(text).strip():
            return None
        parsed = None if masking.is_masked(text) else self._parse_protected(kind, text)
        if not parsed:
            # the text itself stays out of the message, which ends in logs
            raise ValidationError(
                self.env._(
                    "%(field)s: this is no complete number. Enter it in full,"
                    " without letters or stars.",
                    field=self._fields[name]._description_string(self.env),
                )
            )
        return parsed

    @api.model
    def _parse_protected(self, kind, text):
        return masking.parse(kind, text)

    def _replace_protected(self, name, parsed, vals):
        """Keep the new value of all records, and tell which really changed."""
        # sudo: nobody has access to the store; the right to write is checked above
        store = self.env["followup.protected.value"].sudo()
        rows = store._rows(self._name, self.ids, name)
        if not parsed:
            store._discard(self._name, list(rows), [name])
            self.browse(rows)._on_protected_changed(name, vals)
            return
        kind = self._protected_fields[name]
        digests = set(store._keyring().digests(kind, parsed.key))
        same = {res_id for res_id, row in rows.items() if row[1] in digests}
        store._keep([(record, name, kind, parsed) for record in self])
        changed = self.filtered(lambda record: record.id not in same)
        changed._on_protected_changed(name, vals)

    def _on_protected_changed(self, name, vals):
        """Called with the records whose protected value is another one now."""

    # ------------------------------------------------------------
    # REVEAL
    # ------------------------------------------------------------

    def _reveal_protected(self, name, reason=None):
        """Return the clear value after checking the right, and log it (Y-2)."""
        self.ensure_one()
        if name not in self._protected_fields:
            raise UserError(self.env._("There is nothing to reveal."))
        self.check_access("read")
        self._check_reveal_role()
        logs = self.env["followup.access.log"]
        logs._check_reveal_limit(self.env.company)
        logs._log("reveal", self, name, reason)
        # sudo: nobody has access to the store; rule, role and limit are checked above
        store = self.env["followup.protected.value"].sudo()
        return store._reveal(self._name, self.id, name)

    def _may_reveal(self):
        return self.env.su or any(map(self.env.user.has_group, self._reveal_groups))

    def _check_reveal_role(self):
        if not self._may_reveal():
            raise AccessError(
                self.env._("Your role does not include seeing numbers in full.")
            )

    # ------------------------------------------------------------
    # SEARCH
    # ------------------------------------------------------------

    def _search_protected_domain(self, name, operator, value):
        """Search method body of a protected field: full number or last four."""
        if operator not in ("in", "ilike", "like", "=like", "=ilike"):
            return NotImplemented
        many = isinstance(value, Collection) and not isinstance(value, str)
        values = list(value) if many else [value]
        texts = [str(item).strip("%") for item in values if item]
        domain = Domain.FALSE
        if not all(values):
            domain |= Domain(f"{name}_masked", "=", False)
        if ids := self._protected_ids(name, texts):
            domain |= Domain("id", "in", ids)
        return domain

    def _protected_ids(self, name, texts):
        if not texts or not self._may_reveal():
            return []
        self.env["followup.access.log"]._log_search(self._name, name, texts)
        # sudo: nobody has access to the store; the ids pass the rules of the search
        store = self.env["followup.protected.value"].sudo()
        ids = []
        for text in filter(self._is_last_four, texts):
            ids += store._owners_by_last_four(self._name, name, text.upper())
        for found in self._match_protected(name, texts).values():
            ids += found
        return ids

    def _is_last_four(self, text):
        return len(text) == masking.KEEP_END and text[:3].isdigit()

    @api.model
    def _search_protected(self, name, number):
        """Return the ids, readable by the caller, of records with this number."""
        self._check_reveal_role()
        return self.search([(name, "=", number)]).ids

    @api.model
    def _match_protected(self, name, numbers):
        """Return `{number as given: [ids]}` for the engine: no rule, no log.

        Full numbers only. The caller answers for what he shows of it.
        """
        kind = self._protected_fields[name]
        keys = {
            number: parsed.key
            for number in numbers
            if (parsed := self._parse_protected(kind, number))
        }
        # sudo: nobody has access to the store; only ids leave this method
        store = self.env["followup.protected.value"].sudo()
        found = store._owners_by_digest(
            self._name, name, kind, list(set(keys.values()))
        )
        return {number: found[key] for number, key in keys.items() if key in found}

    def _protected_keys(self, name):
        """Return `{id: digest}` for the engine: equal digest, equal number."""
        # sudo: nobody has access to the store; digests cannot be turned back
        store = self.env["followup.protected.value"].sudo()
        rows = store._rows(self._name, self.ids, name)
        return {res_id: row[1] for res_id, row in rows.items()}
