# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Links end where one of them may have reached a stranger (E-9)."""

from odoo import models


class FollowupPatientContact(models.Model):
    _inherit = "followup.patient.contact"

    def write(self, vals):
        written = super().write(vals)
        if vals.get("validity") == "wrong":
            self.env["followup.link"]._revoke_of(self.patient_id, "number")
        return written
