# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Watching that patients come: reminders, no-shows, calls that were promised."""

from datetime import timedelta

from odoo import api, fields, models

from .followup_task import OPEN_STATES as TASK_OPEN_STATES

BATCH = 200


class FollowupAppointment(models.Model):
    _inherit = "followup.appointment"

    # ------------------------------------------------------------
    # NO-SHOW (B-6)
    # ------------------------------------------------------------

    def _watch_no_show(self):
        """Make the call that asks why; one per appointment, whatever happens."""
        self.ensure_one()
        key = f"no_show:{self.id}"
        # sudo: the call is made whoever records the no-show, who was checked
        tasks = self.env["followup.task"].sudo()
        known = tasks.search([("kind", "=", "adhoc"), ("origin_key", "=", key)])
        if known or not self.sudo().patient_id._is_contactable():
            return
        name = self.env._("Did not come: ask why")
        # sudo: a setting of the hospital
        days = self.company_id.sudo().followup_no_show_days
        now = fields.Datetime.now()
        due = self.env["followup.clock"]._deadline(
            self.company_id, now, days, "working_days"
        )
        task = tasks._create_generated([self._prepare_call(key, name, now, due, "1")])
        self._set_state(no_show_task_id=task.id)

    def _end_watch(self):
        """The no-show was a mistake: the call about it is no longer needed."""
        # sudo: the call of the engine, whoever corrects the record
        task = self.sudo().no_show_task_id
        if task.state in TASK_OPEN_STATES:
            task._cancel_engine(self.env._("The patient came after all."))

    def _prepare_call(self, key, name, earliest, due, priority):
        department = self.origin_department_id or self.department_id
        # sudo: stay of the call it came from
        stay = self.sudo().task_id.encounter_id
        return {
            "company_id": self.company_id.id,
            "kind": "adhoc",
            "origin_key": key,
            "name": name,
            "patient_id": self.patient_id.id,
            "encounter_id": stay.id,
            "department_id": department.id,
            "level": "1" if department else "2",
            "method": "phone",
            "priority": priority,
            "date_earliest": earliest,
            "date_due": due,
            "date_deadline": due,
        }

    # ------------------------------------------------------------
    # A CALL AT A TIME
    # ------------------------------------------------------------

    def _keep_by_call(self):
        """Put a phone consultation on the call board, at its time."""
        self.ensure_one()
        if self.kind != "phone":
            return
        self._drop_call()
        key = f"appointment:{self.id}:{self.slot_id.id}:{self.confirmed_at}"
        name = self.env._("Phone consultation")
        # sudo: the call of the engine; the step was checked
        tasks = self.env["followup.task"].sudo()
        row = self._prepare_call(key, name, self.starts_at, self.ends_at, "1")
        row["user_id"] = self._get_calling_doctor()
        self._set_state(call_task_id=tasks._create_generated([row]).id)

    def _get_calling_doctor(self):
        """Return the id of the doctor, if he can see and make the call."""
        callers = self.env["res.users"]._followup_callers()
        return self.user_id.id if self.user_id in callers else False

    def _drop_call(self):
        # sudo: the call of the engine; the step was checked
        task = self.sudo().call_task_id
        if task.state in TASK_OPEN_STATES:
            task._cancel_engine(self.env._("The appointment was changed."))
        if task:
            self._set_state(call_task_id=False)

    # ------------------------------------------------------------
    # REMINDERS AND SETTLING
    # ------------------------------------------------------------

    @api.model
    def _cron_watch(self):
        """Remind of what comes (P-13); settle consultations that were called."""
        cron = self.env["ir.cron"]
        # every hospital, of which there are few
        for company in self.env["res.company"].search([]):  # pylint: disable=no-search-all
            while rows := self._find_to_remind(company):
                rows._remind()
                if not cron._commit_progress(len(rows)):
                    return
        while rows := self._find_called():
            for row in rows:
                row._set_state("done", **row._closing(False))
            if not cron._commit_progress(len(rows)):
                return

    @api.model
    def _find_to_remind(self, company):
        now = fields.Datetime.now()
        hours = company.followup_remind_hours
        return self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "confirmed"),
                ("reminded_at", "=", False),
                ("starts_at", ">", now),
                ("starts_at", "<=", now + timedelta(hours=hours)),
            ],
            order="starts_at, id",
            limit=BATCH,
        )

    def _remind(self):
        self._set_state(reminded_at=fields.Datetime.now())
        self._notify("appointment_reminder", link=True)

    @api.model
    def _find_called(self):
        return self.search(
            [("state", "=", "confirmed"), ("call_task_id.state", "=", "done")],
            limit=BATCH,
        )
