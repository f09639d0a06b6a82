# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class FollowupDossier(models.AbstractModel):
    """All that is known of a patient: stays, plans, follow-ups, concerns (R-1).

    Access: heads, the centre's managers and inspectors, and doctors and callers of
    the patients they see; only what each may read is in it. Logged as an export.
    """

    _name = "report.patient_followup.followup_dossier"
    _description = "Patient Dossier"
    _inherit = ["followup.document"]

    _document_model = "followup.patient"
    _document_log_action = "export"
    _document_page_numbers = True
    _document_max = 50

    @api.model
    def _prepare_document(self, docs, words):
        """The number of queries does not depend on how many patients there are."""
        found = {
            name: self._read_of(docs, model, order)
            for name, model, order in (
                ("stays", "followup.encounter", "admission_date, id"),
                ("plans", "followup.plan", "id"),
                ("tasks", "followup.task", "due_day, id"),
                ("consents", "followup.consent", "date, id"),
                ("concerns", "followup.concern", "id"),
            )
        }
        tasks = self.env["followup.task"].union(*found["tasks"].values())
        sheets = {row["id"]: row for row in self._task_words(tasks, words)}
        return {
            "dossiers": [
                self._dossier_words(patient, words, found, sheets) for patient in docs
            ]
        }

    @api.model
    def _read_of(self, patients, model, order):
        """Return {patient: what the user may read of him}."""
        records = self.env[model]
        if not records.has_access("read"):
            return {}
        domain = [("patient_id", "in", patients.ids)]
        return records.search(domain, order=order).grouped("patient_id")

    @api.model
    def _dossier_words(self, patient, words, found, sheets):
        stays = found["stays"].get(patient, ())
        tasks = found["tasks"].get(patient, ())
        closed = [task for task in tasks if task.id in sheets and task._is_told()]
        return {
            "company": patient.company_id,
            "patient": self._patient_words(patient, words),
            "warnings": self._warning_words(patient, words),
            # sudo: names of the wards of stays that may be read
            "stays": [self._stay_words(stay.sudo(), words) for stay in stays],
            "plans": [
                self._plan_words(plan, words)
                for plan in found["plans"].get(patient, ())
            ],
            "consents": [
                self._consent_words(row, words)
                for row in found["consents"].get(patient, ())
            ],
            "concerns": [
                self._concern_words(row, words)
                for row in found["concerns"].get(patient, ())
                if row.task_id not in closed
            ],
            "tasks": [sheets[task.id] for task in closed],
            "coming": [sheets[task.id] for task in tasks if task not in closed],
        }

    @api.model
    def _warning_words(self, patient, words):
        return {
            "deceased": words.day(patient.deceased_date),
            "ban": patient.do_not_contact,
            "ban_reason": patient.do_not_contact_reason or "",
        }

    @api.model
    def _plan_words(self, plan, words):
        # sudo: names of protocols, and of what started a plan that may be read
        row = plan.sudo()
        return {
            "name": row.protocol_id.name,
            "origin": row.origin or row.encounter_id.number or "",
            "state": words.label(plan, "state"),
            "made": plan.done_count,
            "planned": plan.task_count,
            "reason": plan.closing_reason or "",
        }

    @api.model
    def _consent_words(self, consent, words):
        return {
            "scope": words.label(consent, "scope"),
            "granted": consent.granted,
            "date": words.day(consent.date),
            "evidence": consent.evidence or "",
        }


class FollowupTask(models.Model):
    _inherit = "followup.task"

    def _is_told(self):
        """Whether the dossier tells the contact in full: somebody tried it."""
        self.ensure_one()
        return bool(self.attempt_ids) or self.state in ("done", "refused")
