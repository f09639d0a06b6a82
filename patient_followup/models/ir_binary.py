# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _record_to_stream(self, record, field_name):
        """Log who downloads a list of patients, by whatever address (Y-2)."""
        self.env["followup.access.log"]._log_file(record, [field_name])
        return super()._record_to_stream(record, field_name)
