# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Death and withdrawal stop follow-up, never the return visit of a complaint (I-12).

The call is with the complainant: it goes on, unless he was the patient who died.
"""

from odoo import models
from odoo.fields import Domain

from .complaint_case import OVER_STATES


class FollowupPatient(models.Model):
    _inherit = "followup.patient"

    def _get_stopped_task_domain(self):
        domain = super()._get_stopped_task_domain()
        return domain & Domain("plan_id", "not in", self._get_revisit_plans().ids)

    def _get_stopped_plan_domain(self):
        domain = super()._get_stopped_plan_domain()
        return domain & Domain("id", "not in", self._get_revisit_plans().ids)

    def _get_revisit_plans(self):
        """Return the return visits that go on though follow-up stops."""
        if self.env.context.get("complaint_stop_revisits"):
            return self.env["followup.plan"]
        # sudo: cases are closed to whoever records a death or a withdrawal
        cases = self.env["complaint.case"].sudo()
        cases = cases.search(
            [("patient_id", "in", self.ids), ("revisit_plan_id", "!=", False)]
        )
        return cases.filtered(lambda case: case._may_revisit()).revisit_plan_id

    def _get_erasure_obstacles(self):
        """A complaint that is open is still handled, whoever asks (I-12)."""
        obstacles = super()._get_erasure_obstacles()
        # sudo: whoever anonymises reads no case; only a sentence leaves
        cases = self.env["complaint.case"].sudo().with_context(active_test=False)
        cases = cases.search([("patient_id", "in", self.ids)])
        for case in cases:
            dispute = any(row.state == "open" for row in case.dispute_ids)
            if case.state not in OVER_STATES or dispute:
                obstacles.setdefault(
                    case.patient_id.id, self.env._("A complaint is still open.")
                )
        return obstacles

    def _anonymise(self):
        """Nobody is left to ask once the names are gone."""
        stopping = self.with_context(complaint_stop_revisits=True)
        return super(FollowupPatient, stopping)._anonymise()


class FollowupTask(models.Model):
    _inherit = "followup.task"

    def _check_contactable(self):
        return super(FollowupTask, self - self._get_revisits())._check_contactable()

    def _get_revisits(self):
        """Return the return visits among these calls that may be made in any case."""
        visits = self._filter_revisits()
        if not visits:
            return visits
        # sudo: the caller of the centre sees no case
        cases = self.env["complaint.case"].sudo()
        cases = cases.search([("revisit_plan_id", "in", visits.plan_id.ids)])
        plans = cases.filtered(lambda case: case._may_revisit()).revisit_plan_id
        return visits.filtered(lambda task: task.plan_id.id in plans.ids)
