# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _read_format(self, fnames, load="_classic_read"):
        """Log who reads the file of a list beside its form (Y-2)."""
        self.env["followup.access.log"]._log_file(self, fnames)
        return super()._read_format(fnames, load)
