# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Samples: drawn by lot, verified by somebody else, judged and contested (V-6)."""

from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import GROUP, TZ, FollowupCase

NOW = "2026-03-20 02:00:00"  # Friday 10:00 in Shanghai


class SampleCase(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deputy = cls._user("second_inspector", "inspector")
        cls.head_a.group_ids = [(4, cls.env.ref(f"{GROUP}department_head").id)]

    def _stays(self, number, department=None, **vals):
        """Create stays whose level 1 call was due last month; done unless told."""
        department = department or self.department_a
        due = datetime(2026, 2, 10, 4)
        rows = [
            {
                "department_id": department.id,
                "date_earliest": due - timedelta(days=1),
                "date_due": due,
                "date_deadline": due,
                "kind": "event",
                **vals,
            }
            for _index in range(number)
        ]
        tasks = self._tasks(rows)
        tasks.encounter_id._guarded().write(
            {
                "admission_date": "2026-01-25 02:00:00",
                "discharge_date": "2026-02-01 02:00:00",
            }
        )
        return tasks

    def _finish(self, tasks, user):
        """Have the calls made by this user, on the day they were due."""
        for task in tasks.with_user(user):
            with freeze_time(task.date_due):
                task.log_attempt("reached", contact_id=task.patient_id.contact_ids.id)
                task.action_complete("well")

    def _draw(self, user=None, **vals):
        sample = (
            self.env["followup.sample"]
            .with_user(user or self.inspector)
            .create(
                {
                    "name": "Check of February",
                    "date_from": "2026-02-01",
                    "date_to": "2026-02-28",
                    "call_until": "2026-03-30",
                    "percent": 10,
                    "company_id": self.company.id,
                    "verifier_ids": [(6, 0, self.inspector.ids)],
                    **vals,
                }
            )
        )
        sample.action_draw()
        return sample


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFollowupSample(SampleCase):
    # ------------------------------------------------------------
    # THE DRAW
    # ------------------------------------------------------------

    def test_a_tenth_of_each_department_is_drawn(self):
        """V-6: per department, at least one, with its reserve."""
        self._stays(20)
        self._stays(5, self.department_b)
        sample = self._draw()
        self.assertEqual(sample.population_count, 25)
        drawn = sample.line_ids.filtered(lambda line: not line.is_reserve)
        count = drawn.grouped("department_id")
        self.assertEqual(len(count[self.department_a]), 2)
        self.assertEqual(len(count[self.department_b]), 1)
        self.assertEqual(len(sample.line_ids) - len(drawn), 2)

    def test_the_stored_seed_draws_the_same_list(self):
        tasks = self._stays(20)
        sample = self._draw()
        self.assertTrue(sample._is_reproducible())
        tasks[0].encounter_id._guarded().write({"excluded": True})
        self.assertTrue(sample._is_reproducible(), "later changes do not matter")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE followup_sample_line SET subject = subject + 100000 WHERE id = %s",
            [sample.line_ids[0].id],
        )
        self.env.invalidate_all()
        self.assertFalse(sample._is_reproducible())

    def test_a_draw_is_made_once_and_never_deleted(self):
        self._stays(3)
        sample = self._draw()
        for call in (sample.action_draw, lambda: sample.write({"percent": 50})):
            with self.assertRaises(UserError):
                call()
        with self.assertRaises(UserError):
            sample.with_user(self.manager).unlink()
        with self.assertRaises(AccessError):
            sample.write({"seed": "x"})

    def test_who_is_excluded_or_must_not_be_called_is_not_drawn(self):
        tasks = self._stays(3)
        tasks[0].encounter_id._guarded().write({"excluded": True})
        tasks[1].patient_id.write(
            {"do_not_contact": True, "do_not_contact_reason": "x"}
        )
        sample = self._draw(percent=100)
        self.assertEqual(sample.line_ids.encounter_id, tasks[2].encounter_id)

    def test_two_patients_of_each_clinic_room(self):
        """V-10: a fixed count per room, drawn from the day log."""
        for room, count in (("101", 5), ("102", 1)):
            for _index in range(count):
                self._encounter(
                    encounter_class="outpatient",
                    clinic_room=room,
                    admission_date="2026-03-10 02:00:00",
                    discharge_date="2026-03-10 02:00:00",
                )
        sample = self._draw(
            purpose="outpatient",
            population="visited",
            stratum="clinic_room",
            percent=0,
            count=2,
            date_from="2026-03-09",
            date_to="2026-03-15",
        )
        drawn = sample.line_ids.filtered(lambda line: line.state == "open")
        rooms = [line.encounter_id.clinic_room for line in drawn]
        self.assertEqual(sorted(rooms), ["101", "101", "102"])

    def test_only_inspectors_and_the_centre_draw(self):
        for login in ("ward_a", "head_a", "centre", "leader", "administrator"):
            with self.subTest(login=login), self.assertRaises(AccessError):
                self._draw(getattr(self, login))

    # ------------------------------------------------------------
    # VERIFICATION CALLS
    # ------------------------------------------------------------

    def test_the_verifier_is_never_the_performer(self):
        """V-6: an independent person calls."""
        tasks = self._stays(2, level="2", kind="adhoc")
        self._finish(tasks, self.centre)
        other = self._user("second_centre", "centre_caller")
        sample = self._draw(
            population="called",
            percent=100,
            verifier_ids=[(6, 0, (self.centre | other).ids)],
        )
        self.assertEqual(sample.line_ids.verifier_id, other)
        with self.assertRaisesRegex(UserError, "himself"):
            sample.line_ids.action_assign_verifier(self.centre.id)
        call = sample.line_ids[0].verification_task_id
        self.assertEqual((call.kind, call.user_id), ("verification", other))
        with self.assertRaises(AccessError):
            call.with_user(self.centre).action_claim()
        self.assertFalse(self.env["followup.task"].with_user(self.centre).claim_next())

    def test_without_an_independent_person_the_line_waits_in_a_list(self):
        """I-7: nothing is silently skipped."""
        tasks = self._stays(1, level="2", kind="adhoc")
        self._finish(tasks, self.centre)
        sample = self._draw(
            population="called", percent=100, verifier_ids=[(6, 0, self.centre.ids)]
        )
        self.assertFalse(sample.line_ids.verifier_id)
        self.assertFalse(sample.line_ids.verification_task_id)
        sample.line_ids.action_assign_verifier(self.inspector.id)
        self.assertEqual(sample.line_ids.verification_task_id.user_id, self.inspector)

    def test_an_inspector_makes_his_verification_call(self):
        """He claims, calls and finishes it; no other call is his to change."""
        tasks = self._stays(1)
        self._finish(tasks, self.ward_a)
        sample = self._draw(percent=100)
        task = self.env["followup.task"].with_user(self.inspector).claim_next()
        self.assertEqual(task, sample.line_ids.verification_task_id)
        task.log_attempt("reached", contact_id=task.patient_id.contact_ids.id)
        task.action_complete("He remembers")
        self.assertEqual(task.state, "done")
        other = self._task().with_user(self.inspector)
        for call in (other.action_claim, lambda: other.write({"outcome_note": "x"})):
            with self.assertRaises(AccessError):
                call()

    def test_a_red_flag_heard_in_it_reaches_the_ward(self):
        """The call has no department, its stay has: the head is told at once."""
        self._finish(self._stays(1), self.ward_a)
        call = self._draw(percent=100).line_ids.verification_task_id
        concern = call.with_user(self.inspector).action_red_flag("Fever")
        self.assertEqual(concern.sudo().department_id, self.department_a)
        self.assertIn(self.head_a, concern.sudo().alerted_user_ids)

    def test_wards_do_not_see_whom_the_lot_has_fallen_on(self):
        """Neither the line nor the verification call, until there is a verdict."""
        tasks = self._stays(1)
        self._finish(tasks, self.ward_a)
        sample = self._draw(percent=100)
        line = sample.line_ids
        everything = [(1, "=", 1)]
        for user in (self.ward_a, self.head_a):
            lines = self.env["followup.sample.line"].with_user(user)
            calls = self.env["followup.task"].with_user(user)
            self.assertFalse(lines.search(everything))
            self.assertFalse(calls.search([("kind", "=", "verification")]))
        line.action_verdict("no_call")
        for user in (self.ward_a, self.head_a):
            self.assertEqual(
                self.env["followup.sample.line"].with_user(user).search(everything),
                line,
            )
        self.assertFalse(
            self.env["followup.sample.line"].with_user(self.ward_b).search(everything)
        )

    def test_a_patient_without_a_recorded_call_counts_without_being_called(self):
        """Share not followed up: sampled without a genuine completed follow-up."""
        tasks = self._stays(4)
        self._finish(tasks[:3], self.ward_a)
        sample = self._draw(percent=100, only_recorded=True)
        missed = sample.line_ids.filtered(lambda line: line.state == "missed")
        self.assertEqual(missed.task_id, tasks[3])
        self.assertFalse(missed.verification_task_id)
        rest = sample.line_ids - missed
        rest[0].action_verdict("confirmed")
        rest[1].action_verdict("contradicted")
        rest[2].action_verdict("cannot_confirm")
        self.assertEqual(sample.truth_rate, 50)
        self.assertAlmostEqual(sample.missed_rate, 200 / 3)

    # ------------------------------------------------------------
    # VERDICTS
    # ------------------------------------------------------------

    def test_cannot_confirm_is_replaced_from_the_reserve(self):
        self._stays(10)
        sample = self._draw(reserve_percent=100)
        first = sample.line_ids.filtered(lambda line: line.state == "open")
        spare = sample.line_ids - first
        first.action_verdict("cannot_confirm")
        self.assertEqual(spare.state, "open")
        self.assertEqual(spare.replaces_id, first)
        self.assertTrue(spare.verification_task_id)
        spare.action_verdict("confirmed")
        self.assertEqual(sample.truth_rate, 100)

    def test_an_unreachable_patient_suggests_cannot_confirm(self):
        self._finish(self._stays(1), self.ward_a)
        line = self._draw(percent=100).line_ids
        call = line.verification_task_id.with_user(self.inspector)
        call.action_refuse("Does not want calls")
        self.assertEqual(line.suggestion, "cannot_confirm")
        self.assertFalse(line.verdict, "never an automatic verdict")
        line.action_accept()
        self.assertEqual(line.verdict, "cannot_confirm")

    def test_a_verdict_is_final_after_the_appeal_period(self):
        """Three working days from Friday: Wednesday, end of the working day."""
        self._finish(self._stays(1), self.ward_a)
        line = self._draw(percent=100).line_ids
        line.action_verdict("no_call", "Nobody called me")
        self.assertEqual(line.final_at.date(), date(2026, 3, 25))
        self.assertFalse(line.is_final)
        with freeze_time("2026-03-26 01:00:00"):
            line.invalidate_recordset()
            self.assertTrue(line.is_final)
            self.assertIn(line, line.search([("is_final", "=", True)]))
            with self.assertRaisesRegex(AccessError, "over"):
                line.with_user(self.head_a).action_appeal("We called")
            with self.assertRaisesRegex(AccessError, "final"):
                line.action_verdict("confirmed")

    def test_the_head_appeals_and_somebody_else_decides(self):
        self._finish(self._stays(1), self.ward_a)
        line = self._draw(percent=100).line_ids
        line.action_verdict("no_call")
        for user in (self.ward_a, self.inspector):
            with self.assertRaises(AccessError):
                line.with_user(user).action_appeal("We called")
        with self.assertRaises(UserError):
            line.with_user(self.head_a).action_appeal(" ")
        line.with_user(self.head_a).action_appeal("The wife took the call")
        self.assertEqual(line.state, "appealed")
        with self.assertRaisesRegex(AccessError, "Somebody else"):
            line.action_decide("confirmed", "x")
        line.with_user(self.deputy).action_decide("confirmed", "Heard the recording")
        self.assertEqual(
            (line.state, line.verdict, line.first_verdict, line.is_final),
            ("decided", "confirmed", "no_call", True),
        )

    def test_nobody_judges_his_own_calls(self):
        tasks = self._stays(1, level="2", kind="adhoc")
        self._finish(tasks, self.manager)
        line = self._draw(population="called", percent=100).line_ids
        with self.assertRaisesRegex(AccessError, "himself"):
            line.with_user(self.manager).action_verdict("confirmed")

    def test_a_sample_given_up_takes_its_calls_back(self):
        self._stays(2)
        sample = self._draw(percent=100)
        with self.assertRaises(UserError):
            sample.action_cancel(" ")
        sample.action_cancel("Wrong month")
        self.assertEqual(set(sample.line_ids.mapped("state")), {"dropped"})
        self.assertEqual(
            set(sample.line_ids.verification_task_id.mapped("state")), {"cancelled"}
        )


@tagged("post_install", "-at_install")
class TestFollowupSampleCampaign(SampleCase):
    def _campaign(self, **vals):
        return self.env["followup.sample.campaign"].create(
            {
                "name": "Monthly",
                "company_id": self.company.id,
                "percent": 10,
                "recurrence": "month",
                "day_from": 20,
                "day_to": 30,
                "date_start": "2026-01-01",
                "verifier_ids": [(6, 0, self.inspector.ids)],
                **vals,
            }
        )

    def _status(self, campaign, day):
        with freeze_time(f"{day} 02:00:00"):
            campaign.invalidate_recordset()
            return campaign.with_company(self.company).status

    def test_a_campaign_not_drawn_in_its_window_is_late(self):
        """V-6: between the 20th and the 30th; nothing has to run (D-10)."""
        campaign = self._campaign()
        days = {
            "2026-01-19": "none",
            "2026-01-20": "due",
            "2026-01-30": "due",
            "2026-01-31": "late",
            "2026-02-19": "late",
            "2026-02-20": "due",
        }
        for day, status in days.items():
            with self.subTest(day=day):
                self.assertEqual(self._status(campaign, day), status)
        with freeze_time("2026-01-31 02:00:00"):
            campaign.invalidate_recordset()
            late = campaign.with_company(self.company).search([("is_late", "=", True)])
            self.assertIn(campaign, late)

    @freeze_time(NOW)
    def test_a_campaign_is_drawn_once_per_period(self):
        self._stays(10)
        campaign = self._campaign().with_user(self.inspector)
        campaign = campaign.with_company(self.company)
        action = campaign.action_draw()
        sample = self.env["followup.sample"].browse(action["res_id"])
        self.assertEqual(sample.population_count, 10)
        self.assertEqual(sample.drawn_by_id, self.inspector)
        self.assertEqual(campaign.status, "drawn")
        with self.assertRaises(UserError):
            campaign.action_draw()

    @freeze_time(NOW)
    def test_what_draws_itself_is_drawn_by_the_cron_once(self):
        self._stays(10)
        campaign = self._campaign(is_automatic=True)
        by_hand = self._campaign()
        cron = self.env.ref("patient_followup.followup_sample_cron_draw")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        self.assertEqual(campaign.sample_ids.mapped("state"), ["drawn"])
        self.assertFalse(by_hand.sample_ids)

    def test_roles_without_part_in_it_do_not_draw(self):
        campaign = self._campaign()
        outsider = new_test_user(
            self.env,
            "out",
            groups=f"{GROUP}leader",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
            tz=TZ,
        )
        with self.assertRaises(AccessError):
            campaign.with_user(outsider).action_draw()


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestVerificationAnswers(SampleCase):
    def test_answers_suggest_the_verdict_and_never_write_it(self):
        """Q-10: “did your doctor call”, asked by the sample's questionnaire."""
        survey = self.env.ref("patient_followup.survey_level_two")
        self._finish(self._stays(1), self.ward_a)
        line = self._draw(percent=100, survey_id=survey.id).line_ids
        call = line.verification_task_id.with_user(self.inspector)
        self.assertEqual(call._get_survey(), survey)
        questions = survey._followup_definition()["questions"]
        asked = next(q for q in questions if q["metric"] == "verification_called")
        no = next(c["id"] for c in asked["choices"] if c["code"] == "no")
        call.log_attempt("reached", contact_id=call.patient_id.contact_ids.id)
        call._start_user_input()._followup_save({asked["id"]: [no]}, "patient")
        call.confirm_identity(["name", "mrn"])
        call.finish_call(next_call=False, force=True)
        self.assertEqual(call.followup_verification, "no_such_call")
        self.assertEqual((line.suggestion, line.verdict), ("no_call", False))
