# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models

TARGETS = [
    ("owner", "Who Handles It"),
    ("officer", "Complaint Officers"),
    ("superior", "Next Superior of Who Handles It"),
    ("leader", "Leaders of the Hospital"),
]


class ComplaintSlaStep(models.Model):
    """One rung of the ladder of a clock: who is told, and when (C-7, C-11).

    Access: as the policy it belongs to.
    """

    _name = "complaint.sla.step"
    _description = "Escalation Step of a Clock"
    _inherit = ["followup.shared.mixin"]
    _order = "policy_id, sequence, id"
    _rec_name = "target"

    policy_id = fields.Many2one(
        "complaint.sla.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    base = fields.Selection(
        [("warning", "The Warning"), ("deadline", "The Deadline")],
        string="Counted From",
        required=True,
        default="deadline",
    )
    delay_hours = fields.Integer(string="Hours after", required=True, default=0)
    target = fields.Selection(TARGETS, string="Goes to", required=True, default="owner")

    _delay_positive = models.Constraint(
        "CHECK (delay_hours >= 0)", "A step lies after its moment, never before it."
    )

    def _get_moment(self, warn_at, deadline):
        """Return when this step comes for a clock of these two moments, or False."""
        self.ensure_one()
        base = warn_at if self.base == "warning" else deadline
        return base and base + timedelta(hours=self.delay_hours)

    def _get_users(self, case):
        """Return whom this step reaches of those who may open the case."""
        self.ensure_one()
        # sudo: who handles a case may be hidden from whoever runs the ladder
        users = getattr(self, f"_get_{self.target}_users")(case.sudo())
        return case._able_users(users)

    def _get_owner_users(self, case):
        return case.owner_id or case.receiver_id

    def _get_officer_users(self, case):
        return case._users_of("patient_complaint.complaint_group_officer")

    def _get_leader_users(self, case):
        return case._users_of("patient_followup.followup_group_leader")

    def _get_superior_users(self, case):
        """The first superior above who may open the case."""
        # sudo: employees are hidden from most
        employee = (
            self._get_owner_users(case)
            .sudo()
            .employee_ids.filtered(lambda row: row.company_id == case.company_id)[:1]
        )
        seen = employee
        while employee := (employee.parent_id - seen):
            seen |= employee
            if case._able_users(employee.user_id):
                return employee.user_id
        return self._get_officer_users(case)
