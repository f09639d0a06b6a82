# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One list of all that happened to a patient, newest first."""

from datetime import datetime, time

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

MAX_ENTRIES = 200


class FollowupPatient(models.Model):
    _inherit = "followup.patient"

    timeline = fields.Html(
        compute="_compute_timeline", sanitize=False, export_string_translation=False
    )

    @api.depends_context("uid", "lang", "tz")
    def _compute_timeline(self):
        """Render what the reader may see: the rules of each model apply."""
        for patient in self:
            entries = sorted(
                patient._get_timeline(), key=lambda entry: entry["at"], reverse=True
            )
            patient.timeline = self.env["ir.qweb"]._render(
                "patient_followup.followup_patient_timeline",
                {"entries": patient._say_when(entries[:MAX_ENTRIES])},
            )

    def _say_when(self, entries):
        """Add the local day or moment in words: a stay knows its day for sure."""
        clock = self.env["followup.clock"]
        company = self.company_id or self.env.company
        zone = self.env.user.tz or clock._for_company(company).tz
        for entry in entries:
            entry["when"] = (
                format_date(self.env, clock._local_date(company, entry["at"]))
                if entry["kind"] == "stay"
                else format_datetime(self.env, entry["at"], zone, "short")
            )
        return entries

    def _get_timeline(self):
        """Return dicts `at, kind, title, text`; addons add their own."""
        self.ensure_one()
        return [
            *self._get_stay_entries(),
            *self._get_plan_entries(),
            *self._get_task_entries(),
            *self._get_attempt_entries(),
        ]

    def _readable(self, name):
        """Search as the reader: cached links may hold what another one sees."""
        model = self.env[self._fields[name].comodel_name]
        if not self._origin or not model.has_access("read"):
            return model
        return model.search([("patient_id", "=", self._origin.id)], limit=MAX_ENTRIES)

    def _entry(self, at, kind, title, *texts):
        return {
            "at": at,
            "kind": kind,
            "title": title,
            "text": " · ".join(text for text in texts if text),
        }

    def _get_stay_entries(self):
        entries = []
        for stay in self._readable("encounter_ids"):
            ward = stay.department_id.display_name
            if stay.admission_date:
                title = self.env._("Admitted")
                diagnosis = stay.admission_diagnosis
                entries.append(
                    self._entry(stay.admission_date, "stay", title, ward, diagnosis)
                )
            if stay.discharge_date:
                title = self.env._("Discharged")
                diagnosis = stay.discharge_diagnosis
                entries.append(
                    self._entry(stay.discharge_date, "stay", title, ward, diagnosis)
                )
        return entries

    def _get_plan_entries(self):
        states = _labels(self.env["followup.plan"], "state")
        return [
            self._entry(
                plan.create_date,
                "plan",
                plan.protocol_id.display_name,
                states[plan.state],
                plan.closing_reason,
            )
            for plan in self._readable("plan_ids")
        ]

    def _get_task_entries(self):
        tasks = self.env["followup.task"]
        states, methods = _labels(tasks, "state"), _labels(tasks, "method")
        return [
            self._entry(
                task.completed_at or task.date_due or _midnight(task),
                "task",
                task.name or methods[task.method],
                states[task.state],
                task.closing_reason,
                task.outcome_note,
            )
            for task in self._readable("task_ids")
        ]

    def _get_attempt_entries(self):
        attempts = self.env["followup.attempt"]
        results, methods = _labels(attempts, "result"), _labels(attempts, "method")
        return [
            self._entry(
                attempt.started_at,
                "attempt",
                methods[attempt.method],
                results[attempt.result],
                attempt.user_id.name,
                attempt.note,
            )
            for attempt in self._readable("attempt_ids")
        ]


def _labels(model, name):
    return dict(model._fields[name]._description_selection(model.env))


def _midnight(task):
    return datetime.combine(task.due_day or task.create_date.date(), time())
