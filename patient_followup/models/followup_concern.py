# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.guard import is_open

CONCERN_TYPES = [
    ("condition", "Worse or Suspicious Condition"),
    ("adverse_drug", "Adverse Drug Reaction"),
    ("wound", "Wound Problem"),
    ("self_harm", "Risk of Self-Harm"),
    ("other", "Other"),
]
SUBJECT_FIELDS = {"patient_id", "task_id", "encounter_id", "department_id"}
# what a patient says about the hospital, not about his health (O-1)
FEEDBACK_KINDS = ("opinion", "suggestion", "praise")
WORD_FIELDS = {"text", "kind", "concern_type"}
ACTIVITY_TYPE = "patient_followup.mail_activity_type_red_flag"


class FollowupConcern(models.Model):
    """A red flag, question or opinion raised during a contact (FHIR Flag, X-2).

    Its name is a neutral number: activities and mails carry nothing else (D-7).
    Split by concern: `_alert` (who is told), `_clock` (deadlines and promises),
    `_ladder` (what follows when nobody acts), `_reply` (back to the patient).

    Access: the departments it touches, who raised it and whom it was brought to;
    the centre what came out of level 2; centre managers all, inspectors read.
    """

    _name = "followup.concern"
    _description = "Concern"
    _erase_fields = ("text", "answer", "closing_reason")
    _inherit = ["followup.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Concern No.", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    task_id = fields.Many2one(
        "followup.task", index="btree_not_null", check_company=True
    )
    patient_id = fields.Many2one(
        "followup.patient", required=True, index=True, check_company=True
    )
    encounter_id = fields.Many2one("followup.encounter", check_company=True)
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        help="Department it is about, or that is asked.",
    )
    origin_department_id = fields.Many2one(
        "hr.department",
        string="Raised in",
        readonly=True,
        index="btree_not_null",
        help="Department of the call: it gives the answer back to the patient.",
    )
    handler_department_id = fields.Many2one(
        "hr.department",
        string="Handled by",
        readonly=True,
        index="btree_not_null",
        help="Department that has to act; feedback may be routed elsewhere.",
    )
    level = fields.Selection([("1", "Level 1"), ("2", "Level 2")], default="1")
    kind = fields.Selection(
        [
            ("red_flag", "Red Flag"),
            ("question", "Question"),
            ("opinion", "Opinion"),
            ("suggestion", "Suggestion"),
            ("praise", "Praise"),
        ],
        required=True,
        default="red_flag",
    )
    concern_type = fields.Selection(CONCERN_TYPES, string="What It Is About")
    text = fields.Text(string="What the Patient Reports")
    state = fields.Selection(
        [
            ("new", "To Take Up"),
            ("assigned", "Taken"),
            ("answered", "Answered"),
            ("told", "Patient Told"),
            ("closed", "Closed"),
        ],
        default="new",
        required=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    # who raised it, whom it reached
    raised_by_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
    )
    raised_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    doctor_user_id = fields.Many2one("res.users", string="Doctor", readonly=True)
    head_user_id = fields.Many2one("res.users", string="Head", readonly=True)
    specialist_id = fields.Many2one("res.users", readonly=True)
    alerted_user_ids = fields.Many2many(
        "res.users",
        "followup_concern_alerted_rel",
        "concern_id",
        "user_id",
        string="Brought To",
        readonly=True,
        copy=False,
    )
    acknowledged_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    acknowledged_at = fields.Datetime(readonly=True, copy=False)
    # what came of it
    answer = fields.Text(string="What Was Done", copy=False)
    answered_at = fields.Datetime(readonly=True, copy=False)
    told_patient_at = fields.Datetime(readonly=True, copy=False)
    can_receive = fields.Boolean(compute="_compute_can_receive")

    _guarded_fields = frozenset(
        {
            "name",
            "company_id",
            "level",
            "state",
            "raised_by_id",
            "raised_at",
            "doctor_user_id",
            "head_user_id",
            "specialist_id",
            "alerted_user_ids",
            "acknowledged_by_id",
            "acknowledged_at",
            "answered_at",
            "told_patient_at",
            # where it came from, who acts
            "origin_department_id",
            "handler_department_id",
            # clocks and promises
            "policy_id",
            "clock_terms",
            "ack_deadline",
            "inform_deadline",
            "deadline",
            "informed_at",
            "informed_by_id",
            "promised_at",
            "broken_count",
            "forward_count",
            "escalate_at",
            "notice_ids",
            # back to the patient
            "wants_reply",
            "telling_task_id",
            "told_attempt_id",
            "told_by_id",
            "closing_reason",
        }
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "This number is used by another concern.",
    )

    @api.depends_context("uid")
    @api.depends(
        "alerted_user_ids", "specialist_id", "department_id", "handler_department_id"
    )
    def _compute_can_receive(self):
        for concern in self:
            concern.can_receive = self.env.user in concern._receivers()

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Number new rows; copy hospital, ward and level from the task."""
        concerns = super().create(vals_list)
        concerns._check_subject()
        for concern in concerns.sudo():
            # sudo: the number, and values the task decides, not the caller
            concern._guarded().write(concern._prepare_from_task())
            concern._guarded().write(concern._prepare_clocks())
        if not is_open(self.env):
            for concern in concerns._plain():
                concern._apply_route()
                concern._alert()
        return concerns

    def write(self, vals):
        if not is_open(self.env):
            self._check_write(vals)
        result = super().write(vals)
        if not {"kind", "concern_type"}.isdisjoint(vals):
            self._restart_clocks()
        return result

    def _check_write(self, vals):
        """Subject for ever, words until somebody took it, answer by receivers."""
        if not SUBJECT_FIELDS.isdisjoint(vals):
            raise AccessError(
                self.env._("What a concern is about cannot be changed afterwards.")
            )
        for concern in self:
            if "answer" in vals:
                concern._check_receiver()
            taken = concern.state != "new" and not WORD_FIELDS.isdisjoint(vals)
            done = concern.state in ("told", "closed") and "answer" in vals
            if taken or done:
                raise UserError(
                    self.env._(
                        "%(name)s is being handled: add a note instead.",
                        name=concern.name,
                    )
                )

    def _check_subject(self):
        """Naming a patient shows his name: only whoever sees him may name him."""
        for name in SUBJECT_FIELDS & {"patient_id", "task_id", "encounter_id"}:
            self[name].check_access("read")

    def _prepare_from_task(self):
        task = self.task_id
        company = task.company_id or self.company_id
        # a verification call has no department of its own, its stay has
        own = task.department_id or task.encounter_id.department_id
        department = self.department_id or own
        vals = {
            "name": company._followup_next_number(self._name),
            "answer": False,
            "department_id": department.id,
            "origin_department_id": (own or department).id,
            "handler_department_id": department.id,
        }
        if task:
            vals.update(
                company_id=task.company_id.id,
                level=task.level,
                encounter_id=task.encounter_id.id,
            )
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_except_raised(self):
        raise UserError(self.env._("A concern is closed, never deleted."))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_acknowledge(self):
        """ "I have it": by whoever it was brought to, his activity ends."""
        for concern in self:
            concern._check_receiver()
            if concern.state == "new":
                concern._set(
                    state="assigned",
                    acknowledged_by_id=self.env.uid,
                    acknowledged_at=fields.Datetime.now(),
                )
                concern._refresh_ladder()
            concern._end_activities(concern.env.user)

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _set(self, **vals):
        self.check_access("write")
        self._guarded().write(vals)

    def _check_receiver(self):
        """Whoever raised it does not answer for the doctor."""
        self.ensure_one()
        self.check_access("write")
        if self.env.user not in self._receivers():
            raise AccessError(
                self.env._(
                    "%(name)s is for the doctor, the head of the department, "
                    "their deputies or the centre manager.",
                    name=self.name,
                )
            )

    def _receivers(self):
        """Users who may take it over."""
        self.ensure_one()
        heads = (self.department_id | self.handler_department_id)._followup_heads()
        users = self.alerted_user_ids | self.specialist_id
        users = users.union(*heads.values())
        users = users.union(*self.env["followup.delegation"]._deputies(users).values())
        return users | self._centre_managers(self.company_id)

    @api.model
    def _centre_managers(self, company):
        group = self.env.ref("patient_followup.followup_group_centre_manager")
        # sudo: users of a group and their hospitals are hidden from callers
        managers = group.sudo().all_user_ids.filtered(
            lambda user: user.active and company in user.company_ids
        )
        return managers.sudo(False)

    def _end_activities(self, users=None):
        """Close the to-dos of these users, of everybody without `users`."""
        for concern in self:
            # sudo: the to-do may be another person's; write was checked before
            todo = concern.sudo().activity_ids.filtered(
                lambda activity: not users or activity.user_id in users
            )
            todo.action_done()
