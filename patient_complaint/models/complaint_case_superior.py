# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who takes a case over from somebody in conflict, and what if nobody can (I-8)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .complaint_case import OPEN_STATES

OFFICE = "patient_complaint.complaint_group_"
HANDOVER = "patient_complaint.mail_activity_type_handover"
# in this order: who may handle a case
HANDLERS = (OFFICE + "officer", OFFICE + "specialist")
# of the hospital, in this order: who stands above the office
TOPS = (
    "complaint_vice_president_ids",
    "complaint_president_id",
    "complaint_quality_user_ids",
)
# a loop of superiors ends as well
MAX_STEPS = 20


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    superior_id = fields.Many2one(
        "res.users",
        string="Brought before",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Nobody of the office may handle it: he decides who does.",
    )
    nobody_eligible = fields.Boolean(
        readonly=True,
        copy=False,
        help="The conflict shield leaves nobody of the office.",
    )

    _guarded_fields = frozenset({"superior_id", "nobody_eligible"})

    # ------------------------------------------------------------
    # WHO IS LEFT
    # ------------------------------------------------------------

    def _find_unconflicted_superior(self, user):
        """Return the nearest superior of `user` outside the shield, or nobody.

        Walks up by employee and department, then to the vice presidents, the
        president and the quality office of the hospital (D-8).
        """
        self.ensure_one()
        # sudo: whoever asks need not read employees
        employee = user.sudo().employee_ids.filtered(
            lambda row: row.company_id == self.company_id
        )[:1]
        for _step in range(MAX_STEPS):
            employee = employee.parent_id or employee.department_id.parent_id.manager_id
            if not employee:
                break
            above = employee.user_id.filtered("active").sudo(False)
            if above != user and self._without_conflict(above):
                return above
        return self._find_top()

    def _find_top(self):
        """Return who stands above the office: vice president, president, quality."""
        self.ensure_one()
        # sudo: who holds an office is set by administrators
        company = self.sudo().company_id
        for office in filter(company._fields.get, TOPS):
            users = company[office].filtered("active").sudo(False)
            found = self._without_conflict(users)
            if found:
                return found.sorted("id")[0]
        return self.env["res.users"]

    def _find_handler(self):
        """Return whoever of the office is outside the shield and has least to do."""
        self.ensure_one()
        for group in HANDLERS:
            # sudo: users of a group and their hospitals are hidden from most
            users = self.env.ref(group).sudo().all_user_ids
            users = users.filtered(
                lambda user: user.active and self.company_id in user.company_ids
            )
            users = self._without_conflict(users.sudo(False))
            if users:
                return min(users, key=lambda user: (self._count_open(user), user.id))
        return self.env["res.users"]

    def _get_role_holders(self):
        """Return the users of the hospital who can work on cases at all."""
        groups = (*HANDLERS, OFFICE + "investigator")
        # sudo: users of a group and their hospitals are hidden from most
        users = self.env["res.users"].sudo()
        for group in groups:
            users |= self.env.ref(group).sudo().all_user_ids
        company = self.company_id
        users = users.filtered(lambda u: u.active and company <= u.company_ids)
        return users.sudo(False)

    @api.model
    def _count_open(self, user):
        # sudo: how much others have to do
        return self.sudo().search_count(
            [("owner_id", "=", user.id), ("state", "in", OPEN_STATES)]
        )

    # ------------------------------------------------------------
    # HANDING OVER
    # ------------------------------------------------------------

    def _hand_over_from(self, users):
        """Find somebody else where one of `users` handles the case (I-8)."""
        self.ensure_one()
        holder = self.owner_id or self.receiver_id
        if self.superior_id in users:
            self._bring_before(self._find_top())
        if holder in users and self.state in OPEN_STATES:
            self._hand_to(self._find_handler())

    def _hand_to(self, user):
        """Put somebody in charge; nobody left: bring it before the top (I-8)."""
        vals = {"owner_id": user.id}
        if user:
            vals.update(superior_id=False, nobody_eligible=False)
        # sudo: engine write, for whoever is just leaving the case
        self.sudo()._guarded().write(vals)
        if user:
            self._ask_to_handle(user)
        else:
            self._bring_before(self._find_top())

    def _bring_before(self, top):
        # sudo: engine write, for whoever is just leaving the case
        case = self.sudo()
        case._guarded().write({"superior_id": top.id, "nobody_eligible": True})
        if top:
            case._ask_to_handle(top)

    def _ask_to_handle(self, user):
        """Tell by one to-do that carries nothing but the number (D-7)."""
        # sudo: the to-do is another person's
        case = self.sudo()._unguarded()
        if not case._find_handover_todo(user):
            case.activity_schedule(HANDOVER, user_id=user.id)

    def _find_handover_todo(self, user):
        kind = self.env.ref(HANDOVER)
        return self.activity_ids.filtered(
            lambda todo: todo.user_id == user and todo.activity_type_id == kind
        )

    def action_declare_conflict(self):
        """ "I am in conflict": leave the case for good; somebody else gets it."""
        for case in self:
            case.check_access("read")
            case._declare_conflict(self.env.user)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Complaints"),
            "res_model": self._name,
            "view_mode": "kanban,list,form",
            "views": [(False, "kanban"), (False, "list"), (False, "form")],
            "target": "main",
        }

    def _declare_conflict(self, user):
        # sudo: engine write; whoever reads the case may leave it
        case = self.sudo()._guarded()
        case.write({"declared_user_ids": [(4, user.id)]})
        case._unguarded()._refresh_conflicts()

    def _hand_over(self, user):
        """Let the superior decide who handles a case nobody of the office may.

        :raises AccessError: somebody else than the superior asks
        :raises UserError: `user` could not see the case
        """
        self.ensure_one()
        self.check_access("read")
        if self.superior_id != self.env.user:
            raise AccessError(
                self.env._("Only whoever it was brought before decides this.")
            )
        self._check_no_conflict(user)
        self._check_is_open()
        if user not in self._get_role_holders():
            raise UserError(
                self.env._(
                    "%(name)s has no role in complaints: ask the administrator.",
                    name=user.name,
                )
            )
        # sudo: whoever handed it over may not open the case any more
        self.sudo()._find_handover_todo(self.env.user).unlink()
        self._hand_to(user)

    # ------------------------------------------------------------
    # WHAT IS NEXT
    # ------------------------------------------------------------

    @api.depends("superior_id", "nobody_eligible")
    def _compute_next_step(self):
        result = super()._compute_next_step()
        for case in self:
            if case.nobody_eligible and case.state in OPEN_STATES:
                case.next_user_id = case.superior_id
        return result

    def _say_next_step(self):
        if self.nobody_eligible and not self.owner_id and self.state in OPEN_STATES:
            return self.env._("Nobody of the office may handle it: name somebody.")
        return super()._say_next_step()
