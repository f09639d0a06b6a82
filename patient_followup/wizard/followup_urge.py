# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class FollowupUrgeSend(models.TransientModel):
    """Remind the people behind the chosen late calls (A-6)."""

    _name = "followup.urge.send"
    _description = "Urge"

    task_ids = fields.Many2many(
        "followup.task", default=lambda self: self._default_task_ids()
    )
    addressees = fields.Text(compute="_compute_addressees")
    note = fields.Char(string="Message")

    def _default_task_ids(self):
        if self.env.context.get("active_model") != "followup.task":
            return []
        tasks = self.env["followup.task"].browse(self.env.context.get("active_ids", []))
        return tasks.filtered(lambda task: task._is_open()).ids

    @api.depends("task_ids")
    def _compute_addressees(self):
        for wizard in self:
            wizard.addressees = "\n".join(wizard._get_addressee_lines())

    def _get_addressee_lines(self):
        for user, tasks in self.task_ids._get_urge_addressees().items():
            count = len(tasks)
            if not user:
                yield self.env._("Nobody: %(count)s, hand them out first", count=count)
            elif user == self.env.user:
                yield self.env._("Yourself: %(count)s, no reminder", count=count)
            else:
                yield self.env._("%(name)s: %(count)s", name=user.name, count=count)

    def action_send(self):
        self.ensure_one()
        urges = self.task_ids._urge(self.note)
        if not urges:
            raise UserError(
                self.env._("These calls are assigned to nobody else. Hand them out.")
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s people reminded.", count=len(urges.user_id)
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
