# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

# what of a stay a rule of a key group looks at
RULE_FIELDS = {"diagnosis_code", "procedure_code", "procedure_date", "patient_id"}


class FollowupEncounter(models.Model):
    """A stay puts its patient into key groups, before protocols look at them."""

    _inherit = "followup.encounter"

    def _after_create(self):
        self.env["followup.patient.category"]._assign(self)
        return super()._after_create()

    def _after_change(self, changed, patients):
        if changed & RULE_FIELDS:
            self.env["followup.patient.category"]._assign(self)
        return super()._after_change(changed, patients)
