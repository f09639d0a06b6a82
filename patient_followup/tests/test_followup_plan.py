# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Life happens: corrected, taken back, back in hospital, changed by hand."""

from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .test_followup_protocol import ProtocolCase

NOW = "2026-03-10 02:00:00"  # Tuesday, 10:00 in Shanghai
LEFT = datetime(2026, 3, 9, 4)  # Monday noon
OPEN = ("planned", "ready", "in_progress", "waiting", "unreachable")


class PlanCase(ProtocolCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.protocol = cls._protocol(
            steps=[
                {"name": "Day 3", "offset_target": 3, "method": "home"},
                {"name": "Day 7", "offset_target": 7, "method": "home"},
                {"name": "Day 14", "offset_target": 14, "method": "home"},
            ]
        )

    def _plan(self, **vals):
        vals.setdefault("admission_date", datetime(2026, 3, 2, 4))
        vals.setdefault("discharge_date", LEFT)
        stay = self._encounter(**vals)
        return stay.generate_plans()

    def _table(self, plan):
        """Return what happens when: [(due day, state)]."""
        return [
            (str(task.due_day)[5:], task.state)
            for task in plan.task_ids.sorted("occurrence").sorted("step_id")
        ]

    def _complete(self, plan, name):
        task = plan.task_ids.filtered(lambda task: task.name == name)
        task.with_user(self.ward_a).action_complete()


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFollowupPlanLife(PlanCase):
    def test_a_corrected_discharge_moves_open_tasks_and_no_done_one(self):
        """Issue, section 4."""
        plan = self._plan()
        self._complete(plan, "Day 3")
        plan.encounter_id.discharge_date = datetime(2026, 3, 8, 4)
        self.assertEqual(
            self._table(plan),
            [("03-12", "done"), ("03-15", "planned"), ("03-22", "planned")],
        )

    def test_a_corrected_discharge_makes_what_was_overdue_before(self):
        plan = self._plan(admission_date=False, discharge_date=datetime(2026, 2, 28, 4))
        self.assertEqual(self._table(plan), [("03-14", "planned")])
        plan.encounter_id.discharge_date = LEFT
        self.assertEqual(
            self._table(plan),
            [("03-12", "planned"), ("03-16", "planned"), ("03-23", "planned")],
        )
        self.assertFalse(plan.gap_ids)

    def test_a_task_moved_by_hand_stays_where_it_was_put(self):
        plan = self._plan()
        plan._move_contact(plan.task_ids[0], date(2026, 3, 20), "The patient travels")
        plan.encounter_id.discharge_date = datetime(2026, 3, 8, 4)
        self.assertEqual(
            self._table(plan),
            [("03-20", "planned"), ("03-15", "planned"), ("03-22", "planned")],
        )

    def test_a_discharge_taken_back_withdraws_what_is_open(self):
        """撤销出院: done ones stay."""
        plan = self._plan()
        self._complete(plan, "Day 3")
        plan.encounter_id.with_user(self.manager).action_cancel_discharge()
        self.assertEqual(
            self._table(plan),
            [("03-12", "done"), ("03-16", "cancelled"), ("03-23", "cancelled")],
        )
        self.assertRecordValues(
            plan,
            [{"state": "cancelled", "closing_reason": "The discharge was taken back."}],
        )

    def test_the_next_discharge_brings_the_plan_back(self):
        plan = self._plan()
        self._complete(plan, "Day 3")
        stay = plan.encounter_id
        stay.discharge_date = False
        stay.discharge_date = datetime(2026, 3, 10, 1)
        self.assertEqual(
            self._table(plan),
            [("03-12", "done"), ("03-17", "planned"), ("03-24", "planned")],
        )
        self.assertRecordValues(
            plan, [{"state": "active", "withdrawn": False, "closing_reason": False}]
        )
        self.assertEqual(stay.generate_plans(), plan)
        self.assertEqual(len(plan.task_ids), 3)

    def test_a_task_cancelled_before_does_not_come_back(self):
        plan = self._plan()
        plan._cancel_contact(plan.task_ids[0], "The patient asked for it")
        plan.encounter_id.discharge_date = False
        plan.encounter_id.discharge_date = LEFT
        self.assertEqual(
            self._table(plan),
            [("03-12", "cancelled"), ("03-16", "planned"), ("03-23", "planned")],
        )

    def test_a_cancelled_stay_withdraws_its_plans(self):
        plan = self._plan()
        plan.encounter_id._guarded().is_cancelled = True
        self.assertEqual(plan.state, "cancelled")
        self.assertEqual(set(plan.task_ids.mapped("state")), {"cancelled"})

    def test_a_plan_of_an_event_outlives_the_discharge(self):
        """Plans started by an event do not end with the discharge."""
        stay = self._plan().encounter_id
        protocol = self._protocol(
            steps=[{"anchor": "event", "offset_target": 7}], state="draft"
        )
        plan = protocol.start_plan(stay, "case:1", LEFT)
        stay.discharge_date = False
        self.assertEqual(plan.state, "active")
        self.assertEqual(self._table(plan), [("03-16", "planned")])

    def test_an_operation_date_that_moves_takes_its_tasks_along(self):
        """T-22."""
        self._protocol(
            steps=[{"anchor": "procedure", "offset_target": 14}],
            diagnosis_prefixes="S72",
        )
        stay = self._encounter(
            diagnosis_code="S72.0",
            admission_date=datetime(2026, 3, 1, 4),
            procedure_date=datetime(2026, 3, 3, 4),
            discharge_date=LEFT,
        )
        plan = stay.generate_plans().filtered(lambda p: p.protocol_id != self.protocol)
        self.assertEqual(self._table(plan), [("03-17", "planned")])
        stay.procedure_date = datetime(2026, 3, 5, 4)
        self.assertEqual(self._table(plan), [("03-19", "planned")])
        stay.procedure_date = False
        self.assertEqual(self._table(plan), [("03-19", "cancelled")])
        self.assertEqual(plan.state, "missing_anchor")
        stay.procedure_date = datetime(2026, 3, 4, 4)
        self.assertEqual(self._table(plan), [("03-18", "planned")])

    def test_a_corrected_department_takes_open_work_along(self):
        plan = self._plan()
        self._complete(plan, "Day 3")
        plan.encounter_id.department_id = self.department_b
        self.assertEqual(plan.department_id, self.department_b)
        self.assertEqual(
            [task.department_id for task in plan.task_ids.sorted("step_id")],
            [self.department_a, self.department_b, self.department_b],
        )

    def test_a_new_doctor_takes_over_what_the_old_one_had(self):
        doctors = []
        for login in ("doctor_1", "doctor_2"):
            user = self._user(login, "ward_caller")
            doctors.append(
                self.env["hr.employee"].create(
                    {"name": login, "user_id": user.id, "company_id": self.company.id}
                )
            )
        self._protocol(
            steps=[{"responsible": "attending"}, {"responsible": "attending"}],
            diagnosis_prefixes="J18",
        )
        stay = self._encounter(
            diagnosis_code="J18", attending_id=doctors[0].id, discharge_date=LEFT
        )
        tasks = stay.generate_plans().task_ids.filtered(
            lambda task: task.responsible == "attending"
        )
        tasks[0]._guarded().user_id = self.ward_a  # the head chose somebody
        stay.attending_id = doctors[1]
        self.assertEqual(tasks.mapped("user_id"), self.ward_a + doctors[1].user_id)

    def test_death_ends_plans_and_no_new_one_starts(self):
        """I-12."""
        plan = self._plan()
        plan.patient_id.deceased_date = "2026-03-10"
        self.assertEqual(plan.state, "cancelled")
        self.assertEqual(set(plan.task_ids.mapped("state")), {"cancelled"})
        plan.encounter_id.discharge_date = datetime(2026, 3, 8, 4)
        self.assertEqual(set(plan.task_ids.mapped("state")), {"cancelled"})
        self.assertEqual(plan.encounter_id.generate_plans(), plan.browse())

    def test_an_excluded_stay_withdraws_its_plans_until_it_is_included(self):
        """E-6."""
        plan = self._plan()
        stay = plan.encounter_id
        stay._guarded().write({"excluded": True})
        self.assertEqual(plan.state, "cancelled")
        stay._guarded().write({"excluded": False})
        self.assertEqual(plan.state, "active")
        self.assertEqual(set(plan.task_ids.mapped("state")), {"planned"})


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFollowupReadmission(PlanCase):
    def _readmit(self, plan, day=11):
        return self._encounter(
            plan.patient_id,
            admission_date=datetime(2026, 3, day, 4),
            discharge_date=False,
        )

    def test_open_tasks_wait_while_the_patient_is_in_hospital_again(self):
        """Issue, section 4."""
        plan = self._plan()
        self._complete(plan, "Day 3")
        stay = self._readmit(plan)
        self.assertEqual(
            self._table(plan),
            [("03-12", "done"), ("03-16", "waiting"), ("03-23", "waiting")],
        )
        self.assertEqual(plan.task_ids.hold_encounter_id, stay)

    def test_another_patient_is_not_held(self):
        plan = self._plan()
        self._readmit(self._plan())
        self.assertEqual(set(plan.task_ids.mapped("state")), {"planned"})

    def test_an_outpatient_visit_holds_nothing(self):
        plan = self._plan()
        self._encounter(
            plan.patient_id, encounter_class="outpatient", discharge_date=False
        )
        self.assertEqual(set(plan.task_ids.mapped("state")), {"planned"})

    def test_a_plan_made_while_he_is_in_hospital_again_waits_as_well(self):
        """The list of the earlier stay may come in after the admission."""
        stay = self._encounter(
            admission_date=datetime(2026, 3, 2, 4), discharge_date=LEFT
        )
        self._encounter(
            stay.patient_id,
            admission_date=datetime(2026, 3, 10, 1),
            discharge_date=False,
        )
        plan = stay.generate_plans()
        self.assertEqual(set(plan.task_ids.mapped("state")), {"waiting"})

    def test_after_the_new_stay_they_are_kept(self):
        plan = self._plan()
        self._readmit(plan).discharge_date = datetime(2026, 3, 15, 4)
        self.assertEqual(
            self._table(plan),
            [("03-12", "planned"), ("03-16", "planned"), ("03-23", "planned")],
        )
        self.assertFalse(plan.task_ids.hold_encounter_id)

    def test_after_the_new_stay_they_are_moved_by_its_days(self):
        self.company.followup_readmission = "move"
        plan = self._plan()
        self._readmit(plan).discharge_date = datetime(2026, 3, 15, 4)
        self.assertEqual(
            self._table(plan),
            [("03-16", "planned"), ("03-20", "planned"), ("03-27", "planned")],
        )

    def test_after_the_new_stay_they_are_cancelled_with_a_reason(self):
        self.company.followup_readmission = "cancel"
        plan = self._plan()
        self._readmit(plan).discharge_date = datetime(2026, 3, 15, 4)
        self.assertEqual(set(plan.task_ids.mapped("state")), {"cancelled"})
        self.assertEqual(
            set(plan.task_ids.mapped("closing_reason")),
            {"The patient was in hospital again; the new stay is followed."},
        )
        self.assertEqual(plan.state, "completed")

    def test_after_the_new_stay_somebody_decides(self):
        self.company.followup_readmission = "decide"
        plan = self._plan()
        stay = self._readmit(plan)
        stay.discharge_date = datetime(2026, 3, 15, 4)
        self.assertEqual(set(plan.task_ids.mapped("state")), {"waiting"})
        tasks = plan.task_ids.sorted("step_id")
        tasks[0].with_user(self.manager).action_hold_cancel()
        tasks[1].with_user(self.manager).action_hold_move()
        tasks[2].with_user(self.manager).action_hold_keep()
        self.assertEqual(
            self._table(plan),
            [("03-12", "cancelled"), ("03-20", "planned"), ("03-23", "planned")],
        )


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFollowupPlanByHand(PlanCase):
    def test_changes_need_a_reason_and_keep_their_history(self):
        """E-13."""
        plan = self._plan().with_user(self.ward_a)
        with self.assertRaisesRegex(UserError, "Say why"):
            plan._cancel_contact(plan.task_ids[0], " ")
        task = plan._add_contact(
            {"name": "Look at the wound", "day": date(2026, 3, 18), "method": "clinic"},
            "The wound heals slowly",
        )
        plan._move_contact(plan.task_ids[0], date(2026, 3, 13), "Not at home on 12th")
        plan._cancel_contact(plan.task_ids[1], "Comes to the clinic that day")
        self.assertRecordValues(
            task, [{"kind": "adhoc", "plan_id": plan.id, "method": "clinic"}]
        )
        self.assertRecordValues(
            plan.change_ids.sorted("id"),
            [
                {
                    "kind": "add",
                    "reason": "The wound heals slowly",
                    "user_id": self.ward_a.id,
                    "date": datetime(2026, 3, 10, 2),
                },
                {
                    "kind": "move",
                    "reason": "Not at home on 12th",
                    "user_id": self.ward_a.id,
                    "date": datetime(2026, 3, 10, 2),
                },
                {
                    "kind": "cancel",
                    "reason": "Comes to the clinic that day",
                    "user_id": self.ward_a.id,
                    "date": datetime(2026, 3, 10, 2),
                },
            ],
        )

    def test_a_plan_goes_on_while_an_added_contact_is_open(self):
        plan = self._plan().with_user(self.ward_a)
        tasks = plan.task_ids
        for day in (18, 19):
            plan._add_contact(
                {"name": "Extra", "day": date(2026, 3, day), "method": "home"}, "Why"
            )
        for task in tasks:
            plan._cancel_contact(task, "Why")
        self.assertEqual(plan.state, "active")
        for task in plan.task_ids - tasks:
            task.action_complete()
        self.assertEqual(plan.state, "completed")

    def test_the_dialog_changes_the_plan(self):
        plan = self._plan().with_user(self.ward_a)
        wizard = self.env["followup.plan.amend"].with_user(self.ward_a)
        with Form(wizard.with_context(default_plan_id=plan.id)) as form:
            form.kind = "move"
            form.task_id = plan.task_ids[0]
            form.day = "2026-03-13"
            form.reason = "The patient travels"
        form.save().action_apply()
        self.assertEqual(str(plan.task_ids[0].due_day), "2026-03-13")

    def test_a_plan_is_closed_with_a_reason(self):
        plan = self._plan().with_user(self.ward_a)
        with self.assertRaisesRegex(UserError, "Say why"):
            plan.action_close("")
        plan.action_close("Moved abroad")
        self.assertRecordValues(
            plan, [{"state": "cancelled", "closing_reason": "Moved abroad"}]
        )
        self.assertEqual(plan.change_ids.kind, "close")
        plan.encounter_id.sudo().discharge_date = datetime(2026, 3, 8, 4)
        self.assertEqual(plan.state, "cancelled")

    def test_only_who_may_write_the_plan_changes_it(self):
        plan = self._plan()
        task = plan.task_ids[0]
        for user in (self.ward_b, self.centre, self.inspector):
            with self.subTest(user.login), self.assertRaises(AccessError):
                plan.with_user(user)._cancel_contact(task.with_user(user), "X")

    def test_nobody_writes_states_or_history_directly(self):
        """D-18."""
        plan = self._plan().with_user(self.manager)
        plan._cancel_contact(plan.task_ids[0], "Why")
        with self.assertRaises(AccessError):
            plan.write({"state": "completed"})
        with self.assertRaises(AccessError):
            plan.write({"protocol_id": self.protocol.id})
        with self.assertRaises(AccessError):
            plan.create({"patient_id": plan.patient_id.id})
        with self.assertRaises(UserError):
            plan.change_ids.write({"reason": "Other"})
        with self.assertRaises(UserError):
            plan.change_ids.sudo().write({"reason": "Other"})
        with self.assertRaises(UserError):
            plan.change_ids.sudo().unlink()

    def test_a_plan_with_contacts_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "closed with a reason"):
            self._plan().unlink()

    def test_a_plan_of_another_ward_is_not_seen(self):
        """Design 7."""
        plan = self._plan()
        self._plan(department_id=self.department_b.id)
        Plan = self.env["followup.plan"]
        self.assertEqual(Plan.with_user(self.ward_a).search([]), plan)
        self.assertFalse(Plan.with_user(self.centre).search([]))
        for user in (self.leader, self.auditor, self.administrator, self.plain):
            for name in ("followup.plan", "followup.plan.gap", "followup.plan.change"):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    self.env[name].with_user(user).search([])

    def test_gaps_and_history_follow_the_plan(self):
        plan = self._plan(admission_date=False, discharge_date=datetime(2026, 2, 28, 4))
        plan._cancel_contact(plan.task_ids, "Why")
        for name in ("followup.plan.gap", "followup.plan.change"):
            self.assertTrue(self.env[name].with_user(self.ward_a).search([]))
            self.assertFalse(self.env[name].with_user(self.ward_b).search([]))
            self.assertFalse(self.env[name].with_user(self.centre).search([]))
