# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import FollowupCase


@tagged("post_install", "-at_install")
class TestFollowupEncounter(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-11-23 02:00:00"))
        cls.reason = cls.env["followup.exclusion.reason"].create({"name": "Abroad"})
        cls.stay = cls._encounter(
            admission_date=datetime(2026, 11, 10, 4),
            discharge_date=datetime(2026, 11, 20, 4),
        )

    def test_local_days_stand_beside_the_moments(self):
        """D-11: 17:00 UTC is the next day in Shanghai"""
        self.stay.discharge_date = datetime(2026, 11, 20, 17)
        self.assertEqual(self.stay.discharge_day, date(2026, 11, 21))
        self.assertEqual(self.stay.length_of_stay, 11)

    def test_in_and_out_on_one_day_is_one_day(self):
        self.stay.discharge_date = datetime(2026, 11, 10, 9)
        self.assertEqual(self.stay.length_of_stay, 1)

    def test_no_discharge_before_admission(self):
        with self.assertRaises(ValidationError):
            self.stay.discharge_date = datetime(2026, 11, 9, 4)

    def test_number_and_source_are_stripped_and_required(self):
        stay = self._encounter(source=" his ", number=" 1 ")
        self.assertRecordValues(stay, [{"source": "his", "number": "1"}])
        with self.assertRaises(ValidationError):
            stay.number = "  "

    def test_display_name_tells_no_patient(self):
        """D-7"""
        self.assertNotIn(self.stay.patient_id.name, self.stay.display_name)

    def test_user_beside_the_doctor_follows_the_employee(self):
        """D-18"""
        employee = self.env["hr.employee"].create(
            {"name": "Doctor", "company_id": self.company.id}
        )
        self.stay.attending_id = employee
        self.assertRecordValues(
            self.stay, [{"attending_name": "Doctor", "attending_user_id": False}]
        )
        employee.user_id = self.ward_a
        self.assertEqual(self.stay.attending_user_id, self.ward_a)

    def test_departments_of_the_patient_follow_his_stays(self):
        patient = self.stay.patient_id
        self.assertEqual(patient.department_ids, self.department_a)
        other = self._encounter(patient, department_id=self.department_b.id)
        self.assertEqual(patient.department_ids, self.department_a | self.department_b)
        other.with_user(self.manager).action_cancel()
        self.assertEqual(patient.department_ids, self.department_a)
        other.with_user(self.manager).action_restore()
        self.assertIn(self.department_b, patient.department_ids)

    def test_states_follow_the_dates_and_are_not_written(self):
        """D-18"""
        stay = self.stay.with_user(self.manager)
        self.assertEqual(stay.state, "discharged")
        stay.action_cancel_discharge()
        self.assertEqual(stay.state, "open")
        for vals in (
            {"state": "discharged"},
            {"is_cancelled": True},
            {"excluded": True},
            {"exclusion_state": "confirmed"},
            {"discharge_day": "2026-11-20"},
            {"length_of_stay": 3},
            {"attending_user_id": self.ward_a.id},
            {"centre_visible": True},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                stay.write(vals)

    def test_a_stay_with_tasks_is_not_deleted(self):
        self._task(self.stay)
        with self.assertRaises(UserError):
            self.stay.unlink()

    # ------------------------------------------------------------
    # WARDS
    # ------------------------------------------------------------

    def test_a_ward_writes_its_note_and_nothing_else(self):
        """E-14"""
        stay = self.stay.with_user(self.ward_a)
        stay.caller_note = "Ask for the wound"
        for vals in (
            {"discharge_date": False},
            {"department_id": self.department_b.id},
            {"disposition": "deceased"},
            {"caller_note": "x", "number": "2"},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                stay.write(vals)
        with self.assertRaises(AccessError):
            self.stay.with_user(self.ward_b).caller_note = "not mine"

    def test_wards_do_not_cancel_or_restore(self):
        for method in ("action_cancel", "action_restore", "action_cancel_discharge"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(self.stay.with_user(self.head_a), method)()

    # ------------------------------------------------------------
    # EXCLUSION (E-6)
    # ------------------------------------------------------------

    def test_ward_proposes_and_centre_confirms(self):
        task = self._task(self.stay)
        stay = self.stay.with_user(self.ward_a)
        stay.action_propose_exclusion(self.reason.id, "moved away")
        self.assertRecordValues(
            self.stay,
            [
                {
                    "exclusion_state": "proposed",
                    "excluded": False,
                    "exclusion_reason_id": self.reason.id,
                    "exclusion_note": "moved away",
                    "exclusion_user_id": self.ward_a.id,
                }
            ],
        )
        self.assertNotEqual(task.state, "cancelled")
        self.stay.with_user(self.manager).action_confirm_exclusion()
        self.assertRecordValues(
            self.stay, [{"exclusion_state": "confirmed", "excluded": True}]
        )

    def test_confirmed_exclusion_withdraws_the_planned_calls(self):
        protocol = self._protocol(
            [{"offset_target": 30}], encounter_class="inpatient", is_default=False
        )
        protocol.start_plan(self.stay)
        task = self.stay.task_ids
        self.assertTrue(task)
        self.stay.with_user(self.ward_a).action_propose_exclusion(self.reason)
        self.stay.with_user(self.manager).action_confirm_exclusion()
        self.assertEqual(set(task.mapped("state")), {"cancelled"})

    def test_centre_keeps_the_stay_in(self):
        self.stay.with_user(self.ward_a).action_propose_exclusion(self.reason)
        self.stay.with_user(self.manager).action_decline_exclusion()
        self.assertRecordValues(
            self.stay,
            [
                {
                    "exclusion_state": "none",
                    "excluded": False,
                    "exclusion_reason_id": False,
                }
            ],
        )

    def test_centre_takes_an_excluded_stay_back(self):
        stay = self.stay.with_user(self.manager)
        stay.action_propose_exclusion(self.reason)
        stay.action_confirm_exclusion()
        stay.action_withdraw_exclusion()
        self.assertRecordValues(
            self.stay, [{"exclusion_state": "none", "excluded": False}]
        )

    def test_exclusion_needs_a_listed_reason(self):
        stay = self.stay.with_user(self.ward_a)
        for reason in (None, "because", 0, 10**9, True, self.env["res.users"]):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                stay.action_propose_exclusion(reason)
        self.reason.active = False
        with self.assertRaises(UserError):
            stay.action_propose_exclusion(self.reason)

    def test_who_may_not_propose_or_decide(self):
        for user in (self.ward_b, self.centre, self.inspector, self.leader, self.plain):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.stay.with_user(user).action_propose_exclusion(self.reason)
        self.stay.with_user(self.ward_a).action_propose_exclusion(self.reason)
        for user in (self.ward_a, self.head_a, self.centre, self.inspector):
            for method in ("action_confirm_exclusion", "action_decline_exclusion"):
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRaises(AccessError),
                ):
                    getattr(self.stay.with_user(user), method)()

    def test_steps_only_in_their_order(self):
        stay = self.stay.with_user(self.manager)
        for method in (
            "action_confirm_exclusion",
            "action_decline_exclusion",
            "action_withdraw_exclusion",
        ):
            with self.subTest(method=method), self.assertRaises(UserError):
                getattr(stay, method)()
        stay.action_propose_exclusion(self.reason)
        stay.action_confirm_exclusion()
        with self.assertRaises(UserError):
            stay.action_propose_exclusion(self.reason)

    def test_the_small_form_proposes(self):
        action = self.stay.with_user(self.ward_a).action_open_exclusion()
        form = (
            self.env[action["res_model"]]
            .with_user(self.ward_a)
            .with_context(**action["context"])
            .create({"reason_id": self.reason.id})
        )
        form.action_propose()
        self.assertEqual(self.stay.exclusion_state, "proposed")
