# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from hashlib import sha256

from odoo import fields, models
from odoo.exceptions import UserError

from .followup_plan import OPEN_PLAN_STATES
from .followup_task import OPEN_STATES

# what makes two contacts added by hand the same one
ADDED_FIELDS = ("name", "day", "method", "level", "user_id")


class FollowupPlan(models.Model):
    """Changing one patient's plan by hand, always with a reason (E-13, E-14)."""

    _inherit = "followup.plan"

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_amend(self):
        """Open the dialog that changes the plan."""
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_followup.followup_plan_amend_action"
        )
        return {**action, "context": {"default_plan_id": self.id}}

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _add_contact(self, vals, reason, reason_id=False):
        """Add one contact the protocol does not know; the same one only once.

        :param dict vals: name, day, method, level, user_id
        :return: the task, also where a second click finds it open already
        """
        self._check_amendable(reason)
        key, known = self._find_added(vals)
        if known:
            return known.with_env(self.env)
        clock = self.env["followup.clock"]
        calendar = clock._for_company(self.company_id)
        day = vals.pop("day")
        start, end = calendar.day_bounds(day)
        # sudo: tasks are made by methods only; write access to the plan was checked
        plan = self.sudo()
        task = plan.env["followup.task"]._create_generated(
            [
                {
                    **plan._prepare_task_base(),
                    **vals,
                    "kind": "adhoc",
                    "origin_key": key,
                    "date_earliest": start,
                    "date_due": end,
                    "date_deadline": end,
                    "due_day": day,
                }
            ]
        )
        if plan.state == "completed":
            plan._guarded().write({"state": "active", "closed_at": False})
        self._log_change("add", reason, reason_id, task, task.sudo().display_name)
        return task.with_env(self.env)

    def _find_added(self, vals):
        """Return the key of an added contact, and the open one that has it.

        Two clicks at the same moment meet in the unique index of the key.
        """
        text = "|".join(str(vals.get(name)) for name in ADDED_FIELDS)
        prefix = f"plan:{self.id}:{sha256(text.encode()).hexdigest()[:16]}"
        # sudo: the open contact may be somebody else's by now
        tasks = self.env["followup.task"].sudo()
        earlier = tasks.search(
            [("plan_id", "=", self.id), ("origin_key", "=like", f"{prefix}:%")]
        )
        known = earlier.filtered(lambda task: task.state in OPEN_STATES)
        return f"{prefix}:{len(earlier)}", known[:1]

    def _move_contact(self, task, day, reason, reason_id=False):
        """Move an open contact to another day; corrections of the stay leave it."""
        self._check_amendable(reason, task)
        if task.claimed_by_id and task.claimed_by_id != self.env.user:
            raise UserError(
                self.env._("%(name)s is calling now.", name=task.claimed_by_id.name)
            )
        calendar = self.env["followup.clock"]._for_company(self.company_id)
        start, end = calendar.day_bounds(day)
        detail = self.env._(
            "from %(before)s to %(after)s", before=task.due_day, after=day
        )
        # sudo: dates change by methods only; write access to the plan was checked
        task = task.sudo()
        vals = {
            "date_earliest": start,
            "date_due": end,
            "date_deadline": end,
            "due_day": day,
        }
        task._move_engine({task: vals})
        task._guarded().write({"moved_by_hand": True})
        self._log_change("move", reason, reason_id, task, detail)

    def _cancel_contact(self, task, reason, reason_id=False):
        """Take one open contact out of the plan."""
        self._check_amendable(reason, task)
        detail = task.display_name
        # sudo: states change by methods only; write access to the plan was checked
        task.sudo()._cancel_engine(reason)
        self._log_change("cancel", reason, reason_id, task, detail)
        self._on_tasks_closed(task)

    def _check_amendable(self, reason, task=None):
        self.ensure_one()
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the plan is changed."))
        if self.state not in (*OPEN_PLAN_STATES, "completed"):
            raise UserError(self.env._("The plan is closed."))
        if task is None:
            return
        if task.plan_id != self:
            raise UserError(self.env._("The contact belongs to another plan."))
        if task.state not in OPEN_STATES:
            raise UserError(self.env._("The contact is closed already."))

    def _log_change(self, kind, reason, reason_id=False, task=None, detail=False):
        """Keep who changed these plans and why."""
        # sudo: nobody writes the history by hand; the change itself was checked
        changes = self.env["followup.plan.change"].sudo()._guarded()
        changes.create(
            [
                {
                    "plan_id": plan.id,
                    "task_id": task.id if task else False,
                    "kind": kind,
                    "reason": reason.strip(),
                    "reason_id": reason_id,
                    "detail": detail,
                    "user_id": self.env.uid,
                    "date": fields.Datetime.now(),
                }
                for plan in self
            ]
        )
