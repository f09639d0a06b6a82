# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the call form shows around a task, and the buttons of its screens."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..tools.checked import checked
from .followup_task import OPEN_STATES

EARLIER_CALLS = 10


class FollowupTask(models.Model):
    _inherit = "followup.task"

    # who; the full name stands on the call form only
    patient_name = fields.Char(related="patient_id.name", string="Patient Name")
    patient_mrn = fields.Char(related="patient_id.mrn", string="Record No.")
    patient_sex = fields.Selection(related="patient_id.sex", string="Sex")
    patient_birthdate = fields.Date(
        related="patient_id.birthdate", string="Date of Birth"
    )
    patient_age = fields.Char(related="patient_id.age", string="Age")
    patient_category_ids = fields.Many2many(
        related="patient_id.category_ids", string="Key Groups"
    )
    contact_ids = fields.One2many(related="patient_id.contact_ids", string="Numbers")
    # why
    stay_number = fields.Char(related="encounter_id.number", string="Stay No.")
    stay_attending = fields.Char(
        related="encounter_id.attending_name", string="Attending Doctor"
    )
    stay_admission_day = fields.Date(
        related="encounter_id.admission_day", string="Admitted"
    )
    stay_discharge_day = fields.Date(
        related="encounter_id.discharge_day", string="Discharge Day"
    )
    stay_diagnosis = fields.Char(
        related="encounter_id.discharge_diagnosis", string="Diagnosis"
    )
    stay_procedure = fields.Char(
        related="encounter_id.procedure_name", string="Operation"
    )
    stay_result = fields.Char(
        related="encounter_id.treatment_result", string="Treatment Result"
    )
    stay_caller_note = fields.Text(
        related="encounter_id.caller_note", string="Note of the Ward"
    )
    plan_note = fields.Text(related="plan_id.note", string="Note to the Caller")
    script = fields.Html(related="step_id.script", string="What to Say")
    other_task_ids = fields.Many2many(
        "followup.task", compute="_compute_other_tasks", string="Other Open Calls"
    )
    earlier_task_ids = fields.Many2many(
        "followup.task", compute="_compute_other_tasks", string="Earlier Calls"
    )
    can_call = fields.Boolean(compute="_compute_can_call")
    refusal = fields.Char(compute="_compute_can_call")

    @api.depends("patient_id")
    @api.depends_context("uid")
    def _compute_other_tasks(self):
        for task in self:
            siblings = Domain("patient_id", "=", task.patient_id.id)
            siblings &= Domain("id", "!=", task._origin.id)
            task.other_task_ids = self.search(
                siblings & Domain("state", "in", OPEN_STATES), order="date_due, id"
            )
            task.earlier_task_ids = self.search(
                siblings & Domain("state", "=", "done"),
                order="completed_at desc, id desc",
                limit=EARLIER_CALLS,
            )

    @api.depends("state", "user_id", "claimed_by_id", "claimed_until")
    @api.depends_context("uid")
    def _compute_can_call(self):
        """Tell whether the user may act on the task, and if not, why."""
        allowed = self._filtered_access("write")
        for task in self:
            refusal = task._get_refusal() if task in allowed else False
            task.can_call = task in allowed and not refusal
            task.refusal = refusal

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @api.model
    def action_call_next(self):
        """Take the next patient and open his call form; else what is in hand."""
        task = self.claim_next() or self._get_held()
        return task._action_open() if task else self._action_nobody_to_call()

    @api.model
    def _get_held(self):
        """Return the call the user began and has not finished, if any."""
        return self.search(
            Domain("claimed_by_id", "=", self.env.uid)
            & Domain("state", "=", "in_progress")
            & Domain("claimed_until", ">", fields.Datetime.now()),
            limit=1,
        )

    def action_complete_next(self):
        """Finish this call and take the next one with the same key."""
        self.ensure_one()
        self.action_complete()
        return self.action_call_next()

    def action_release_to_board(self):
        self.action_release()
        return self._action_board()

    def action_open(self):
        self.ensure_one()
        return self._action_open()

    @checked
    def action_call(self, contact_id):
        """Take the task and reveal one number of its patient, logged.

        :return dict: `phone`, its `tel` link, and when the call began. The link
            exists only in this answer (D-9).
        """
        self.ensure_one()
        contact = self.env["followup.patient.contact"].browse(contact_id)
        self._check_may_call(contact)
        if self._get_holder() != self.env.user:
            self.action_claim()
        answer = contact.action_reveal(self.env._("Follow-up call"))
        return {
            **answer,
            "started_at": fields.Datetime.to_string(fields.Datetime.now()),
        }

    def _check_may_call(self, contact):
        self.check_access("write")
        contact.check_access("read")
        if contact.patient_id != self.patient_id:
            raise UserError(self.env._("This number belongs to another patient."))
        self._check_contactable()
        if contact.validity == "wrong":
            raise UserError(
                self.env._("This number is wrong. Choose another one of the patient.")
            )

    def action_log_call(self):
        """Open the dialog that records one call."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record Call"),
            "res_model": "followup.task.log",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_task_id": self.id, "default_method": self.method},
        }

    def _action_open(self):
        """Open the call form in the place of the one that is open."""
        form = self.env.ref("patient_followup.followup_task_view_form")
        fallback = {
            **self._action_board(),
            "views": [(form.id, "form")],
            "res_id": self.id,
        }
        return {
            "type": "ir.actions.client",
            "tag": "followup_open_call",
            "params": {"task_id": self.id, "fallback": fallback},
        }

    @api.model
    def _action_board(self):
        return self.env["ir.actions.actions"]._for_xml_id(
            "patient_followup.followup_task_action"
        )

    @api.model
    def _action_nobody_to_call(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Nobody to call right now"),
                "message": self._next_opening_text(),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _next_opening_text(self):
        """Say when the next patient of the user may be called."""
        following = self.search_fetch(
            self._mine_domain()
            & Domain("state", "in", OPEN_STATES)
            & Domain("next_at", ">", fields.Datetime.now()),
            ["next_at"],
            order="next_at, id",
            limit=1,
        )
        if not following:
            return self.env._("There is no planned call for you.")
        moment = format_datetime(self.env, following.next_at, dt_format="short")
        return self.env._("The next call opens at %(moment)s.", moment=moment)
