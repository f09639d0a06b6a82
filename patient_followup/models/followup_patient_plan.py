# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class FollowupPatient(models.Model):
    _inherit = "followup.patient"

    def _filter_followed(self):
        """Return the patients who may get new plans: alive and willing (I-12)."""
        return self.filtered(lambda patient: not patient.contact_blocked)
