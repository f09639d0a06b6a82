# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The conflict shield: who neither sees, handles nor decides a case (I-8, D-8).

Named employees, everybody below them and whoever declared a conflict himself. The
set is stored; the global rule of each model of a case refers to it. Whoever entered
it stays: moving his employee record elsewhere lets nobody out, see `_lift`.
"""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

# What the set is made of: model and its columns.
CONFLICT_SOURCES = {
    "complaint.issue": ["case_id", "employee_ids"],
    "complaint.case": ["declared_user_ids", "duplicate_of_id"],
    "hr.employee": ["user_id", "parent_id", "current_version_id"]
    + ["complaint_former_user_ids"],
    "hr.version": ["department_id"],
    "hr.department": ["manager_id", "parent_path"],
}
PRESENT = "SELECT id AS employee_id, user_id FROM hr_employee WHERE user_id IS NOT NULL"
# Whoever loses his account before he is named is named nevertheless.
EVER = f"{PRESENT} UNION SELECT employee_id, user_id FROM complaint_employee_former_rel"
# Everybody below a named employee, however deep; he himself, under any contract.
CLOSED = """
    RECURSIVE account AS (
        %s
    ), stated AS (
        SELECT DISTINCT issue.case_id, rel.employee_id
        FROM complaint_issue_employee_rel rel
        JOIN complaint_issue issue ON issue.id = rel.issue_id
    ), named AS (
        SELECT case_id, employee_id FROM stated
        UNION -- one matter received twice names the same persons
        SELECT twice.duplicate_of_id, employee_id FROM stated
        JOIN complaint_case twice ON twice.id = stated.case_id
        WHERE twice.duplicate_of_id IS NOT NULL
        UNION
        SELECT twice.id, employee_id FROM stated
        JOIN complaint_case twice ON twice.duplicate_of_id = stated.case_id
    ), edge AS (
        SELECT parent_id AS above_id, id AS below_id FROM hr_employee
        WHERE parent_id IS NOT NULL
        UNION
        SELECT one.id, other.id FROM hr_employee one
        JOIN hr_employee other ON other.user_id = one.user_id AND other.id != one.id
        UNION
        SELECT head.manager_id, staff.id FROM hr_department head
        JOIN hr_department unit ON starts_with(unit.parent_path, head.parent_path)
        JOIN hr_version version ON version.department_id = unit.id
        JOIN hr_employee staff ON staff.current_version_id = version.id
        WHERE head.manager_id IS NOT NULL
        UNION
        SELECT head.manager_id, unit.manager_id FROM hr_department head
        JOIN hr_department unit ON starts_with(unit.parent_path, head.parent_path)
        WHERE head.manager_id IS NOT NULL AND unit.manager_id IS NOT NULL
    ), below(top_id, employee_id) AS (
        SELECT DISTINCT employee_id, employee_id FROM named
        UNION
        SELECT below.top_id, edge.below_id FROM below
        JOIN edge ON edge.above_id = below.employee_id
    ), wanted AS (
        SELECT named.case_id, account.user_id FROM named
        JOIN below ON below.top_id = named.employee_id
        JOIN account ON account.employee_id = below.employee_id
        UNION
        SELECT case_id, user_id FROM complaint_case_declared_rel
    )
"""
WANTED = SQL(CLOSED, SQL(EVER))
# without accounts that were taken from him: what an officer may lift
STILL_WANTED = SQL(CLOSED, SQL(PRESENT))
GAIN = SQL(
    "INSERT INTO complaint_case_conflict_rel (case_id, user_id)"
    " SELECT case_id, user_id FROM wanted"
    " ON CONFLICT DO NOTHING RETURNING case_id, user_id"
)
# One row that every change of the shield writes: of two at once the later sees the
# other's names, since the database makes it begin again.
TURN = SQL(
    "UPDATE ir_config_parameter SET write_date = now() AT TIME ZONE 'UTC'"
    " WHERE key = 'patient_complaint.conflict_turn'"
)
# Identity is compared, so no client can send it.
LATER = object()
LATER_KEY = "complaint_conflict_later"
# Who is in the set of a case without anything that keeps him there.
STALE = (
    "SELECT rel.user_id FROM complaint_case_conflict_rel rel WHERE rel.case_id = %s"
    " AND NOT EXISTS (SELECT FROM wanted WHERE wanted.case_id = rel.case_id"
    " AND wanted.user_id = rel.user_id)"
)


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    conflict_user_ids = fields.Many2many(
        "res.users",
        "complaint_case_conflict_rel",
        "case_id",
        "user_id",
        string="In Conflict",
        readonly=True,
        copy=False,
        help="Named employees and all below them: the case is hidden from them.",
    )
    declared_user_ids = fields.Many2many(
        "res.users",
        "complaint_case_declared_rel",
        "case_id",
        "user_id",
        string="Declared a Conflict",
        readonly=True,
        copy=False,
    )

    _guarded_fields = frozenset({"conflict_user_ids", "declared_user_ids"})

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def _get_conflicted_users(self):
        """Return whoever may not see, handle or decide these cases (I-8)."""
        # sudo: whoever asks may be in the set himself
        return self.sudo().conflict_user_ids.sudo(False)

    def _without_conflict(self, users):
        """Return those of `users` who are outside the shield of these cases (I-8)."""
        return users - self._get_conflicted_users()

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not any("issue_ids" in vals for vals in vals_list):
            return super().create(vals_list)
        cases = super(ComplaintCase, self._conflict_later()).create(vals_list)
        self._refresh_conflicts()
        return cases.with_env(self.env)

    def write(self, vals):
        if "issue_ids" not in vals:
            return super().write(vals)
        result = super(ComplaintCase, self._conflict_later()).write(vals)
        self._refresh_conflicts()
        return result

    def _conflict_later(self):
        """Return the same, to close the case when all of it has been written."""
        return self.with_context(**{LATER_KEY: LATER})

    def web_save(self, vals, specification, next_id=None):
        """Let whoever names his own superior save it; he then sees it no more."""
        if self.env.su:
            return super().web_save(vals, specification, next_id=next_id)
        if self:
            self.write(vals)
        else:
            self = self.create(vals)
        shown = self.browse(next_id) if next_id else self
        if not shown._without_conflict(self.env.user):
            return []
        return shown.with_context(bin_size=True).web_read(specification)

    # ------------------------------------------------------------
    # UPKEEP
    # ------------------------------------------------------------

    @api.model
    def _refresh_conflicts(self):
        """Close every case for whoever is named now, in one statement.

        All cases at once: only those that name somebody cost anything, it heals
        what was missed and needs no guess about who is touched. It never lets
        anybody out: he could have changed his own place in the hospital.
        """
        if self.env.context.get(LATER_KEY) is LATER:
            return
        self._flush_conflicts()
        self.env.cr.execute(TURN)
        gained = self.env.execute_query(SQL("WITH %s %s", WANTED, GAIN))
        if gained:
            self.env["complaint.case"].invalidate_model(["conflict_user_ids"])
        users = self.env["res.users"]
        entering = {}
        for case_id, user_id in gained:
            entering.setdefault(case_id, set()).add(user_id)
        for case_id, user_ids in entering.items():
            # sudo: the shield closes whoever is logged in, also for himself
            case = self.env["complaint.case"].sudo().browse(case_id)
            case._on_conflict(users.sudo().browse(sorted(user_ids)))

    @api.model
    def _flush_conflicts(self):
        for model, names in CONFLICT_SOURCES.items():
            self.env[model].flush_model(names)

    def _get_stale_conflicts(self):
        """Return who is in the set of this case though nothing keeps him there.

        He was named by mistake, or moved, or changed his own record.
        """
        self.ensure_one()
        self._flush_conflicts()
        self.flush_model(["conflict_user_ids"])
        rows = self.env.execute_query(
            SQL("WITH %s %s", STILL_WANTED, SQL(STALE, self.id))
        )
        return self.env["res.users"].browse(user_id for [user_id] in rows)

    def _on_conflict(self, users):
        """These users have just come under the shield of this case."""
        self.ensure_one()

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("owner_id")
    def _check_owner_conflict(self):
        for case in self:
            case._check_no_conflict(case.owner_id)

    @api.constrains("receiver_id")
    def _check_receiver_conflict(self):
        for case in self:
            case._check_no_conflict(case.receiver_id)

    def _check_no_conflict(self, users):
        """Refuse to put anybody in charge who is in conflict (I-8).

        :raises ValidationError: names the first of `users` who is
        """
        self.ensure_one()
        refused = users - self._without_conflict(users)
        if refused:
            # sudo: the name of a colleague, whoever asks
            user = refused.sudo()[0]
            raise ValidationError(
                self.env._(
                    "%(user)s is named in %(name)s or in conflict with it: "
                    "somebody else has to do this.",
                    user=user.name,
                    name=self.sudo().display_name,
                )
            )
