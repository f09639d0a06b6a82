# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Plans and tasks out of stays: once, in batches, nothing skipped (I-2, I-7)."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .test_followup_protocol import ProtocolCase

NOW = "2026-03-10 02:00:00"  # Tuesday, 10:00 in Shanghai
LEFT = datetime(2026, 3, 9, 4)  # Monday noon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFollowupGeneration(ProtocolCase):
    def _left(self, **vals):
        vals.setdefault("admission_date", datetime(2026, 3, 2, 4))
        vals.setdefault("discharge_date", LEFT)
        return self._encounter(**vals)

    def _dues(self, plan):
        return [str(task.due_day) for task in plan.task_ids.sorted("due_day")]

    # ------------------------------------------------------------
    # ONCE
    # ------------------------------------------------------------

    def test_a_task_carries_what_its_step_says(self):
        """Design 4: plan, step, window, level, method, who."""
        self._protocol(
            steps=[
                {
                    "name": "Level 2 call",
                    "offset_target": 3,
                    "days_before": 1,
                    "days_after": 2,
                    "level": "2",
                    "method": "home",
                    "responsible": "centre",
                    "min_title": "attending",
                    "priority": "1",
                }
            ]
        )
        stay = self._left()
        task = stay.generate_plans().task_ids
        self.assertRecordValues(
            task,
            [
                {
                    "name": "Level 2 call",
                    "kind": "plan",
                    "occurrence": 0,
                    "patient_id": stay.patient_id.id,
                    "encounter_id": stay.id,
                    "department_id": self.department_a.id,
                    "company_id": self.company.id,
                    "level": "2",
                    "method": "home",
                    "responsible": "centre",
                    "min_title": "attending",
                    "priority": "1",
                    "user_id": False,
                    "date_earliest": datetime(2026, 3, 10, 16),
                    "date_due": datetime(2026, 3, 12, 15, 59, 59),
                    "date_deadline": datetime(2026, 3, 14, 15, 59, 59),
                }
            ],
        )
        self.assertTrue(stay.centre_visible and stay.patient_id.centre_visible)

    def test_generating_again_makes_nothing(self):
        """I-2."""
        self._protocol(steps=[{"offset_target": 3}, {"offset_target": 9}])
        self._protocol(steps=[{"offset_target": 5}])
        stays = self._left() + self._left()
        plans = stays.generate_plans()
        self.assertEqual((len(plans), len(stays.task_ids)), (4, 6))
        self.assertEqual(stays.generate_plans(), plans)
        self.assertEqual(len(stays.task_ids), 6)

    def test_starting_again_returns_the_same_plan(self):
        """D-3: unique per hospital, family and origin."""
        protocol = self._protocol(state="draft")
        stay = self._left()
        plan = protocol.start_plan(stay)
        self.assertEqual(protocol.start_plan(stay), plan)
        self.assertEqual(plan.origin_key, f"encounter:{stay.id}")
        self.assertEqual(len(plan.task_ids), 1)

    def test_one_stay_may_have_several_plans_of_one_protocol(self):
        """Issue: several return visits carry their own origin."""
        protocol = self._protocol(steps=[{"anchor": "event", "offset_target": 7}])
        stay = self._left()
        first = protocol.start_plan(stay, "case:1", datetime(2026, 3, 10, 4))
        second = protocol.start_plan(stay, "case:2", datetime(2026, 3, 20, 4))
        self.assertEqual(
            self._dues(first) + self._dues(second), ["2026-03-17", "2026-03-27"]
        )

    def test_one_origin_starts_the_plan_of_one_stay(self):
        protocol = self._protocol()
        with self.assertRaisesRegex(UserError, "one stay"):
            protocol.start_plan(self._left() + self._left(), "case:1")

    def test_whoever_may_not_change_a_stay_generates_nothing(self):
        stay = self._left()
        for user in (self.inspector, self.centre, self.ward_b, self.leader):
            with self.assertRaises(AccessError):
                stay.with_user(user).generate_plans()

    def test_a_ward_generates_for_its_own_stays(self):
        self._protocol()
        plans = self._left().with_user(self.ward_a).generate_plans()
        self.assertEqual(len(plans.task_ids), 1)

    # ------------------------------------------------------------
    # LISTED, NOT SKIPPED
    # ------------------------------------------------------------

    def test_overdue_contacts_are_listed_by_generation(self):
        """Design 9, I-7."""
        protocol = self._protocol(steps=[{"offset_target": 3}, {"offset_target": 30}])
        stay = self._left(
            admission_date=datetime(2026, 2, 10, 4),
            discharge_date=datetime(2026, 2, 20, 4),
        )
        plan = stay.generate_plans()
        self.assertEqual(self._dues(plan), ["2026-03-22"])
        self.assertRecordValues(
            plan.gap_ids,
            [
                {
                    "step_id": protocol.step_ids[0].id,
                    "reason": "overdue",
                    "date_due": datetime(2026, 2, 23).date(),
                }
            ],
        )

    def test_the_setting_allows_some_days(self):
        """Design 9: overdue by more than the setting."""
        self._protocol(steps=[{"offset_target": 1}])
        self.company.followup_backfill_days = 5
        days = [
            (datetime(2026, 3, 4, 4), 1),  # due the 5th, five days ago
            (datetime(2026, 3, 3, 4), 0),  # due the 4th, six days ago
        ]
        for left, count in days:
            stay = self._left(discharge_date=left)
            self.assertEqual(len(stay.generate_plans().task_ids), count)

    def test_what_is_due_today_is_made(self):
        self._protocol(steps=[{"offset_target": 1}])
        self.assertEqual(self._dues(self._left().generate_plans()), ["2026-03-10"])

    def test_start_plan_makes_overdue_contacts_too(self):
        """Design 9."""
        protocol = self._protocol(steps=[{"offset_target": 3}])
        stay = self._left(admission_date=False, discharge_date=datetime(2026, 1, 20, 4))
        plan = stay.generate_plans()
        self.assertFalse(plan.task_ids)
        self.assertEqual(plan.state, "completed")
        self.assertEqual(protocol.start_plan(stay), plan)
        self.assertEqual(self._dues(plan), ["2026-01-23"])
        self.assertFalse(plan.gap_ids)
        self.assertEqual(plan.state, "active")

    def test_a_listed_contact_can_be_made_anyway(self):
        self._protocol(steps=[{"offset_target": 3}])
        stay = self._left(admission_date=False, discharge_date=datetime(2026, 1, 20, 4))
        plan = stay.generate_plans()
        plan.gap_ids.with_user(self.manager).action_create_task()
        self.assertEqual(self._dues(plan), ["2026-01-23"])

    def test_a_missing_operation_date_stands_in_a_list(self):
        """T-22, I-7: the plan goes on when the date arrives."""
        self._protocol(
            steps=[
                {"offset_target": 3},
                {"anchor": "procedure", "offset_target": 2, "offset_unit": "week"},
            ]
        )
        stay = self._left()
        plan = stay.generate_plans()
        self.assertEqual(plan.state, "missing_anchor")
        self.assertEqual(plan.gap_ids.reason, "missing_anchor")
        self.assertEqual(self._dues(plan), ["2026-03-12"])
        stay.procedure_date = datetime(2026, 3, 4, 4)
        self.assertEqual(plan.state, "active")
        self.assertFalse(plan.gap_ids)
        self.assertEqual(self._dues(plan), ["2026-03-12", "2026-03-18"])

    def test_each_stay_says_what_became_of_it(self):
        """I-7: unmatched, too old, excluded and pending stays stand in a list."""
        self._protocol(diagnosis_prefixes="I10")
        self._protocol(diagnosis_prefixes="E11", date_from="2026-03-10")
        dead = self._patient(deceased_date="2026-03-09")
        stays = {
            "matched": self._left(diagnosis_code="I10"),
            "unmatched": self._left(diagnosis_code="Z00"),
            "too_old": self._left(diagnosis_code="E11"),
            "excluded": self._left(patient=dead, diagnosis_code="I10"),
            "pending": self._left(diagnosis_code="I10", discharge_date=False),
        }
        every = self.env["followup.encounter"].union(*stays.values())
        every.generate_plans()
        self.assertEqual(
            {state: stay.match_state for state, stay in stays.items()},
            {state: state for state in stays},
        )
        self.assertEqual(every.plan_ids.encounter_id, stays["matched"])

    def test_matching_again_finds_a_new_protocol(self):
        stay = self._left()
        stay.generate_plans()
        self.assertEqual(stay.match_state, "unmatched")
        self._protocol()
        stay.with_user(self.manager).action_match_again()
        self.assertEqual(stay.match_state, "matched")
        self.assertEqual(len(stay.plan_ids.task_ids), 1)

    def test_the_match_state_cannot_be_set_by_hand(self):
        stay = self._left()
        with self.assertRaises(AccessError):
            stay.with_user(self.manager).write({"match_state": "matched"})

    # ------------------------------------------------------------
    # ROLLING HORIZON
    # ------------------------------------------------------------

    def test_recurring_contacts_are_made_within_the_horizon(self):
        """T-20, design 9: 400 days, then as time goes on."""
        self._protocol(
            steps=[
                {
                    "offset_target": 1,
                    "offset_unit": "year",
                    "repeat_every": 1,
                    "repeat_until": 5,
                },
                {"offset_target": 2, "offset_unit": "year"},
            ]
        )
        plan = self._left().generate_plans()
        self.assertEqual(self._dues(plan), ["2027-03-09", "2028-03-09"])
        self.assertEqual(str(plan.next_occurrence_day), "2028-03-09")
        with freeze_time("2030-06-01 02:00:00"):
            self.company.followup_backfill_days = 5000
            self.env["followup.plan"]._get_horizon_domain(self.company)
            plans = plan.search(plan._get_horizon_domain(self.company))
            self.assertEqual(plans, plan)
            plans._generate_tasks(backfill=5000)
        self.assertEqual(
            self._dues(plan),
            [
                "2027-03-09",
                "2028-03-09",
                "2028-03-09",
                "2029-03-09",
                "2030-03-09",
                "2031-03-09",
            ],
        )
        self.assertFalse(plan.next_occurrence_day)

    def test_a_repetition_without_end_goes_on_as_time_does(self):
        """T-12: at least every 3 months, open-ended."""
        self._protocol(
            steps=[{"offset_target": 3, "offset_unit": "month", "repeat_every": 3}]
        )
        plan = self._left().generate_plans()
        self.assertEqual(len(plan.task_ids), 4)
        with freeze_time("2026-06-10 02:00:00"):
            plan._generate_tasks(backfill=0)
        self.assertEqual(len(plan.task_ids), 5)
        self.assertEqual(sorted(plan.task_ids.mapped("occurrence")), [0, 1, 2, 3, 4])

    def test_the_daily_job_makes_what_came_within_the_horizon(self):
        """T-12: batched, and exact however often it runs."""
        self._protocol(
            steps=[{"offset_target": 3, "offset_unit": "month", "repeat_every": 3}]
        )
        stays = self._left() + self._left() + self._left()
        plans = stays.generate_plans()
        with (
            freeze_time("2026-06-10 02:00:00"),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=9),
        ):
            for _again in range(2):
                self.env["followup.plan"]._cron_extend_horizon(batch=2)
        self.assertEqual([len(plan.task_ids) for plan in plans], [5, 5, 5])

    def test_the_hourly_job_plans_what_no_import_has_planned(self):
        self._protocol()
        stays = self._left() + self._left() + self._left()
        visit = self._encounter(
            encounter_class="outpatient", admission_date=LEFT, discharge_date=False
        )
        inside = self._left(discharge_date=False)
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=9
        ):
            self.env["followup.encounter"]._cron_generate_plans(batch=2)
        self.assertEqual(set(stays.mapped("match_state")), {"matched"})
        self.assertEqual(visit.match_state, "matched")
        self.assertFalse(inside.plan_ids)

    # ------------------------------------------------------------
    # STEP AFTER STEP
    # ------------------------------------------------------------

    def _chain(self):
        self._protocol(
            steps=[
                {"offset_target": 3, "method": "home"},
                {"anchor": "previous", "offset_target": 7, "name": "Second"},
            ]
        )
        return self._left().generate_plans()

    def test_the_next_step_counts_from_when_the_one_before_was_done(self):
        plan = self._chain()
        self.assertEqual(self._dues(plan), ["2026-03-12"])
        with freeze_time("2026-03-11 02:00:00"):
            plan.task_ids.with_user(self.ward_a).action_complete("Well")
        self.assertEqual(self._dues(plan), ["2026-03-12", "2026-03-18"])
        self.assertEqual(plan.state, "active")

    def test_a_chain_that_breaks_is_listed(self):
        """I-7."""
        plan = self._chain()
        plan.task_ids._cancel_engine("Not needed")
        plan._on_tasks_closed(plan.task_ids)
        self.assertEqual(plan.gap_ids.reason, "previous_not_done")
        self.assertEqual(plan.state, "completed")

    def test_a_plan_completes_with_its_last_contact(self):
        self._protocol(steps=[{"offset_target": 3, "method": "home"}])
        plan = self._left().generate_plans()
        self.assertEqual((plan.state, plan.progress), ("active", 0))
        plan.task_ids.with_user(self.ward_a).action_complete()
        self.assertEqual((plan.state, plan.progress), ("completed", 100))

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def test_the_named_doctor_gets_the_task(self):
        """A-4: who treats, who operates, is responsible."""
        doctor = self._user("doctor_a", "ward_caller")
        employee = self.env["hr.employee"].create(
            {"name": "Dr. A", "user_id": doctor.id, "company_id": self.company.id}
        )
        self._protocol(
            steps=[
                {"responsible": "attending"},
                {"responsible": "surgeon"},
                {"responsible": "head"},
                {"responsible": "user", "user_id": self.ward_a.id},
                {"responsible": "department_team"},
            ]
        )
        plan = self._left(attending_id=employee.id).generate_plans()
        self.assertEqual(
            [task.user_id for task in plan.task_ids.sorted("id")],
            [
                doctor,
                self.env["res.users"],
                self.head_a,
                self.ward_a,
                self.env["res.users"],
            ],
        )
        self.assertEqual(plan.responsible_id, doctor)

    # ------------------------------------------------------------
    # SAMPLE
    # ------------------------------------------------------------

    def test_a_share_of_the_stays_is_drawn_the_same_each_time(self):
        """001L: level 2 as a sample of 25 percent."""
        protocol = self._protocol(steps=[{"sample_percent": 25.0}])
        stays = self.env["followup.encounter"]
        patient = self._patient()
        for _index in range(80):
            stays += self._left(patient=patient)
        drawn = stays.generate_plans().task_ids.encounter_id
        self.assertTrue(5 <= len(drawn) <= 38, len(drawn))
        stays.generate_plans()
        self.assertEqual(stays.task_ids.encounter_id, drawn)
        self.assertEqual(protocol.plan_count, 80)

    # ------------------------------------------------------------
    # EVENTS
    # ------------------------------------------------------------

    def test_an_event_starts_its_protocols(self):
        """D-13: a patient without a stay gets his plan too."""
        event = self.env["followup.event"].create({"name": "Enrolled", "code": "enrol"})
        protocol = self._protocol(
            event_id=event.id, steps=[{"anchor": "event", "offset_target": 7}]
        )
        patient = self._patient()
        start = self.env["followup.event"].start_from_event
        plan = start("enrol", patient, LEFT, "visit:1")
        self.assertRecordValues(
            plan,
            [
                {
                    "protocol_id": protocol.id,
                    "encounter_id": False,
                    "origin_key": "visit:1",
                    "origin": "Enrolled",
                    "anchor_at": LEFT,
                }
            ],
        )
        self.assertEqual(self._dues(plan), ["2026-03-16"])
        self.assertEqual(plan.task_ids.kind, "event")
        self.assertEqual(start("enrol", patient, LEFT, "visit:1"), plan)
        self.assertEqual(len(plan.task_ids), 1)

    def test_an_event_without_a_patient_is_listed(self):
        """D-3: who is no patient gets no plan, with a reason in the list."""
        event = self.env["followup.event"].create({"name": "Closed", "code": "closed"})
        self._protocol(event_id=event.id, steps=[{"anchor": "event"}])
        nobody = self.env["followup.patient"]
        for _again in range(2):
            plans = event.start_from_event("closed", nobody, LEFT, "case:9")
            self.assertFalse(plans)
        gaps = self.env["followup.plan.gap"].search([("origin_key", "=", "case:9")])
        self.assertEqual(gaps.mapped("reason"), ["no_patient"])

    def test_an_event_of_a_blocked_patient_is_listed(self):
        """I-12, I-7."""
        event = self.env["followup.event"].create({"name": "E", "code": "blocked"})
        self._protocol(event_id=event.id, steps=[{"anchor": "event"}])
        patient = self._patient(deceased_date="2026-03-01")
        for _again in range(2):
            plans = event.start_from_event("blocked", patient, LEFT, "enrolment:7")
            self.assertFalse(plans)
        gap = self.env["followup.plan.gap"].search([("patient_id", "=", patient.id)])
        self.assertEqual(gap.mapped("reason"), ["blocked"])

    def test_a_contact_with_somebody_else_goes_on(self):
        """I-12: the return visit to a complainant, whatever became of the patient."""
        event = self.env["followup.event"].create(
            {"name": "E", "code": "other", "ignores_block": True}
        )
        self._protocol(event_id=event.id, steps=[{"anchor": "event"}])
        patient = self._patient(deceased_date="2026-03-01")
        plan = event.start_from_event("other", patient, LEFT, "case:7")
        self.assertEqual(len(plan.task_ids), 1)

    def test_a_protocol_of_another_hospital_is_not_started(self):
        other = self._protocol(company_id=self._company("Other").id)
        with self.assertRaisesRegex(UserError, "another hospital"):
            other.start_plan(self._left())

    def test_tasks_are_named_in_the_language_of_the_hospital(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.company.partner_id.lang = "zh_CN"
        protocol = self._protocol(steps=[{"name": "Call"}], state="draft")
        protocol.step_ids.with_context(lang="zh_CN").name = "电话随访"
        plan = protocol.start_plan(self._left())
        self.assertEqual(plan.task_ids.name, "电话随访")

    def test_an_unknown_event_is_an_error(self):
        with self.assertRaisesRegex(UserError, "no event"):
            self.env["followup.event"].start_from_event(
                "nonsense", self._patient(), LEFT, "x:1"
            )

    # ------------------------------------------------------------
    # BUDGET
    # ------------------------------------------------------------

    def _stays(self, count, source="budget"):
        patients = self.env["followup.patient"].create(
            [
                {"name": f"P{number}", "company_id": self.company.id}
                for number in range(count)
            ]
        )
        return self.env["followup.encounter"].create(
            [
                {
                    "patient_id": patient.id,
                    "company_id": self.company.id,
                    "department_id": self.department_a.id,
                    "source": source,
                    "number": f"{number:05}",
                    "admission_date": LEFT - timedelta(days=5),
                    "discharge_date": LEFT,
                }
                for number, patient in enumerate(patients)
            ]
        )

    def test_a_thousand_tasks_take_twenty_queries(self):
        """Speed goal: <= 20 queries per 1,000 tasks, in one batch."""
        self._protocol(steps=[{"offset_target": day} for day in (3, 7, 14, 30)])
        self._stays(1).generate_plans()  # what every worker remembers already
        stays = self._stays(250, source="list")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            plans = stays.generate_plans()
            self.env.flush_all()
        self.assertEqual(len(plans.task_ids), 1000)

    def test_generating_again_takes_a_few_queries(self):
        self._protocol(steps=[{"offset_target": day} for day in (3, 7, 14, 30)])
        stays = self._stays(250)
        stays.generate_plans()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            stays.generate_plans()
            self.env.flush_all()
