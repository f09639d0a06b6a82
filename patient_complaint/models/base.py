# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.patient_followup.tools.tabular import neutralise

PREFIX = "complaint."


class Base(models.AbstractModel):
    _inherit = "base"

    def export_data(self, fields_to_export):
        """Export cases without live formulas, and log who took them out (Y-2)."""
        data = super().export_data(fields_to_export)
        if not self._name.startswith(PREFIX):
            return data
        if "case_id" in self._fields or self._name == "complaint.case":
            self.env["followup.access.log"]._log_export(self, fields_to_export)
        data["datas"] = [[neutralise(cell) for cell in row] for row in data["datas"]]
        return data

    @api.model
    def default_get(self, fields):
        """Refuse defaults from the context that name what the user may not read."""
        defaults = super().default_get(fields)
        if self._name.startswith(PREFIX):
            self._followup_check_named(defaults)
        return defaults

    def _validate_fields(self, field_names, excluded_names=()):
        """Let dialogs keep only what their user may read."""
        field_names = set(field_names)
        super()._validate_fields(field_names, excluded_names)
        if not self._transient or not self._name.startswith(PREFIX):
            return
        for field in map(self._fields.get, field_names):
            if field.relational and field.comodel_name.startswith(
                (PREFIX, "followup.")
            ):
                self[field.name].check_access("read")

    def _followup_check_named(self, values):
        """Cases, too, are named only by whoever may read them (I-3, I-8)."""
        super()._followup_check_named(values)
        if self.env.su:
            return
        for records in self._followup_named(values):
            if records._name.startswith(PREFIX):
                records.check_access("read")
