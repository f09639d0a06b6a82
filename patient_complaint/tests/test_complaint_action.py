# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .action_common import ActionCommon


@tagged("post_install", "-at_install")
class TestComplaintAction(ActionCommon):
    """What is put right, by whom, and who looks whether it helped (C-19, S-8)."""

    def test_the_number_is_neutral(self):
        """D-7"""
        self.assertRegex(self._action().display_name, r"^R20\d\d-\d{4}$")

    def test_the_head_of_the_department_is_responsible_by_default(self):
        actions = self.env["complaint.action"].with_user(self.specialist)
        action = actions.with_company(self.company).create(
            {"description": "x", "department_id": self.department_a.id}
        )
        self.assertEqual(action.responsible_id, self.head_a)
        self.assertEqual(action.checker_id, self.specialist)
        self.assertEqual(action.deadline, self._today(14))

    def test_the_responsible_gets_one_to_do(self):
        action = self._action()
        self.assertEqual(action.activity_ids.user_id, self.head_a)
        self.assertEqual(action.activity_ids.date_deadline, action.deadline)
        action.responsible_id = self.ward_a
        self.assertEqual(action.activity_ids.user_id, self.ward_a)

    def test_done_needs_a_proof(self):
        action = self._action().with_user(self.head_a)
        with self.assertRaisesRegex(UserError, "proof"):
            action.action_done()
        files = self.env["ir.attachment"].with_user(self.head_a)
        file = files.create({"name": "photo.png", "raw": b"x"})
        action.proof_ids = file
        action.action_done()
        self.assertEqual(file.with_user(self.officer).raw, b"x")
        self.assertEqual((action.state, action.done_by_id), ("done", self.head_a))
        self.assertEqual(action.check_date, self._today(14))
        self.assertEqual(action.sudo().activity_ids.user_id, self.officer)

    def test_the_way_to_effective(self):
        """State table: each step opens the next (S-8)."""
        action = self._action()
        action.with_user(self.head_a).action_done("Two nurses at noon")
        action.with_user(self.officer).action_return("Still nobody at noon")
        self.assertEqual((action.state, action.return_count), ("returned", 1))
        self.assertFalse(action.done_at)
        self.assertEqual(action.sudo().activity_ids.user_id, self.head_a)
        action.with_user(self.head_a).action_done("Three nurses")
        action.with_user(self.officer).action_effective()
        self.assertEqual(action.state, "effective")
        self.assertEqual(action.checked_by_id, self.officer)
        self.assertTrue(action.effective)
        self.assertFalse(action.sudo().activity_ids)

    def test_steps_out_of_their_state_are_refused(self):
        steps = {
            "open": {"done", "cancel"},
            "returned": {"done", "cancel"},
            "done": {"effective", "return", "cancel"},
            "effective": set(),
            "cancelled": set(),
        }
        for state, allowed in steps.items():
            for name in ("done", "effective", "return", "cancel"):
                action = self._action()
                action.sudo()._guarded().write({"state": state})
                arguments = [] if name == "effective" else ["x"]
                step = getattr(action.with_user(self.officer), f"action_{name}")
                with self.subTest(state=state, step=name):
                    if name in allowed:
                        step(*arguments)
                    else:
                        with self.assertRaises(UserError):
                            step(*arguments)

    @mute_logger("odoo.sql_db")
    def test_nobody_checks_what_he_did(self):
        """Another person looks whether it helped."""
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self._action(checker_id=self.head_a.id).flush_recordset()
        action = self._action()
        action.with_user(self.head_a).action_done("x")
        with self.assertRaises(AccessError):
            action.with_user(self.head_a).action_effective()
        done_by_other = self._action()
        done_by_other.with_user(self.officer).action_done("x")
        with self.assertRaises(AccessError):
            done_by_other.with_user(self.officer).action_effective()
        done_by_other.with_user(self.specialist).action_effective()

    def test_who_is_responsible_changes_nothing_but_the_proof(self):
        action = self._action(responsible_id=self.ward_a.id).with_user(self.ward_a)
        action.proof = "Under way"
        for vals in (
            {"deadline": "2031-01-01"},
            {"description": "Something easier"},
            {"responsible_id": self.ward_b.id},
            {"check_note": "All good"},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                action.write(vals)
        with self.assertRaises(AccessError):
            action.action_cancel("Too much work")
        head = self._action().with_user(self.head_a)
        with self.assertRaises(AccessError):
            head.deadline = "2031-01-01"

    def test_states_cannot_be_written(self):
        """D-18"""
        action = self._action()
        for vals in (
            {"state": "effective"},
            {"effective": True},
            {"checked_by_id": self.officer.id},
            {"done_at": "2026-01-01"},
            {"name": "R1"},
        ):
            for user in (self.specialist, self.officer, self.head_a):
                with self.subTest(vals=vals), self.assertRaises(AccessError):
                    action.with_user(user).write(vals)
        with self.assertRaises(AccessError):
            self._action(state="done")

    def test_where_it_comes_from_does_not_change(self):
        action = self._action(case_id=self._case().id)
        with self.assertRaises(AccessError):
            action.case_id = self._case().id

    def test_what_is_over_changes_no_more(self):
        action = self._action()
        self._settle(action)
        with self.assertRaises(UserError):
            action.description = "x"
        with self.assertRaises(UserError):
            action.with_user(self.officer).unlink()

    def test_a_reason_is_not_blank(self):
        action = self._action()
        for reason in ("", "  ", None, 7):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                action.action_cancel(reason)
        action.action_cancel("Settled otherwise")
        self.assertEqual(action.closing_reason, "Settled otherwise")

    def test_only_people_who_can_open_it_take_part(self):
        """I-8"""
        for name in ("responsible_id", "checker_id"):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                self._action(**{name: self.plain.id})
        case = self._case()
        head = self.env["hr.employee.public"].search([("user_id", "=", self.head_a.id)])
        case.write({"issue_ids": [(0, 0, {"employee_ids": [(6, 0, head.ids)]})]})
        with self.assertRaises(ValidationError):
            self._action(case_id=case.id)

    def test_a_case_closes_only_when_all_is_done_and_checked(self):
        """C-19"""
        case = self._answered()
        action = self._action(case_id=case.id)
        for step in (lambda: None, action.with_user(self.head_a).action_done):
            action.sudo().proof = "x"
            step()
            with self.assertRaisesRegex(UserError, action.name):
                case.action_close()
        self.assertEqual(case.state, "feedback")
        case.action_start_rectification()
        self.assertEqual(case.state, "rectification")
        self.assertIn(action.name, case.next_step)
        action.with_user(self.officer).action_effective()
        case.action_close()
        self.assertEqual(case.state, "closed")

    def test_cancelled_rectification_holds_up_nothing(self):
        case = self._answered()
        self._action(case_id=case.id).action_cancel("Not needed")
        case.action_close()
        self.assertEqual(case.state, "closed")

    def test_rectification_begins_only_where_there_is_some(self):
        case = self._answered()
        with self.assertRaisesRegex(UserError, "nothing to be put right"):
            case.action_start_rectification()

    def test_what_hides_from_the_user_holds_up_the_case(self):
        case = self._answered()
        action = self._action(case_id=case.id)
        self.assertEqual(case.pending_action_count, 1)
        self.assertEqual(case.with_user(self.officer).action_ids, action)

    def test_opinions_and_surveys_need_no_complaint(self):
        """S-5"""
        task = self._task()
        concern = self.env["followup.concern"].with_user(self.ward_a)
        concern = concern.create(
            {
                "kind": "opinion",
                "text": "Loud",
                "task_id": task.id,
                "patient_id": task.patient_id.id,
            }
        )
        action = self._action(
            self.head_a, responsible_id=self.ward_a.id, concern_id=concern.id
        )
        self.assertEqual(action.source, "concern")
        self.assertEqual(action.sudo().patient_id, task.patient_id)
        survey = self._action(
            self.head_a, responsible_id=self.ward_a.id, task_id=task.id
        )
        self.assertEqual(survey.source, "survey")

    @mute_logger("odoo.sql_db")
    def test_it_comes_from_one_place(self):
        """Of two patients the one would be erased with the other."""
        case, task = self._case(), self._task()
        with self.assertRaises(CheckViolation):
            self._action(case_id=case.id, task_id=task.id)

    def test_nobody_names_what_he_does_not_see(self):
        case = self._case()
        with self.assertRaises(AccessError):
            self._action(self.manager, case_id=case.id)
        task = self._task(department_id=self.department_b.id)
        with self.assertRaises(AccessError):
            self._action(self.head_a, responsible_id=self.ward_a.id, task_id=task.id)

    def test_late_is_a_search(self):
        with freeze_time("2026-05-04 02:00:00"):
            action = self._action(deadline="2026-05-05")
        late = [("is_late", "=", True), ("id", "=", action.id)]
        for moment, is_late in (
            ("2026-05-05 15:59:00", False),
            ("2026-05-05 16:01:00", True),
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                action.invalidate_recordset()
                self.assertEqual(action.is_late, is_late)
                self.assertEqual(bool(action.search(late)), is_late)


@tagged("post_install", "-at_install")
class TestComplaintActionNotice(ActionCommon):
    """Reminders, and to whom they climb (C-19, D-7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        employees = cls.env["hr.employee"]
        cls.boss = employees.create(
            {"name": "Boss", "user_id": cls.leader.id, "company_id": cls.company.id}
        )
        cls.nurse = employees.create(
            {
                "name": "Nurse",
                "user_id": cls.ward_a.id,
                "company_id": cls.company.id,
                "parent_id": cls.head_a.employee_ids.id,
            }
        )
        cls.head_a.employee_ids.parent_id = cls.boss

    def _late(self, **vals):
        with freeze_time("2031-05-04 02:00:00"):
            return self._action(
                responsible_id=self.ward_a.id, deadline="2031-05-18", **vals
            )

    def _run(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            cron = self.env.ref("patient_complaint.complaint_action_cron_remind")
            cron.method_direct_trigger()

    def test_the_ladder(self):
        """Literal table: 3 days before, the day after, then every 3 days; at 8:00."""
        action = self._late()
        self.assertEqual(str(action.notice_at), "2031-05-15 00:00:00")
        table = [
            ("2031-05-14 23:59:00", 0, "2031-05-15 00:00:00", self.env["res.users"]),
            ("2031-05-15 00:01:00", 1, "2031-05-19 00:00:00", self.env["res.users"]),
            ("2031-05-19 00:01:00", 2, "2031-05-22 00:00:00", self.head_a),
            ("2031-05-22 00:01:00", 3, "2031-05-25 00:00:00", self.leader),
            ("2031-05-25 00:01:00", 4, "None", self.officer),
        ]
        told = self.env["res.users"]
        for moment, level, following, user in table:
            self._run(moment)
            told |= user
            with self.subTest(moment=moment):
                self.assertEqual(action.notice_level, level)
                self.assertEqual(str(action.notice_at or None), following)
                self.assertEqual(action.alerted_user_ids, told)
        self.assertTrue(action.with_user(self.leader).read(["description"]))

    def test_done_stops_it_and_the_check_has_its_own(self):
        action = self._late()
        with freeze_time("2031-05-16 02:00:00"):
            action.with_user(self.ward_a).action_done("x")
        self.assertEqual(str(action.notice_at), "2031-05-27 00:00:00")
        with freeze_time("2031-05-17 02:00:00"):
            action.with_user(self.officer).action_effective()
        self.assertFalse(action.notice_at)

    def test_a_new_deadline_starts_the_ladder_anew(self):
        action = self._late()
        self._run("2031-05-19 00:01:00")
        self._run("2031-05-19 00:01:00")
        action.deadline = "2031-06-18"
        self.assertEqual(action.notice_level, 0)
        self.assertEqual(str(action.notice_at), "2031-06-15 00:00:00")
        self.assertEqual(
            str(
                action.sudo()
                .activity_ids.filtered(lambda row: row.user_id == self.ward_a)
                .date_deadline
            ),
            "2031-06-18",
        )

    def test_whoever_is_named_is_passed_over(self):
        """I-8"""
        case = self._case()
        boss = self.env["hr.employee.public"].browse(self.head_a.employee_ids.id)
        action = self._late(case_id=case.id)
        self.assertEqual(action._get_superior(1), self.head_a)
        self.env["complaint.case"].browse(case.id).write(
            {"issue_ids": [(0, 0, {"employee_ids": [(6, 0, boss.ids)]})]}
        )
        self.assertEqual(action._get_superior(1), self.leader)

    def test_every_subject_is_neutral(self):
        """D-7"""
        action = self._late()
        self._run("2031-05-15 00:01:00")
        self._run("2031-05-19 00:01:00")
        mails = self.env["mail.message"].search(
            [("model", "=", "complaint.action"), ("res_id", "=", action.id)]
        )
        for text in [
            *mails.mapped("subject"),
            *action.sudo().activity_ids.mapped("summary"),
        ]:
            self.assertNotIn("noon", text or "")

    def test_a_killed_run_is_finished_by_the_next(self):
        actions = self.env["complaint.action"].union(*(self._late() for _i in range(3)))
        with freeze_time("2031-05-15 00:01:00"):
            actions[:1].sudo()._guarded()._remind()
        self._run("2031-05-15 00:01:00")
        self.assertEqual(actions.mapped("notice_level"), [1, 1, 1])
