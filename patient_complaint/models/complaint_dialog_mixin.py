# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ComplaintDialogMixin(models.AbstractModel):
    """A dialog whose words are kept where they belong, and nowhere else (Y-1).

    Odoo keeps the rows of dialogs until its nightly clean-up; reasons and what
    patients complain of do not wait for it.
    """

    _name = "complaint.dialog.mixin"
    _description = "Dialog That Forgets"

    def _close(self, result=None):
        """Delete the dialog; return `result`, or what closes its window."""
        # sudo: no role deletes rows of dialogs; it is the caller's own
        self.sudo().unlink()
        return result or {"type": "ir.actions.act_window_close"}
