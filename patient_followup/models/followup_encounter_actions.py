# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import AccessError


class FollowupEncounter(models.Model):
    """What the centre manager does with a stay by hand."""

    _inherit = "followup.encounter"

    def action_generate_plans(self):
        """Button: make what follow-up is missing for these stays."""
        self.check_access("write")
        self.generate_plans()

    def action_cancel_discharge(self):
        """Take a discharge back (撤销出院): the patient is still in hospital."""
        self._check_manager()
        self.filtered("discharge_date").write({"discharge_date": False})

    def action_cancel(self):
        """Declare that the stay never was; its open tasks are withdrawn."""
        self._check_manager()
        self._guarded().write({"is_cancelled": True})

    def action_restore(self):
        self._check_manager()
        self._guarded().write({"is_cancelled": False})
        self.filtered("discharge_date").generate_plans()

    def _check_manager(self):
        self.check_access("write")
        if not self._is_manager():
            raise AccessError(self.env._("Only the centre manager may do this."))
