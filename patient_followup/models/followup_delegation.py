# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

# who arranges deputies for everybody
ARRANGERS = (
    "patient_followup.followup_group_centre_manager,"
    "patient_followup.followup_group_administrator"
)


class FollowupDelegation(models.Model):
    """A deputy who does a person's follow-up while he is away (first to last day).

    The deputy sees the listed departments for these days, never more than the
    person himself has from his own teams. Access: every role reads; a head
    arranges himself and his staff; centre managers and administrators all.
    """

    _name = "followup.delegation"
    _description = "Deputy"
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        string="Absent",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
    )
    deputy_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="cascade"
    )
    department_ids = fields.Many2many(
        "hr.department",
        "followup_delegation_department_rel",
        "delegation_id",
        "department_id",
        string="Departments",
        compute="_compute_department_ids",
        store=True,
        readonly=False,
        precompute=True,
        help="Departments the deputy sees meanwhile.",
    )
    date_from = fields.Date(
        string="First Day", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="Last Day", required=True)
    reason = fields.Char()
    state = fields.Selection(
        [("planned", "Planned"), ("active", "Active"), ("past", "Past")],
        compute="_compute_state",
    )

    _dates_ordered = models.Constraint(
        "CHECK (date_to >= date_from)",
        "The last day must not be before the first day.",
    )
    _two_people = models.Constraint(
        "CHECK (user_id != deputy_id)", "Nobody can be his own deputy."
    )

    # ------------------------------------------------------------
    # COMPUTE / CHECKS
    # ------------------------------------------------------------

    @api.depends("user_id")
    def _compute_department_ids(self):
        own = self.env["res.users"]._followup_own_departments(self.user_id)
        for delegation in self:
            delegation.department_ids = own.get(delegation.user_id.id, False)

    @api.depends("date_from", "date_to", "company_id")
    def _compute_state(self):
        for delegation in self:
            today = self._today(delegation.company_id)
            if delegation.date_to and delegation.date_to < today:
                delegation.state = "past"
            elif delegation.date_from and delegation.date_from > today:
                delegation.state = "planned"
            else:
                delegation.state = "active"

    @api.constrains("deputy_id", "user_id", "company_id")
    def _check_deputy(self):
        """A deputy without a calling role or in another hospital would see nothing."""
        callers = self.env["res.users"]._followup_callers()
        for delegation in self:
            # sudo: other users' companies are not readable for heads
            deputy = delegation.deputy_id.sudo()
            if deputy not in callers or delegation.company_id not in deputy.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(name)s has no calling role in this hospital "
                        "and cannot stand in.",
                        name=deputy.name,
                    )
                )

    def _check_reach(self):
        """A head hands out only departments that he heads himself (D-6)."""
        if self.env.su or self.env.user.has_groups(ARRANGERS):
            return
        own = self.env["res.users"]._followup_own_departments(self.env.user)
        headed = self.env["hr.department"]._followup_headed_by(self.env.user)
        for delegation in self:
            mine = delegation.user_id == self.env.user
            reach = own.get(self.env.uid, headed) | headed if mine else headed
            if (not mine and not delegation.department_ids) or (
                delegation.department_ids - reach
            ):
                raise AccessError(
                    self.env._(
                        "You arrange deputies for yourself and for the departments "
                        "you head. Ask the follow-up centre for others."
                    )
                )

    def _check_staff(self):
        """A head sends only his own staff away: their new calls go to the deputy."""
        if self.env.su or self.env.user.has_groups(ARRANGERS):
            return
        own = self.env["res.users"]._followup_own_departments(self.user_id)
        for delegation in self:
            works_in = own.get(delegation.user_id.id, self.env["hr.department"])
            if (
                delegation.user_id != self.env.user
                and delegation.department_ids - works_in
            ):
                raise AccessError(
                    self.env._(
                        "%(name)s does not work in these departments.",
                        name=delegation.user_id.name,
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        delegations = super().create(vals_list)
        delegations._check_reach()
        delegations._check_staff()
        self.env["res.users"]._followup_refresh_departments()
        return delegations

    def write(self, vals):
        self._check_reach()
        result = super().write(vals)
        self._check_reach()
        if not {"user_id", "deputy_id", "department_ids"}.isdisjoint(vals):
            self._check_staff()
        self.env["res.users"]._followup_refresh_departments()
        return result

    def unlink(self):
        self._check_reach()
        result = super().unlink()
        self.env["res.users"]._followup_refresh_departments()
        return result

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    @api.model
    def _today(self, company):
        return self.env["followup.clock"]._today(company or self.env.company)

    @api.model
    def _active_domain(self):
        """Delegations of today; each hospital has its own day."""
        # sudo: the day of every company (there are few) is needed, whoever asks
        companies = self.env["res.company"].sudo()
        companies = companies.search([])  # pylint: disable=no-search-all
        by_day = companies.grouped(self._today)
        return fields.Domain.OR(
            fields.Domain("company_id", "in", group.ids)
            & fields.Domain("date_from", "<=", day)
            & fields.Domain("date_to", ">=", day)
            for day, group in by_day.items()
        )

    @api.model
    def _active_ids(self):
        """Ids of today's rows, written down already."""
        self.flush_model(["user_id", "deputy_id", "department_ids"])
        # sudo: whoever changes a team sets the departments of all users
        return self.sudo().search(self._active_domain()).ids

    def _end(self):
        """One of the two left: nothing from today on, the past stays readable."""
        started = self.filtered(lambda row: row.state != "planned")
        (self - started).unlink()
        for row in started:
            yesterday = self._today(row.company_id) - timedelta(days=1)
            if row.date_from > yesterday:
                row.unlink()
            elif row.date_to > yesterday:
                row.date_to = yesterday

    @api.model
    def _deputies(self, users, department=None):
        """Return {absent user: deputy} of today, first arranged first.

        :param department: only deputies for the work of this one; any without
        """
        department = department or self.env["hr.department"]
        found = self._deputies_of((user, department) for user in users)
        return {user: deputy for (user, _department), deputy in found.items()}

    @api.model
    def _deputies_of(self, pairs):
        """Return {(absent user, department): deputy} of today, in one search."""
        pairs = set(pairs)
        users = self.env["res.users"].union(*(user for user, _department in pairs))
        # sudo: the caller may not see the hospital the absent person works for
        rows = self.sudo().search(
            self._active_domain() & fields.Domain("user_id", "in", users.ids),
            order="id desc",
        )
        return {
            (user, department): row.deputy_id
            for row in rows
            if row.deputy_id.active
            for user, department in pairs
            if row.user_id == user and row._covers(department)
        }

    def _covers(self, department):
        """Tell whether the deputy stands in for the work of a department."""
        self.ensure_one()
        named = self.department_ids
        return not department or not named or department in named

    @api.model
    def _cron_refresh(self):
        """Begin and end deputies at midnight of each hospital."""
        self.env["res.users"]._followup_refresh_departments()
