# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.choices import choices_of
from ..tools.guard import is_open

METHODS = [
    ("phone", "Phone"),
    ("home", "Home Visit"),
    ("clinic", "Clinic"),
    ("sms", "SMS"),
    ("wechat", "WeChat"),
    ("web", "Web"),
    ("mail", "Letter"),
    ("in_person", "In Person"),
]
OPEN_STATES = ("planned", "ready", "in_progress", "waiting", "unreachable")
CLOSED_STATES = ("done", "refused", "cancelled")
# a next call is due some time; an unreachable patient waits for his own call
PENDING_STATES = ("planned", "ready", "waiting", "in_progress")
# what the engine still writes on closed tasks: a merge of patients (D-4), a
# suspicious condition heard of later
AMENDED = {"patient_id", "red_flag"}
OPEN_SQL = "state IN ('planned', 'ready', 'in_progress', 'waiting', 'unreachable')"
PENDING_SQL = "state IN ('planned', 'ready', 'waiting', 'in_progress')"


class FollowupTask(models.Model):
    """One contact due for one patient (FHIR Task).

    No chatter and no activities: they cost a hundredfold; its history is its
    attempts and its own closing fields. Split by concern: `_schedule` (next call),
    `_claim` (who calls), `_attempt` (calls made), `_outcome` (how it ends),
    `_engine` (what plans and stays do to it).

    Access: ward callers level 1 of their departments and what is assigned to
    them; heads also read level 2; the centre level 2; managers all; inspectors
    read. Closed tasks are frozen for everybody (I-5).
    """

    _name = "followup.task"
    _description = "Follow-up Task"
    _erase_fields = (
        "name",
        "assignment_note",
        "outcome_note",
        "advice_note",
        "closing_reason",
    )
    _inherit = ["followup.guarded.mixin"]
    _order = "priority desc, date_due, id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True)
    # what is sealed is never emptied by a deletion elsewhere (I-5): restrict
    plan_id = fields.Many2one(
        "followup.plan",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    step_id = fields.Many2one(
        "followup.protocol.step", index="btree_not_null", ondelete="restrict"
    )
    occurrence = fields.Integer(default=0, required=True)
    kind = fields.Selection(
        [
            ("plan", "Plan"),
            ("event", "Event"),
            ("verification", "Verification"),
            ("programme", "Programme"),
            ("adhoc", "Ad hoc"),
        ],
        default="plan",
        required=True,
    )
    origin_key = fields.Char()
    name = fields.Char(help="The step's name when the task was made.")
    patient_id = fields.Many2one(
        "followup.patient", required=True, index=True, check_company=True
    )
    encounter_id = fields.Many2one(
        "followup.encounter",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    department_id = fields.Many2one("hr.department", ondelete="restrict")
    level = fields.Selection(
        [("1", "Level 1"), ("2", "Level 2")], default="1", required=True
    )
    method = fields.Selection(METHODS, default="phone", required=True)
    # when (UTC); due_day is the local day beside date_due
    date_earliest = fields.Datetime()
    date_due = fields.Datetime()
    date_deadline = fields.Datetime()
    due_day = fields.Date()
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue"
    )
    next_at = fields.Datetime(
        help="Earliest permitted moment of the next attempt (D-10)."
    )
    snoozed_until = fields.Datetime(readonly=True)
    callback_at = fields.Datetime(
        string="Promised Call", readonly=True, help="The patient asked for this time."
    )
    on_hold = fields.Boolean(
        readonly=True, help="The patient is in hospital again: no calls."
    )
    # who
    user_id = fields.Many2one("res.users", string="Assigned to")
    responsible = fields.Selection(
        selection=choices_of("followup.protocol.step", "responsible")
    )
    min_title = fields.Selection(
        selection=choices_of("followup.protocol.step", "min_title"),
        default="none",
    )
    claimed_by_id = fields.Many2one("res.users", string="Called by", readonly=True)
    claimed_until = fields.Datetime(readonly=True)
    assignment_note = fields.Char(
        readonly=True, help="Why the task went back to the team."
    )
    # what came of it
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("ready", "Ready"),
            ("in_progress", "In Progress"),
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("unreachable", "Unreachable"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        default="planned",
        required=True,
    )
    priority = fields.Selection(
        [("0", "Normal"), ("1", "High"), ("2", "Urgent")], default="0", required=True
    )
    attempt_policy_id = fields.Many2one("followup.attempt.policy")
    attempt_ids = fields.One2many("followup.attempt", "task_id")
    attempt_count = fields.Integer(string="Attempts", readonly=True)
    attempt_tally = fields.Json(
        readonly=True,
        export_string_translation=False,
        help="Unanswered tries of the last day, as tools/attempts.py stores them.",
    )
    exhausted_days = fields.Integer(
        readonly=True, help="Days on which the attempt policy was completed."
    )
    reached_at = fields.Datetime(
        readonly=True, help="When the patient was reached, for punctuality."
    )
    next_band_id = fields.Many2one("followup.time.band", readonly=True)
    red_flag = fields.Boolean(readonly=True)
    outcome_note = fields.Text()
    advice_note = fields.Text(help="Advice given to the patient.")
    next_visit_date = fields.Date()
    reason_id = fields.Many2one("followup.reason", readonly=True, ondelete="restrict")
    closing_reason = fields.Char(readonly=True)
    completed_at = fields.Datetime(readonly=True)
    completed_day = fields.Date(readonly=True)
    completed_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    closed_at = fields.Datetime(readonly=True)
    closed_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    proxy = fields.Boolean(readonly=True, help="A relative answered.")
    reopened_from_id = fields.Many2one(
        "followup.task", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    # everything but what the caller writes down
    _guarded_fields = frozenset(
        {
            "company_id",
            "plan_id",
            "step_id",
            "occurrence",
            "kind",
            "origin_key",
            "name",
            "patient_id",
            "encounter_id",
            "department_id",
            "level",
            "method",
            "state",
            "date_earliest",
            "date_due",
            "date_deadline",
            "due_day",
            "next_at",
            "snoozed_until",
            "callback_at",
            "on_hold",
            "user_id",
            "responsible",
            "min_title",
            "claimed_by_id",
            "claimed_until",
            "assignment_note",
            "attempt_policy_id",
            "attempt_ids",
            "attempt_count",
            "attempt_tally",
            "exhausted_days",
            "reached_at",
            "next_band_id",
            "red_flag",
            "reason_id",
            "closing_reason",
            "completed_at",
            "completed_day",
            "completed_by_id",
            "closed_at",
            "closed_by_id",
            "proxy",
            "reopened_from_id",
            "user_input_id",
            # the call that is going on, or was made last
            "identity_checked_at",
            "identity_checked_by_id",
            "identity_items",
            "identity_speaker",
            "identity_contact_id",
            "call_started_at",
            "call_contact_id",
            "call_direction",
            "call_leader_id",
            "leads_call",
            "participant_ids",
            "advice_ids",
        }
    )

    _occurrence_uniq = models.UniqueIndex(
        "(plan_id, step_id, occurrence) WHERE plan_id IS NOT NULL",
        "This task exists already.",
    )
    _origin_uniq = models.UniqueIndex(
        "(kind, origin_key) WHERE plan_id IS NULL",
        "This task exists already.",
    )
    # the work that is open, in the orders it is asked for
    _claimable_idx = models.Index(
        f"(company_id, department_id, next_at, priority, id) WHERE {PENDING_SQL}"
    )
    _department_open_idx = models.Index(
        f"(department_id, state, date_due, id) WHERE {OPEN_SQL}"
    )
    _centre_open_idx = models.Index(
        f"(company_id, state, date_due, id) WHERE level = '2' AND {OPEN_SQL}"
    )
    _user_open_idx = models.Index(
        f"(user_id, date_due) WHERE user_id IS NOT NULL AND {OPEN_SQL}"
    )
    _claimed_idx = models.Index(
        "(claimed_by_id, claimed_until) WHERE claimed_by_id IS NOT NULL"
    )
    _planned_idx = models.Index("(date_earliest) WHERE state = 'planned'")
    _report_idx = models.Index(
        "(company_id, due_day, department_id, level)"
        " INCLUDE (state, completed_day, completed_at, date_deadline, attempt_count)"
    )

    # ------------------------------------------------------------
    # COMPUTE / SEARCH
    # ------------------------------------------------------------

    @api.depends("date_due", "state")
    def _compute_is_overdue(self):
        overdue = self.filtered_domain(self._overdue_domain())
        overdue.is_overdue = True
        (self - overdue).is_overdue = False

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._overdue_domain()

    @api.model
    def _overdue_domain(self):
        """Late and still open; nothing is written when time passes."""
        return Domain("state", "in", OPEN_STATES) & Domain(
            "date_due", "<", fields.Datetime.now()
        )

    @api.depends("name", "due_day")
    def _compute_display_name(self):
        """Neutral: what and when, never who (I-3)."""
        for task in self:
            day = fields.Date.to_string(task.due_day) if task.due_day else ""
            task.display_name = f"{task.name or task.id} {day}".strip()

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        self._check_frozen(vals)
        return super().write(vals)

    def _check_frozen(self, vals):
        """Refuse every change of a closed task, of `sudo()` too (I-5)."""
        if is_open(self.env) and set(vals) <= AMENDED:
            return
        if any(task.state in CLOSED_STATES for task in self):
            raise UserError(
                self.env._("A closed task never changes. Reopen it as a new one.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.filtered(lambda task: task.state in CLOSED_STATES or task.attempt_ids):
            raise UserError(
                self.env._("A task with calls, or a closed one, is never deleted.")
            )
