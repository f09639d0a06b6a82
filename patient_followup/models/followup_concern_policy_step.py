# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.fields import Domain

from .followup_concern_policy import UNITS

TARGETS = [
    ("doctor", "Attending Doctor"),
    ("specialist", "Specialist Asked"),
    ("head", "Head of the Department"),
    ("upper_head", "Head of the Department Above"),
    ("head_nurse", "Head Nurse"),
    ("on_call", "On-Call List"),
    ("raiser", "Who Raised It"),
    ("inspector", "Medical Affairs (Inspectors)"),
    ("centre_manager", "Manager of the Follow-up Centre"),
    ("department", "Head of a Named Department"),
    ("user", "Named Person"),
]


class FollowupConcernPolicyStep(models.Model):
    """One rung of the ladder: who is told when nobody has acted by then (X-2).

    Access: as the policy it belongs to.
    """

    _name = "followup.concern.policy.step"
    _description = "Escalation Step"
    _inherit = ["followup.shared.mixin"]
    _order = "policy_id, sequence, id"
    _rec_name = "target"

    policy_id = fields.Many2one(
        "followup.concern.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    delay = fields.Integer(string="After", default=1, required=True)
    delay_unit = fields.Selection(UNITS, string="Unit", default="hours", required=True)
    base = fields.Selection(
        [("raised", "It Was Raised"), ("promised", "The Promised Time")],
        string="Counted From",
        default="raised",
        required=True,
    )
    unless = fields.Selection(
        [
            ("acknowledged", "Nobody Has Taken It"),
            ("answered", "It Is Not Answered"),
            ("told", "The Patient Is Not Told"),
        ],
        string="If",
        default="acknowledged",
        required=True,
    )
    target = fields.Selection(TARGETS, string="Goes to", default="head", required=True)
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    user_id = fields.Many2one("res.users", string="Person", index="btree_not_null")

    _delay_positive = models.Constraint(
        "CHECK (delay >= 0)", "A step lies after the concern, never before it."
    )

    def _get_moment(self, concern):
        """Return when this step comes for a concern, or False if it never does."""
        self.ensure_one()
        base = concern.raised_at if self.base == "raised" else concern.promised_at
        if not base or not self._is_open_for(concern):
            return False
        return self.policy_id._end(
            concern.company_id, base, self.delay, self.delay_unit
        )

    def _is_open_for(self, concern):
        """Tell whether what the step waits for is still missing."""
        if concern.state in ("told", "closed"):
            return False
        if self.unless == "told":
            return bool(concern.wants_reply)
        if self.unless == "answered":
            return not concern.answered_at
        return not concern.acknowledged_at

    def _get_users(self, concern):
        """Return whom this step reaches, before rights and absences."""
        self.ensure_one()
        users = getattr(self, f"_get_{self.target}_users")(concern)
        return users.with_env(concern.env)

    def _get_doctor_users(self, concern):
        return concern._doctor()

    def _get_specialist_users(self, concern):
        return concern.specialist_id

    def _get_head_users(self, concern):
        return concern._head()

    def _get_upper_head_users(self, concern):
        """The first head above who is not the department's own."""
        # sudo: departments above may belong to what the user does not see
        department = concern.handler_department_id.sudo()
        own = concern._head()
        while department := department.parent_id:
            head = department._followup_heads().get(department.sudo(False))
            if head and head != own:
                return head
        return self.env["res.users"]

    def _get_head_nurse_users(self, concern):
        department = concern.handler_department_id
        nurses = self.env["followup.team"]._head_nurses(department)
        return nurses.get(department, self.env["res.users"])

    def _get_on_call_users(self, concern):
        return concern._on_call().user_id

    def _get_raiser_users(self, concern):
        return concern.raised_by_id

    def _get_inspector_users(self, concern):
        group = self.env.ref("patient_followup.followup_group_inspector")
        # sudo: users of a group and their hospitals are hidden from callers
        users = group.sudo().all_user_ids
        domain = Domain("company_ids", "in", concern.company_id.ids)
        return users.filtered("active").filtered_domain(domain).sudo(False)

    def _get_centre_manager_users(self, concern):
        return concern._centre_managers(concern.company_id)

    def _get_department_users(self, concern):
        heads = self.department_id._followup_heads()
        return heads.get(self.department_id, self.env["res.users"])

    def _get_user_users(self, concern):
        return self.user_id
