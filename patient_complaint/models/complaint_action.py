# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.patient_followup.tools.guard import is_open

STATES = [
    ("open", "To Do"),
    ("returned", "Not Effective, Again"),
    ("done", "Done, to Be Checked"),
    ("effective", "Effective"),
    ("cancelled", "Cancelled"),
]
# somebody still has to do or to check it
UNDONE = ("open", "returned")
PENDING = (*UNDONE, "done")
SOURCES = [
    ("case", "Complaint"),
    ("round", "Service Round"),
    ("concern", "Opinion"),
    ("survey", "Survey Result"),
    ("campaign", "Campaign"),
    ("other", "Other"),
]
# source: its link; set once
LINKS = {
    "case": "case_id",
    "round": "finding_id",
    "concern": "concern_id",
    "survey": "task_id",
    "campaign": "campaign_id",
}
SUBJECT_FIELDS = frozenset(LINKS.values())
PROOF_FIELDS = frozenset({"proof", "proof_ids"})
PLANNERS = (
    "patient_complaint.complaint_group_specialist,"
    "patient_followup.followup_group_department_head,"
    "patient_followup.followup_group_centre_manager,"
    "patient_followup.followup_group_inspector"
)


class ComplaintAction(models.Model):
    """Something to be put right, by whom and until when (FHIR Task; C-19, G-6, S-8).

    It comes from a complaint, or without one from an opinion, a survey result, a
    service round or a campaign. Its name is a neutral number (D-7). Split by
    concern: `_state` (done, checked, returned), `_notice` (reminders).

    Access: the office all; heads those of their departments; centre managers and
    inspectors what is of no complaint; everybody what he has to do or to check.
    Who is responsible adds the proof, and changes nothing else.
    """

    _name = "complaint.action"
    _description = "Rectification"
    _inherit = [
        "followup.guarded.mixin",
        "complaint.step.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "deadline, id"
    _check_company_auto = True

    _erase_fields = ("description", "proof", "check_note", "closing_reason")
    _erase_link = ("case_id", "concern_id", "task_id")

    name = fields.Char(string="Rectification No.", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        compute_sudo=True,
        store=True,
        required=True,
        precompute=True,
        index=True,
    )
    state = fields.Selection(
        STATES,
        default="open",
        required=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    kind = fields.Selection(
        [
            ("immediate", "Immediate"),
            ("corrective", "Corrective"),
            ("preventive", "Preventive"),
            ("improvement", "Improvement"),
        ],
        required=True,
        default="corrective",
    )
    description = fields.Text(string="What Is to Be Done", required=True)
    # where it comes from
    source = fields.Selection(
        SOURCES, compute="_compute_source", store=True, precompute=True, index=True
    )
    case_id = fields.Many2one(
        "complaint.case",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    finding_id = fields.Many2one(
        "complaint.round.line",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    concern_id = fields.Many2one(
        "followup.concern",
        string="Opinion",
        index="btree_not_null",
        check_company=True,
    )
    task_id = fields.Many2one(
        "followup.task",
        string="Survey of the Call",
        index="btree_not_null",
        check_company=True,
    )
    campaign_id = fields.Many2one(
        "complaint.campaign",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    # whose words it may hold: for anonymisation only
    patient_id = fields.Many2one(
        "followup.patient",
        compute="_compute_patient_id",
        compute_sudo=True,
        store=True,
        index="btree_not_null",
        groups=fields.NO_ACCESS,
    )
    department_id = fields.Many2one(
        "hr.department",
        compute="_compute_department_id",
        compute_sudo=True,
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
    )
    # who, until when
    responsible_id = fields.Many2one(
        "res.users",
        compute="_compute_responsible_id",
        compute_sudo=True,
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        tracking=True,
        help="The head of the department, unless you choose somebody else.",
    )
    deadline = fields.Date(
        required=True,
        tracking=True,
        default=lambda self: self._default_deadline(),
        help="Last day, included.",
    )
    checker_id = fields.Many2one(
        "res.users",
        string="To Be Checked by",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        help="Somebody else than the responsible looks whether it had an effect.",
    )
    # what was done
    proof = fields.Text(string="What Was Done", copy=False)
    proof_ids = fields.Many2many(
        "ir.attachment",
        "complaint_action_proof_rel",
        "action_id",
        "attachment_id",
        string="Files",
        copy=False,
        bypass_search_access=True,
    )
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late"
    )
    may_plan = fields.Boolean(compute="_compute_may")
    may_do = fields.Boolean(compute="_compute_may")
    may_check = fields.Boolean(compute="_compute_may")

    _guarded_fields = frozenset(
        {"name", "company_id", "state", "patient_id", "source", "alerted_user_ids"}
        | {"done_at", "done_by_id", "check_date", "checked_at", "checked_by_id"}
        | {"effective", "return_count", "closing_reason", "notice_at", "notice_level"}
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "This number is used by another rectification.",
    )
    _two_people = models.Constraint(
        "CHECK (responsible_id != checker_id)",
        "Somebody else than the responsible checks the effect.",
    )
    _one_source = models.Constraint(
        "CHECK (num_nonnulls(case_id, finding_id, concern_id, task_id, campaign_id)"
        " <= 1)",
        "A rectification comes from one place only.",
    )
    _open_idx = models.Index(
        "(company_id, department_id, deadline, id)"
        " WHERE state IN ('open', 'returned', 'done')"
    )
    _deadline_idx = models.Index("(company_id, deadline, id)")

    # ------------------------------------------------------------
    # DEFAULTS / COMPUTE / SEARCH
    # ------------------------------------------------------------

    @api.model
    def _default_deadline(self):
        company = self.env.company
        days = company.complaint_action_days
        today = self.env["followup.clock"]._today(company)
        return fields.Date.add(today, days=days)

    @api.depends("case_id", "finding_id", "concern_id", "task_id", "campaign_id")
    def _compute_company_id(self):
        """The hospital of what it comes from, else the chosen one (D-17)."""
        for action in self:
            source = next(filter(None, (action[name] for name in LINKS.values())), None)
            found = source.company_id if source else action.company_id
            action.company_id = found or self.env.company

    @api.depends("case_id", "finding_id", "concern_id", "task_id", "campaign_id")
    def _compute_source(self):
        for action in self:
            found = (source for source, name in LINKS.items() if action[name])
            action.source = next(found, "other")

    @api.depends("case_id.patient_id", "concern_id.patient_id", "task_id.patient_id")
    def _compute_patient_id(self):
        for action in self:
            found = action.case_id.patient_id or action.concern_id.patient_id
            action.patient_id = found or action.task_id.patient_id

    @api.depends("case_id", "finding_id", "concern_id", "task_id", "campaign_id")
    def _compute_department_id(self):
        for action in self:
            found = (
                action.case_id.department_id
                or action.finding_id.round_id.department_id
                or action.concern_id.handler_department_id
                or action.task_id.department_id
                or action.campaign_id.department_id
            )
            action.department_id = action.department_id or found

    @api.depends("department_id")
    def _compute_responsible_id(self):
        heads = self.department_id._followup_heads()
        for action in self:
            head = heads.get(action.department_id, self.env["res.users"])
            able = action.case_id._get_unconflicted(head - action.checker_id)
            action.responsible_id = action.responsible_id or able

    @api.depends("deadline", "state")
    def _compute_is_late(self):
        clock = self.env["followup.clock"]
        for action in self:
            today = clock._today(action.company_id)
            action.is_late = bool(
                action.state in UNDONE and action.deadline and action.deadline < today
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env["followup.clock"]._today(self.env.company)
        domain = fields.Domain("deadline", "<", today)
        domain &= fields.Domain("state", "in", UNDONE)
        return domain if True in value else ~domain

    @api.depends("responsible_id", "checker_id", "state")
    @api.depends_context("uid")
    def _compute_may(self):
        user = self.env.user
        plans = user.has_groups(PLANNERS)
        for action in self:
            people = action.responsible_id | action.done_by_id
            action.may_plan = plans and user != action.responsible_id
            action.may_do = plans or user == action.responsible_id
            action.may_check = user not in people and (
                action.may_plan or user == action.checker_id
            )

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("responsible_id", "checker_id", "company_id", "case_id")
    def _check_people(self):
        """Both can open it: they have a role here and are not named in the case."""
        role = self.env.ref("patient_followup.followup_group_user")
        for action in self:
            # sudo: groups and hospitals of others are hidden from most
            people = (action.responsible_id | action.checker_id).sudo()
            able = people.filtered(
                lambda user, action=action: (
                    user.active
                    and action.company_id in user.company_ids
                    and role in user.all_group_ids
                )
            )
            able &= action.sudo().case_id._get_unconflicted(able)
            for user in people - able:
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot take part: he has no role in this hospital,"
                        " or the case concerns him.",
                        name=user.name,
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Number new rows, tell the responsible, start the reminders."""
        actions = super().create(vals_list)
        actions._check_linkable(SUBJECT_FIELDS)
        actions.case_id._check_is_open()
        actions._give_numbers()
        for action in actions.sudo()._guarded():
            # sudo: reminders are given by the engine
            action._schedule_notice()
        actions._tell_responsible()
        return actions

    def write(self, vals):
        if not is_open(self.env):
            self._check_write(vals)
        before = {action: action.responsible_id for action in self}
        result = super().write(vals)
        if "proof_ids" in vals:
            self._own_proofs()
        if not {"responsible_id", "deadline"}.isdisjoint(vals):
            moved = self.filtered(lambda row: row.state in UNDONE)
            # sudo: reminders are kept by the engine
            moved.sudo()._guarded()._schedule_notice(again=True)
            moved._end_activities(before)
            moved._tell_responsible()
        return result

    def _check_write(self, vals):
        """The plan by who may plan, the proof by who does it, nothing afterwards."""
        names = set(vals)
        if names & SUBJECT_FIELDS:
            raise AccessError(
                self.env._("Where a rectification comes from does not change.")
            )
        for action in self:
            if action.state not in PENDING:
                raise UserError(self.env._("%(name)s is over.", name=action.name))
            allowed = set()
            if action.state in UNDONE and self.env.user == action.responsible_id:
                allowed |= PROOF_FIELDS
            if action.state == "done" and action.may_check:
                allowed.add("check_note")
            if action.may_plan and action.state in UNDONE:
                allowed |= names
            if refused := names - allowed:
                raise AccessError(
                    self.env._(
                        "%(name)s: you may not change %(fields)s now.",
                        name=action.name,
                        fields=", ".join(sorted(refused)),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        raise UserError(
            self.env._("A rectification is cancelled with a reason, never deleted.")
        )
