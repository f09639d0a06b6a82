# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.checked import checked
from .followup_task import CLOSED_STATES, OPEN_STATES, PENDING_SQL

OPEN_PLAN_STATES = ("active", "missing_anchor")


class FollowupPlan(models.Model):
    """A protocol applied to one stay or patient (FHIR CarePlan; E-12, P-1).

    Access: callers and heads the plans of their departments, the centre those
    with level 2 work; plans are made and changed by methods only, and every
    change by hand leaves a `followup.plan.change`.
    """

    _name = "followup.plan"
    _description = "Follow-up Plan"
    _erase_fields = ("note", "closing_reason")
    _inherit = ["followup.guarded.mixin"]
    _order = "id desc"
    _rec_name = "protocol_id"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "company_id",
            "patient_id",
            "encounter_id",
            "department_id",
            "protocol_id",
            "protocol_family_id",
            "origin_key",
            "origin",
            "anchor_at",
            "state",
            "closing_reason",
            "closed_at",
            "withdrawn",
            "next_occurrence_day",
            "centre_visible",
            "task_ids",
            "gap_ids",
            "change_ids",
        }
    )

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    patient_id = fields.Many2one(
        "followup.patient",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    encounter_id = fields.Many2one(
        "followup.encounter",
        string="Stay",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    protocol_id = fields.Many2one(
        "followup.protocol", required=True, index=True, ondelete="restrict"
    )
    protocol_family_id = fields.Many2one(
        "followup.protocol", required=True, ondelete="restrict"
    )
    origin_key = fields.Char(required=True)
    origin = fields.Char(
        string="Started by", help="What started the plan, in words; empty: its stay."
    )
    anchor_at = fields.Datetime(
        string="Started at", help="Moment of the event that started the plan."
    )
    state = fields.Selection(
        [
            ("active", "Active"),
            ("missing_anchor", "Date Missing"),
            ("completed", "Completed"),
            ("cancelled", "Cancelled"),
        ],
        default="active",
        required=True,
        index=True,
        group_expand=True,
    )
    responsible_id = fields.Many2one("res.users", index="btree_not_null")
    note = fields.Text(string="Note to the Caller")
    closing_reason = fields.Char(readonly=True)
    closed_at = fields.Datetime(readonly=True)
    withdrawn = fields.Boolean(
        readonly=True,
        copy=False,
        help="Cancelled with the discharge; comes back with the next one.",
    )
    # Day of the first recurring contact that is not made yet (rolling horizon).
    next_occurrence_day = fields.Date(readonly=True, copy=False)
    # Level 2 work exists: the centre may see the plan.
    centre_visible = fields.Boolean(copy=False)
    task_ids = fields.One2many("followup.task", "plan_id")
    gap_ids = fields.One2many("followup.plan.gap", "plan_id", string="Not Planned")
    change_ids = fields.One2many("followup.plan.change", "plan_id", string="History")
    # figures
    task_count = fields.Integer(compute="_compute_progress")
    done_count = fields.Integer(compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress", help="Contacts made, percent.")
    next_due_day = fields.Date(compute="_compute_progress", string="Next Contact")

    _origin_uniq = models.UniqueIndex(
        "(company_id, protocol_family_id, origin_key)",
        "This plan exists already.",
    )
    _next_occurrence_idx = models.Index(
        "(company_id, next_occurrence_day) WHERE next_occurrence_day IS NOT NULL"
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("task_ids.state", "task_ids.due_day")
    def _compute_progress(self):
        figures = self._get_figures()
        for plan in self:
            total, done, next_day = figures.get(plan.id, (0, 0, False))
            plan.task_count = total
            plan.done_count = done
            plan.progress = 100.0 * done / total if total else 0.0
            plan.next_due_day = next_day

    def _get_figures(self):
        """Return {plan id: (contacts that count, done ones, next day due)}."""
        figures = {}
        groups = self.env["followup.task"]._read_group(
            [("plan_id", "in", self.ids), ("state", "!=", "cancelled")],
            ["plan_id", "state"],
            ["__count", "due_day:min"],
        )
        for plan, state, count, day in groups:
            total, done, next_day = figures.get(plan.id, (0, 0, False))
            if state == "done":
                done += count
            if state in OPEN_STATES and day:
                next_day = min(next_day or day, day)
            figures[plan.id] = (total + count, done, next_day)
        return figures

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if self.task_ids:
            raise UserError(
                self.env._("A plan with contacts is closed with a reason, not deleted.")
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @checked
    def action_close(self, reason):
        """Close plans by hand; their open contacts are cancelled."""
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the plan is closed."))
        self.check_access("write")
        self._close_engine(reason)
        self._log_change("close", reason)

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _close_engine(self, reason, withdrawn=False):
        """Cancel open plans and their open tasks; what is done stays (I-12)."""
        # sudo: the caller was checked; who may close a plan may close all of it
        plans = (
            self.sudo()._guarded().filtered(lambda plan: plan.state in OPEN_PLAN_STATES)
        )
        tasks = plans._get_open_tasks()
        if withdrawn:
            tasks._withdraw(reason)
        else:
            tasks._cancel_engine(reason)
        plans.write(
            {
                "state": "cancelled",
                "withdrawn": withdrawn,
                "closing_reason": reason,
                "closed_at": fields.Datetime.now(),
                "next_occurrence_day": False,
            }
        )
        return plans._unguarded()

    def _get_open_tasks(self):
        return self.env["followup.task"].search(
            [("plan_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        )

    def _on_tasks_closed(self, tasks):
        """Go on after tasks of these plans were closed.

        Called with every finished call, so one query finds the few plans that
        need more than that: those which end now or make their next step now,
        and those whose stay has level 2 calls waiting for this one.
        """
        if not self:
            return
        # sudo: the caller closed the task; the rest of the plan may be another's
        settled, gated = self.sudo()._find_affected()
        if settled:
            settled._generate_tasks(settled.company_id[:1].followup_backfill_days)
        if gated:
            tasks._release_level_two()

    def _find_affected(self):
        """Return (open plans without open task or with a step to start, gated)."""
        self.env["followup.task"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT plan.id,
                       plan.state = ANY(%(open)s) AND (NOT EXISTS (
                            SELECT FROM followup_task task
                             WHERE task.plan_id = plan.id
                               AND task.state <> ALL(%(closed)s))
                        OR EXISTS (
                            SELECT FROM followup_protocol_step step
                             WHERE step.protocol_id = plan.protocol_id
                               AND step.anchor = 'previous')),
                       EXISTS (
                            SELECT FROM followup_task task
                             WHERE task.encounter_id = plan.encounter_id
                               AND task.level_gate_at IS NOT NULL AND %(pending)s)
                    OR EXISTS (
                            SELECT FROM followup_task task
                             WHERE task.plan_id = plan.id
                               AND task.level_gate_at IS NOT NULL AND %(pending)s)
                  FROM followup_plan plan
                 WHERE plan.id = ANY(%(plans)s)
                """,
                plans=self.ids,
                open=list(OPEN_PLAN_STATES),
                closed=list(CLOSED_STATES),
                pending=SQL(PENDING_SQL),
            )
        )
        settled = self.browse(id_ for id_, is_settled, _gated in rows if is_settled)
        return settled, self.browse(id_ for id_, _settled, is_gated in rows if is_gated)
