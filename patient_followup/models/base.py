# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Command

from ..tools.tabular import neutralise

PREFIX = "followup."
# they name patients without a link to one
NAMING = (
    "followup.patient",
    "followup.import",
    "followup.import.line",
    "followup.research.export",
)


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def _followup_prefixes(self):
        """Return how the names of our models begin; addons on top add theirs."""
        return (PREFIX,)

    @api.model
    def _followup_is_logged(self, fields_to_export):
        """Tell whether an export of this model is about patients."""
        names_patient = any("/" in str(path) for path in fields_to_export)
        names_patient |= self._name in NAMING
        return names_patient or "patient_id" in self._fields

    def export_data(self, fields_to_export):
        """Export our rows without live formulas, and log those about patients."""
        data = super().export_data(fields_to_export)
        if not self._name.startswith(self._followup_prefixes()):
            return data
        if self._followup_is_logged(fields_to_export):
            self.env["followup.access.log"]._log_export(self, fields_to_export)
        data["datas"] = [[neutralise(cell) for cell in row] for row in data["datas"]]
        return data

    # ------------------------------------------------------------
    # WHERE A RECORD GOES
    #
    # Core asks the record rules before a write only, so a record could be handed
    # to a ward or a hospital of others, where its writer has no say.
    # ------------------------------------------------------------

    def write(self, vals):
        """Refuse to hand follow-up records on to where their writer has no say."""
        result = super().write(vals)
        if not self.env.su and self._name.startswith(PREFIX):
            self._followup_check_kept(vals)
        return result

    def _followup_check_kept(self, vals):
        ruled = self.env["ir.rule"]._compute_domain(self._name, "write")
        names = {row.field_expr.split(".")[0] for row in ruled.iter_conditions()}
        moves = not names.isdisjoint(vals)
        # what is computed follows from other values
        moves = moves or any(self._fields[name].compute for name in names)
        if moves and not self.has_access("write"):
            raise AccessError(
                self.env._(
                    "You can give this only to departments and hospitals that you"
                    " are responsible for."
                )
            )

    # ------------------------------------------------------------
    # IDS THAT A CLIENT NAMES
    #
    # Names of linked records and related fields are read with sudo. A form or a
    # dialog would therefore show any patient whose id somebody makes up (I-3).
    # ------------------------------------------------------------

    def onchange(self, values, field_names, fields_spec):
        """Refuse a form that names follow-up records its user may not read."""
        self._followup_check_named(values)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def default_get(self, fields):
        """Refuse defaults from the context, as the values of a form."""
        defaults = super().default_get(fields)
        if self._name.startswith(self._followup_prefixes()):
            self._followup_check_named(defaults)
        return defaults

    def _validate_fields(self, field_names, excluded_names=()):
        """Let dialogs keep only what their user may read."""
        field_names = set(field_names)
        super()._validate_fields(field_names, excluded_names)
        prefixes = self._transient and self._followup_prefixes()
        if not prefixes or not self._name.startswith(prefixes):
            return
        for field in map(self._fields.get, field_names):
            if field.relational and field.comodel_name.startswith(prefixes):
                self[field.name].check_access("read")

    def _followup_check_named(self, values):
        if self.env.su:
            return
        prefixes = self._followup_prefixes()
        for records in self._followup_named(values):
            if records._name.startswith(prefixes):
                records.check_access("read")

    def _followup_named(self, values):
        """Yield the records that form values newly name, those of lines too."""
        for name, value in values.items():
            field = self._fields.get(name)
            if not value or not field or not field.relational:
                continue
            model = self.env[field.comodel_name]
            known = self[name]._ids if self else ()
            for ids, vals in _read_commands(value):
                yield model.browse(id_ for id_ in ids if id_ not in known)
                if vals:
                    yield from model.browse(ids)._followup_named(vals)


def _read_commands(value):
    """Yield (ids, values) of a link, or of each command of a list."""
    for item in value if isinstance(value, list | tuple) else [value]:
        vals = None
        if isinstance(item, list | tuple):
            code, key, rest = [*item, None, None, None][:3]
            if code in (Command.CREATE, Command.UPDATE):
                vals = rest
            ids = rest if code == Command.SET else [key]
        elif isinstance(item, dict):
            ids, vals = [item.get("id")], item
        else:
            ids = [item]
        ids = [i for i in ids or () if isinstance(i, int) and i and i is not True]
        yield ids, vals if isinstance(vals, dict) else None
