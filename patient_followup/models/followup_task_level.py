# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Level 2 waits for level 1, and checks it (T-8, T-14, V-3, Q-10)."""

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from ..tools import levels
from .followup_task import PENDING_SQL, PENDING_STATES
from .followup_task_plan import FollowupTask as Task

REACHED = ("reached", "reached_relative")
VERIFICATIONS = [
    (levels.CONFIRMED, "Confirmed"),
    (levels.NOT_REMEMBERED, "Not Remembered"),
    (levels.CONTRADICTED, "Contradicted"),
    (levels.NO_SUCH_CALL, "No Such Call"),
]


class FollowupTask(models.Model):
    """The gate is a moment, so that it opens by itself when time passes (D-10)."""

    _inherit = "followup.task"

    _guarded_fields = Task._guarded_fields | {"level_gate_at", "followup_verification"}

    level_gate_at = fields.Datetime(
        string="Waits for Level 1 Until",
        readonly=True,
        copy=False,
        help="Level 2 begins when level 1 is done, at the latest at this moment.",
    )
    level_explanation = fields.Char(compute="_compute_level_explanation")
    followup_verification = fields.Selection(
        VERIFICATIONS,
        string="Level 1 Verified",
        readonly=True,
        copy=False,
        help="What the patient said about the level 1 call, against its record.",
    )

    _level_gate_idx = models.Index(
        f"(encounter_id, plan_id) WHERE level_gate_at IS NOT NULL AND {PENDING_SQL}"
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("level_gate_at", "state")
    def _compute_level_explanation(self):
        now = fields.Datetime.now()
        for task in self:
            until = task.level_gate_at
            task.level_explanation = (
                until
                and until > now
                and task.state in PENDING_STATES
                and self.env._(
                    "Waits for the level 1 call, at the latest until %(time)s.",
                    time=format_datetime(self.env, until, dt_format="short"),
                )
            )

    # ------------------------------------------------------------
    # GATE
    # ------------------------------------------------------------

    @api.model
    def _create_generated(self, vals_list):
        """Let level 2 calls wait for the level 1 calls of the same stay.

        Those already there wait for level 1 calls that are made later, too.
        """
        # level 1 first: the gate of level 2 finds it then, whatever the batch
        vals_list = sorted(vals_list, key=lambda vals: vals.get("level") or "1")
        tasks = super()._create_generated(vals_list)
        if any(vals.get("plan_id") and vals.get("level") != "2" for vals in vals_list):
            rows = [vals for vals in vals_list if vals.get("level") != "2"]
            # sudo: who may start a plan need not see the level 2 calls it holds up
            tasks.sudo()._regate(
                {vals.get("encounter_id") or 0 for vals in rows},
                {vals.get("plan_id") or 0 for vals in rows},
                SQL("id <> ALL(%s)", tasks.ids),
            )
        return tasks

    @api.model
    def _schedule_vals(self, vals_list):
        waiting = {
            index: (
                vals.get("encounter_id") or 0,
                vals["plan_id"],
                vals["date_deadline"],
            )
            for index, vals in enumerate(vals_list)
            if vals.get("level") == "2"
            and vals.get("plan_id")
            and vals.get("date_deadline")
        }
        if waiting:
            planned = [vals for vals in vals_list if vals.get("level", "1") == "1"]
            for index, moment in self._get_gates(waiting, planned).items():
                vals_list[index]["level_gate_at"] = moment
        return super()._schedule_vals(vals_list)

    @api.model
    def _get_gates(self, waiting, planned=()):
        """Return {key: moment or False} with one query.

        :param dict waiting: {key: (stay id, plan id, latest date)} of level 2
        :param planned: values of level 1 tasks that are not inserted yet
        """
        latest = {}
        for stay_id, plan_id, late in self._read_level_one(waiting.values()):
            latest.setdefault(("stay", stay_id), set()).add(late)
            latest.setdefault(("plan", plan_id), set()).add(late)
        for vals in planned:
            if vals.get("plan_id") and (late := vals.get("date_deadline")):
                stay = ("stay", vals.get("encounter_id") or 0)
                latest.setdefault(stay, set()).add(late)
                latest.setdefault(("plan", vals["plan_id"]), set()).add(late)
        gates = {}
        for key, (stay_id, plan_id, deadline) in waiting.items():
            dates = set(latest.get(("plan", plan_id), ()))
            if stay_id:
                dates |= latest.get(("stay", stay_id), set())
            gates[key] = levels.gate(deadline, dates) or False
        return gates

    @api.model
    def _read_level_one(self, subjects):
        """Return (stay id, plan id, latest date) of the open level 1 calls."""
        self.env["followup.task"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(encounter_id, 0), plan_id, date_deadline
                  FROM followup_task
                 WHERE (encounter_id = ANY(%s) OR plan_id = ANY(%s))
                   AND plan_id IS NOT NULL AND level = '1'
                   AND date_deadline IS NOT NULL AND %s
                """,
                list({stay_id for stay_id, _plan, _late in subjects if stay_id}),
                list({plan_id for _stay, plan_id, _late in subjects}),
                SQL(PENDING_SQL),
            )
        )

    @api.model
    def _regate(self, stay_ids, plan_ids, extra=None):
        """Recompute the gates of pending level 2 calls of these stays and plans."""
        self.env["followup.task"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, COALESCE(encounter_id, 0), plan_id, date_deadline
                  FROM followup_task
                 WHERE (encounter_id = ANY(%s) OR plan_id = ANY(%s))
                   AND plan_id IS NOT NULL AND level = '2'
                   AND date_deadline IS NOT NULL AND %s AND %s
                """,
                list(set(stay_ids) - {0}),
                list(set(plan_ids) - {0}),
                SQL(PENDING_SQL),
                extra or SQL("level_gate_at IS NOT NULL"),
            )
        )
        gates = self._get_gates({id_: rest for id_, *rest in rows}) if rows else {}
        tasks = self.browse(gates)
        tasks = tasks.filtered(lambda task: task.level_gate_at != gates[task.id])
        for moment, group in tasks.grouped(lambda task: gates[task.id]).items():
            group._guarded().write({"level_gate_at": moment})
        tasks._refresh_next_at()

    def _release_level_two(self, extra=None):
        """Open the gate of level 2 after level 1 came to an end, or moved."""
        # sudo: a ward closes level 1 and does not see level 2
        ones = self.sudo().filtered(lambda task: task.level == "1" and task.plan_id)
        if ones:
            ones._regate(ones.encounter_id.ids, ones.plan_id.ids, extra)

    def _close(self, vals):
        if vals.get("state") == "done":
            for task in self.filtered(lambda task: task.level == "2"):
                if outcome := task._match_level_one():
                    # sudo: rights were checked before; a guarded field
                    task.sudo()._guarded().write({"followup_verification": outcome})
        return super()._close(vals)

    def _cancel_engine(self, reason):
        tasks = super()._cancel_engine(reason)
        tasks._release_level_two()
        return tasks

    def _set_unreachable(self, reason_id=False, text=None):
        result = super()._set_unreachable(reason_id, text)
        self._release_level_two()
        return result

    def _move_engine(self, moves):
        result = super()._move_engine(moves)
        tasks = self.browse().union(*moves)
        # a moved level 1 call may hold up others than before, a moved level 2 too
        plans = tasks.plan_id
        if plans:
            # sudo: the stay decides for both levels
            self.sudo()._regate(tasks.encounter_id.ids, plans.ids, SQL("TRUE"))
        return result

    def _get_resting_state(self):
        state = super()._get_resting_state()
        gate = self.level_gate_at
        if state == "ready" and gate and gate > fields.Datetime.now():
            return "planned"
        return state

    # ------------------------------------------------------------
    # WHAT LEVEL 2 SAYS OF LEVEL 1
    # ------------------------------------------------------------

    def _match_level_one(self):
        """Return the outcome of comparing answers and recorded calls, or None."""
        self.ensure_one()
        told = self._get_told()
        if told is None:
            return None
        return levels.match(
            told, self._get_claims(), self.company_id.followup_verify_days
        )

    def _get_told(self):
        """Return what was answered about level 1, or None where not asked."""
        return None

    def _get_claims(self):
        """Return the recorded level 1 calls of the same stay that reached somebody."""
        self.ensure_one()
        self.env["followup.attempt"].flush_model()
        calendar = self._get_rules()[1]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT try.started_at, try.result
                  FROM followup_task task
                  JOIN followup_attempt try ON try.task_id = task.id
                 WHERE (task.encounter_id = %s OR task.plan_id = %s)
                   AND task.level = '1' AND try.result = ANY(%s)
                   AND try.method <> 'web' -- answered alone: nobody called
                """,
                self.encounter_id.id or None,
                self.plan_id.id or None,
                list(REACHED),
            )
        )
        return [
            levels.Claim(calendar.local_date(moment), result == "reached_relative")
            for moment, result in rows
        ]
