# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Completed return visits tell their case; other calls cost no query more."""

from odoo import api, models, tools

from .complaint_case_revisit import EVENT


class FollowupTask(models.Model):
    _inherit = "followup.task"

    def _close(self, vals):
        result = super()._close(vals)
        if vals.get("state") == "done" and (visits := self._filter_revisits()):
            self.env["complaint.case"]._bring_back(visits)
        return result

    def _check_may_tell(self):
        """The complainant hears of his complaint, whoever he is to the patient."""
        if self._filter_revisits() and self._is_identified():
            return None
        return super()._check_may_tell()

    def _filter_revisits(self):
        """Keep the return visits after complaints; no query for any other call."""
        steps = self.env["followup.protocol.step"]
        return self.filtered(
            lambda task: (
                task.kind == "event" and steps._is_complaint_revisit(task.step_id.id)
            )
        )


class FollowupProtocolStep(models.Model):
    _inherit = "followup.protocol.step"

    @api.model
    @tools.ormcache("step_id")
    def _is_complaint_revisit(self, step_id):
        # sudo: a definition; the event of a protocol in use never changes
        step = self.sudo().browse(step_id or [])
        return step.protocol_id.event_id.code == EVENT
