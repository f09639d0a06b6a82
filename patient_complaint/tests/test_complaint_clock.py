# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ComplaintCommon

FRIDAY_EVENING = "2026-03-06 12:00:00"  # 20:00 in the hospital
MONDAY = "2026-03-02 02:00:00"  # 10:00


@tagged("post_install", "-at_install")
class TestComplaintClock(ComplaintCommon):
    """Deadlines of the presets, freezes, extensions, escalation (C-7 ... C-10)."""

    def _deadlines(self, case):
        """Return {"kind" or "kind law": deadline} of the running clocks."""
        return {
            clock.kind + (" law" if clock.is_legal else ""): str(clock.deadline)
            for clock in case.clock_ids
            if not clock.stopped_at
        }

    # ------------------------------------------------------------
    # PRESETS (section 22)
    # ------------------------------------------------------------

    @freeze_time(FRIDAY_EVENING)
    def test_presets_on_a_friday_evening(self):
        case = self._case()
        self.assertEqual(
            self._deadlines(case),
            {
                "triage": "2026-03-07 12:00:00",
                "response": "2026-03-08 12:00:00",
                "plan": "2026-03-11 09:00:00",
                "inform": "2026-03-13 15:59:59",
                "answer": "2026-03-20 15:59:59",
                "answer law": "2026-03-13 09:00:00",
            },
        )
        self.assertEqual(str(case.next_deadline), "2026-03-07 12:00:00")

    @freeze_time(FRIDAY_EVENING)
    def test_a_complaint_by_phone_is_answered_in_three_days(self):
        """001M: the more particular clock takes the place of the general one."""
        phone = self.env.ref("patient_complaint.complaint_channel_phone")
        deadlines = self._deadlines(self._case(channel_id=phone.id))
        self.assertEqual(deadlines["answer"], "2026-03-09 15:59:59")

    @freeze_time(FRIDAY_EVENING)
    def test_the_full_track_has_ten_working_days_by_law(self):
        case = self._ready(self._case())
        case.action_triage()
        self.assertEqual(self._deadlines(case)["answer law"], "2026-03-20 09:00:00")

    def test_an_answer_ends_the_clock_of_the_plan_as_well(self):
        """Settled on the spot: nothing is left to be announced (C-16)."""
        with freeze_time(FRIDAY_EVENING):
            case = self._ready(self._case(), track="fast")
            case.action_triage()
            self.assertIn("plan", self._deadlines(case))
        with freeze_time("2026-03-09 02:00:00"):
            self._tell(case)
            self.assertNotIn("plan", self._deadlines(case))
            self.assertFalse(self._clock(case, "plan").breached)

    @freeze_time(FRIDAY_EVENING)
    def test_praise_has_a_week_and_two(self):
        """O-1, O-2; nobody complained, so no law applies."""
        deadlines = self._deadlines(self._case(kind="praise"))
        self.assertEqual(deadlines["inform"], "2026-03-13 15:59:59")
        self.assertEqual(deadlines["answer"], "2026-03-20 15:59:59")
        self.assertFalse({"plan", "answer law"} & deadlines.keys())

    @freeze_time("2026-02-26 02:00:00")
    def test_a_make_up_saturday_counts(self):
        case = self._case()
        self.assertEqual(self._deadlines(case)["plan"], "2026-03-02 09:00:00")

    @freeze_time(MONDAY)
    def test_the_deadline_of_an_authority_leads(self):
        hotline = self.env.ref("patient_complaint.complaint_channel_hotline")
        case = self._case(
            channel_id=hotline.id, external_deadline="2026-03-02 20:00:00"
        )
        self.assertEqual(str(case.next_deadline), "2026-03-02 20:00:00")
        case.external_deadline = "2026-03-02 18:00:00"
        self.assertEqual(str(case.next_deadline), "2026-03-02 18:00:00")
        case.external_deadline = False
        self.assertNotIn("external law", self._deadlines(case))

    # ------------------------------------------------------------
    # EVENTS
    # ------------------------------------------------------------

    def test_events_stop_their_clocks(self):
        with freeze_time(MONDAY) as clock:
            case = self._ready(self._case())
            running = {"triage", "response", "plan", "inform", "answer", "answer law"}
            self.assertEqual(set(self._deadlines(case)), running)
            steps = [
                ({"triage"}, case.action_triage),
                ({"inform"}, case.action_inform),
                ({"response", "plan"}, lambda: self._tell(case, "plan")),
                ({"answer", "answer law"}, lambda: self._tell(case, "answer")),
            ]
            for stopped, step in steps:
                clock.tick(3600)
                if "answer" in stopped:
                    case.action_start_investigation()
                    self._approve(case)
                step()
                running -= stopped
                with self.subTest(stopped=stopped):
                    self.assertEqual(set(self._deadlines(case)), running)
            self.assertFalse(case.next_deadline)
            self.assertEqual(set(case.clock_ids.mapped("colour")), {"done"})

    def test_being_late_is_a_search_and_stays_on_record(self):
        with freeze_time(MONDAY) as clock:
            case = self._ready(self._case())
            self.assertNotIn(case, case.search([("is_late", "=", True)]))
            clock.move_to("2026-03-03 02:00:01")
            case.invalidate_recordset()
            self.assertIn(case, case.search([("is_late", "=", True)]))
            self.assertEqual(self._clock(case, "triage").colour, "red")
            case.action_triage()
            self.assertEqual(self._clock(case, "triage").colour, "late_done")

    def test_a_clock_warns_before_it_ends(self):
        with freeze_time(MONDAY) as clock:
            case = self._case()
            triage = self._clock(case, "triage")
            self.assertEqual(str(triage.warn_at), "2026-03-02 20:00:00")
            for moment, colour in (
                ("2026-03-02 19:59:59", "green"),
                ("2026-03-02 20:00:00", "amber"),
                ("2026-03-03 02:00:00", "amber"),
                ("2026-03-03 02:00:01", "red"),
            ):
                clock.move_to(moment)
                triage.invalidate_recordset(["colour"])
                with self.subTest(moment=moment):
                    self.assertEqual(triage.colour, colour)

    @freeze_time(MONDAY)
    def test_every_deadline_explains_itself(self):
        plan = self._clock(self._case(), "plan")
        self.assertIn("3 working days later is", plan.explanation)
        self.assertIn("deadline", plan.explanation)

    @freeze_time(MONDAY)
    def test_a_policy_changed_later_moves_nothing(self):
        case = self._case()
        before = self._deadlines(case)
        self.env["complaint.sla.policy"].search([]).write({"amount": 1})
        self.assertEqual(self._deadlines(case), before)

    @freeze_time(MONDAY)
    def test_the_clock_of_the_hospital_takes_the_place_of_the_shared_one(self):
        self.env["complaint.sla.policy"].create(
            {
                "name": "Ours",
                "company_id": self.company.id,
                "clock_kind": "triage",
                "stop_event": "triaged",
                "amount": 3,
                "unit": "working_hours",
            }
        )
        self.assertEqual(self._deadlines(self._case())["triage"], "2026-03-02 06:00:00")

    # ------------------------------------------------------------
    # FREEZE
    # ------------------------------------------------------------

    def _freeze(self, case, reason="complainant", user=None):
        reason = self.env.ref(f"patient_complaint.complaint_freeze_reason_{reason}")
        rows = self.env["complaint.freeze"].with_user(user or self.specialist)
        return rows.create({"case_id": case.id, "reason_id": reason.id})

    def test_frozen_clocks_keep_what_is_left(self):
        with freeze_time(MONDAY) as clock:
            case = self._case()
            law = self._clock(case, "answer", True).deadline
            clock.move_to("2026-03-03 01:00:00")
            self._freeze(case)
            triage, plan = self._clock(case, "triage"), self._clock(case, "plan")
            self.assertEqual((triage.remaining, plan.remaining), (1.0, 2.0))
            self.assertEqual((triage.colour, plan.colour), ("frozen", "frozen"))
            self.assertEqual(str(plan.frozen_until), "2026-03-17 09:00:00")
            self.assertEqual(str(plan.deadline), "2026-03-19 09:00:00")
            clock.move_to("2026-03-05 02:00:00")
            case.action_resume()
            self.assertEqual(str(triage.deadline), "2026-03-05 03:00:00")
            self.assertEqual(str(plan.deadline), "2026-03-09 09:00:00")
            self.assertEqual(self._clock(case, "answer", True).deadline, law)
            self.assertEqual(str(case.freeze_ids.ended_at), "2026-03-05 02:00:00")

    def test_a_freeze_ends_by_itself(self):
        """D-10: no cron is needed for what is true."""
        with freeze_time(MONDAY) as clock:
            case = self._case()
            self._freeze(case)
            plan = self._clock(case, "plan")
            clock.move_to("2026-03-16 08:00:00")
            plan.invalidate_recordset()
            self.assertEqual(plan.colour, "frozen")
            clock.move_to("2026-03-18 01:00:00")
            plan.invalidate_recordset()
            self.assertEqual(plan.colour, "green")
            self.assertEqual(str(plan.deadline), "2026-03-19 09:00:00")
            self._freeze(case)
            self.assertEqual(plan.remaining, 1.0)

    def test_law_and_late_clocks_never_freeze(self):
        with freeze_time(MONDAY) as clock:
            case = self._case()
            clock.move_to("2026-03-04 02:00:01")
            self._freeze(case)
            late = self._clock(case, "triage"), self._clock(case, "response")
            for row in (*late, self._clock(case, "answer", True)):
                self.assertFalse(row.frozen_until)
            with self.assertRaisesRegex(UserError, "can be frozen"):
                self._freeze(case)

    @freeze_time(MONDAY)
    def test_clocks_are_not_written_by_hand(self):
        case = self._case()
        rows = self._clock(case, "plan")
        for user in (self.specialist, self.officer, self.administrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                rows.with_user(user).write({"deadline": "2027-01-01"})
        with self.assertRaises(AccessError):
            rows.sudo().write({"deadline": "2027-01-01"})
        freeze = self._freeze(case)
        with self.assertRaises(AccessError):
            freeze.sudo().write({"until": "2027-01-01"})

    # ------------------------------------------------------------
    # EXTENSION
    # ------------------------------------------------------------

    def _extend(self, case, clock, told=None, user=None, **vals):
        rows = self.env["complaint.extension"].with_user(user or self.officer)
        return rows.create(
            {
                "case_id": case.id,
                "clock_id": clock.id,
                "new_deadline": "2026-03-10 09:00:00",
                "reason": "The expert is ill",
                "feedback_id": told.id if told else False,
                **vals,
            }
        )

    @freeze_time(MONDAY)
    def test_an_extension_needs_reason_and_notice(self):
        """C-9, I-10"""
        case = self._case()
        plan = self._clock(case, "plan")
        told = self._tell(case, "extension")
        answer = self._tell(case, "progress")
        other = self._tell(self._case(), "extension")
        refused = [
            (plan, told, {"reason": "  "}),
            (plan, answer, {}),
            (plan, other, {}),
            (plan, told, {"new_deadline": "2026-03-03 00:00:00"}),
            (self._clock(case, "answer", True), told, {}),
        ]
        for clock, notice, vals in refused:
            with (
                self.subTest(vals=vals),
                self.assertRaises(UserError),
            ):
                self._extend(case, clock, notice, **vals)
        with self.assertRaises(AccessError):
            self._extend(case, plan, told, self.specialist)
        row = self._extend(case, plan, told)
        self.assertEqual(plan.deadline, datetime(2026, 3, 10, 9))
        self.assertTrue(plan.extended)
        self.assertEqual(str(row.old_deadline), "2026-03-05 09:00:00")
        self.assertEqual(row.by_id, self.officer)
        with self.assertRaises(AccessError):
            row.reason = "Another"

    # ------------------------------------------------------------
    # LADDER
    # ------------------------------------------------------------

    def test_the_ladder_tells_owner_officers_and_superior_once(self):
        with freeze_time(MONDAY) as clock:
            boss = self._office_user("officer", "boss")
            employees = self.env["hr.employee"]
            above = employees.create(
                {"name": "Boss", "user_id": boss.id, "company_id": self.company.id}
            )
            employees.create(
                {
                    "name": "Specialist",
                    "user_id": self.specialist.id,
                    "company_id": self.company.id,
                    "parent_id": above.id,
                }
            )
            case = self._case()
            triage = self._clock(case, "triage")
            self.assertEqual(triage.escalate_at, triage.warn_at)
            told = []
            for moment in (
                "2026-03-02 20:00:00",
                "2026-03-02 20:10:00",
                "2026-03-03 02:00:00",
                "2026-03-04 02:00:00",
            ):
                clock.move_to(moment)
                before = case.sudo().activity_ids
                triage.sudo()._guarded()._escalate()
                new = case.sudo().activity_ids - before
                told.append(sorted(new.user_id.mapped("login")))
            expected = [["specialist"], [], ["boss", "officer"], ["boss"]]
            self.assertEqual(told, expected)
            self.assertFalse(triage.escalate_at)
            words = case.sudo().activity_ids.mapped(lambda row: row.res_name)
            self.assertEqual(set(words), {case.name})

    def test_the_cron_takes_every_due_clock_and_no_other(self):
        with freeze_time(MONDAY) as clock:
            cases = self._case() | self._case()
            clock.move_to("2026-03-02 20:00:00")
            clocks = self.env["complaint.clock"]
            clocks.search([("case_id", "not in", cases.ids)]).unlink()
            with self.enter_registry_test_mode():
                self.env.ref(
                    "patient_complaint.complaint_clock_cron_escalate"
                ).method_direct_trigger()
            for case in cases:
                self.assertEqual(len(case.sudo().activity_ids), 1)

    @freeze_time(MONDAY)
    def test_reopening_starts_the_answer_anew(self):
        case = self._ready(self._case(), track="fast")
        case.action_triage()
        self._tell(case)
        case.action_close()
        with freeze_time("2026-03-09 02:00:00"):
            case.action_reopen("Not settled")
            self.assertEqual(
                self._deadlines(case),
                {"answer": "2026-03-23 15:59:59", "answer law": "2026-03-16 09:00:00"},
            )
