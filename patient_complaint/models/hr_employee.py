# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whoever moves below a named employee comes under the shield of his cases (D-8)."""

from odoo import api, fields, models
from odoo.exceptions import UserError

VERSION_MOVES = {"department_id", "employee_id", "date_version", "active"}
MOVES = {"user_id", "parent_id", "department_id", "current_version_id"}


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    # an account taken from him before he is named hides nobody from his cases
    complaint_former_user_ids = fields.Many2many(
        "res.users",
        "complaint_employee_former_rel",
        "employee_id",
        "user_id",
        string="Former Accounts",
        groups=fields.NO_ACCESS,
        copy=False,
    )

    @api.model_create_multi
    def create(self, vals_list):
        employees = super().create(vals_list)
        self.env["complaint.case"]._refresh_conflicts()
        return employees

    def write(self, vals):
        if "user_id" in vals:
            self._complaint_keep_account(vals["user_id"])
        result = super().write(vals)
        if not MOVES.isdisjoint(vals):
            self.env["complaint.case"]._refresh_conflicts()
        return result

    def _complaint_keep_account(self, user_id):
        """Note the account an employee has now, before he gets another or none."""
        # sudo: what the shield remembers is closed to whoever keeps the employees
        for employee in self.sudo():
            user = employee.user_id
            if user and user.id != user_id:
                employee.complaint_former_user_ids = [(4, user.id)]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_named(self):
        """Deleting would open the case to whoever is named in it."""
        # sudo: whether he is named is nobody's business but the shield's
        issues = self.env["complaint.issue"].sudo()
        if issues.search_count([("employee_ids", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Archive the employee: records of the hospital name him.")
            )

    def _cron_update_current_version_id(self):
        """A contract that begins today may bring another department."""
        result = super()._cron_update_current_version_id()
        self.env["complaint.case"]._refresh_conflicts()
        return result


class HrVersion(models.Model):
    _inherit = "hr.version"

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        self.env["complaint.case"]._refresh_conflicts()
        return versions

    def write(self, vals):
        result = super().write(vals)
        if not VERSION_MOVES.isdisjoint(vals):
            self.env["complaint.case"]._refresh_conflicts()
        return result
