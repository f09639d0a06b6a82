# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.patient_followup.tools.checked import checked

from .complaint_team_policy import DISCIPLINES

DECLARED = [
    ("asked", "Asked"),
    ("clear", "No Conflict"),
    ("conflict", "In Conflict"),
    ("left", "Left"),
]
# whoever is still on the team
PRESENT = ("asked", "clear")


class ComplaintMember(models.Model):
    """One person of the team that investigates a case (CareTeam.participant; C-12).

    He says first whether he is in conflict; only then the evidence opens. Who says
    he is leaves the case for good. Rows stay: who investigated does not decide.
    Access: the office adds; a member reads his team and declares for himself.
    """

    _name = "complaint.member"
    _description = "Member of the Investigation"
    _inherit = ["followup.guarded.mixin"]
    _order = "case_id, role, id"
    _rec_name = "user_id"

    case_id = fields.Many2one(
        "complaint.case", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    user_id = fields.Many2one("res.users", string="Person", required=True, index=True)
    discipline = fields.Selection(DISCIPLINES, required=True, default="medical")
    role = fields.Selection(
        [("lead", "Leads"), ("member", "Member")], required=True, default="member"
    )
    declared = fields.Selection(
        DECLARED, string="Declaration", default="asked", required=True, readonly=True
    )
    declaration = fields.Char(string="In His Words", readonly=True)
    declared_at = fields.Datetime(readonly=True)
    joined_at = fields.Datetime(
        string="Joined", readonly=True, required=True, default=fields.Datetime.now
    )
    is_me = fields.Boolean(compute="_compute_is_me", export_string_translation=False)

    _guarded_fields = frozenset(
        {"declared", "declaration", "declared_at", "joined_at", "company_id"}
    )
    _erase_fields = ("declaration",)
    _erase_link = "case_id"

    _user_uniq = models.UniqueIndex(
        "(case_id, user_id) WHERE declared IN ('asked', 'clear')",
        "This person is on the team already.",
    )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_me(self):
        for member in self:
            member.is_me = member.user_id == self.env.user

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        for member in members:
            member.case_id.check_access("write")
            member._check_eligible()
            member._ask()
        return members

    def write(self, vals):
        if not {"case_id", "user_id"}.isdisjoint(vals):
            raise AccessError(
                self.env._("A member leaves and another joins: the team stays known.")
            )
        self.case_id._check_is_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_joined(self):
        raise UserError(
            self.env._("A member leaves and another joins: the team stays known.")
        )

    def _check_eligible(self):
        """Nobody in conflict, of another house or without a role investigates."""
        case = self.case_id
        case._check_is_open()
        case._check_no_conflict(self.user_id)
        if self.user_id not in case._get_role_holders():
            raise ValidationError(
                self.env._(
                    "%(name)s has no role in complaints: ask the administrator.",
                    name=self.user_id.name,
                )
            )

    def _ask(self):
        """Ask for the declaration by a to-do (D-7)."""
        # sudo: the to-do is another person's; write on the case was checked
        self.case_id.sudo()._unguarded().activity_schedule(
            "patient_complaint.mail_activity_type_declare", user_id=self.user_id.id
        )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_clear(self):
        """ "I am not in conflict with this case"; the evidence opens."""
        for member in self:
            member._check_mine()
            member._declare("clear")

    @checked
    def action_conflict(self, reason=None):
        """ "I am in conflict": leave team and case.

        :param reason: in his words, optional
        """
        for member in self:
            member._check_mine()
            member._declare("conflict", (reason or "")[:500] or False)
            # sudo: engine write after the check above; he loses sight of the case
            case = member.sudo().case_id.with_user(self.env.user)
            case._declare_conflict(self.env.user)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_leave(self):
        """Take somebody off the team; that he was on it stays known."""
        for member in self:
            member.case_id.check_access("write")
            member.case_id._check_is_open()
            # sudo: engine write after the check above
            member.sudo()._guarded().write({"declared": "left"})

    def _check_mine(self):
        self.ensure_one()
        self.check_access("read")
        if self.user_id != self.env.user:
            raise AccessError(self.env._("Everybody declares for himself."))
        if self.declared not in PRESENT:
            raise UserError(self.env._("You are not on the team any more."))
        self.case_id._check_is_open()

    def _declare(self, what, words=False):
        # sudo: engine write after `_check_mine`
        row = self.sudo()._guarded()
        row.write(
            {
                "declared": what,
                "declaration": words,
                "declared_at": fields.Datetime.now(),
            }
        )
        kind = self.env.ref("patient_complaint.mail_activity_type_declare")
        todo = row.case_id.activity_ids.filtered(
            lambda todo: todo.activity_type_id == kind and todo.user_id == self.user_id
        )
        todo.unlink()
