# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A closed follow-up for the hospital's medical record, as FHIR R4 (R-2)."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import fhir
from ..tools.answers import visible_ids

PLAN_STATES = {"completed": "completed", "cancelled": "revoked"}


class FollowupTask(models.Model):
    _inherit = "followup.task"

    def export_fhir(self):
        """Return one completed follow-up as a FHIR R4 Bundle (collection).

        Patient, Encounter, CarePlan, Task, a Communication per attempt, the
        QuestionnaireResponse, an Observation per vital sign and a Flag per red
        flag. The patient is named by record number, the stay by its number; the
        identifier of the Bundle is the digest of the seal. Logged as an export.

        :return dict: JSON-able
        :raises AccessError: the user does not read the follow-up
        :raises UserError: it is not completed
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "done":
            raise UserError(self.env._("Only completed follow-ups are handed over."))
        content = self._to_fhir()
        self.env["followup.access.log"]._log("export", self, reason="FHIR")
        return content

    def _to_fhir(self):
        """Return the Bundle; rights were checked by the caller."""
        # sudo: the stay, plan and answers of a follow-up that may be read
        task = self.sudo()
        # red flags the reader may read, not all there are
        concerns = self.concern_ids._filtered_access("read")
        flags = concerns.filtered(lambda row: row.kind == "red_flag")
        entries = [
            *task._fhir_entries(task.patient_id, task._fhir_patient),
            *task._fhir_entries(task.encounter_id, task._fhir_encounter),
            *task._fhir_entries(task.plan_id, task._fhir_plan),
            *task._fhir_entries(task, task._fhir_task),
            *task._fhir_entries(task.attempt_ids, task._fhir_call),
            *task._fhir_answers(),
            *task._fhir_entries(flags, task._fhir_flag),
        ]
        return fhir.bundle(entries, fields.Datetime.now(), task.followup_seal_digest)

    # ------------------------------------------------------------
    # RESOURCES
    # ------------------------------------------------------------

    def _fhir_entries(self, records, build):
        return [(self._fhir_url(row), build(row)) for row in records]

    def _fhir_url(self, record, part=""):
        # sudo: the name of this database, the same in each export
        key = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return fhir.url(key, record._name, f"{record.id}{part}")

    def _fhir_reference(self, record):
        return {"reference": self._fhir_url(record)} if record else None

    def _fhir_patient(self, patient):
        number = {"code": "MR", "system": fhir.MRN}
        return fhir.resource(
            "Patient",
            identifier=[{"type": {"coding": [number]}, "value": patient.mrn}]
            if patient.mrn
            else None,
            name=[{"text": patient.name}],
            gender=patient.sex,
            birthDate=fhir.day(patient.birthdate),
        )

    def _fhir_encounter(self, stay):
        code = fhir.ENCOUNTER_CLASS.get(stay.encounter_class, "AMB")
        return fhir.resource(
            "Encounter",
            identifier=[{"system": f"urn:source:{stay.source}", "value": stay.number}],
            status="finished" if stay.discharge_date else "in-progress",
            **{"class": {"system": fhir.ACT, "code": code}},
            subject=self._fhir_reference(stay.patient_id),
            period=fhir.filled(
                {
                    "start": fhir.moment(stay.admission_date),
                    "end": fhir.moment(stay.discharge_date),
                }
            ),
            reasonCode=stay.discharge_diagnosis
            and [{"text": stay.discharge_diagnosis}],
        )

    def _fhir_plan(self, plan):
        return fhir.resource(
            "CarePlan",
            status=PLAN_STATES.get(plan.state, "active"),
            intent="plan",
            title=plan.protocol_id.name,
            subject=self._fhir_reference(plan.patient_id),
            encounter=self._fhir_reference(plan.encounter_id),
        )

    def _fhir_task(self, _task):
        notes = filter(None, (self.outcome_note, self.advice_note))
        return fhir.resource(
            "Task",
            status="completed",
            intent="order",
            code=fhir.text(self.name),
            basedOn=[self._fhir_reference(plan) for plan in self.plan_id],
            **{"for": self._fhir_reference(self.patient_id)},
            encounter=self._fhir_reference(self.encounter_id),
            lastModified=fhir.moment(self.completed_at),
            owner={"display": self.completed_by_id.name},
            restriction=self.date_deadline
            and {"period": {"end": fhir.moment(self.date_deadline)}},
            note=[{"text": note} for note in notes],
        )

    def _fhir_call(self, attempt):
        reached = attempt.result in fhir.REACHED
        labels = dict(attempt._fields["result"]._description_selection(self.env))
        words = filter(None, (labels[attempt.result], attempt.note))
        return fhir.resource(
            "Communication",
            status="completed" if reached else "not-done",
            statusReason=None if reached else fhir.text(labels[attempt.result]),
            basedOn=[self._fhir_reference(self)],
            medium=[fhir.text(attempt.method)],
            subject=self._fhir_reference(self.patient_id),
            sent=fhir.moment(attempt.started_at),
            sender={"display": attempt.user_id.name},
            note=[{"text": word} for word in words],
        )

    def _fhir_flag(self, concern):
        return fhir.resource(
            "Flag",
            status="inactive" if concern.state == "closed" else "active",
            code=fhir.text(concern.text or concern.name),
            subject=self._fhir_reference(self.patient_id),
            period={"start": fhir.moment(concern.raised_at)},
        )

    # ------------------------------------------------------------
    # ANSWERS
    # ------------------------------------------------------------

    def _fhir_answers(self):
        """Return the entries of the questionnaire and of what was measured."""
        inputs = self.user_input_id
        if not inputs:
            return []
        questions = inputs._followup_questions()
        values = inputs._followup_values()
        asked = [
            (questions[key], values[key])
            for key in visible_ids(questions.values(), values)
            if key in values
        ]
        response = fhir.resource(
            "QuestionnaireResponse",
            status="completed",
            basedOn=[self._fhir_reference(self)],
            subject=self._fhir_reference(self.patient_id),
            authored=fhir.moment(inputs.end_datetime),
            item=[
                {
                    "linkId": str(number),
                    "text": question["title"],
                    "answer": fhir.answer(question, value),
                }
                for number, (question, value) in enumerate(asked, start=1)
            ],
        )
        measured = [
            (self._fhir_url(inputs, f"/{row['id']}"), self._fhir_vital(row, value))
            for row, value in asked
            if row["metric"] in fhir.VITALS and isinstance(value, int | float)
        ]
        return [(self._fhir_url(inputs), response), *measured]

    def _fhir_vital(self, question, value):
        code, display = fhir.VITALS[question["metric"]]
        return fhir.resource(
            "Observation",
            status="final",
            category=[fhir.text("vital-signs")],
            code={"coding": [{"system": fhir.LOINC, "code": code, "display": display}]},
            subject=self._fhir_reference(self.patient_id),
            effectiveDateTime=fhir.moment(self.completed_at),
            valueQuantity=fhir.quantity(question, value),
            derivedFrom=[self._fhir_reference(self.user_input_id)],
        )
