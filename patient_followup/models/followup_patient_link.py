# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Links end with death, withdrawal and merge (I-12)."""

from odoo import models


class FollowupPatient(models.Model):
    _inherit = "followup.patient"

    def _stop_follow_up(self, reason=None):
        self.env["followup.link"]._revoke_of(self, "stopped")
        return super()._stop_follow_up(reason)

    def _merge(self, others, reason=None):
        survivor = super()._merge(others, reason)
        # all links of the person were moved here: whose birth date they asked for
        # may have been another's
        self.env["followup.link"]._revoke_of(survivor, "merged")
        return survivor
