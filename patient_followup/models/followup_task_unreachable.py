# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Patients who cannot be reached until the latest date (P-12)."""

from odoo import models
from odoo.exceptions import UserError

from ..tools.checked import checked


class FollowupTask(models.Model):
    _inherit = "followup.task"

    @checked
    def action_unreachable(self, reason):
        """Close the tries by hand, once the policy was met on one day (P-12)."""
        reason_id, text = self._check_reason(reason, "unreachable")
        self._check_caller()
        for task in self:
            if not task.exhausted_days and task._get_usable_contacts():
                raise UserError(
                    self.env._(
                        "Not reachable only after the calls the policy asks for:"
                        " %(why)s",
                        why=task.attempt_explanation or self.env._("no call today."),
                    )
                )
        # sudo: rights were checked above; the state is a guarded field
        self.sudo()._guarded()._set_unreachable(reason_id, text)

    def _set_unreachable(self, reason_id=False, text=None):
        """Engine: nobody answered until the latest date."""
        self.write(
            {
                "state": "unreachable",
                "next_at": False,
                "next_band_id": False,
                "reason_id": reason_id or self._get_unreachable_reason().id,
                "closing_reason": text or self._get_unreachable_reason().name,
                **self._prepare_unclaim(),
            }
        )
        self.filtered(lambda task: task.priority != "0")._report_unreachable()

    def _get_unreachable_reason(self):
        reason = self.env.ref(
            "patient_followup.followup_reason_no_answer", raise_if_not_found=False
        )
        # sudo: the engine writes its words, whoever made the last call
        return (reason or self.env["followup.reason"]).sudo()

    def _report_unreachable(self):
        """Tell the doctor that an important patient cannot be reached."""
        for task in self:
            self.env["followup.concern"]._report_unreachable(task)
