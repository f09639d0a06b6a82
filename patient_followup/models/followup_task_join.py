# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Several calls due for one patient, made as one."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import attempts as policy
from ..tools.checked import checked
from .followup_task import PENDING_STATES
from .followup_task_identity import SPOKEN

ALONE = {"call_leader_id": False, "leads_call": False}
# what a call is for every task it was made for
SHARED = (
    "started_at",
    "ended_at",
    "duration",
    "callback_at",
    "entered_at",
    "is_late_entry",
    "result",
    "method",
    "direction",
    "note",
)


class FollowupTask(models.Model):
    _inherit = "followup.task"

    call_leader_id = fields.Many2one(
        "followup.task",
        string="Called Together with",
        readonly=True,
        index="btree_not_null",
    )
    leads_call = fields.Boolean(readonly=True, help="Other tasks joined this call.")

    # ------------------------------------------------------------
    # JOIN AND LEAVE
    # ------------------------------------------------------------

    @checked
    def join_calls(self, task_ids):
        """Make other due calls of the patient with this one.

        :param list task_ids: of `_search_also_due`; the others are refused
        :return: the call screen
        """
        self.ensure_one()
        self._check_caller()
        self._check_joinable()
        tasks = self._search_also_due().filtered(lambda task: task.id in task_ids)
        if len(tasks) != len(set(task_ids)):
            raise UserError(self.env._("Only calls due for this patient can join."))
        tasks._check_caller()
        tasks._check_not_held()
        tasks._check_contactable()
        self._lock_patient()
        tasks._set_claim()
        # sudo: rights were checked above; these are guarded fields
        tasks.sudo()._guarded().write({"call_leader_id": self.id})
        self.sudo()._guarded().write({"leads_call": True})
        self._share_reached(tasks)
        return self.get_call_screen()

    def _check_not_held(self):
        """Nobody's call is taken by the way: that is logged, with a reason (I-4)."""
        for task in self:
            if (holder := task._get_holder()) and holder != self.env.user:
                raise UserError(task._held_sentence(holder))

    @checked
    def leave_call(self, task_id):
        """Make one of the joined calls another time after all.

        :return: the call screen
        """
        self.ensure_one()
        self._check_caller()
        self._get_joined().filtered(lambda task: task.id == task_id).action_release()
        return self.get_call_screen()

    def _search_also_due(self):
        """Return the other spoken tasks of the patient that are due (one call)."""
        self.ensure_one()
        if not self.patient_id:
            return self.browse()
        return self.search(
            Domain("patient_id", "=", self.patient_id.id)
            & Domain("id", "!=", self.id)
            & Domain("state", "in", PENDING_STATES)
            & Domain("method", "in", SPOKEN)
            & Domain("on_hold", "!=", True)
            & Domain("date_earliest", "<=", fields.Datetime.now()),
            order="date_due, id",
        )

    def _get_joined(self):
        """Return the tasks that this call is also made for."""
        self.ensure_one()
        if not self.leads_call:
            return self.browse()
        return self.search(
            Domain("call_leader_id", "=", self.id)
            & Domain("state", "=", "in_progress")
            & Domain("claimed_by_id", "=", self.env.uid),
            order="date_due, id",
        )

    # ------------------------------------------------------------
    # WHAT COUNTS FOR ALL
    # ------------------------------------------------------------

    def log_attempt(self, *args, **kwargs):
        joined = self._get_joined()
        attempt = super().log_attempt(*args, **kwargs)
        joined._share_attempt(attempt)
        return attempt

    def _share_attempt(self, attempt):
        """Count a call for these tasks too; reports know that it rang once."""
        vals = {name: attempt[name] for name in SHARED}
        contact = attempt.contact_id
        for task in self:
            task._record(
                {**vals, "contact_id": contact.id, "shared_with_id": attempt.id},
                contact,
            )

    def _share_reached(self, tasks):
        """Whoever joins after the patient was reached shares that call."""
        last = self.attempt_ids[:1]
        if last.result in policy.REACHED and last.user_id == self.env.user:
            tasks._share_attempt(last)

    @api.model
    def _make_load(self, calls, preferred=frozenset()):
        """The phone rang once, however many tasks the call was for."""
        load = super()._make_load(calls, preferred)
        return load._replace(count=len({call.started_at for call in calls}))

    # ------------------------------------------------------------
    # STATES
    # ------------------------------------------------------------

    def action_release(self):
        joined = self.browse().union(*(task._get_joined() for task in self))
        return super(FollowupTask, self | joined).action_release()

    def _close_with_reason(self, state, reason):
        joined = self.browse().union(*(task._get_joined() for task in self))
        result = super()._close_with_reason(state, reason)
        (joined - self).action_release()
        return result

    def _set_claim(self):
        # sudo: rights were checked by the caller; these are guarded fields
        self.sudo()._guarded().write(ALONE)
        return super()._set_claim()

    def _prepare_unclaim(self):
        return {**super()._prepare_unclaim(), **ALONE}

    def _prepare_closing(self, now):
        """Keep with a closed task which call it was made with."""
        vals = super()._prepare_closing(now)
        return {name: vals[name] for name in vals if name not in ALONE}
