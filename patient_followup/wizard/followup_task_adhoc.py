# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.choices import choices_of


class FollowupTaskAdhoc(models.TransientModel):
    """Plan one extra call for a patient, outside any protocol.

    Open to whoever may write the patient; the task is made for a department of
    the user or one that treated the patient.
    """

    _name = "followup.task.adhoc"
    _description = "Extra Call"

    patient_id = fields.Many2one("followup.patient", required=True, ondelete="cascade")
    encounter_id = fields.Many2one(
        "followup.encounter",
        string="Stay",
        domain="[('patient_id', '=', patient_id)]",
        compute="_compute_encounter_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="patient_id.company_id")
    department_id = fields.Many2one(
        "hr.department",
        compute="_compute_department_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        ondelete="cascade",
    )
    name = fields.Char(string="What for", required=True)
    method = fields.Selection(
        selection=choices_of("followup.task", "method"),
        default="phone",
        required=True,
    )
    level = fields.Selection(
        [("1", "Level 1"), ("2", "Level 2")],
        default=lambda self: self._default_level(),
        required=True,
    )
    priority = fields.Selection(
        [("0", "Normal"), ("1", "High"), ("2", "Urgent")], default="0", required=True
    )
    day = fields.Date(
        string="On", default=lambda self: fields.Date.context_today(self), required=True
    )
    days_after = fields.Integer(string="Days it may slip", default=1)
    for_me = fields.Boolean(string="I will call myself", default=True)

    def _default_level(self):
        ward = self.env.user.has_group("patient_followup.followup_group_ward_caller")
        return "1" if ward else "2"

    @api.depends("patient_id")
    def _compute_encounter_id(self):
        for wizard in self:
            stays = wizard.patient_id.encounter_ids._filtered_access("read")
            wizard.encounter_id = stays.sorted("discharge_date", reverse=True)[:1]

    @api.depends("encounter_id", "patient_id")
    def _compute_department_id(self):
        mine = self.env.user.followup_department_ids
        for wizard in self:
            patient_departments = wizard.patient_id.department_ids
            wizard.department_id = (
                wizard.encounter_id.department_id
                or (patient_departments & mine)[:1]
                or patient_departments[:1]
                or mine[:1]
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_confirm(self):
        self.ensure_one()
        self._check_allowed()
        # sudo: callers may not create tasks; what they plan was checked above
        tasks = self.env["followup.task"].sudo()
        task = tasks._create_generated([self._prepare_task_vals()])
        task = task.sudo(False)
        if not task.has_access("read"):
            return {"type": "ir.actions.act_window_close"}
        return task._action_open()

    def _check_allowed(self):
        self.patient_id.check_access("write")
        if self.encounter_id:
            self.encounter_id.check_access("read")
            if self.encounter_id.patient_id != self.patient_id:
                raise UserError(self.env._("This is the stay of another patient."))
        departments = self.patient_id.department_ids
        departments |= self.env.user.followup_department_ids
        if self.department_id - departments:
            raise UserError(
                self.env._("Choose a department that treated the patient, or your own.")
            )
        if not self.patient_id._is_contactable():
            raise UserError(self.env._("This patient must not be contacted."))
        if self.day < fields.Date.context_today(self):
            raise UserError(self.env._("An extra call cannot be planned in the past."))

    def _prepare_task_vals(self):
        calendar = self.env["followup.clock"]._for_company(self.company_id)
        last_day = self.day + timedelta(days=max(self.days_after, 0))
        earliest, due = calendar.day_bounds(self.day)
        return {
            "company_id": self.company_id.id,
            "kind": "adhoc",
            "origin_key": f"adhoc:{uuid4()}",
            "name": self.name,
            "patient_id": self.patient_id.id,
            "encounter_id": self.encounter_id.id,
            "department_id": self.department_id.id,
            "level": self.level,
            "method": self.method,
            "priority": self.priority,
            "date_earliest": earliest,
            "date_due": due,
            "date_deadline": calendar.day_bounds(last_day)[1],
            "user_id": self.env.uid if self.for_me else False,
        }
