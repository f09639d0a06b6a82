# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import FollowupCase

TODAY = "2026-03-06 02:00:00"  # a Friday morning in Shanghai
# {programme: days due within 400 days of the enrolment}
FIRST = {
    "diabetes": """2026-03-20 2026-06-06 2026-09-06 2026-12-06 2027-03-06""",
    "chronic": """2026-03-27 2026-06-06 2026-09-06 2026-12-06 2027-03-06""",
    "elderly": """2026-04-06 2026-05-06 2026-06-06 2026-07-06 2026-08-06 2026-09-06
        2026-10-06 2026-11-06 2026-12-06 2027-01-06 2027-02-06 2027-03-06
        2027-04-06""",
    "tumour": """2026-03-27 2026-06-06 2026-09-06 2026-12-06 2027-03-06""",
}
# what the rolling horizon adds within two years of the enrolment
LATER = {
    "diabetes": """2027-06-06 2027-09-06 2027-12-06 2028-03-06""",
    "chronic": """2027-06-06 2027-09-06 2027-12-06 2028-03-06""",
    "elderly": """2027-05-06 2027-06-06 2027-07-06 2027-08-06 2027-09-06 2027-10-06
        2027-11-06 2027-12-06 2028-01-06 2028-02-06 2028-03-06""",
    "tumour": """2027-06-06 2027-09-06 2027-12-06 2028-03-06""",
}
TWO_YEARS = date(2028, 3, 6)


@tagged("post_install", "-at_install")
class TestFollowupProgramme(FollowupCase):
    """Enrolment as an anchor: dates, pauses, ends (issue 3 section 8, G-4, D-3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.patient = cls._patient()
        cls._encounter(cls.patient, diagnosis_code="E11.9")
        cls.programme = cls._preset("diabetes")

    @classmethod
    def _preset(cls, code):
        return cls.env.ref(f"patient_followup.followup_programme_{code}")

    def _enrol(self, patient=None, user=None, programme=None, **vals):
        rows = self.env["followup.enrolment"].with_user(user or self.ward_a)
        return rows.create(
            {
                "patient_id": (patient or self.patient).id,
                "programme_id": (programme or self.programme).id,
                **vals,
            }
        )

    def _tasks(self, enrolment):
        return enrolment.sudo().plan_ids.task_ids

    def _days(self, enrolment):
        return sorted(str(day) for day in self._tasks(enrolment).mapped("due_day"))

    def _run_daily_job(self, at):
        with (
            freeze_time(at),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=9),
        ):
            self.env["followup.plan"]._cron_extend_horizon()

    # ------------------------------------------------------------
    # DATES
    # ------------------------------------------------------------

    def test_each_preset_gives_its_dates_for_two_years(self):
        """T-9, T-12, 001D: at first within the horizon, the rest as time goes on."""
        for code, first in FIRST.items():
            enrolment = self._enrol(programme=self._preset(code))
            with self.subTest(code, when="at once"):
                self.assertEqual(self._days(enrolment), first.split())
            self._run_daily_job("2027-03-06 02:00:00")
            days = [d for d in self._days(enrolment) if d <= str(TWO_YEARS)]
            with self.subTest(code, when="a year later"):
                self.assertEqual(days, [*first.split(), *LATER[code].split()])

    def test_the_day_of_enrolment_counts_not_the_day_of_typing(self):
        enrolment = self._enrol(enrolled_on="2026-02-27")
        self.assertEqual(self._days(enrolment)[:2], ["2026-03-13", "2026-05-27"])

    def test_nobody_is_enrolled_in_the_future(self):
        with self.assertRaisesRegex(UserError, "on the day he agreed"):
            self._enrol(enrolled_on="2026-03-07")

    # ------------------------------------------------------------
    # PLANS
    # ------------------------------------------------------------

    def test_plans_carry_the_key_of_the_enrolment(self):
        """D-3: origin key; design 4: `origin` in words, kind `programme`."""
        enrolment = self._enrol()
        plan = enrolment.sudo().plan_ids
        self.assertEqual(plan.origin_key, f"enrolment:{enrolment.id}")
        self.assertEqual(plan.origin, "Diabetes Care")
        self.assertEqual(plan.department_id, self.department_a)
        self.assertEqual(set(plan.task_ids.mapped("kind")), {"programme"})
        self.assertFalse(plan.task_ids.user_id)

    def test_starting_again_makes_nothing(self):
        """I-2: idempotent."""
        enrolment = self._enrol()
        tasks = self._tasks(enrolment)
        self.assertEqual(enrolment._start_plans().ids, enrolment.sudo().plan_ids.ids)
        self.assertEqual(self._tasks(enrolment), tasks)

    def test_the_nurse_who_knows_the_patient_gets_the_calls(self):
        enrolment = self._enrol(nurse_id=self.ward_a.id, doctor_id=self.head_a.id)
        self.assertEqual(self._tasks(enrolment).user_id, self.ward_a)
        self.assertEqual(enrolment.sudo().plan_ids.responsible_id, self.head_a)

    def test_a_new_version_of_the_protocol_is_for_new_patients(self):
        enrolment = self._enrol()
        old = self.programme.protocol_ids
        new = old.browse(old.action_new_version()["res_id"])
        new.action_activate()
        other = self._patient()
        self._encounter(other)
        self.assertEqual(self._enrol(other).sudo().plan_ids.protocol_id, new)
        self.assertEqual(enrolment.sudo().plan_ids.protocol_id, old)

    def test_a_programme_without_active_protocol_says_so(self):
        self.programme.protocol_ids.action_retire()
        with self.assertRaisesRegex(UserError, "is not active"):
            self._enrol()

    def test_naming_the_event_starts_no_programme(self):
        """D-13: its protocols start by enrolment in their own programme only."""
        event = self.env["followup.event"]
        plans = event.start_from_event(
            "enrolment", self.patient, fields.Datetime.now(), "enrolment:0"
        )
        self.assertFalse(plans)

    def test_a_stay_starts_no_programme(self):
        stay = self._encounter(self.patient, diagnosis_code="E11.9")
        stay.generate_plans()
        programmes = self.env["followup.programme"].search([])
        self.assertFalse(stay.plan_ids.protocol_id & programmes.protocol_ids)

    # ------------------------------------------------------------
    # ONE AT A TIME
    # ------------------------------------------------------------

    @mute_logger("odoo.sql_db")
    def test_a_patient_is_enrolled_once_at_a_time(self):
        self._enrol()
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            self._enrol()

    def test_who_left_may_come_back_with_a_new_row(self):
        first = self._enrol()
        first.action_leave("Moves away")
        second = self._enrol()
        self.assertNotEqual(first.sudo().plan_ids, second.sudo().plan_ids)
        self.assertEqual(self._days(second), FIRST["diabetes"].split())

    def test_subject_and_day_never_change(self):
        enrolment = self._enrol()
        with self.assertRaisesRegex(UserError, "End this enrolment"):
            enrolment.write({"enrolled_on": "2026-01-01"})
        with self.assertRaises(AccessError):
            enrolment.write({"state": "left"})
        with self.assertRaises(AccessError):
            enrolment.unlink()

    # ------------------------------------------------------------
    # PAUSE AND END
    # ------------------------------------------------------------

    def test_leaving_cancels_open_calls_and_says_why(self):
        enrolment = self._enrol()
        goal = self.env["followup.goal"].create(
            {
                "patient_id": self.patient.id,
                "enrolment_id": enrolment.id,
                "name": "Walk",
            }
        )
        done = self._tasks(enrolment).sorted("due_day")[0]
        with freeze_time("2026-03-20 02:00:00"):
            done.with_user(self.ward_a).log_attempt("reached", direction="in")
            done.with_user(self.ward_a).action_complete("Well")
        enrolment.action_leave("Moves away")
        rest = self._tasks(enrolment) - done
        self.assertEqual(set(rest.mapped("state")), {"cancelled"})
        self.assertEqual(set(rest.mapped("closing_reason")), {"Moves away"})
        self.assertEqual(done.state, "done")
        self.assertEqual(enrolment.state, "left")
        self.assertEqual(str(enrolment.ended_on), "2026-03-06")
        self.assertEqual(goal.state, "cancelled")
        with self.assertRaisesRegex(UserError, "present state"):
            enrolment.action_leave("Again")

    def test_a_reason_is_needed(self):
        enrolment = self._enrol()
        for step in (enrolment.action_leave, enrolment.action_pause):
            with self.assertRaisesRegex(UserError, "Say why"):
                step("  ")

    def test_completion_needs_no_reason(self):
        enrolment = self._enrol()
        enrolment.action_complete()
        self.assertEqual(enrolment.state, "completed")
        self.assertEqual(enrolment.sudo().plan_ids.state, "cancelled")

    def test_a_pause_lets_calls_wait_and_ends(self):
        enrolment = self._enrol()
        enrolment.action_pause("Journey")
        tasks = self._tasks(enrolment)
        self.assertEqual(set(tasks.mapped("state")), {"waiting"})
        self.assertTrue(all(tasks.mapped("on_hold")))
        self.assertFalse(tasks.filtered("is_claimable"))
        enrolment.action_resume()
        self.assertFalse(any(tasks.mapped("on_hold")))
        self.assertEqual(set(tasks.mapped("state")), {"planned"})

    def test_what_recurs_within_a_pause_waits_too(self):
        enrolment = self._enrol()
        enrolment.action_pause("Journey")
        known = self._tasks(enrolment)
        self._run_daily_job("2027-03-06 02:00:00")
        new = self._tasks(enrolment) - known
        self.assertTrue(new)
        self.assertTrue(all(new.mapped("on_hold")))

    def test_death_ends_the_programme(self):
        """I-12: at once, and no open work is left."""
        enrolment = self._enrol()
        goal = self.env["followup.goal"].create(
            {"patient_id": self.patient.id, "name": "Walk"}
        )
        self.patient.with_user(self.ward_a).deceased_date = "2026-03-05"
        self.assertEqual(enrolment.state, "left")
        self.assertEqual(enrolment.closing_reason, "The patient has died.")
        self.assertEqual(set(self._tasks(enrolment).mapped("state")), {"cancelled"})
        self.assertEqual(goal.state, "cancelled")

    def test_who_must_not_be_contacted_is_not_enrolled(self):
        self.patient.write({"do_not_contact": True, "do_not_contact_reason": "Asked"})
        with self.assertRaisesRegex(UserError, "must not be contacted"):
            self._enrol()

    def test_merged_records_keep_one_open_enrolment(self):
        twin = self._patient(name=self.patient.name)
        self._encounter(twin)
        kept, closed = self._enrol(), self._enrol(twin)
        goal = self.env["followup.goal"].create({"patient_id": twin.id, "name": "Walk"})
        self.patient.with_user(self.manager)._merge(twin.with_user(self.manager))
        self.assertEqual(closed.state, "left")
        self.assertEqual(kept.state, "active")
        self.assertEqual(
            (closed.sudo().patient_id, goal.patient_id), (self.patient,) * 2
        )

    # ------------------------------------------------------------
    # PROPOSALS AND LISTS
    # ------------------------------------------------------------

    def _proposed(self, user=None, **rule):
        programme = self.env["followup.programme"].create(
            {"name": "P", "code": "p", "company_id": self.company.id, **rule}
        )
        patients = self.env["followup.patient"].with_user(user or self.manager)
        return patients.search([("eligible_programme_id", "=", programme.id)])

    def test_patients_are_proposed_by_group_diagnosis_and_age(self):
        """G-4: any of the groups or diagnoses, and of the age."""
        group = self.env["followup.patient.category"].create({"name": "G"})
        in_group = self._patient(category_ids=group.ids, birthdate="1950-03-07")
        by_code = self._patient(birthdate="1951-03-06")
        self._encounter(by_code, diagnosis_code="I10.x")
        other = self._patient(birthdate="1940-01-01")
        rule = {"category_ids": group.ids, "diagnosis_prefixes": "i10"}
        ours = in_group | by_code | other
        table = [
            ({}, ours.browse()),
            (rule, in_group | by_code),
            ({**rule, "min_age": 75}, in_group | by_code),
            ({**rule, "min_age": 76}, ours.browse()),
            ({"min_age": 75}, ours),
            ({"max_age": 75, "category_ids": group.ids}, in_group),
            ({"diagnosis_prefixes": "I10, E11"}, by_code | self.patient),
        ]
        for criteria, expected in table:
            with self.subTest(criteria), self.env.cr.savepoint() as savepoint:
                proposed = self._proposed(**criteria)
                self.assertEqual(proposed & (ours | self.patient), expected)
                savepoint.rollback()

    def test_a_day_short_of_the_age_is_too_young(self):
        patient = self._patient(birthdate="1951-03-07")
        self.assertNotIn(patient, self._proposed(min_age=75))

    def test_who_was_enrolled_or_died_is_not_proposed_again(self):
        rows = self.env["followup.patient"].with_user(self.manager)
        domain = [("eligible_programme_id", "=", self.programme.id)]
        self.assertIn(self.patient, rows.search(domain))
        enrolment = self._enrol()
        self.assertNotIn(self.patient, rows.search(domain))
        enrolment.action_leave("Moves away")
        self.assertNotIn(self.patient, rows.search(domain))

    def test_wards_are_proposed_their_own_patients_only(self):
        patients = self.env["followup.patient"]
        domain = [("eligible_programme_id", "=", self.programme.id)]
        self.assertIn(self.patient, patients.with_user(self.ward_a).search(domain))
        self.assertNotIn(self.patient, patients.with_user(self.ward_b).search(domain))
        counted = self.programme.with_user(self.leader).eligible_count
        self.assertEqual(counted, 0)

    def test_a_list_is_enrolled_at_once(self):
        """Who is enrolled already or blocked is left out and counted."""
        patients = self.patient
        for _index in range(3):
            patients |= self._encounter().patient_id
        self._enrol(patients[1])
        patients[2].write({"do_not_contact": True, "do_not_contact_reason": "Asked"})
        wizard = (
            self.env["followup.enrolment.start"]
            .with_user(self.ward_a)
            .create(
                {
                    "programme_id": self.programme.id,
                    "patient_ids": patients.ids,
                    "consent_given": True,
                }
            )
        )
        message = wizard.action_confirm()["params"]["message"]
        self.assertTrue(message.startswith("2 enrolled, 2 left out"))
        self.assertEqual(
            patients.enrolment_ids.filtered("consent_given").patient_id,
            patients[0] | patients[3],
        )

    def test_a_programme_needs_the_agreement_of_the_patient(self):
        wizard = self.env["followup.enrolment.start"].create(
            {"programme_id": self.programme.id, "patient_ids": self.patient.ids}
        )
        with self.assertRaisesRegex(UserError, "Ask first"):
            wizard.action_confirm()

    def test_queries_do_not_grow_with_the_list(self):
        """Enrolling twenty costs what enrolling five costs."""
        counts = []
        for size in (5, 5, 20):
            patients = self.env["followup.patient"].union(
                *(self._encounter().patient_id for _index in range(size))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            programme = self.programme.with_user(self.ward_a)
            programme._enrol(patients.with_user(self.ward_a), {"consent_given": True})
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 5, counts)

    # ------------------------------------------------------------
    # FIGURES
    # ------------------------------------------------------------

    def test_figures_of_a_programme_are_those_the_reader_may_see(self):
        self._enrol()
        with freeze_time("2026-03-14 02:00:00"):
            ours = self.programme.with_user(self.ward_a)
            theirs = self.programme.with_user(self.ward_b)
            self.assertEqual((ours.enrolled_count, ours.due_count), (1, 1))
            self.assertEqual((theirs.enrolled_count, theirs.due_count), (0, 0))
            leader = self.programme.with_user(self.leader)
            self.assertEqual((leader.enrolled_count, leader.due_count), (0, 0))

    def test_the_board_of_programmes_costs_the_same_for_one_or_all(self):
        programmes = self.env["followup.programme"].search([]).with_user(self.ward_a)
        names = ["enrolled_count", "due_count", "achieved_count"]

        def count(rows):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows.read(names)
            return self.env.cr.sql_log_count - before

        count(programmes)
        self.assertEqual(count(programmes), count(programmes[:1]))

    def test_next_contact_of_an_enrolment(self):
        enrolment = self._enrol()
        self.assertEqual(str(enrolment.next_due_day), "2026-03-20")
        self.assertEqual(enrolment.done_count, 0)

    # ------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------

    def test_nobody_enrols_a_patient_he_does_not_see(self):
        for user in (self.ward_b, self.centre, self.inspector, self.administrator):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._enrol(user=user)

    def test_who_looks_after_the_patient_sees_the_enrolment(self):
        enrolment = self._enrol(user=self.head_a, nurse_id=self.ward_b.id)
        self.assertTrue(enrolment.with_user(self.ward_b).has_access("read"))

    def test_callers_name_colleagues_of_the_ward_and_nobody_else(self):
        """Who is named sees the patient: only who hands out calls opens him (P-14)."""
        wrong = (
            ({"nurse_id": self.ward_b.id}, "may not call for Ward A"),
            ({"doctor_id": self.plain.id}, "may not call for Ward A"),
            (
                {"department_id": self.department_b.id, "nurse_id": self.ward_a.id},
                "does not treat this patient",
            ),
        )
        for vals, words in wrong:
            with self.subTest(vals), self._refused(words):
                self._enrol(**vals)
        enrolment = self._enrol(nurse_id=self.head_a.id, doctor_id=self.ward_a.id)
        for vals, words in wrong:
            with self.subTest(vals, way="write"), self._refused(words):
                enrolment.write(vals)
        enrolment.with_user(self.head_a).doctor_id = self.ward_b
        enrolment.note = "A caller writes on, whoever was named by the head"
        self.assertTrue(enrolment.with_user(self.ward_b).has_access("read"))
        with self._refused("does not treat this patient"):
            enrolment.with_user(self.head_a).department_id = self.department_b

    @contextmanager
    def _refused(self, words):
        """Undo what is refused, unlike assertRaisesRegex."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertIn(words, str(caught.exception))

    def test_a_deleted_programme_keeps_its_patients(self):
        self._enrol()
        with self.assertRaisesRegex(UserError, "archive the programme"):
            self.programme.unlink()

    def test_old_enrolments_do_not_hold_up_new_ones(self):
        """A year of programmes later the same patient costs the same."""
        for number in range(3):
            self._enrol().action_complete(f"Year {number}")
        enrolment = self._enrol()
        self.assertEqual(len(self._tasks(enrolment)), 5)
        self.assertGreater(
            min(self._tasks(enrolment).mapped("date_due")),
            fields.Datetime.now() + timedelta(days=7),
        )
