# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .concern_common import ConcernCase

# raised at (Shanghai) in UTC -> whether the on-call list is told at once
HOURS = (
    ("2026-03-05 02:00:00", False),  # Thursday 10:00
    ("2026-03-05 04:30:00", True),  # Thursday 12:30, lunch
    ("2026-03-05 12:00:00", True),  # Thursday 20:00
    ("2026-03-07 02:00:00", True),  # Saturday 10:00
)


@tagged("post_install", "-at_install")
class TestFollowupOncall(ConcernCase):
    """Outside working hours a red flag goes to the on-call list (X-2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.night = cls._user("night", "ward_caller")
        cls.duty = cls._duty(cls.night, cls.department_a, phone="13800000077")

    @classmethod
    def _duty(cls, user, department=None, **vals):
        return cls.env["followup.oncall"].create(
            {
                "user_id": user.id,
                "company_id": cls.company.id,
                "department_id": department.id if department else False,
                "date_from": "2026-03-01 00:00:00",
                "date_to": "2026-03-31 00:00:00",
                **vals,
            }
        )

    def test_outside_working_hours_the_list_is_told_as_well(self):
        for moment, told in HOURS:
            with self._at(moment):
                concern = self._flag()
                self.assertEqual(self.night in concern.alerted_user_ids, told, moment)
                self.assertIn(self.doctor, concern.alerted_user_ids)

    def test_a_make_up_workday_is_a_working_day(self):
        """I-6: the clock of the hospital decides, not the weekday."""
        self.env["followup.workday.exception"].create(
            {
                "name": "Make-up day",
                "date": "2026-03-07",
                "is_workday": True,
                "company_id": self.company.id,
            }
        )
        with self._at("2026-03-07 02:00:00"):
            self.assertNotIn(self.night, self._flag().alerted_user_ids)

    def test_without_a_duty_of_the_ward_the_hospitals_counts(self):
        hospital = self._user("house", "ward_caller")
        self._duty(hospital)
        duties = self.env["followup.oncall"]
        with self._at("2026-03-05 12:00:00"):
            found = duties._on_duty(self.company, self.department_a)
            self.assertEqual(found.user_id, self.night)
            found = duties._on_duty(self.company, self.department_b)
            self.assertEqual(found.user_id, hospital)

    def test_a_duty_ends(self):
        with self._at("2026-04-01 12:00:00"):
            self.assertFalse(
                self.env["followup.oncall"]._on_duty(self.company, self.department_a)
            )

    def test_the_own_number_is_masked_and_showing_it_is_logged(self):
        """I-3, D-9."""
        duty = self.duty.with_user(self.ward_a)
        self.assertEqual(duty.phone, "138****0077")
        logs = self.env["followup.access.log"]
        before = logs.search_count([])
        answer = duty.action_show_number()
        self.assertEqual(answer["params"]["message"], "13800000077")
        self.assertEqual(logs.search_count([]), before + 1)

    def test_the_duty_phone_goes_before_the_own_number(self):
        self.duty.duty_phone = "8120"
        answer = self.duty.with_user(self.ward_a).action_show_number()
        self.assertEqual(answer["params"]["message"], "8120")

    def test_whoever_could_not_open_it_is_not_on_call(self):
        with self.assertRaises(ValidationError):
            self._duty(self.plain)

    def test_a_head_plans_his_ward_only(self):
        duties = self.env["followup.oncall"].with_user(self.head_a)
        vals = {
            "user_id": self.night.id,
            "company_id": self.company.id,
            "date_to": "2030-01-01 00:00:00",
        }
        self.assertTrue(duties.create({**vals, "department_id": self.department_a.id}))
        for department_id in (self.department_b.id, False):
            with self.assertRaises(AccessError):
                duties.create({**vals, "department_id": department_id})

    def test_the_dialog_says_what_to_say_and_whom_to_ring(self):
        with self._at("2026-03-05 12:00:00"):
            wizard = self.env["followup.task.flag"].with_user(self.ward_a)
            wizard = wizard.create({"task_id": self.task.id, "text": "Fever"})
            self.assertIn("120", wizard.say_now)
            self.assertEqual(wizard.oncall_ids.user_id, self.night)
            said = wizard.say_now
            wizard.concern_type = "self_harm"
            self.assertNotEqual(wizard.say_now, said)
            action = wizard.action_confirm()
            self.assertEqual(action["res_model"], "followup.concern.handover")
            dialog = self.env["followup.concern.handover"].with_user(self.ward_a)
            dialog = dialog.with_context(**action["context"]).create(
                {"user_id": self.night.id, "note": "Is on his way"}
            )
            dialog.action_confirm()
            self.assertEqual(dialog.concern_id.handover_ids.user_id, self.night)
