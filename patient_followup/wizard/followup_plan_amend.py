# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.followup_task import METHODS, OPEN_STATES


class FollowupPlanAmend(models.TransientModel):
    """Dialog that changes one patient's plan, with a reason (E-13).

    Access: who may write the plan.
    """

    _name = "followup.plan.amend"
    _description = "Change Plan"

    plan_id = fields.Many2one("followup.plan", required=True, ondelete="cascade")
    kind = fields.Selection(
        [
            ("add", "Add a contact"),
            ("move", "Move a contact to another day"),
            ("cancel", "Cancel a contact"),
            ("close", "Close the plan"),
        ],
        required=True,
        default="add",
        string="What to Change",
    )
    task_id = fields.Many2one(
        "followup.task",
        string="Planned Contact",
        domain=lambda self: [("state", "in", OPEN_STATES)],
    )
    day = fields.Date()
    name = fields.Char(
        string="Name of the Contact",
        default=lambda self: self.env._("Additional contact"),
    )
    method = fields.Selection(METHODS, default="phone")
    level = fields.Selection([("1", "Level 1"), ("2", "Level 2")], default="1")
    reason_id = fields.Many2one(
        "followup.reason",
        string="Listed Reason",
        domain=[("kind", "=", "plan_change")],
    )
    reason = fields.Char(
        compute="_compute_reason", store=True, readonly=False, required=True
    )

    @api.depends("reason_id")
    def _compute_reason(self):
        for wizard in self:
            wizard.reason = wizard.reason or wizard.reason_id.name

    def action_apply(self):
        """Change the plan and close the dialog."""
        self.ensure_one()
        why = (self.reason, self.reason_id.id)
        if self.kind in ("add", "move") and not self.day:
            raise UserError(self.env._("Choose a day."))
        if self.kind in ("move", "cancel") and not self.task_id:
            raise UserError(self.env._("Choose a contact."))
        if self.kind == "add":
            self.plan_id._add_contact(self._prepare_contact(), *why)
        elif self.kind == "move":
            self.plan_id._move_contact(self.task_id, self.day, *why)
        elif self.kind == "cancel":
            self.plan_id._cancel_contact(self.task_id, *why)
        else:
            self.plan_id.action_close(self.reason)
        return {"type": "ir.actions.act_window_close"}

    def _prepare_contact(self):
        if not self.name:
            raise UserError(self.env._("Give the contact a title."))
        return {
            "name": self.name,
            "day": self.day,
            "method": self.method,
            "level": self.level,
        }
