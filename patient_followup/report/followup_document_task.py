# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Follow-ups on paper: who was asked what, and what came of it (F-3 to F-10)."""

from odoo import api, models
from odoo.tools.i18n import format_list

from ..tools.answers import visible_ids

# always on the sheet, measured or not (F-4)
MAIN_VITALS = ("temperature", "systolic", "diastolic", "heart_rate", "respiration")
VITALS = (*MAIN_VITALS, "glucose_fasting", "glucose_meal", "weight", "pain")
NUMBERS = ("numerical_box", "scale")
# of a digest, enough to compare paper and record by eye
SHORT_DIGEST = 16


class FollowupDocument(models.AbstractModel):
    _inherit = "followup.document"

    @api.model
    def _task_words(self, tasks, words):
        """Return one dict per follow-up; the number of queries is constant."""
        extras = {
            "concerns": self._group(tasks.concern_ids._filtered_access("read")),
            "seals": self._read_seals(tasks),
            "wards": self._read_wards(tasks),
        }
        return [self._one_task_words(task, words, extras) for task in tasks]

    @api.model
    def _one_task_words(self, task, words, extras):
        # sudo: the stay of the task, and names of wards and colleagues; whoever
        # reads the follow-up is told them on the call screen, too
        sudo_task = task.sudo()
        moment = words.for_company(task.company_id)
        stay = sudo_task.encounter_id
        day = task.completed_day or stay.discharge_day
        return {
            "id": task.id,
            "company": task.company_id,
            "patient": self._patient_words(task.patient_id, words, day),
            "stay": self._stay_words(stay, words),
            **self._contact_outcome_words(sudo_task, words, extras),
            **self._question_words(task, words),
            "attempts": [
                self._attempt_words(row, words, moment)
                for row in task.attempt_ids.sorted(lambda row: (row.started_at, row.id))
            ],
            "advice": [
                {"kind": words.label(row, "kind"), "text": row.text}
                for row in task.advice_ids.sorted("id")
            ],
            "concerns": [
                self._concern_words(row, words)
                for row in extras["concerns"].get(task, ())
            ],
            "amendments": [
                self._amendment_words(row, moment)
                for row in task.amendment_ids.sorted("id")
            ],
            "seal": self._seal_words(task, words, extras["seals"].get(task.id)),
        }

    @api.model
    def _contact_outcome_words(self, task, words, extras):
        """When, how, by whom, and how it ended (F-3)."""
        moment = words.for_company(task.company_id)
        done_by = task.completed_by_id or task.closed_by_id
        return {
            "name": task.name or "",
            "level": words.label(task, "level"),
            "method": words.label(task, "method"),
            "state": words.label(task, "state"),
            "department": task.department_id.name or "",
            "due": words.day(task.due_day),
            "done_at": moment(task.completed_at or task.closed_at),
            "caller": done_by.name or "",
            "caller_ward": extras["wards"].get(done_by.id, ""),
            "speaker": words.label(task, "identity_speaker"),
            "by_relative": task.proxy,
            "red_flag": task.red_flag,
            "outcome": words.label(task, "call_outcome"),
            "note": task.outcome_note or "",
            "advice_note": task.advice_note or "",
            "next_visit": words.day(task.next_visit_date),
            "reason": task.closing_reason or task.reason_id.name or "",
            "participants": format_list(words.env, task.participant_ids.mapped("name")),
        }

    # ------------------------------------------------------------
    # ANSWERS
    # ------------------------------------------------------------

    @api.model
    def _question_words(self, task, words):
        """Return the answers, and apart from them what was measured (F-4)."""
        # sudo: whoever reads the follow-up reads its answers
        inputs = task.sudo().user_input_id
        measured = dict.fromkeys(MAIN_VITALS, "")
        rows = []
        questions = inputs._followup_questions() if inputs else {}
        values = inputs._followup_values() if inputs else {}
        for key in visible_ids(questions.values(), values):
            question = questions[key]
            answer = self._answer_text(question, values.get(key))
            if question["metric"] in VITALS and question["type"] in NUMBERS:
                measured[question["metric"]] = answer
            else:
                rows.append({"question": question["title"], "answer": answer})
        return {
            "questionnaire": inputs.survey_id.title if inputs else "",
            "answered_by": words.label(inputs, "followup_answered_by"),
            "answers": rows,
            "vitals": self._vital_words(measured),
        }

    @api.model
    def _vital_words(self, measured):
        labels = dict(
            self.env["survey.question"]
            ._fields["followup_metric"]
            ._description_selection(self.env)
        )
        return [(labels[name], measured[name]) for name in VITALS if name in measured]

    @api.model
    def _answer_text(self, question, value):
        """Return an answer in the words that were offered."""
        if value is None:
            return ""
        if isinstance(value, dict):
            lines = self.env["survey.user_input.line"]._fields["followup_missing"]
            missing = dict(lines._description_selection(self.env))
            return missing.get(next(iter(value)), "")
        if isinstance(value, list):
            labels = {row["id"]: row["label"] for row in question["choices"]}
            return "; ".join(labels[key] for key in value if key in labels)
        if question["type"] in NUMBERS:
            return f"{value:g} {question['unit']}".strip()
        return str(value)

    # ------------------------------------------------------------
    # CALLS AND WHAT FOLLOWED
    # ------------------------------------------------------------

    @api.model
    def _attempt_words(self, attempt, words, moment):
        """Number used, who answered, how long (F-10)."""
        # sudo: the name of who called, told with the call itself
        caller = attempt.sudo().user_id
        contact = attempt.contact_id
        return {
            "at": moment(attempt.started_at),
            "method": words.label(attempt, "method"),
            "direction": words.label(attempt, "direction"),
            "phone": contact.phone_masked or "",
            "who": contact.name or (words.label(contact, "relation")),
            "result": words.label(attempt, "result"),
            "duration": words.duration(attempt.duration),
            "caller": caller.name,
            "late": attempt.is_late_entry,
            "note": attempt.note or "",
        }

    @api.model
    def _concern_words(self, concern, words):
        # sudo: names of wards and colleagues, told to who reads the concern
        row = concern.sudo()
        moment = words.for_company(concern.company_id)
        return {
            "number": concern.name or "",
            "kind": words.label(concern, "kind"),
            "type": words.label(concern, "concern_type"),
            "text": concern.text or "",
            "state": words.label(concern, "state"),
            "department": row.handler_department_id.name or row.department_id.name,
            "raised_at": moment(concern.raised_at),
            "raised_by": row.raised_by_id.name,
            "answer": concern.answer or "",
            "answered_at": moment(concern.answered_at),
            "told_at": moment(concern.told_patient_at),
        }

    @api.model
    def _amendment_words(self, amendment, moment):
        # sudo: the name of a colleague, told with his correction
        return {
            "at": moment(amendment.amended_at),
            "by": amendment.sudo().user_id.name,
            "text": amendment.text,
            "reason": amendment.reason,
        }

    # ------------------------------------------------------------
    # LOOK-UPS, ONE QUERY FOR ALL
    # ------------------------------------------------------------

    @api.model
    def _group(self, records):
        return records.sorted("id").grouped("task_id")

    @api.model
    def _read_seals(self, tasks):
        """Return {task id: link of the chain}."""
        # sudo: numbers and digests are closed to callers, yet tell nothing of a
        # patient; on paper they let an auditor compare
        seals = self.env["followup.seal"].sudo()
        found = seals.search_fetch(
            [("res_model", "=", tasks._name), ("res_id", "in", tasks.ids)],
            ["number", "sealed_at", "res_id"],
        )
        return {link.res_id: link for link in found}

    @api.model
    def _seal_words(self, task, words, link):
        """Return the line at the foot of a closed record, None of an open one."""
        # sudo: as above
        digest = task.sudo().followup_seal_digest
        if not digest:
            return None
        short = digest[:SHORT_DIGEST]
        parts = [short[at : at + 4] for at in range(0, SHORT_DIGEST, 4)]
        return {
            "digest": "-".join(parts),
            "number": link.number if link else "",
            "at": words.moment(task.company_id, link.sealed_at) if link else "",
        }

    @api.model
    def _read_wards(self, tasks):
        """Return {user id: name of his department} of those who closed them."""
        # sudo: where a colleague works; callers do not read employees
        users = tasks.sudo().completed_by_id | tasks.sudo().closed_by_id
        employees = (
            self.env["hr.employee"]
            .sudo()
            .search([("user_id", "in", users.ids)], order="id desc")
        )
        return {row.user_id.id: row.department_id.name or "" for row in employees}
