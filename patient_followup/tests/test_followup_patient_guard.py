# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a ward may not hide, settle or find out about patients (I-3, I-7, D-9)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FollowupCase


@tagged("post_install", "-at_install")
class TestArchive(FollowupCase):
    """Archiving hides a patient: nothing may be left to do for him (I-7)."""

    def test_patient_with_an_open_call_is_not_archived(self):
        task = self._task()
        patient = task.patient_id.with_user(self.ward_a)
        with self.assertRaisesRegex(UserError, "1 open calls"):
            patient.action_archive()
        with self.assertRaises(UserError):
            patient.write({"active": False})
        self.assertTrue(patient.active)

    def test_work_of_another_ward_counts(self):
        patient = self._encounter().patient_id
        stay = self._encounter(patient, department_id=self.department_b.id)
        self._task(stay)
        with self.assertRaises(UserError):
            patient.with_user(self.ward_a).active = False

    def test_open_plan_and_concern_count(self):
        stay = self._encounter()
        plan = self._protocol([{"anchor": "procedure"}]).start_plan(stay)
        self.assertEqual(plan.state, "missing_anchor")
        with self.assertRaisesRegex(UserError, "1 open plans"):
            stay.patient_id.with_user(self.manager).action_archive()
        plan.action_close("no operation")
        task = self._task(stay)
        task.with_user(self.ward_a).action_red_flag("bleeding")
        task.action_refuse("no")
        with self.assertRaisesRegex(UserError, "1 open concerns"):
            stay.patient_id.with_user(self.manager).action_archive()

    def test_patient_without_open_work_is_archived_and_brought_back(self):
        task = self._task()
        task.action_refuse("no")
        patient = task.patient_id.with_user(self.ward_a)
        patient.action_archive()
        self.assertFalse(patient.active)
        patient.action_unarchive()
        self.assertTrue(patient.active)

    def test_merged_record_does_not_come_back(self):
        kept, double = self._encounter().patient_id, self._encounter().patient_id
        kept.with_user(self.manager)._merge(double)
        with self.assertRaisesRegex(UserError, "merged"):
            double.with_user(self.manager).action_unarchive()


@tagged("post_install", "-at_install")
class TestDuplicates(FollowupCase):
    """Who may be registered twice is settled by the centre only (D-14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one = cls._encounter(cls._patient(name="Li Na", mrn=False)).patient_id
        cls.two = cls._encounter(cls._patient(name="Li Na", mrn=False)).patient_id
        cls.one._flag_duplicates(cls.one)

    def test_nobody_clears_the_flag_by_writing_it(self):
        self.assertTrue(self.one.possible_duplicate)
        for user in (self.ward_a, self.manager):
            with self.subTest(user=user.login):
                for vals in (
                    {"possible_duplicate": False},
                    {"not_duplicate_ids": [(4, self.two.id)]},
                ):
                    with self.assertRaises(AccessError):
                        self.one.with_user(user).write(vals)
        with self.assertRaises(AccessError):
            self.one.with_user(self.ward_a).action_not_duplicate()
        self.assertTrue(self.one.possible_duplicate)

    def test_centre_settles_it(self):
        self.one.with_user(self.manager).action_not_duplicate()
        self.assertFalse(self.one.possible_duplicate or self.two.possible_duplicate)
        self.assertEqual(self.one.not_duplicate_ids, self.two)

    def test_list_of_doubles_does_not_confirm_a_guessed_number(self):
        """D-9: a number typed in at one patient tells nothing of another one."""
        self._encounter(self._patient(phone="13812345678"))
        mine = self._encounter(self._patient(phone="13800000001")).patient_id
        mine.contact_ids.with_user(self.ward_a).phone = "13812345678"
        self.assertFalse(mine.with_user(self.ward_a).duplicate_ids)
        self.assertFalse(mine.possible_duplicate)
        read = mine.with_user(self.ward_a).read(["duplicate_ids"])
        self.assertEqual(read[0]["duplicate_ids"], [])
        self.assertTrue(mine.with_user(self.manager).duplicate_ids)


@tagged("post_install", "-at_install")
class TestContactAddedTwice(FollowupCase):
    """A second click adds no second call (I-2)."""

    def setUp(self):
        super().setUp()
        stay = self._encounter()
        self.plan = self._protocol([{}]).start_plan(stay).with_user(self.ward_a)
        self.today = self.env["followup.clock"]._today(self.company)

    def _add(self, **vals):
        vals = {"name": "Wound", "day": self.today, "method": "phone", **vals}
        return self.plan._add_contact(vals, "heals slowly")

    def test_second_click_finds_the_first_contact(self):
        first = self._add()
        self.assertEqual(self._add(), first)
        self.assertEqual(len(self.plan.change_ids), 1)

    def test_dialog_applied_twice_adds_one(self):
        dialog = self.env["followup.plan.amend"].with_user(self.ward_a)
        dialog = dialog.create(
            {"plan_id": self.plan.id, "day": self.today, "reason": "heals slowly"}
        )
        count = len(self.plan.task_ids)
        dialog.action_apply()
        dialog.action_apply()
        self.assertEqual(len(self.plan.task_ids), count + 1)

    def test_what_differs_is_another_contact(self):
        self.assertEqual(len(self._add() | self._add(method="home")), 2)

    def test_cancelled_contact_is_added_again(self):
        first = self._add()
        self.plan._cancel_contact(first, "not needed")
        self.assertNotEqual(self._add(), first)
