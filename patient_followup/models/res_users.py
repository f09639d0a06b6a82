# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools.guard import is_open

CALLING_ROLES = (
    "patient_followup.followup_group_ward_caller",
    "patient_followup.followup_group_centre_caller",
)
# What own departments are made of.
OWN_SOURCES = {
    "followup.team": ["department_id", "active"],
    "followup.team.member": ["team_id", "user_id"],
    "hr.department": ["manager_id", "parent_path"],
    "hr.employee": ["user_id", "active"],
    "res.users": ["active"],
}
GAIN = SQL(
    "INSERT INTO followup_user_department_rel (user_id, department_id)"
    " SELECT user_id, department_id FROM wanted"
    " ON CONFLICT DO NOTHING RETURNING user_id, department_id"
)
LOSE = SQL(
    "DELETE FROM followup_user_department_rel rel WHERE NOT EXISTS ("
    " SELECT FROM wanted WHERE wanted.user_id = rel.user_id"
    " AND wanted.department_id = rel.department_id)"
    " RETURNING rel.user_id, rel.department_id"
)


class ResUsers(models.Model):
    """Whose work a user sees: `followup_department_ids` stands in every rule (D-6).

    It follows from teams, headed departments (with those below them) and today's
    deputies. Nobody writes it: editing a team, a manager or a deputy does.
    """

    _inherit = "res.users"

    followup_department_ids = fields.Many2many(
        "hr.department",
        "followup_user_department_rel",
        "user_id",
        "department_id",
        string="Follow-up Departments",
        readonly=True,
        copy=False,
        groups="patient_followup.followup_group_user,base.group_erp_manager",
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._followup_check_departments(vals)
        users = super().create(vals_list)
        users._followup_log_roles(set(), users._followup_role_pairs())
        return users

    def write(self, vals):
        self._followup_check_departments(vals)
        before = self._followup_role_pairs() if "group_ids" in vals else None
        leaving = self.browse()
        if vals.get("active") is False:
            leaving = self.filtered("active")
            leaving._followup_leave()
        result = super().write(vals)
        if before is not None:
            self._followup_log_roles(before, self._followup_role_pairs())
        if "active" in vals:
            self._followup_refresh_departments()
        return result

    def unlink(self):
        self._followup_leave()
        return super().unlink()

    def _followup_check_departments(self, vals):
        if "followup_department_ids" in vals and not is_open(self.env):
            raise AccessError(
                self.env._(
                    "Follow-up departments follow from teams, department managers "
                    "and deputies; they cannot be written."
                )
            )

    # ------------------------------------------------------------
    # DEPARTMENTS
    # ------------------------------------------------------------

    @api.model
    def _followup_refresh_departments(self):
        """Bring every user's departments up to date, in two statements.

        All users at once: it costs a few milliseconds, heals what was missed and
        needs no guess about who is touched. The rule domains of a user are cached,
        so the caches go whenever something changed.
        """
        wanted = self._followup_wanted_sql()
        gained = self.env.execute_query(SQL("WITH %s %s", wanted, GAIN))
        lost = self.env.execute_query(SQL("WITH %s %s", wanted, LOSE))
        if not gained and not lost:
            return
        self.env["res.users"].invalidate_model(["followup_department_ids"])
        self._followup_clear_rules()
        self._followup_log_departments(set(gained), set(lost))

    def _followup_clear_rules(self):
        registry = self.env.registry
        registry.clear_cache()
        # Again after the commit: another thread may have cached the old domain.
        self.env.cr.postcommit.add(registry.clear_cache)

    def _followup_wanted_sql(self):
        """(user, department) pairs: his own and those he stands in for today."""
        return SQL(
            "%s, wanted AS (SELECT user_id, department_id FROM own"
            " UNION SELECT deputy.deputy_id, rel.department_id"
            " FROM followup_delegation deputy"
            " JOIN followup_delegation_department_rel rel"
            " ON rel.delegation_id = deputy.id"
            " JOIN own ON own.user_id = deputy.user_id"
            " AND own.department_id = rel.department_id"
            " JOIN res_users person ON person.id = deputy.deputy_id AND person.active"
            " WHERE deputy.id = ANY(%s))",
            self._followup_own_sql(),
            self.env["followup.delegation"]._active_ids(),
        )

    def _followup_own_sql(self):
        """Departments by team membership or as manager, children included."""
        for model, names in OWN_SOURCES.items():
            self.env[model].flush_model(names)
        return SQL(
            "own AS (SELECT member.user_id, team.department_id"
            " FROM followup_team_member member"
            " JOIN followup_team team ON team.id = member.team_id AND team.active"
            " JOIN res_users person ON person.id = member.user_id AND person.active"
            " UNION SELECT head.user_id, below.id FROM hr_department above"
            " JOIN hr_employee head ON head.id = above.manager_id AND head.active"
            " JOIN res_users person ON person.id = head.user_id AND person.active"
            " JOIN hr_department below"
            " ON starts_with(below.parent_path, above.parent_path))"
        )

    @api.model
    def _followup_own_departments(self, users):
        """Return {user id: departments} without what he has as a deputy."""
        rows = self.env.execute_query(
            SQL(
                "WITH %s SELECT user_id, array_agg(department_id) FROM own"
                " WHERE user_id = ANY(%s) GROUP BY user_id",
                self._followup_own_sql(),
                users.ids,
            )
        )
        departments = self.env["hr.department"]
        return {user_id: departments.browse(ids) for user_id, ids in rows}

    @api.model
    def _followup_callers(self):
        """Return the active users whose role allows calling."""
        groups = self.env["res.groups"]
        for xmlid in CALLING_ROLES:
            groups |= self.env.ref(xmlid)
        # sudo: users of a group are readable for user administrators only
        return groups.sudo().all_user_ids.filtered("active").sudo(False)

    # ------------------------------------------------------------
    # LEAVING
    # ------------------------------------------------------------

    def _followup_leave(self):
        """Archived or deleted: leave teams, give open work back to the pool."""
        if not self:
            return
        # sudo: whoever administers users has no rights on follow-up records
        env = self.sudo().env
        env["followup.concern"]._hand_over(self)
        env["followup.task"]._return_to_pool(self)
        members = env["followup.team.member"].search([("user_id", "in", self.ids)])
        members.unlink()
        rows = env["followup.delegation"].search(
            ["|", ("user_id", "in", self.ids), ("deputy_id", "in", self.ids)]
        )
        rows._end()

    # ------------------------------------------------------------
    # LOG
    # ------------------------------------------------------------

    def _followup_role_pairs(self):
        """Return {(user id, group id)} of the follow-up roles these users hold."""
        roles = self.env["res.groups"]._followup_roles()
        return {
            (user.id, group.id)
            # sudo: reading the groups of others is for user administrators
            for user in self.sudo()
            for group in user.all_group_ids & roles
        }

    @api.model
    def _followup_log_roles(self, before, after):
        """Write who gave whom which role (D-18)."""
        groups = self.env["res.groups"]
        changes = self._followup_changes(after - before, before - after)
        self._followup_log(
            "group_ids",
            {
                user_id: (groups.browse(gained), groups.browse(lost))
                for user_id, (gained, lost) in changes.items()
            },
        )

    @api.model
    def _followup_log_departments(self, gained, lost):
        departments = self.env["hr.department"]
        changes = self._followup_changes(gained, lost)
        self._followup_log(
            "followup_department_ids",
            {
                user_id: (departments.browse(plus), departments.browse(minus))
                for user_id, (plus, minus) in changes.items()
            },
        )

    @api.model
    def _followup_changes(self, gained, lost):
        changes = {}
        for index, pairs in enumerate((gained, lost)):
            for user_id, other_id in sorted(pairs):
                changes.setdefault(user_id, ([], []))[index].append(other_id)
        return changes

    @api.model
    def _followup_log(self, field_name, changes):
        """Log {user id: (gained, lost)} as role changes in the access log."""
        # sudo: the names of others, whoever changes them
        for user in self.env["res.users"].sudo().browse(changes):
            logs = self.env["followup.access.log"]._in_words(user.company_id)
            words = self.with_env(logs.env)._followup_log_text(user, *changes[user.id])
            logs._log("role", user, field_name, words)

    @api.model
    def _followup_log_text(self, user, gained, lost):
        """Say it in words; names only, no patient data."""
        # sudo: groups and departments of others may be hidden; only names go on
        gained, lost = (rows.with_env(self.env).sudo() for rows in (gained, lost))
        for rows in (gained, lost):
            if rows and rows._name == "res.groups":
                # the cache keeps the full name of a group in one language only
                rows.invalidate_recordset(["full_name", "display_name"], flush=False)
        names = {
            "name": user.name,
            "gained": ", ".join(gained.mapped("display_name")) or "–",
            "lost": ", ".join(lost.mapped("display_name")) or "–",
        }
        if user.id == self.env.uid:
            return self.env._(
                "%(name)s changed his own rights. Gained: %(gained)s; lost: %(lost)s",
                **names,
            )
        return self.env._(
            "%(name)s gained: %(gained)s; lost: %(lost)s",
            **names,
        )
