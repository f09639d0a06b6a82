# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class FollowupProtectedMixin(models.AbstractModel):
    """Anonymisation deletes the kept numbers with their digests."""

    _inherit = "followup.protected.mixin"

    def _erase_rows(self):
        # sudo: nobody has access to the store; anonymisation checked the right
        self.env["followup.protected.value"].sudo()._discard(
            self._name, self.ids, list(self._protected_fields)
        )
        return super()._erase_rows()
