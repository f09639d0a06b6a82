# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Registers: one line per follow-up or per discharge, on landscape paper (R-3)."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError

# more lines are no register any more, and wkhtmltopdf takes minutes for them
MAX_LINES = 2000


class FollowupRegister(models.AbstractModel):
    """The register of follow-ups that were chosen in a list (section 20).

    Access: whoever reads all of them; the printing is logged with their number.
    """

    _name = "report.patient_followup.followup_task_register"
    _description = "Follow-up Register"
    _inherit = ["followup.document"]

    _document_model = "followup.task"
    _document_page_numbers = True
    _document_max = MAX_LINES

    @api.model
    def _prepare_document(self, docs, words):
        lines = self._follow_up_lines(docs, words)
        return {"filters": [], "page_numbers": True, **lines}

    @api.model
    def _log_document(self, docs):
        """One row for the list, with its length."""
        log = self.env["followup.access.log"]
        vals = log._prepare_log(
            self._document_log_action,
            docs._name,
            None,
            self._get_document_report().name,
        )
        log._append([{**vals, "count": len(docs)}])

    # ------------------------------------------------------------
    # LINES
    # ------------------------------------------------------------

    @api.model
    def _follow_up_lines(self, tasks, words):
        """Return the lines of follow-ups and the figures below them."""
        tasks = tasks.sorted(lambda row: (str(row.due_day or ""), row.id))
        return {
            "kind": "followups",
            "lines": [self._follow_up_line(task, words) for task in tasks],
            "figures": self._count_states(tasks, words),
        }

    @api.model
    def _follow_up_line(self, task, words):
        # sudo: the stay of the task, and names of wards and colleagues; whoever
        # reads the follow-up is told them on the call screen, too
        row = task.sudo()
        stay, patient = row.encounter_id, task.patient_id
        contact = self._get_first_contact(patient)
        day = stay.discharge_day or task.due_day
        done = task.completed_at or task.closed_at
        return {
            **self._line_of_patient(patient, contact, words, day),
            "department": row.department_id.name or "",
            "discharged": words.day(stay.discharge_day),
            "diagnosis": stay.discharge_diagnosis or "",
            "due": words.day(task.due_day),
            "done": words.moment(task.company_id, done),
            "method": words.label(task, "method"),
            "caller": (row.completed_by_id or row.closed_by_id or row.user_id).name,
            "state": words.label(task, "state"),
            "note": task.outcome_note or task.closing_reason or "",
            "red_flag": task.red_flag,
        }

    @api.model
    def _get_first_contact(self, patient):
        """Return the number to try first; a slice would be read one by one."""
        contacts = patient.contact_ids._in_order()
        return next(iter(contacts), contacts)

    @api.model
    def _line_of_patient(self, patient, contact, words, day):
        return {
            "name": patient.name,
            "mrn": patient.mrn or "",
            "sex": words.label(patient, "sex"),
            "age": patient._get_age_text(day) or "",
            "phone": contact.phone_masked or "",
            "relation": words.label(contact, "relation"),
        }

    @api.model
    def _count_states(self, records, words):
        groups = records.grouped("state").values()
        return [(words.label(group[:1], "state"), len(group)) for group in groups]

    @api.model
    def _discharge_lines(self, stays, words):
        """Return the lines of discharges and the figures below them."""
        stays = stays.sorted(lambda row: (str(row.discharge_day or ""), row.id))
        progress = self._read_progress(stays)
        return {
            "kind": "discharges",
            "lines": [self._discharge_line(stay, words, progress) for stay in stays],
            "figures": self._count_follow_up(stays, progress),
        }

    @api.model
    def _discharge_line(self, stay, words, progress):
        patient = stay.patient_id
        contact = self._get_first_contact(patient)
        # sudo: the name of the ward of a stay that may be read
        ward = stay.sudo().department_id.name
        made, planned = progress.get(stay.id, (0, 0))
        return {
            **self._line_of_patient(patient, contact, words, stay.discharge_day),
            "number": stay.number,
            "address": patient.address or patient.employer or "",
            "department": ward or "",
            "admitted": words.day(stay.admission_day),
            "discharged": words.day(stay.discharge_day),
            "diagnosis": stay.discharge_diagnosis or stay.admission_diagnosis or "",
            "procedure": stay.procedure_name or "",
            "result": stay.treatment_result or "",
            "attending": stay.attending_name or "",
            "excluded": stay.exclusion_reason_id.name or "" if stay.excluded else "",
            "made": made,
            "planned": planned,
        }

    @api.model
    def _read_progress(self, stays):
        """Return {stay id: (follow-ups made, follow-ups that count)}.

        What the reader may see: a ward its own level.
        """
        progress = {}
        for stay, state, count in self.env["followup.task"]._read_group(
            [("encounter_id", "in", stays.ids), ("state", "!=", "cancelled")],
            ["encounter_id", "state"],
            ["__count"],
        ):
            made, planned = progress.get(stay.id, (0, 0))
            done = count if state == "done" else 0
            progress[stay.id] = made + done, planned + count
        return progress

    @api.model
    def _count_follow_up(self, stays, progress):
        followed = sum(1 for made, _planned in progress.values() if made)
        excluded = sum(map(bool, stays.mapped("excluded")))
        return [
            (self.env._("Discharged"), len(stays)),
            (self.env._("Followed up"), followed),
            (self.env._("Not to be followed up"), excluded),
            (self.env._("Not yet"), len(stays) - followed - excluded),
        ]


class FollowupDischargeRegister(models.AbstractModel):
    """The register of discharges that were chosen in a list (R-3).

    Access: whoever reads all the stays; logged with their number.
    """

    _name = "report.patient_followup.followup_discharge_register"
    _description = "Discharge Register"
    _inherit = ["report.patient_followup.followup_task_register"]

    _document_model = "followup.encounter"

    @api.model
    def _prepare_document(self, docs, words):
        lines = self._discharge_lines(docs, words)
        return {"filters": [], "page_numbers": True, **lines}


class FollowupPeriodRegister(models.AbstractModel):
    """A register of a period and department, with the filters that were chosen.

    Access: whoever made the choice; its lines are what he may read.
    """

    _name = "report.patient_followup.followup_register"
    _description = "Register of a Period"
    _inherit = ["report.patient_followup.followup_task_register"]

    _document_model = "followup.register"

    @api.model
    def _get_documents(self, docids):
        choice = super()._get_documents(docids)
        choice.ensure_one()
        if choice.create_uid != self.env.user:
            raise AccessError(self.env._("This choice was made by somebody else."))
        return choice

    @api.model
    def _prepare_document(self, docs, words):
        rows = docs._search_rows(MAX_LINES + 1)
        if len(rows) > MAX_LINES:
            raise UserError(
                self.env._(
                    "These are %(count)s lines: choose a shorter period.",
                    count=docs._count_rows(),
                )
            )
        lines = self._follow_up_lines if docs.kind == "followups" else None
        lines = lines or self._discharge_lines
        return {"filters": docs._get_filter_words(), **lines(rows, words)}

    @api.model
    def _log_document(self, docs):
        return super()._log_document(docs._search_rows(MAX_LINES))
