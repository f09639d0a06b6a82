# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .followup_team_member import TITLE_RANKS, WEEKDAYS

# Responsible rule -> where the encounter names the person.
ENCOUNTER_USERS = {
    "attending": "attending_user_id",
    "resident": "resident_user_id",
    "surgeon": "surgeon_user_id",
}


class FollowupTeam(models.Model):
    """Who follows up for a department, and how it is reached (A-3, A-5, D-6).

    Access: every role reads (hotline and directory are told to patients, X-9);
    only centre managers and administrators edit, so no head grants himself access.
    """

    _name = "followup.team"
    _description = "Follow-up Team"
    _inherit = ["mail.thread"]
    _order = "department_id, id"
    _rec_name = "department_id"
    _rec_names_search = ["department_id", "hotline"]

    active = fields.Boolean(default=True)
    department_id = fields.Many2one(
        "hr.department", required=True, index=True, ondelete="cascade", tracking=True
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    unit_type = fields.Selection(
        [
            ("ward", "Ward"),
            ("outpatient", "Outpatient Clinic"),
            ("checkup", "Health Examination"),
            ("imaging", "Imaging"),
            ("special", "Special Clinic"),
            ("centre", "Follow-up Centre"),
        ],
        default="ward",
        required=True,
    )
    member_ids = fields.One2many("followup.team.member", "team_id")
    member_count = fields.Integer(string="Members", compute="_compute_member_count")
    head_user_id = fields.Many2one(
        "res.users",
        string="Head",
        compute="_compute_head_user_id",
        help="Manager of the department, else of the nearest one above it.",
    )
    head_nurse_id = fields.Many2one("res.users", compute="_compute_head_nurse_id")
    # reached by
    hotline = fields.Char(tracking=True, help="Number patients may ring.")
    hotline_hours = fields.Char(help="When the hotline answers, in words.")
    directory = fields.Text(help="Rooms and numbers the caller may pass on.")
    # who calls today
    rota_ids = fields.One2many("followup.team.rota", "team_id")
    duty_user_ids = fields.Many2many(
        "res.users", compute="_compute_duty_user_ids", string="Calls Today"
    )

    _department_uniq = models.UniqueIndex(
        "(department_id)", "This department has a follow-up team already."
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("department_id")
    def _compute_company_id(self):
        for team in self:
            team.company_id = (
                team.department_id.company_id or team.company_id or self.env.company
            )

    @api.depends("member_ids")
    def _compute_member_count(self):
        for team in self:
            team.member_count = len(team.member_ids)

    @api.depends("department_id")
    def _compute_head_user_id(self):
        heads = self.department_id._followup_heads()
        for team in self:
            team.head_user_id = heads.get(team.department_id)

    @api.depends("member_ids.profession", "member_ids.user_id")
    def _compute_head_nurse_id(self):
        for team in self:
            nurses = team.member_ids.filtered(
                lambda member: member.profession == "head_nurse"
            )
            team.head_nurse_id = nurses[:1].user_id

    @api.depends("rota_ids", "member_ids")
    def _compute_duty_user_ids(self):
        for team in self:
            day = self.env["followup.clock"]._today(team.company_id or self.env.company)
            users = team._on_duty(day)
            deputies = self.env["followup.delegation"]._deputies(
                users, team.department_id
            )
            away = self.env["res.users"].union(*deputies)
            team.duty_user_ids = (users - away).union(*deputies.values())

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        teams = super().create(vals_list)
        self.env["res.users"]._followup_refresh_departments()
        return teams

    def write(self, vals):
        result = super().write(vals)
        if not {"department_id", "active", "member_ids"}.isdisjoint(vals):
            self.env["res.users"]._followup_refresh_departments()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["res.users"]._followup_refresh_departments()
        return result

    # ------------------------------------------------------------
    # WHO CALLS
    # ------------------------------------------------------------

    def _on_duty(self, day):
        """Who calls on a day: the rota, else the weekday's members, else all."""
        self.ensure_one()
        planned = self.rota_ids.filtered(lambda line: line.date == day).user_id
        if planned:
            return planned
        weekly = self.member_ids.filtered(WEEKDAYS[day.weekday()])
        return (weekly or self.member_ids).user_id

    @api.model
    def _resolve_responsibles(self, items):
        """Return {key: user id or False} for items (key, rule, encounter, user).

        `rule` is the step's `responsible`. Whoever is away is replaced by his
        deputy; whoever has no calling role, no access to the hospital or no
        account gives False: the work then waits in the pool, never unseen (I-7).
        """
        found = self._named_users(items)
        deputies = self.env["followup.delegation"]._deputies_of(
            (found[key], encounter.department_id)
            for key, _rule, encounter, _user in items
        )
        # sudo: hospitals of other users are not readable for callers
        callers = self.env["res.users"]._followup_callers().sudo()
        hospitals = {user.id: set(user.company_ids.ids) for user in callers}
        result = {}
        for key, _rule, encounter, _user in items:
            user = deputies.get((found[key], encounter.department_id), found[key])
            company_id = encounter.company_id.id or self.env.company.id
            fits = company_id in hospitals.get(user.id, ())
            result[key] = user.id if fits else False
        return result

    @api.model
    def _named_users(self, items):
        """Return {key: user the rule names, before absence and rights}."""
        encounters = self.env["followup.encounter"].union(*(row[2] for row in items))
        departments = encounters.department_id
        heads = departments._followup_heads()
        nurses = self._head_nurses(departments)
        nobody = self.env["res.users"]
        found = {}
        for key, rule, encounter, user in items:
            if rule in ENCOUNTER_USERS:
                found[key] = encounter[ENCOUNTER_USERS[rule]]
            elif rule == "head":
                found[key] = heads.get(encounter.department_id, nobody)
            elif rule == "head_nurse":
                found[key] = nurses.get(encounter.department_id, nobody)
            else:
                found[key] = user if rule == "user" and user else nobody
        return found

    @api.model
    def _head_nurses(self, departments):
        members = self.env["followup.team.member"].search(
            [
                ("department_id", "in", departments.ids),
                ("profession", "=", "head_nurse"),
                ("team_id.active", "=", True),
            ],
            order="sequence desc, id desc",
        )
        return {member.department_id: member.user_id for member in members}

    @api.model
    def _may_call(self, user, department, level="1"):
        """Whether this user may call for the department at this level."""
        # sudo: asked about others too; only roles and departments are read
        user = user.sudo()
        if not user.active:
            return False
        if user.has_group("patient_followup.followup_group_centre_manager"):
            return True
        if level == "2":
            return user.has_group("patient_followup.followup_group_centre_caller")
        return (
            user.has_group("patient_followup.followup_group_ward_caller")
            and department.id in user.followup_department_ids.ids
        )

    @api.model
    def _title_rank(self, user):
        """Return the highest title of the user as a rank of `TITLE_RANKS`.

        A head counts as deputy chief at least: the policy lets the head or a
        deputy chief physician call special patients (A-11).
        """
        # sudo: titles are compared for whoever is assigned, in every team
        members = (
            self.env["followup.team.member"].sudo().search([("user_id", "=", user.id)])
        )
        ranks = [TITLE_RANKS[member.title] for member in members]
        if self.env["hr.department"]._followup_headed_by(user):
            ranks.append(TITLE_RANKS["deputy_chief"])
        return max(ranks, default=0)
