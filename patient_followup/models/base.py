# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..tools.tabular import neutralise

PREFIX = "followup."


class Base(models.AbstractModel):
    _inherit = "base"

    def export_data(self, fields_to_export):
        """Export our rows without live formulas, and log those about patients."""
        data = super().export_data(fields_to_export)
        if not self._name.startswith(PREFIX):
            return data
        if self._name == "followup.patient" or "patient_id" in self._fields:
            self.env["followup.access.log"]._log_export(self, fields_to_export)
        data["datas"] = [[neutralise(cell) for cell in row] for row in data["datas"]]
        return data
