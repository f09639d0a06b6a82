# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Raising a red flag from a call, before its form is finished (X-2)."""

from odoo import fields, models
from odoo.exceptions import UserError

from .followup_concern import CONCERN_TYPES


class FollowupTask(models.Model):
    _inherit = "followup.task"

    concern_ids = fields.One2many("followup.concern", "task_id")

    def action_red_flag(self, text=None, concern_type="condition"):
        """Bring a suspicious condition to doctor and head, in this transaction.

        Works in every state of the task and needs nothing else filled in.

        :param text: what the patient reports; may follow later
        :param concern_type: one of `CONCERN_TYPES`
        :return: the `followup.concern`
        """
        self.ensure_one()
        self.check_access("write")
        if concern_type not in dict(CONCERN_TYPES):
            raise UserError(self.env._("Choose what the red flag is about."))
        concern = (
            self.env["followup.concern"]
            ._plain()
            ._guarded()
            .create(
                {
                    "kind": "red_flag",
                    "concern_type": concern_type,
                    "text": self._clean(text),
                    "task_id": self.id,
                    "patient_id": self.patient_id.id,
                    "company_id": self.company_id.id,
                }
            )
            ._unguarded()
        )
        # sudo: a closed task is read only for its caller, the mark is not
        self.sudo()._guarded().write({"red_flag": True})
        concern._alert()
        return concern
