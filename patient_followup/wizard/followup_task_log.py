# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.choices import choices_of

REACHED = ("reached", "reached_relative")


class FollowupTaskLog(models.TransientModel):
    """Record one call in three taps: call, what happened, save (P-2, P-9).

    Rights are those of the task: `log_attempt` checks them.
    """

    _name = "followup.task.log"
    _description = "Record Call"

    task_id = fields.Many2one("followup.task", required=True, ondelete="cascade")
    patient_id = fields.Many2one(related="task_id.patient_id")
    contact_id = fields.Many2one(
        "followup.patient.contact",
        string="Number",
        compute="_compute_contact_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        domain="[('patient_id', '=', patient_id), ('validity', '!=', 'wrong')]",
        ondelete="cascade",
    )
    direction = fields.Selection(
        [("out", "We called"), ("in", "He called")], default="out", required=True
    )
    method = fields.Selection(
        selection=choices_of("followup.attempt", "method"),
        default="phone",
        required=True,
    )
    result = fields.Selection(
        selection=choices_of("followup.attempt", "result"),
        string="What happened",
    )
    started_at = fields.Datetime(
        string="Time of the Call", default=fields.Datetime.now, required=True
    )
    duration_minutes = fields.Integer(string="Minutes")
    # Set by the call button: the end of the call is the moment of saving.
    timed = fields.Boolean()
    callback_at = fields.Datetime(string="Call back at")
    note = fields.Char(string="Remark")
    outcome_note = fields.Text(
        string="How the patient is",
        compute="_compute_from_task",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    advice_note = fields.Text(
        string="Advice given",
        compute="_compute_from_task",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    next_visit_date = fields.Date(
        string="Next Visit",
        compute="_compute_from_task",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("task_id")
    def _compute_contact_id(self):
        for wizard in self:
            wizard.contact_id = wizard.contact_id or wizard._get_next_contact()

    @api.depends("task_id")
    def _compute_from_task(self):
        for wizard in self:
            wizard.outcome_note = wizard.task_id.outcome_note
            wizard.advice_note = wizard.task_id.advice_note
            wizard.next_visit_date = wizard.task_id.next_visit_date

    def _get_next_contact(self, tried=None):
        """Return the number to try: as the task proposes, never a wrong one."""
        if not tried:
            return self.task_id.next_contact_id
        return (self.task_id._get_usable_contacts() - tried)[:1]

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_save(self):
        """Record the call and stay with the patient."""
        self._log()
        if self.result == "wrong_number":
            return self._action_try_next_number()
        return {"type": "ir.actions.act_window_close"}

    def action_save_next(self):
        """Record the call and take the next patient."""
        self._log()
        if self.result == "wrong_number" and self._get_next_contact(self.contact_id):
            return self._action_try_next_number()
        return self.env["followup.task"].action_call_next()

    def action_save_complete(self):
        """Record the call, finish the task and take the next patient."""
        self._log()
        self.task_id.action_complete()
        return self.env["followup.task"].action_call_next()

    def _log(self):
        self.ensure_one()
        if not self.result:
            raise UserError(self.env._("Choose what happened."))
        task = self.task_id
        if self.result in REACHED:
            task.write(self._prepare_task_vals())
        return task.log_attempt(**self._prepare_attempt_vals())

    def _prepare_task_vals(self):
        names = ("outcome_note", "advice_note", "next_visit_date")
        return {name: self[name] for name in names if self[name] != self.task_id[name]}

    def _prepare_attempt_vals(self):
        return {
            "result": self.result,
            "contact_id": self.contact_id.id,
            "method": self.method,
            "direction": self.direction,
            "started_at": self.started_at,
            "ended_at": self._get_ended_at(),
            "callback_at": self.callback_at if self.result == "callback" else None,
            "note": self.note or None,
        }

    def _get_ended_at(self):
        if self.duration_minutes:
            return self.started_at + timedelta(minutes=self.duration_minutes)
        if self.timed:
            return max(fields.Datetime.now(), self.started_at)
        return None

    def _action_try_next_number(self):
        """Offer the next number of the patient after a wrong one (E-9)."""
        following = self._get_next_contact(self.contact_id)
        if not following:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "warning",
                    "message": self.env._(
                        "There is no other number. The ward is asked to correct it."
                    ),
                    "next": {"type": "ir.actions.act_window_close"},
                },
            }
        return {
            **self.task_id.action_log_call(),
            "name": self.env._("Wrong number: try the next one"),
            "context": {
                "default_task_id": self.task_id.id,
                "default_contact_id": following.id,
            },
        }
