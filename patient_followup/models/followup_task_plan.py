# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models

from ..tools import schedule
from ..tools.guard import is_open
from .followup_task import OPEN_STATES
from .followup_task import FollowupTask as Task


class FollowupTask(models.Model):
    """What the plan needs to know of its tasks."""

    _inherit = "followup.task"

    _guarded_fields = Task._guarded_fields | {
        "withdrawn",
        "moved_by_hand",
        "hold_encounter_id",
    }

    # added to a plan by hand, or made from a closed one: no click makes it twice
    _added_uniq = models.UniqueIndex(
        "(plan_id, origin_key) WHERE plan_id IS NOT NULL AND origin_key IS NOT NULL",
        "This contact is planned already.",
    )

    withdrawn = fields.Boolean(
        readonly=True,
        copy=False,
        help="Cancelled because its date was taken back; comes back with it.",
    )
    moved_by_hand = fields.Boolean(
        readonly=True, copy=False, help="Keeps its date when the stay is corrected."
    )
    hold_encounter_id = fields.Many2one(
        "followup.encounter",
        string="Waits for Stay",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The patient is in hospital again; decided after that stay.",
    )

    # ------------------------------------------------------------
    # DATES
    # ------------------------------------------------------------

    def _check_frozen(self, vals):
        """Let the engine bring back what it withdrew itself; no call was made."""
        tasks = self
        if is_open(self.env):
            tasks = self.filtered(lambda task: not task.withdrawn)
        return super(FollowupTask, tasks)._check_frozen(vals)

    def _withdraw(self, reason):
        """Cancel open tasks in a way that `_reopen_withdrawn` can take back."""
        # sudo: the stay decides, whoever is to call; its writer was checked before
        self.sudo()._guarded().write({"withdrawn": True})
        self._cancel_engine(reason)

    def _get_moves(self, all_slots=False):
        """Return ({task: new dates}, tasks whose anchor is not known any more)."""
        moves, lost = {}, self.browse()
        calendars = {}
        for task in self.filtered("step_id"):
            step, plan = task.step_id, task.plan_id
            if step.anchor == "previous":
                continue
            anchor = plan._get_anchors().get(step.anchor)
            if not anchor:
                lost += task
                continue
            company = task.company_id
            if company not in calendars:
                calendars[company] = self.env["followup.clock"]._for_company(company)
            slot = schedule.slot(
                step._get_schedule(), anchor, calendars[company], task.occurrence
            )
            vals = _slot_vals(slot)
            if all_slots or any(task[name] != value for name, value in vals.items()):
                moves[task] = vals
        return moves, lost

    def _reopen_withdrawn(self, moves):
        """Put withdrawn tasks back on the board, at their new dates."""
        self.patient_id._lock_for_planning()
        for task in self:
            task._guarded().write(
                {
                    **moves.get(task, {}),
                    "state": "planned",
                    "withdrawn": False,
                    "closing_reason": False,
                    "reason_id": False,
                    "closed_at": False,
                    "closed_by_id": False,
                }
            )
        self._refresh_next_at()

    # ------------------------------------------------------------
    # READMISSION
    # ------------------------------------------------------------

    def action_hold_keep(self):
        """Buttons of the list of calls that wait for a decision."""
        self._decide_hold("keep")

    def action_hold_move(self):
        self._decide_hold("move")

    def action_hold_cancel(self):
        self._decide_hold("cancel")

    def _decide_hold(self, choice):
        self.check_access("write")
        # sudo: states change by methods only; write access was checked
        held = self.sudo().filtered(
            lambda task: task.hold_encounter_id and task.state in OPEN_STATES
        )
        held._settle_hold(choice)

    def _settle_hold(self, choice):
        """Keep, move or cancel tasks that waited for the end of a new stay."""
        shifts = self._get_shifts() if choice == "move" else {}
        # first: what is cancelled below is closed and changes no more
        self._guarded().write({"hold_encounter_id": False})
        if choice == "cancel":
            self._cancel_engine(
                self.env._(
                    "The patient was in hospital again; the new stay is followed."
                )
            )
        self._move_engine(shifts)
        self._resume_engine()
        self.plan_id._on_tasks_closed(self)

    def _get_shifts(self):
        """Return {task: dates later by the days of the stay that held it}."""
        shifts = {}
        for task in self:
            stay = task.hold_encounter_id
            if not stay.admission_day or not stay.discharge_day:
                continue
            days = (stay.discharge_day - stay.admission_day).days
            shifts[task] = task._shift(days)
        return shifts

    def _shift(self, days):
        """Return the dates so many days later, on days its step allows."""
        self.ensure_one()
        clock = self.env["followup.clock"]
        calendar = clock._for_company(self.company_id)
        step = self.step_id
        anchor = self.plan_id._get_anchors().get(step.anchor) if step else None
        if anchor:
            moved = calendar.add_calendar_hours(anchor, 24 * days)
            return _slot_vals(
                schedule.slot(step._get_schedule(), moved, calendar, self.occurrence)
            )
        names = ("date_earliest", "date_due", "date_deadline", "due_day")
        return {
            name: self[name] and self[name] + timedelta(days=days) for name in names
        }


def _slot_vals(slot):
    return {
        "date_earliest": slot.date_earliest,
        "date_due": slot.date_due,
        "date_deadline": slot.date_deadline,
        "due_day": slot.due_date,
    }
