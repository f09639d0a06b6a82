# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the call screen shows, in one answer (design 8.2, P-3).

Health is shown after the person on the phone was identified, or on request before
the call ("Read before the call"), never while somebody unknown listens. The user
may read it all the same: this keeps him from saying it.
"""

from odoo import fields, models
from odoo.tools import html2plaintext
from odoo.tools.i18n import format_list

from .followup_task import OPEN_STATES
from .followup_task_screen import EARLIER_CALLS


class FollowupTask(models.Model):
    _inherit = "followup.task"

    def get_call_screen(self, prepare=False):
        """Return all that the call screen shows; a constant number of queries.

        :param prepare: the caller reads before he calls (P-3)
        :return dict: plain values; moments as text in UTC
        """
        self.ensure_one()
        self.check_access("read")
        mine = self.can_call and self.state in OPEN_STATES
        told = not mine or self._may_tell()
        screen = {
            "now": _text(fields.Datetime.now()),
            "task": self._screen_task(),
            "patient": self._screen_patient(),
            "stay": self._screen_stay(),
            "identity": self._screen_identity(),
            "contacts": [row._screen_contact() for row in self._get_sorted_contacts()],
            "call": self._screen_call(),
            "script": self._get_call_script(),
            "attempts": self._screen_attempts(),
            "also_due": self._screen_also_due() if mine else [],
            "labels": self._screen_labels(),
            "health": None,
            "form": None,
        }
        reads = prepare and not screen["call"]
        if told or reads:
            screen.update(health=self._screen_health(), form=self._screen_form())
        return screen

    def get_call_aids(self):
        """Return what the caller may need beside: texts, directory, colleagues.

        Read once per screen, not with every change.
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "templates": [
                {"id": row.id, "kind": row.kind, "name": row.name, "text": row.text}
                for row in self._get_advice_templates()
            ],
            "directory": self._screen_directory(),
            "seniors": [
                {"id": user.id, "name": user.name} for user in self._get_seniors()
            ],
        }

    # ------------------------------------------------------------
    # WHO AND WHY
    # ------------------------------------------------------------

    def _screen_task(self):
        return {
            "id": self.id,
            "name": self.name or "",
            "state": self.state,
            "level": self.level,
            "method": self.method,
            "spoken": self._get_identity_needed() > 0,
            "can_call": self.can_call,
            "refusal": self.refusal or "",
            "held": self._get_holder() == self.env.user,
            "red_flag": self.red_flag,
            "reached": bool(self.reached_at),
            "explanation": self.attempt_explanation or "",
            "call_outcome": self.call_outcome or False,
            "participants": [
                # sudo: names of colleagues
                {"id": user.id, "name": user.name}
                for user in self.sudo().participant_ids
            ],
        }

    def _screen_patient(self):
        patient = self.patient_id
        return {
            "id": patient.id,
            "name": patient.name,
            "sex": patient.sex,
            "age": patient.age or "",
            "deceased": bool(patient.deceased_date),
        }

    def _screen_stay(self):
        """What may be seen while somebody listens: no diagnosis."""
        # sudo: the stay of the task, of which this much is told in every call
        stay = self.sudo().encounter_id
        return {
            "number": stay.number or "",
            "department": (self.department_id or stay.department_id).name or "",
            "attending": stay.attending_name or "",
            "admission_day": _text(stay.admission_day),
            "discharge_day": _text(stay.discharge_day),
            # what the ward asks the caller to mind, as "his wife must not know"
            "notes": list(filter(None, [stay.caller_note, self.sudo().plan_id.note])),
        }

    def _screen_identity(self):
        return {
            "needed": self._get_identity_needed(),
            "facts": self._get_identity_facts(),
            "checked": self._is_identified(),
            "may_tell": self._may_tell(),
            "speaker": self.identity_speaker or False,
            "contact_id": self.identity_contact_id.id,
        }

    def _get_sorted_contacts(self):
        return self.patient_id.contact_ids._in_order()

    def _screen_call(self):
        if not self.call_started_at or self._get_holder() != self.env.user:
            return None
        return {
            "started_at": _text(self.call_started_at),
            "contact_id": self.call_contact_id.id,
            "direction": self.call_direction,
        }

    def _screen_attempts(self):
        # sudo: who called is told with the call itself
        return [
            {
                "id": row.id,
                "at": _text(row.started_at),
                "result": row.result,
                "by": row.user_id.sudo().name,
                "duration": row.duration,
                "note": row.note or "",
            }
            for row in self.attempt_ids
        ]

    def _screen_also_due(self):
        """The patient's other calls, those that joined this one marked."""
        tasks = self._search_also_due()
        return [
            {
                "id": task.id,
                "name": task.name or "",
                "due_day": _text(task.due_day),
                "department": task.department_id.name or "",
                "joined": task.call_leader_id == self and task.state == "in_progress",
                "refusal": task.refusal or "",
            }
            for task in tasks
        ]

    def _screen_labels(self):
        """The words of selections, as every other screen writes them."""
        wanted = {
            "result": ("followup.attempt", "result"),
            "relation": ("followup.patient.contact", "relation"),
            "validity": ("followup.patient.contact", "validity"),
            "sex": ("followup.patient", "sex"),
            "state": ("followup.concern", "state"),
            "kind": ("followup.concern", "kind"),
            "concern_type": ("followup.concern", "concern_type"),
            "advice": ("followup.advice.template", "kind"),
            "outcome": ("followup.task", "call_outcome"),
        }
        return {
            key: [
                list(pair)
                for pair in self.env[model]
                ._fields[name]
                ._description_selection(self.env)
            ]
            for key, (model, name) in wanted.items()
        }

    # ------------------------------------------------------------
    # HEALTH
    # ------------------------------------------------------------

    def _screen_health(self):
        # sudo: the stay of the task; the user reads the task
        stay = self.sudo().encounter_id
        return {
            "facts": self._screen_facts(stay),
            "script": html2plaintext(self.sudo().step_id.script or "").strip(),
            "earlier": self._screen_earlier(),
            "concerns": self._screen_concerns(),
            "answers_to_give": self._screen_answers_to_give(),
            "measures": self.agreed_measures or "",
            "advice": [
                {"id": row.id, "kind": row.kind, "text": row.text}
                for row in self.advice_ids.sorted("id")
            ],
            "outcome_note": self.outcome_note or "",
            "advice_note": self.advice_note or "",
            "next_visit_date": _text(self.next_visit_date),
        }

    def _screen_facts(self, stay):
        rows = (
            (self.env._("Diagnosis"), stay.discharge_diagnosis),
            (self.env._("Operation"), stay.procedure_name),
            (self.env._("Result"), stay.treatment_result),
            (self.env._("Key groups"), self._say_groups()),
        )
        return [{"label": label, "value": value} for label, value in rows if value]

    def _say_groups(self):
        return format_list(self.env, self.patient_id.category_ids.mapped("name"))

    def _screen_earlier(self):
        """The patient's last finished calls, and what came of them."""
        tasks = self.search(
            [
                ("patient_id", "=", self.patient_id.id),
                ("id", "!=", self.id),
                ("state", "=", "done"),
            ],
            order="completed_at desc, id desc",
            limit=EARLIER_CALLS,
        )
        return [
            {
                "id": task.id,
                "day": _text(task.completed_day),
                "name": task.name or "",
                "note": task.outcome_note or "",
                "red_flag": task.red_flag,
                "answered": bool(task.user_input_id),
            }
            for task in tasks
        ]

    def _screen_concerns(self):
        """What was raised about the patient in this call."""
        return [
            {
                "id": row.id,
                "name": row.name,
                "kind": row.kind,
                "state": row.state,
                "promised_at": _text(row.promised_at),
                "answer": row.answer or "",
            }
            for row in self.concern_ids._filtered_access("read")
        ]

    def _screen_answers_to_give(self):
        """What this call is to tell: answers to earlier questions (P-7)."""
        # sudo: whoever makes the call gives the answer, raised by whomever
        return [
            {
                "id": row.id,
                "name": row.name,
                "text": row.text or "",
                "answer": row.answer or "",
                "promised_at": _text(row.promised_at),
            }
            for row in self.sudo().telling_concern_ids
        ]

    def _screen_form(self):
        """The questionnaire of this call and of those that joined it."""
        tasks = self + self._get_joined()
        questions, aliases = tasks._get_call_form()
        return {
            "questions": questions,
            "aliases": {str(key): value for key, value in aliases.items()},
            "answers": {
                str(key): value
                for key, value in tasks._get_call_answers(questions).items()
            },
        }

    # ------------------------------------------------------------
    # BESIDE
    # ------------------------------------------------------------

    def _screen_directory(self):
        """How other departments are reached (X-9), the own one first."""
        teams = self.env["followup.team"].search(
            [("company_id", "=", self.company_id.id)]
        )
        rows = [
            {
                "id": team.id,
                "own": team.department_id == self.department_id,
                # sudo: names of departments, told to patients
                "name": team.department_id.sudo().name,
                "hotline": team.hotline or "",
                "hours": team.hotline_hours or "",
                "text": team.directory or "",
            }
            for team in teams
            if team.hotline or team.directory
        ]
        return sorted(rows, key=lambda row: (not row["own"], row["name"]))


class FollowupPatientContact(models.Model):
    _inherit = "followup.patient.contact"

    def _screen_contact(self):
        return {
            "id": self.id,
            "name": self.name or "",
            "relation": self.relation,
            "phone": self.phone_masked or "",
            "primary": self.is_primary,
            "validity": self.validity,
            "told": self.relation == "self" or self.may_receive_medical_info,
            "note": self.note or "",
        }


def _text(value):
    """Return a date or moment as the client reads it, False without one."""
    return str(value) if value else False
