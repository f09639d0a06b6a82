# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import AccessError

from .followup_task import OPEN_STATES

SUPERVISORS = (
    "patient_followup.followup_group_department_head,"
    "patient_followup.followup_group_centre_manager"
)


class FollowupTask(models.Model):
    _inherit = "followup.task"

    def _is_open(self):
        self.ensure_one()
        return self.state in OPEN_STATES

    def _get_urge_addressees(self):
        """Return {user: his tasks}; a pool's calls go to its head nurse."""
        pool = self.filtered(lambda task: not (task.user_id or task.claimed_by_id))
        nurses = self.env["followup.team.member"].search(
            [
                ("profession", "=", "head_nurse"),
                ("department_id", "in", pool.department_id.ids),
            ]
        )
        head_nurse = {row.department_id: row.user_id for row in reversed(nurses)}
        addressees = {}
        for task in self:
            user = task.claimed_by_id or task.user_id
            user = user or head_nurse.get(task.department_id, user)
            addressees.setdefault(user, self.browse())
            addressees[user] |= task
        return addressees

    def _urge(self, note=None):
        """Remind those who are late, and keep that it was done (A-6).

        :return: the rows written, one per person and department
        """
        if not self.env.user.has_groups(SUPERVISORS):
            raise AccessError(self.env._("Only heads may urge."))
        self.check_access("read")
        late = self.filtered(lambda task: task._is_open())
        vals_list = [
            late._prepare_urge(user, tasks, note)
            for user, mine in late._get_urge_addressees().items()
            if user and user != self.env.user
            for tasks in mine.grouped("department_id").values()
        ]
        # sudo: nobody creates these rows by hand; the role was checked above
        urges = self.env["followup.urge"].sudo().create(vals_list)
        urges._remind()
        return urges.sudo(False)

    def _prepare_urge(self, user, tasks, note):
        return {
            "company_id": tasks.company_id[:1].id,
            "department_id": tasks.department_id[:1].id,
            "user_id": user.id,
            "urged_by_id": self.env.uid,
            "note": note,
            "task_ids": [fields.Command.set(tasks.ids)],
            "task_count": len(tasks),
        }
