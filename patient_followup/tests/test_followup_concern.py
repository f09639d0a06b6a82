# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FollowupCase

SECRET = "Bleeding wound, ring 13800000001"


@tagged("post_install", "-at_install")
class TestFollowupConcern(FollowupCase):
    """Red flags reach people at once and say nothing to the outside (X-2, D-7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.doctor = cls._user("doctor", "ward_caller")
        cls.stay = cls._encounter(
            cls._patient(name="Zhang Sichuan"),
            attending_id=cls._employee(cls.doctor).id,
            discharge_diagnosis="Secret diagnosis",
        )
        cls.task = cls._task(cls.stay)

    @classmethod
    def _employee(cls, user):
        return cls.env["hr.employee"].create(
            {"name": user.name, "user_id": user.id, "company_id": cls.company.id}
        )

    def _flag(self, user=None, task=None, **vals):
        task = (task or self.task).with_user(user or self.ward_a)
        return task.action_red_flag(**{"text": SECRET, **vals})

    # ------------------------------------------------------------
    # WHOM IT REACHES
    # ------------------------------------------------------------

    def test_reaches_doctor_and_head_before_the_form_is_finished(self):
        """X-2: one tap, nothing else filled in."""
        concern = self._flag(text=None)
        self.assertEqual(concern.activity_ids.user_id, self.doctor | self.head_a)
        self.assertEqual(concern.alerted_user_ids, self.doctor | self.head_a)
        self.assertTrue(self.task.red_flag)
        self.assertNotEqual(self.task.state, "done")
        for user in (self.doctor, self.head_a):
            self.assertTrue(concern.with_user(user).has_access("write"))

    def test_a_client_cannot_silence_the_alert_by_its_context(self):
        silent = self.task.with_context(
            mail_activity_automation_skip=True, default_state="closed"
        )
        concern = self._flag(task=silent)
        self.assertEqual(concern.state, "new")
        self.assertEqual(len(concern.activity_ids), 2)

    def test_without_doctor_and_head_the_centre_managers_are_told(self):
        """I-7: never silently nobody."""
        stay = self._encounter(department_id=self.department_b.id)
        concern = self._flag(self.ward_b, self._task(stay))
        self.assertEqual(concern.activity_ids.user_id, self.manager)

    def test_a_doctor_without_a_role_does_not_count_as_told(self):
        """He could not open it, so the centre is told as well as nobody."""
        stay = self._encounter(
            department_id=self.department_b.id,
            attending_id=self._employee(self.plain).id,
        )
        concern = self._flag(self.ward_b, self._task(stay))
        self.assertEqual(concern.alerted_user_ids, self.manager)

    def test_without_any_manager_it_comes_back_to_who_raised_it(self):
        stay = self._encounter(department_id=self.department_b.id)
        self.manager.active = False
        concern = self._flag(self.ward_b, self._task(stay))
        self.assertEqual(concern.activity_ids.user_id, self.ward_b)

    def test_the_deputy_of_an_absent_doctor_is_told_too(self):
        deputy = self._user("deputy", "ward_caller")
        today = self.env["followup.clock"]._today(self.company)
        self.env["followup.delegation"].create(
            {
                "user_id": self.doctor.id,
                "deputy_id": deputy.id,
                "company_id": self.company.id,
                "date_from": today,
                "date_to": today,
            }
        )
        concern = self._flag()
        self.assertIn(deputy, concern.activity_ids.user_id)
        self.assertTrue(concern.with_user(deputy).has_access("read"))

    def test_archiving_the_receiver_hands_the_to_do_on(self):
        concern = self._flag()
        self.doctor.active = False
        self.assertEqual(concern.activity_ids.user_id, self.head_a)
        self.head_a.active = False
        self.assertEqual(concern.activity_ids.user_id, self.manager)

    def test_a_level_2_flag_reaches_the_ward_and_the_centre_reads_it(self):
        concern = self._flag(self.centre, self._task(self.stay, level="2"))
        self.assertEqual(concern.level, "2")
        self.assertEqual(concern.department_id, self.department_a)
        self.assertTrue(concern.with_user(self.doctor).has_access("read"))
        self.assertTrue(concern.with_user(self.centre).has_access("read"))

    # ------------------------------------------------------------
    # WHAT LEAVES THE HOUSE
    # ------------------------------------------------------------

    def test_no_subject_header_or_summary_names_patient_or_complaint(self):
        """D-7, I-3: the number only."""
        self.doctor.notification_type = self.head_a.notification_type = "email"
        before = self.env["mail.mail"].search([])
        concern = self._flag()
        mails = self.env["mail.mail"].search([]) - before
        messages = concern.message_ids | mails.mail_message_id
        outgoing = [
            concern.display_name,
            *concern.activity_ids.mapped("summary"),
            *concern.activity_ids.mapped("res_name"),
            *concern.activity_ids.mapped(lambda row: row.note or ""),
        ]
        for mail in mails:
            outgoing += [mail.subject or "", mail.headers or "", mail.body_html or ""]
            outgoing += [mail.email_to or "", mail.references or ""]
        for message in messages:
            outgoing += [message.subject or "", message.record_name or ""]
            outgoing += [message.body or "", message.preview or ""]
        self.assertTrue(mails)
        self.assertRegex(concern.display_name, r"^F\d{4}-\d{6}$")
        for text in outgoing:
            for word in ("Zhang", "Bleeding", "13800000001", "diagnosis", "Ward A"):
                self.assertNotIn(word, str(text))

    def test_numbers_run_by_hospital(self):
        first, second = self._flag(), self._flag()
        self.assertEqual(int(second.name[6:]), int(first.name[6:]) + 1)

    # ------------------------------------------------------------
    # STATES
    # ------------------------------------------------------------

    def test_the_doctor_acknowledges_and_his_to_do_ends(self):
        concern = self._flag().with_user(self.doctor)
        concern.action_acknowledge()
        self.assertEqual(concern.state, "assigned")
        self.assertEqual(concern.acknowledged_by_id, self.doctor)
        self.assertEqual(concern.activity_ids.user_id, self.head_a)

    def test_who_raised_it_cannot_acknowledge_for_the_doctor(self):
        concern = self._flag()
        with self.assertRaises(AccessError):
            concern.action_acknowledge()
        with self.assertRaises(AccessError):
            concern.answer = "All is well"

    def test_a_flag_closes_only_when_answered(self):
        concern = self._flag().with_user(self.doctor)
        with self.assertRaises(UserError):
            concern.action_close()
        with self.assertRaises(UserError):
            concern.action_answer(" ")
        concern.action_answer("Seen in the clinic")
        self.assertFalse(concern.activity_ids)
        concern.action_close()
        self.assertEqual(concern.state, "closed")

    def test_a_question_cannot_close_untold(self):
        """Told means: a call on record in which somebody was reached (P-7)."""
        concern = self.env["followup.concern"].with_user(self.ward_a)
        concern = concern.create(
            {
                "kind": "question",
                "text": "May I bathe?",
                "task_id": self.task.id,
                "patient_id": self.task.patient_id.id,
            }
        )
        self.assertEqual(concern.department_id, self.department_a)
        concern.with_user(self.head_a).action_answer("Yes")
        for act in (concern.action_close, concern.action_told):
            with self.assertRaises(UserError):
                act()
        concern.telling_task_id.with_user(self.ward_a).log_attempt("reached")
        concern.action_told()
        concern.action_close()
        self.assertTrue(concern.told_patient_at)

    def test_state_and_receivers_are_not_written_by_rpc(self):
        concern = self._flag()
        for vals in (
            {"state": "closed"},
            {"acknowledged_by_id": self.ward_a.id},
            {"alerted_user_ids": [(5,)]},
            {"patient_id": self._patient().id},
            {"department_id": self.department_b.id},
        ):
            with self.assertRaises(AccessError):
                concern.with_user(self.manager).write(vals)
        with self.assertRaises(UserError):
            concern.with_user(self.manager).unlink()

    def test_words_are_frozen_once_somebody_took_it(self):
        concern = self._flag()
        concern.text = "More words"
        concern.with_user(self.doctor).action_acknowledge()
        with self.assertRaises(UserError):
            concern.text = "Nothing"

    # ------------------------------------------------------------
    # WHO SEES IT
    # ------------------------------------------------------------

    def test_nobody_names_a_patient_he_does_not_see(self):
        """A concern shows the patient's name: creating one must not reveal it."""
        concerns = self.env["followup.concern"].with_user(self.ward_b)
        with self.assertRaises(AccessError):
            concerns.create({"patient_id": self.task.patient_id.id, "text": "?"})

    def test_other_wards_see_nothing(self):
        concern = self._flag()
        with self.assertRaises(AccessError):
            concern.with_user(self.ward_b).read(["text"])
        with self.assertRaises(AccessError):
            self.task.with_user(self.ward_b).action_red_flag("x")
        with self.assertRaises(AccessError):
            self.task.with_user(self.inspector).action_red_flag("x")
