# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupTaskClose(models.TransientModel):
    """Refuse, cancel or reopen with a listed reason (P-12).

    Rights are those of the task's own methods.
    """

    _name = "followup.task.close"
    _description = "Close or Reopen a Call"

    task_id = fields.Many2one("followup.task", required=True, ondelete="cascade")
    kind = fields.Selection(
        [
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
            ("unreachable", "Unreachable"),
            ("reopened", "Reopened"),
        ],
        required=True,
    )
    reason_id = fields.Many2one(
        "followup.reason",
        domain="[('kind', '=', kind)]",
        required=True,
        ondelete="cascade",
    )
    note = fields.Char(string="Remark")

    def action_confirm(self):
        self.ensure_one()
        task = self.task_id
        if self.note and self.kind != "reopened":
            task.outcome_note = "\n".join(filter(None, (task.outcome_note, self.note)))
        result = getattr(task, self._get_methods()[self.kind])(self.reason_id)
        if self.kind == "reopened":
            return result._action_open()
        return {"type": "ir.actions.act_window_close"}

    def _get_methods(self):
        return {
            "refused": "action_refuse",
            "cancelled": "action_cancel",
            "unreachable": "action_unreachable",
            "reopened": "action_reopen",
        }
