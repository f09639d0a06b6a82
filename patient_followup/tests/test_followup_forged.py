# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a client sends beside its values never decides for the engine (D-18)."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .appointment_common import AppointmentCase


@tagged("post_install", "-at_install")
class TestFollowupForged(AppointmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mate = cls._user("mate", "ward_caller")
        cls._join(cls.mate, cls.department_a, "doctor")
        cls.patient = cls._encounter().patient_id
        cls.env["followup.consent"].create(
            {"patient_id": cls.patient.id, "scope": "home_visit"}
        )

    def _visit(self, user=None, **vals):
        visits = self.env["followup.home.visit"].with_user(user or self.ward_a)
        return visits.create(
            {
                "patient_id": self.patient.id,
                "starts_at": fields.Datetime.now(),
                "user_ids": [(6, 0, (self.ward_a + self.mate).ids)],
                **vals,
            }
        )

    # ------------------------------------------------------------
    # DEFAULTS OF THE CONTEXT
    # ------------------------------------------------------------

    def test_a_context_never_approves_an_anonymisation(self):
        """Y-1: it takes a second person, whatever the dialog's context says."""
        forged = {
            "default_state": "approved",
            "default_approved_by_id": self.env.ref("base.user_admin").id,
            "default_approved_at": fields.Datetime.now(),
        }
        wizards = self.env["followup.patient.erase"].with_user(self.manager)
        wizard = wizards.create({"patient_id": self.patient.id, "reason": "asked"})
        action = wizard.with_context(**forged).action_propose()
        run = self.env["followup.retention.run"].browse(action["res_id"])
        self.assertEqual(
            (run.state, run.approved_by_id.id, run.approved_at),
            ("proposed", False, False),
        )

    def test_a_context_never_books(self):
        forged = {
            "default_state": "confirmed",
            "default_slot_id": self.slot.id,
            "default_starts_at": fields.Datetime.now(),
        }
        wizards = self.env["followup.appointment.book"].with_user(self.ward_a)
        wizard = wizards.create({"patient_id": self.patient.id})
        wizard.with_context(**forged).action_request()
        row = self.patient.appointment_ids
        self.assertEqual(
            (row.state, row.slot_id.id, row.starts_at), ("requested", False, False)
        )

    def test_a_context_never_completes_the_calls_of_a_plan(self):
        """The bulk insert takes no default of its caller either."""
        forged = {
            "default_state": "done",
            "default_completed_by_id": self.ward_a.id,
            "default_completed_at": fields.Datetime.now(),
            "default_user_id": self.ward_b.id,
        }
        protocol = self._protocol([{}]).with_user(self.ward_a)
        plans = protocol.with_context(**forged).start_plan(
            self.patient.encounter_ids.with_user(self.ward_a)
        )
        task = plans.sudo().task_ids
        self.assertNotEqual(task.state, "done")
        self.assertFalse(task.completed_by_id | task.user_id)
        self.assertFalse(task.completed_at)

    # ------------------------------------------------------------
    # HOME VISITS
    # ------------------------------------------------------------

    def test_a_home_visit_never_confirms_a_clinic_appointment(self):
        """B-3: it would take a time beside all clinics."""
        clinic = self._ask(self.patient)
        with self.assertRaises(UserError):
            self._visit(appointment_id=clinic.id)
        self.assertEqual(clinic.state, "requested")

    def test_a_home_visit_completes_only_what_its_planner_may_record(self):
        """A head reads the follow-ups of level 2; he does not record them."""
        task = self._task(self.patient.encounter_ids, level="2", method="home")
        task.with_user(self.head_a).check_access("read")
        with self.assertRaises(AccessError):
            self._visit(self.head_a, task_id=task.id)

    def test_another_day_needs_the_consent_as_well(self):
        """M-4: the consent ran out since the visit was planned."""
        visit = self._visit()
        consents = self.env["followup.consent"].search(
            [("patient_id", "=", self.patient.id), ("scope", "=", "home_visit")]
        )
        yesterday = fields.Date.today() - timedelta(days=1)
        self.env.cr.execute(
            "UPDATE followup_consent SET date = %s, expiry_date = %s WHERE id = %s",
            (yesterday, yesterday, consents.id),
        )
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            visit.starts_at = fields.Datetime.now() + timedelta(days=3)

    def test_a_measurement_never_moves_into_a_sealed_visit(self):
        """I-5."""
        done = self._visit(examination="Well")
        done.action_done()
        later = self._visit()
        with self.assertRaises(AccessError):
            later.vital_ids[:1].visit_id = done

    # ------------------------------------------------------------
    # PROGRAMMES
    # ------------------------------------------------------------

    def test_a_lecture_starts_only_what_was_released_for_it(self):
        """Whoever holds it starts the plans of every ward's patients."""
        education = self.env.ref(
            "patient_followup.followup_protocol_education_effect"
        ).event_id
        events = self.env["followup.group.event"].with_user(self.ward_a)
        vals = {
            "name": "Lecture",
            "date_start": fields.Datetime.now(),
            "department_id": self.department_a.id,
        }
        for wrong in (
            {"state": "draft", "event_id": education.id},
            {"state": "active"},
            {
                "state": "active",
                "event_id": education.id,
                "company_id": self._company("Other").id,
            },
        ):
            protocol = self._protocol(**wrong)
            with self.subTest(wrong=wrong), self.assertRaises(ValidationError):
                events.create({**vals, "protocol_id": protocol.id})

    def test_a_programme_gives_its_calls_to_callers_only(self):
        """I-7: nobody else would ever see them."""
        protocol = self._protocol(
            [{"responsible": "department_team"}],
            event_id=self.env.ref("patient_followup.followup_event_enrolment").id,
        )
        programme = self.env["followup.programme"].create(
            {"name": "P", "code": "p_forged", "protocol_ids": [(6, 0, protocol.ids)]}
        )
        for user, kept in ((self.plain, False), (self.ward_a, True)):
            patient = self._encounter().patient_id
            enrolments, _left = programme._enrol(
                patient, {"consent_given": True, "nurse_id": user.id}
            )
            tasks = enrolments.plan_ids.task_ids
            with self.subTest(user=user.login):
                self.assertTrue(tasks)
                self.assertEqual(user in tasks.user_id, kept)

    def test_a_key_of_a_programme_is_the_patient_s_own(self):
        """The plan of a made-up enrolment would hang on somebody else's."""
        programme = self.env.ref("patient_followup.followup_programme_diabetes")
        other = self._encounter().patient_id
        enrolments, _left = programme._enrol(other, {"consent_given": True})
        protocol = self._protocol([{}])
        stay = self.patient.encounter_ids.with_user(self.ward_a)
        for key in (enrolments.id, 0, "", "x", "-1", "9" * 30, "²", 999999999):
            with (
                self.subTest(key=key),
                self.assertRaisesRegex(UserError, "names no enrolment of this patient"),
            ):
                protocol.with_user(self.ward_a).start_plan(stay, f"enrolment:{key}")
            with self.subTest(key=key, way="event"), self.assertRaises(UserError):
                self.env["followup.event"].start_from_event(
                    "education", self.patient, "2026-03-01 00:00:00", f"enrolment:{key}"
                )

    # ------------------------------------------------------------
    # ANONYMISED
    # ------------------------------------------------------------

    def test_the_next_list_does_not_bring_an_anonymised_patient_back(self):
        """Y-1: the hospital's system sends the same stay again every night."""
        stay = self.patient.encounter_ids
        row = {
            "source": stay.source,
            "number": stay.number,
            "patient_name": self.patient.name,
            "department": self.department_a.name,
            "encounter_class": "inpatient",
            "admission_date": str(stay.admission_day),
            "discharge_date": str(stay.discharge_day),
        }
        self.patient._anonymise()
        stays = stay.with_user(self.manager).with_company(self.company)
        other = {**row, "number": "X-1", "patient_name": "Li Si"}
        result = stays.upsert([row, other, {**row, "source": "another"}])
        self.assertEqual(
            [(problem["index"], problem["code"]) for problem in result["rejected"]],
            [(0, "anonymised")],
        )
        self.assertEqual((result["ids"][0], result["created"]), (False, 2))
