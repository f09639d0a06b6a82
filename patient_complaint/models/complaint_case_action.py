# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is put right before a case closes (C-19)."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .complaint_action import PENDING, UNDONE


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    action_ids = fields.One2many("complaint.action", "case_id", string="Rectification")
    action_count = fields.Integer(compute="_compute_action_count")
    pending_action_count = fields.Integer(compute="_compute_action_count")

    @api.depends("action_ids.state")
    def _compute_action_count(self):
        for case in self:
            # sudo: how many there are is no secret of who reads the case
            actions = case.sudo().action_ids
            case.action_count = len(actions)
            case.pending_action_count = len(case._get_pending_actions())

    @api.depends("action_ids.state")
    def _compute_next_step(self):
        result = super()._compute_next_step()
        for case in self.filtered(lambda case: case.state == "rectification"):
            # sudo: who must act is no secret of who reads the case
            case.next_user_id = case.sudo()._get_action_user() or case.next_user_id
        return result

    def _get_action_user(self):
        """Return who has to put something right, else who has to check it."""
        actions = self._get_pending_actions().sorted("deadline")
        undone = actions.filtered(lambda action: action.state in UNDONE)
        return undone[:1].responsible_id or actions[:1].checker_id

    def _say_next_step(self):
        _ = self.env._
        pending = self.state in ("feedback", "rectification")
        actions = pending and self._get_pending_actions()
        if not actions:
            if self.state == "rectification":
                return _("Everything is put right and checked: close it.")
            return super()._say_next_step()
        undone = actions.filtered(lambda action: action.state in UNDONE)
        if self.state == "feedback":
            return _(
                "Begin the rectification: %(count)s not finished.", count=len(actions)
            )
        if undone:
            return _(
                "Put right what is agreed: %(names)s",
                names=", ".join(undone.mapped("name")),
            )
        return _("Check the effect: %(names)s", names=", ".join(actions.mapped("name")))

    def action_start_rectification(self):
        """The answer is given; what was agreed is being put right (C-19).

        :raises UserError: not answered yet, or nothing to put right
        """
        for case in self:
            case._check_step("start_rectification")
            if not case._get_pending_actions():
                raise UserError(
                    self.env._(
                        "%(name)s has nothing to be put right: close it.",
                        name=case.name,
                    )
                )
            case._set(state="rectification")

    def action_close(self):
        """Close what is answered, put right and checked (C-18, C-19)."""
        for case in self:
            case._check_step("close")
            case._check_actions()
        return super().action_close()

    def _check_actions(self):
        """Refuse to close while something is undone or unchecked."""
        if pending := self._get_pending_actions():
            raise UserError(
                self.env._(
                    "%(case)s cannot close: not done or not checked are %(names)s.",
                    case=self.name,
                    names=", ".join(pending.mapped("name")),
                )
            )

    def _get_pending_actions(self):
        # sudo: nothing may be overlooked because the user does not see it
        actions = self.sudo().action_ids
        return actions.filtered(lambda action: action.state in PENDING)

    def _on_action_settled(self):
        """Say so on the case when the last one was checked."""
        self.ensure_one()
        if self.state == "rectification" and not self._get_pending_actions():
            self._note_reason(
                self.env._("Everything is put right and checked: close the case.")
            )

    def action_plan_rectification(self):
        """Open the form of a new rectification of this case."""
        self.ensure_one()
        self.check_access("write")
        self._check_is_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rectification"),
            "res_model": "complaint.action",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_case_id": self.id,
                "default_department_id": self.department_id.id,
            },
        }

    def _get_unconflicted(self, users):
        """Keep the users the case does not concern; all without a case (I-8)."""
        return self._without_conflict(users) if self else users
