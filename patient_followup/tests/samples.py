# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One row of every model, seen by every role through the RPC door."""

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import new_test_user

from .common import FollowupCase
from .samples_appointment import make_appointments
from .samples_archive import make_archive
from .samples_concern import make_concerns
from .samples_message import make_messages
from .samples_programme import make_programmes
from .samples_quality import make_quality, make_signal

# what advice has in common with an attempt
ADVICE = ("task_id", "company_id", "department_id", "patient_id", "level")
# Nobody of these sees or does anything.
OUTSIDE = ("public", "portal", "plain")
ROLES = (
    "ward_a",
    "ward_b",
    "head_a",
    "centre",
    "manager",
    "inspector",
    "leader",
    "auditor",
    "administrator",
    "other_manager",
)


class Undo(Exception):
    """Carries a result out of a savepoint that is rolled back."""


class FollowupSampleCase(FollowupCase):
    """`samples`: {model: (row of ward A, a field to write, values of a like row)}.

    "@2" behind a model marks the row of a level 2 call.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.export = cls.env.ref("base.group_allow_export")
        cls.public = cls.env.ref("base.public_user")
        cls.portal = new_test_user(cls.env, "portal_user", groups="base.group_portal")
        cls.other_company = cls._company("Other Hospital")
        cls.other_manager = cls._user(
            "other_manager", "centre_manager", cls.other_company
        )
        for role in (*ROLES, "plain"):
            getattr(cls, role).group_ids = [(4, cls.export.id)]
        cls.samples = {}
        cls._make_patients()
        cls._make_organisation()
        cls._make_definitions()
        cls._make_traces()
        make_quality(cls)
        make_concerns(cls)
        make_messages(cls)
        make_appointments(cls)
        make_programmes(cls)
        make_archive(cls)
        cls._make_views()

    # ------------------------------------------------------------
    # SAMPLES: record, a field to write, values to create its like
    # ------------------------------------------------------------

    @classmethod
    def _engine(cls, model):
        """Return the model as the engine writes it, guarded or not."""
        rows = cls.env[model]
        return rows._guarded() if hasattr(rows, "_guarded") else rows

    @classmethod
    def _sample(cls, record, field, vals=None, variant=""):
        cls.samples[record._name + variant] = (record, field, vals)

    @classmethod
    def _make_patients(cls):
        for level, variant in (("1", ""), ("2", "@2")):
            patient = cls._patient()
            stay = cls._encounter(patient)
            protocol = cls._protocol([{"level": level, "offset_target": 3}])
            plan = protocol.start_plan(stay)
            task = plan.task_ids
            cls._sample(patient, "employer", {"name": "New"}, variant)
            contact = patient.contact_ids
            cls._sample(contact, "name", {"patient_id": patient.id}, variant)
            consent = {"patient_id": patient.id, "scope": "phone"}
            row = cls.env["followup.consent"].create(consent)
            cls._sample(row, "evidence", consent, variant)
            cls._sample(
                stay,
                "caller_note",
                {
                    "patient_id": patient.id,
                    "number": f"N{level}",
                    "department_id": cls.department_a.id,
                },
                variant,
            )
            cls._sample(
                plan,
                "origin",
                {
                    "patient_id": patient.id,
                    "protocol_id": protocol.id,
                    "protocol_family_id": protocol.id,
                    "origin_key": "manual:x",
                },
                variant,
            )
            cls._sample(task, "outcome_note", {"patient_id": patient.id}, variant)
            cls._make_contacted(task, variant)

    @classmethod
    def _make_archive(cls, closed):
        amendment = {"task_id": closed.id, "text": "x", "reason": "y"}
        row = cls.env["followup.amendment"].create(amendment)
        cls._sample(row, "text", amendment)
        seals = cls.env["followup.seal"]
        seals._link_batch(row, 1)
        link = seals.search([("res_model", "=", row._name)], limit=1)
        cls._sample(link, "digest", {"number": 0, "res_model": "x", "res_id": 1})
        check = cls._engine("followup.seal.check").create({})._unguarded()
        cls._sample(check, "head_number", {})
        found = {"check_id": check.id, "res_model": "x", "res_id": 1, "kind": "gap"}
        finding = cls._engine("followup.seal.finding").create(found)
        cls._sample(finding, "kind", found)

    @classmethod
    def _make_contacted(cls, task, variant):
        attempt_vals = {
            "task_id": task.id,
            "company_id": task.company_id.id,
            "department_id": task.department_id.id,
            "patient_id": task.patient_id.id,
            "level": task.level,
            "direction": "out",
            "method": "phone",
            "started_at": fields.Datetime.now(),
            "result": "busy",
            "user_id": cls.env.uid,
        }
        attempt = cls._engine("followup.attempt").create(attempt_vals)
        cls._sample(attempt, "note", attempt_vals, variant)
        advice_vals = {
            **{name: attempt_vals[name] for name in ADVICE},
            "kind": "diet",
            "text": "x",
            "given_by_id": cls.env.uid,
        }
        advice = cls._engine("followup.advice").create(advice_vals)
        cls._sample(advice, "text", advice_vals, variant)
        concern = task.action_red_flag("It hurts")
        vals = {
            "patient_id": task.patient_id.id,
            "task_id": task.id,
            "company_id": task.company_id.id,
        }
        cls._sample(concern, "text", vals, variant)

    @classmethod
    def _make_organisation(cls):
        team = cls.department_a.followup_team_ids
        spare = cls.env["hr.department"].create({"name": "Spare"})
        company = {"company_id": cls.company.id}
        cls._sample(team, "hotline", {"department_id": spare.id, **company})
        member = {"team_id": team.id, "user_id": cls.centre.id}
        cls._sample(team.member_ids[0], "title", member)
        rota = {"team_id": team.id, "user_id": cls.ward_a.id}
        row = cls.env["followup.team.rota"].create(rota)
        cls._sample(row, "date", {**rota, "date": "2030-01-01"})
        days = {"date_from": "2030-01-01", "date_to": "2030-01-02"}
        deputy = {"user_id": cls.ward_a.id, "deputy_id": cls.head_a.id}
        deputy.update(**company, **days)
        row = cls.env["followup.delegation"].create(deputy)
        cls._sample(row, "reason", deputy)
        task = cls.samples["followup.task"][0]
        urge = {
            "company_id": cls.company.id,
            "department_id": cls.department_a.id,
            "user_id": cls.ward_a.id,
            "urged_by_id": cls.head_a.id,
            "task_count": 1,
            "task_ids": [(6, 0, task.ids)],
        }
        cls._sample(cls._engine("followup.urge").create(urge), "note", urge)

    @classmethod
    def _make_definitions(cls):
        company = {"company_id": cls.company.id}
        named = {"name": "Sample", **company}
        band = {**named, "hour_from": 8, "hour_to": 9}
        definitions = {
            "followup.advice.template": {**named, "kind": "diet", "text": "x"},
            "followup.attempt.policy": named,
            "followup.exclusion.reason": named,
            "followup.import.profile": named,
            "followup.patient.category": named,
            "followup.protocol": {**named, "code": "sample"},
            "followup.reason": {**named, "kind": "refused"},
            "followup.time.band": band,
            "followup.workday.exception": {**named, "date": "2031-01-01"},
            "followup.event": {"name": "Sample", "code": "sample"},
        }
        for model, vals in definitions.items():
            row = cls.env[model].create(vals)
            again = {**vals}
            if "code" in vals:
                again["code"] = "sample_2"
            if "date" in vals:
                again["date"] = "2031-01-02"
            cls._sample(row, "name", again)
        protocol = cls.samples["followup.protocol"][0]
        step = {"name": "Sample", "protocol_id": protocol.id}
        row = cls.env["followup.protocol.step"].create(step)
        cls._sample(row, "name", step)
        profile = cls.samples["followup.import.profile"][0]
        column = {"profile_id": profile.id, "field_name": "number"}
        row = cls.env["followup.import.profile.column"].create(column)
        cls._sample(row, "aliases", {**column, "field_name": "mrn"})

    @classmethod
    def _make_views(cls):
        """Rows of SQL views: nobody creates them."""
        make_signal(cls)
        cls._make_answer()
        cls.env.flush_all()
        own = [("department_id", "=", cls.department_a.id)]
        vals = {"department_id": cls.department_a.id}
        for model, field in (
            ("followup.forecast", "level"),
            ("followup.data.quality", "stay_count"),
            ("followup.answer.report", "level"),
            ("followup.answer.summary", "level"),
        ):
            row = cls.env[model].search(own, limit=1)
            cls._sample(row, field, vals)

    @classmethod
    def _make_answer(cls):
        """Answers of five finished questionnaires in ward A."""
        question = cls.env["survey.question"].create(
            {"title": "How warm are you?", "question_type": "numerical_box"}
        )
        survey = cls.env["survey.survey"].create(
            {
                "title": "Sample",
                "survey_type": "followup",
                "followup_company_id": cls.company.id,
            }
        )
        question.survey_id = survey
        for task in cls._tasks([{} for _patient in range(5)]):
            task._create_user_input(survey, False)
            task.user_input_id._followup_save({question.id: 37})
            task.user_input_id._followup_finish()
        # leaders see months that are over
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE survey_user_input_line SET followup_day = followup_day - 40"
            " WHERE survey_id = %s",
            [survey.id],
        )

    @classmethod
    def _make_traces(cls):
        """Rows that only the engine writes."""
        plan = cls.samples["followup.plan"][0]
        patient = plan.patient_id
        profile = cls.samples["followup.import.profile"][0]
        company = {"company_id": cls.company.id}
        log = cls.env["followup.access.log"]._log("reveal", patient, "id_number", "x")
        vals = {**company, "user_id": cls.env.uid, "action": "reveal"}
        cls._sample(log, "reason", vals)
        # sudo: the store is closed to everybody
        value = cls.env["followup.protected.value"].sudo().search([], limit=1)
        vals = {"res_model": "x", "res_id": 1, "field_name": "x", **company}
        cls._sample(value, "field_name", {**vals, "cipher": "x", "digest": "x"})
        change = {
            "plan_id": plan.id,
            "kind": cls.env["followup.plan.change"]
            ._fields["kind"]
            .get_values(cls.env)[0],
            "reason": "x",
            "user_id": cls.env.uid,
        }
        changes = cls.env["followup.plan.change"]
        if hasattr(changes, "_guarded"):
            changes = changes._guarded()
        cls._sample(changes.create(change), "reason", change)
        gap = {
            **company,
            "plan_id": plan.id,
            "patient_id": patient.id,
            "department_id": cls.department_a.id,
            "reason": "overdue",
        }
        gaps = cls._engine("followup.plan.gap")
        cls._sample(gaps.create(gap), "occurrence", {**gap, "occurrence": 7})
        batch = {**company, "profile_id": profile.id}
        row = cls.env["followup.import"].create(batch)
        cls._sample(row, "profile_id", batch)
        cls._make_link(plan.task_ids[:1])
        line = {**company, "import_id": row.id, "row": 1}
        lines = cls._engine("followup.import.line")
        cls._sample(lines.create(line), "row", {**line, "row": 2})

    @classmethod
    def _make_link(cls, task):
        """A link to the patient's page, and a visitor who was counted."""
        links = cls.env["followup.link"]
        links._issue(task)
        link = links.search([("task_id", "=", task.id)], limit=1)
        names = ("company_id", "patient_id", "task_id")
        vals = {name: link[name].id for name in names}
        vals.update(purpose="task", digest="x", expires_at="2030-01-01")
        cls._sample(link, "purpose", vals)
        knock = {"kind": "visit", "key": "x", "opened_at": "2026-01-01", "count": 1}
        row = cls.env["followup.throttle"].create(knock)
        cls._sample(row, "count", {**knock, "key": "y"})

    # ------------------------------------------------------------
    # CALLS
    # ------------------------------------------------------------

    def _try(self, function, *args):
        """Return whether a call gets through and gives something; undo it."""
        try:
            with self.env.cr.savepoint():
                raise Undo(bool(function(*args)))
        except Undo as undo:
            return undo.args[0]
        except psycopg2.IntegrityError:
            return True  # the rights let it through, the database did not
        except (AccessError, UserError, ValidationError):
            return False

    def _shows(self, function, *args):
        """Return whether a reading call gives something; it leaves no trace."""
        try:
            return bool(function(*args))
        except (AccessError, UserError):
            return False

    def _call(self, user, model, method, *args, **kwargs):
        return call_kw(self.env(user=user, context={})[model], method, args, kwargs)
