# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

# Writing one of these moves departments between heads.
HEAD_FIELDS = {"manager_id", "parent_id"}


class HrDepartment(models.Model):
    """A department shows its follow-up team; only HR writes the department (D-6).

    Its manager is a follow-up head: whoever sets him stands in the access log.
    """

    _inherit = "hr.department"

    followup_team_ids = fields.One2many(
        "followup.team",
        "department_id",
        groups="patient_followup.followup_group_user",
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        departments = super().create(vals_list)
        departments._followup_log_manager({})
        # sudo: HR may have no follow-up role, the heads must follow all the same
        if departments.sudo().filtered(lambda row: row.manager_id or row.parent_id):
            self.env["res.users"]._followup_refresh_departments()
        return departments

    def write(self, vals):
        if HEAD_FIELDS.isdisjoint(vals):
            return super().write(vals)
        # sudo: whoever may write departments need not read employees
        before = {row.id: row.manager_id for row in self.sudo()}
        result = super().write(vals)
        self._followup_log_manager(before)
        self.env["res.users"]._followup_refresh_departments()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["res.users"]._followup_refresh_departments()
        return result

    def _followup_log_manager(self, before):
        """Write a change of manager down: a manager is a head (D-6)."""
        nobody = self.env["hr.employee"]
        # sudo: employees are hidden from most
        for department in self.sudo():
            old, new = before.get(department.id, nobody), department.manager_id
            if old == new:
                continue
            logs = self.env["followup.access.log"]._in_words(department.company_id)
            reason = logs.env._(
                "Manager of %(department)s: %(old)s, now %(new)s",
                department=department.with_env(logs.env).sudo().name,
                old=old.name or "–",
                new=new.name or "–",
            )
            logs._log("role", department, "manager_id", reason)

    # ------------------------------------------------------------
    # HEADS
    # ------------------------------------------------------------

    @api.model
    def _followup_headed_by(self, user):
        """Return the departments this user heads, with those below them."""
        # sudo: callers cannot read employees
        managed = self.sudo().search([("manager_id.user_id", "=", user.id)])
        below = self.sudo().search([("id", "child_of", managed.ids)])
        return below.sudo(False)

    def _followup_heads(self):
        """Return {department: user}: its manager, else the nearest one above."""
        heads = {}
        # sudo: callers cannot read employees
        for department in self.sudo():
            above = department
            while above and not above._followup_manager():
                above = above.parent_id
            heads[department.sudo(False)] = above._followup_manager().sudo(False)
        return heads

    def _followup_manager(self):
        """Return the manager's user where both are active."""
        return self.manager_id.filtered("active").user_id.filtered("active")

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @api.readonly
    def action_followup_team(self):
        """Open the follow-up team of the department."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_followup.followup_team_action"
        )
        action.update(
            res_id=self.followup_team_ids[:1].id,
            views=[(False, "form")],
            context={"default_department_id": self.id},
        )
        return action
