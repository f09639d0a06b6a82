# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

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


class FollowupTask(models.Model):
    """One contact due for one patient (FHIR Task).

    No chatter and no activities: they cost a hundredfold; its history is its
    attempts and its own closing fields.
    """

    _name = "followup.task"
    _description = "Follow-up Task"
    _inherit = ["followup.guarded.mixin"]
    _order = "priority desc, date_due, id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True)
    plan_id = fields.Many2one(
        "followup.plan", index="btree_not_null", check_company=True
    )
    step_id = fields.Many2one("followup.protocol.step", index="btree_not_null")
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
        "followup.encounter", index="btree_not_null", check_company=True
    )
    department_id = fields.Many2one("hr.department")
    level = fields.Selection(
        [("1", "Level 1"), ("2", "Level 2")], default="1", required=True
    )
    method = fields.Selection(METHODS, default="phone", required=True)
    # when (UTC); due_day is the local day beside date_due
    date_earliest = fields.Datetime()
    date_due = fields.Datetime()
    date_deadline = fields.Datetime()
    due_day = fields.Date()
    next_at = fields.Datetime(
        help="Earliest permitted moment of the next attempt (D-10)."
    )
    snoozed_until = fields.Datetime()
    # who
    user_id = fields.Many2one("res.users", string="Assigned to")
    responsible = fields.Selection(
        selection=lambda self: (
            self.env["followup.protocol.step"]._fields["responsible"].selection
        )
    )
    min_title = fields.Selection(
        selection=lambda self: (
            self.env["followup.protocol.step"]._fields["min_title"].selection
        ),
        default="none",
    )
    claimed_by_id = fields.Many2one("res.users", readonly=True)
    claimed_until = fields.Datetime(readonly=True)
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
    attempt_count = fields.Integer(readonly=True)
    next_band_id = fields.Many2one("followup.time.band", readonly=True)
    red_flag = fields.Boolean(readonly=True)
    outcome_note = fields.Text()
    advice_note = fields.Text(help="Advice given to the patient.")
    next_visit_date = fields.Date()
    reason_id = fields.Many2one("followup.reason", readonly=True)
    closing_reason = fields.Char(readonly=True)
    completed_at = fields.Datetime(readonly=True)
    completed_day = fields.Date(readonly=True)
    completed_by_id = fields.Many2one("res.users", readonly=True)
    proxy = fields.Boolean(readonly=True, help="A relative answered.")
    reopened_from_id = fields.Many2one(
        "followup.task", readonly=True, index="btree_not_null"
    )

    _guarded_fields = frozenset(
        {
            "company_id",
            "plan_id",
            "step_id",
            "occurrence",
            "kind",
            "origin_key",
            "patient_id",
            "encounter_id",
            "department_id",
            "level",
            "state",
            "date_earliest",
            "date_due",
            "date_deadline",
            "due_day",
            "next_at",
            "user_id",
            "claimed_by_id",
            "claimed_until",
            "attempt_count",
            "next_band_id",
            "red_flag",
            "reason_id",
            "closing_reason",
            "completed_at",
            "completed_day",
            "completed_by_id",
            "proxy",
            "reopened_from_id",
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

    @api.model
    def _create_generated(self, vals_list):
        """Create the tasks of plans, thousands at once (I-2)."""
        for vals in vals_list:
            vals.setdefault("next_at", vals.get("date_earliest"))
        return self._guarded().create(vals_list)._unguarded()
