# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The steps of an appointment, who waits, who did not come (B-1 ... B-6)."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from ..models.followup_appointment_state import STEPS
from .appointment_common import AppointmentCase

STATES = (
    "requested",
    "waitlist",
    "offered",
    "confirmed",
    "done",
    "no_show",
    "refused",
    "cancelled",
)
# from state (a row) by step (a column) to state; "-" is refused
STEP_TABLE = """
          offer    book      confirm   decline   waitlist refuse  done no_show cancel
requested offered  confirmed -         -         waitlist refused -    -       cancelled
waitlist  offered  confirmed -         -         -        refused -    -       cancelled
offered   offered  confirmed confirmed cancelled waitlist -       -    -       cancelled
confirmed offered  confirmed -         cancelled -        -       done no_show cancelled
done      -        -         -         -         -        -       -    -       -
no_show   -        -         -         -         -        -       done -       -
refused   -        -         -         -         -        -       -    -       -
cancelled -        -         -         -         -        -       -    -       -
"""


@tagged("post_install", "-at_install")
class TestFollowupAppointment(AppointmentCase):
    # ------------------------------------------------------------
    # STATES
    # ------------------------------------------------------------

    def _at(self, state):
        """Return an appointment in this state, its time two hours ago."""
        row = self._ask().with_user(self.ward_a)
        slot = self._slot()
        if state == "waitlist":
            row.action_waitlist()
        elif state in ("offered", "confirmed", "done", "no_show"):
            row.action_offer(slot.id)
        elif state == "refused":
            row.action_refuse("No such clinic")
        elif state == "cancelled":
            row.action_cancel("Asked twice")
        if state in ("confirmed", "done", "no_show"):
            row.action_confirm()
            past = fields.Datetime.now() - timedelta(hours=2)
            row.sudo()._guarded().write({"starts_at": past})
        if state == "done":
            row.action_done()
        elif state == "no_show":
            row.action_no_show()
        self.assertEqual(row.state, state)
        return row

    def _step(self, row, step):
        if step in ("offer", "book"):
            return getattr(row, f"action_{step}")(self._slot().id)
        if step in ("refuse", "cancel"):
            return getattr(row, f"action_{step}")("A reason")
        return getattr(row, f"action_{step}")()

    def test_every_step_from_every_state(self):
        """B-2: five steps, and nothing that jumps over one."""
        header, *rows = STEP_TABLE.strip("\n").splitlines()
        steps = header.split()
        self.assertEqual(set(steps), set(STEPS))
        for line in rows:
            state, *cells = line.split()
            for step, expected in zip(steps, cells, strict=True):
                with self.subTest(state=state, step=step):
                    row = self._at(state)
                    if expected == "-":
                        with self.assertRaises(UserError):
                            self._step(row, step)
                        self.assertEqual(row.state, state)
                    else:
                        self._step(row, step)
                        self.assertEqual(row.state, expected)

    def test_states_are_guarded(self):
        """D-18: no client writes a state, a time or a place."""
        row = self._ask().with_user(self.ward_a)
        for name, value in (
            ("state", "confirmed"),
            ("slot_id", self.slot.id),
            ("starts_at", fields.Datetime.now()),
            ("offer_until", False),
            ("name", "A1"),
        ):
            with self.subTest(name=name), self.assertRaises(AccessError):
                row.write({name: value or fields.Datetime.now()})
        vals = {"patient_id": row.patient_id.id, "state": "confirmed"}
        with self.assertRaises(AccessError):
            row.create(vals)

    def test_a_reason_is_needed_to_refuse_and_to_cancel(self):
        """B-4: the patient is told why."""
        row = self._ask()
        for reason in ("", "  ", None, 7, "\x00"):
            for step in (row.action_refuse, row.action_cancel):
                with self.subTest(reason=reason), self.assertRaises(UserError):
                    step(reason)

    def test_a_time_of_another_kind_or_hospital_is_refused(self):
        other = self._company("Elsewhere")
        department = self._department("Elsewhere A", company=other)
        foreign = self._slot(company_id=other.id, department_id=department.id)
        exam = self._slot(kind="exam")
        row = self._ask()
        for slot in (foreign, exam, self.slot.browse(987654321), "1; DROP", None):
            with (
                self.subTest(slot=slot),
                self.assertRaises(UserError),
            ):
                row.action_offer(slot)

    def test_nobody_is_booked_into_the_past(self):
        now = fields.Datetime.now()
        past = self._slot(starts_at=now - timedelta(hours=1))
        with self.assertRaises(UserError):
            self._ask().action_book(past)

    def test_what_is_told_cannot_be_edited(self):
        row = self._ask()
        row.action_book(self.slot)
        with self.assertRaises(UserError):
            row.write({"department_id": self.department_b.id})
        with self.assertRaises(AccessError):
            row.write({"patient_id": self._patient().id})
        with self.assertRaises(UserError):
            self.slot.write({"starts_at": fields.Datetime.now()})

    def test_numbers_are_neutral(self):
        """D-7: no name of a patient in the name of an appointment."""
        row = self._ask()
        self.assertRegex(row.name, r"^A\d{4}-\d{6}$")
        self.assertEqual(row.display_name, row.name)

    # ------------------------------------------------------------
    # PLACES
    # ------------------------------------------------------------

    def test_a_place_is_freed_and_taken_exactly_once(self):
        """B-3: the counter is what the appointments say, after every step."""
        slot = self._slot(capacity=2)
        first, second, third = self._ask(), self._ask(), self._ask()
        first.action_offer(slot)
        second.action_book(slot)
        self.assertEqual((slot.booked, slot.is_full), (2, True))
        with self.assertRaises(UserError):
            third.action_offer(slot)
        first.action_decline("Another day")
        self.assertEqual((slot.booked, slot.is_full), (1, False))
        self.assertEqual((first.state, first.slot_id.id), ("requested", False))
        second.action_book(slot)  # the same time again
        self.assertEqual(slot.booked, 1)
        second.action_offer(self.slot)  # moved
        self.assertEqual((slot.booked, self.slot.booked), (0, 1))
        second.action_cancel("Asked for it")
        self.assertEqual(self.slot.booked, 0)

    def test_capacity_cannot_fall_below_what_is_booked(self):
        slot = self._slot(capacity=2)
        self._ask().action_book(slot)
        slot.capacity = 1
        self.assertTrue(slot.is_full)

    def test_a_closed_time_is_not_booked(self):
        self.slot.action_close()
        with self.assertRaises(UserError):
            self._ask().action_book(self.slot)
        self.slot.action_open()
        self._ask().action_book(self.slot)

    def test_closing_a_booked_time_asks_what_becomes_of_the_patients(self):
        table = {
            "requested": "requested",
            "waitlist": "waitlist",
            "move": "offered",
            "cancel": "cancelled",
        }
        for choice, state in table.items():
            with self.subTest(choice=choice):
                slot, row = self._slot(), self._ask()
                row.action_book(slot)
                action = slot.with_user(self.head_a).action_close()
                self.assertEqual(action["res_model"], "followup.slot.close")
                wizard = self.env["followup.slot.close"].with_user(self.head_a)
                target = self._slot() if choice == "move" else self.env["followup.slot"]
                wizard.create(
                    {
                        "slot_ids": [(6, 0, slot.ids)],
                        "choice": choice,
                        "target_id": target.id,
                        "reason": "Doctor away",
                    }
                ).action_confirm()
                self.assertEqual(row.state, state)
                self.assertEqual((slot.state, slot.booked), ("closed", 0))
                if target:
                    self.assertEqual(row.slot_id, target)
                row.action_cancel("Over") if row.state != "cancelled" else None

    # ------------------------------------------------------------
    # WAIT LIST
    # ------------------------------------------------------------

    def test_who_waits_longest_moves_up(self):
        """B-5: a place that becomes free is offered to the next one."""
        holder, first, second = self._ask(), self._ask(), self._ask()
        holder.action_book(self.slot)
        with freeze_time("2026-03-02 02:00:00"):
            second.action_waitlist()
        with freeze_time("2026-03-02 03:00:00"):
            first.action_waitlist()
        holder.action_cancel("Well again")
        self.assertEqual((second.state, second.slot_id), ("offered", self.slot))
        self.assertEqual(first.state, "waitlist")
        self.assertEqual(self.slot.booked, 1)

    def test_an_offer_lapses_and_goes_to_the_next(self):
        """I-7: who let it lapse stands with the staff, not nowhere."""
        first, second = self._ask(), self._ask()
        self.env["followup.appointment"].flush_model()
        first.action_offer(self.slot)
        second.action_waitlist()
        until = first.offer_until
        self.assertLessEqual(until, self.slot.starts_at)
        with freeze_time(until - timedelta(seconds=1)):
            self.env["followup.appointment"]._cron_lapse()
        self.assertEqual(first.state, "offered")
        with freeze_time(until + timedelta(seconds=1)):
            self.env["followup.appointment"]._cron_lapse()
        self.assertEqual((first.state, first.lapsed_count), ("requested", 1))
        self.assertEqual((second.state, second.slot_id), ("offered", self.slot))
        self.assertEqual(self.slot.booked, 1)

    def test_only_who_fits_moves_up(self):
        """Department, kind, doctor, days and hours are those wished."""
        day = self.slot.day
        band = self.env["followup.time.band"].create(
            {"name": "Never", "hour_from": 0.0, "hour_to": 0.01}
        )
        wishes = (
            {"department_id": self.department_b.id},
            {"kind": "exam"},
            {"user_id": self.head_a.id},
            {"wish_from": day + timedelta(days=1)},
            {"wish_until": day - timedelta(days=1)},
            {"wish_band_ids": [(6, 0, band.ids)]},
        )
        waiting = [self._ask(**wish) for wish in wishes]
        for row in waiting:
            row.action_waitlist()
        self.slot.capacity = 5  # moves up whoever fits
        self.assertEqual({row.state for row in waiting}, {"waitlist"})
        fits = self._ask(wish_from=day, wish_until=day)
        fits.action_waitlist()
        self.slot.capacity = 6
        self.assertEqual(fits.state, "offered")

    # ------------------------------------------------------------
    # NOTICES
    # ------------------------------------------------------------

    def test_every_step_is_told(self):
        """B-4: whether it succeeded, at each step, once."""
        steps = (
            ("offer", "appointment_offered"),
            ("confirm", "appointment_confirmed"),
            ("cancel", "appointment_cancelled"),
        )
        with self._noticed() as codes:
            row = self._ask()
            for step, _code in steps:
                self._step(row, step)
            refused, waiting = self._ask(), self._ask()
            refused.action_refuse("No such clinic")
            waiting.action_waitlist()
        self.assertEqual(
            codes,
            [
                (row.name, "appointment_received"),
                *((row.name, code) for _step, code in steps),
                (refused.name, "appointment_received"),
                (waiting.name, "appointment_received"),
                (refused.name, "appointment_refused"),
                (waiting.name, "appointment_waitlist"),
            ],
        )

    def test_notices_are_queued_once_and_only_while_they_are_true(self):
        """B-4: the offer of a time that was given up is not sent any more."""
        patient = self._encounter().patient_id
        scopes = [{"patient_id": patient.id, "scope": "sms", "granted": True}]
        self.env["followup.consent"].create(scopes)
        row = self._ask(patient)
        row.action_offer(self.slot)
        versions = {row._get_message_version("appointment_offered")}
        later = self._slot(starts_at=self.slot.starts_at + timedelta(hours=3))
        with freeze_time(fields.Datetime.now() + timedelta(minutes=5)):
            row.action_offer(later)
        versions.add(row._get_message_version("appointment_offered"))
        self.assertEqual(len(versions), 2)
        table = (
            ("appointment_received", False),
            ("appointment_offered", True),
            ("appointment_confirmed", False),
            ("appointment_cancelled", False),
        )
        for code, applies in table:
            with self.subTest(code=code):
                self.assertIs(row._message_still_applies(code), applies)
        with freeze_time(row.starts_at + timedelta(minutes=1)):
            self.assertFalse(row._message_still_applies("appointment_offered"))

    def test_a_confirmed_appointment_is_reminded_of_once(self):
        """P-13."""
        row = self._ask()
        row.action_book(self.slot)
        rows = self.env["followup.appointment"]
        with self._noticed() as codes:
            rows._cron_watch()
            self.assertFalse(codes)
            with freeze_time(self.slot.starts_at - timedelta(hours=20)):
                rows._cron_watch()
                rows._cron_watch()
        self.assertEqual(codes, [(row.name, "appointment_reminder")])

    # ------------------------------------------------------------
    # NO-SHOW
    # ------------------------------------------------------------

    def test_a_no_show_is_called_once(self):
        """B-6: one call, at the ward, by the next working day; undone if he came."""
        row = self._at("no_show")
        task = row.no_show_task_id
        self.assertEqual(task.patient_id, row.patient_id)
        self.assertEqual(
            (task.method, task.state in ("planned", "ready")), ("phone", True)
        )
        self.assertEqual(task.department_id, self.department_a)
        row._watch_no_show()
        found = self.env["followup.task"].search(
            [("origin_key", "=", f"no_show:{row.id}")]
        )
        self.assertEqual(found, task)
        row.action_done()  # he came late, recorded by mistake
        self.assertEqual((row.state, task.state), ("done", "cancelled"))

    def test_nobody_is_a_no_show_before_the_time(self):
        row = self._ask()
        row.action_book(self.slot)
        for step in (row.action_no_show, row.action_done):
            with self.assertRaises(UserError):
                step()

    def test_a_phone_consultation_stands_on_the_call_board(self):
        row = self._ask(kind="phone")
        slot = self._slot(kind="phone")
        row.action_book(slot)
        task = row.call_task_id
        self.assertEqual((task.method, task.date_earliest), ("phone", slot.starts_at))
        other = self._slot(kind="phone", starts_at=slot.starts_at + timedelta(days=1))
        row.action_book(other)
        self.assertEqual(task.state, "cancelled")
        task = row.call_task_id
        task.with_user(self.manager).log_attempt("reached", direction="in")
        task.with_user(self.manager).action_complete("Well")
        self.env["followup.appointment"]._cron_watch()
        self.assertEqual(row.state, "done")

    # ------------------------------------------------------------
    # DEATH AND WITHDRAWAL
    # ------------------------------------------------------------

    def test_death_and_withdrawal_call_off_everything_without_a_word(self):
        """I-12, D-20."""
        stops = (
            {"deceased_date": "2026-01-01"},
            {"do_not_contact": True, "do_not_contact_reason": "x"},
            {"consent_ids": [(0, 0, {"scope": "phone", "granted": False})]},
        )
        for vals in stops:
            with self.subTest(vals=vals):
                row, waiting = self._ask(), self._ask()
                row.action_book(self._slot())
                slot = row.slot_id
                waiting.action_waitlist()
                with self._noticed() as codes:
                    row.patient_id.write(vals)
                self.assertEqual((row.state, row.slot_id.id), ("cancelled", False))
                self.assertTrue(row.closing_reason)
                told = [code for name, code in codes if name == row.name]
                self.assertEqual(told, [])
                self.assertEqual(waiting.slot_id, slot)  # and the next moves up
                with self.assertRaises(UserError):
                    self._ask(row.patient_id)
                waiting.action_cancel("Over")

    # ------------------------------------------------------------
    # THE PATIENT'S PAGE
    # ------------------------------------------------------------

    def test_words_for_the_patient(self):
        """No diagnosis, no sensitive department, hours of the hospital."""
        start = fields.Datetime.to_datetime("2030-01-07 01:30:00")
        slot = self._slot(starts_at=start)
        row = self._ask()
        row.action_offer(slot)
        words = row._get_public_words()
        self.assertEqual(words["title"], "Clinic visit")
        self.assertIn("09:30", words["when"])
        self.assertEqual(words["where"], "Ward A · Dr Chen · Room 12")
        self.assertTrue(words["can_confirm"] and words["can_decline"])
        self.department_a.followup_team_ids.is_sensitive = True
        words = row._get_public_words()
        self.assertNotIn("Ward A", words["where"])
        self.assertNotIn("Chen", words["where"])

    def test_the_patient_confirms_or_declines_while_it_is_open(self):
        row = self._ask()
        with self.assertRaises(UserError):
            row._patient_confirm()
        row.action_offer(self.slot)
        with freeze_time(row.offer_until + timedelta(seconds=1)):
            with self.assertRaises(UserError):
                row._patient_confirm()
        row._patient_confirm()
        self.assertEqual(row.state, "confirmed")
        row._patient_decline("Next week, mornings")
        self.assertEqual((row.state, row.wish), ("requested", "Next week, mornings"))
        row._patient_decline()
        self.assertEqual(row.state, "cancelled")
        with self.assertRaises(UserError):
            row._patient_decline("again")

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def test_a_ward_goes_on_seeing_what_it_booked_elsewhere(self):
        """P-8: an expert of another department."""
        slot = self._slot(department_id=self.department_b.id)
        row = self._ask().with_user(self.ward_a)
        row.action_book(slot.id)
        self.assertEqual(row.department_id, self.department_b)
        for user, sees in (
            (self.ward_a, True),
            (self.ward_b, True),
            (self.plain, False),
        ):
            with self.subTest(user=user.login):
                self.assertIs(row.with_user(user).has_access("read"), sees)

    def test_naming_a_hidden_patient_is_refused(self):
        """I-3: a made-up id shows no name."""
        patient = self._encounter(department_id=self.department_b.id).patient_id
        rows = self.env["followup.appointment"].with_user(self.ward_a)
        with self.assertRaises(AccessError):
            rows.create({"patient_id": patient.id})
        with self.assertRaises(AccessError):
            self.env["followup.appointment.book"].with_user(self.ward_a).create(
                {"patient_id": patient.id}
            )

    # ------------------------------------------------------------
    # BOOKING FROM A CALL
    # ------------------------------------------------------------

    def test_booking_from_a_call(self):
        """P-8, P-13: the dialog offers free times from the day agreed on."""
        late = self._slot(starts_at=self.slot.starts_at + timedelta(days=5))
        task = self._task().with_user(self.ward_a)
        task.action_claim()
        task.save_notes({"next_visit_date": str(late.day)})
        action = task.action_book("recheck")
        wizards = self.env["followup.appointment.book"].with_user(self.ward_a)
        form = Form(wizards.with_context(**action["context"]))
        self.assertEqual(form.slot_id, late)
        self.assertTrue(task.is_unbooked)
        form.save().action_book()
        row = task.appointment_ids
        self.assertEqual(
            (row.state, row.slot_id, row.origin), ("confirmed", late, "call")
        )
        self.assertFalse(task.is_unbooked)
        screen = task.get_call_screen(prepare=True)
        self.assertEqual(screen["health"]["appointments"][0]["name"], row.name)

    def test_a_list_of_rechecks_nobody_booked(self):
        """B-6: a next visit agreed in a call is not forgotten."""
        task = self._task()
        tasks = self.env["followup.task"]
        domain = [("id", "=", task.id), ("is_unbooked", "=", True)]
        self.assertFalse(tasks.search(domain))
        task.next_visit_date = "2030-01-01"
        self.assertEqual(tasks.search(domain), task)
        self._ask(task.patient_id, task=task)
        self.assertFalse(tasks.search(domain))

    # ------------------------------------------------------------
    # SPEED
    # ------------------------------------------------------------

    def test_the_board_and_the_times_cost_the_same_for_many(self):
        """Constant queries for 500 times and their appointments."""
        self._count_read(self._fill(2))  # what is read once per worker
        few = self._count_read(self._fill(20))
        many = self._count_read(self._fill(500))
        self.assertEqual(few, many)

    def _fill(self, count):
        start = self.slot.starts_at
        slots = self.env["followup.slot"].create(
            [
                {
                    "company_id": self.company.id,
                    "department_id": self.department_a.id,
                    "starts_at": start + timedelta(minutes=number),
                    "ends_at": start + timedelta(minutes=number + 1),
                }
                for number in range(count)
            ]
        )
        patient = self._encounter().patient_id
        rows = self.env["followup.appointment"]._guarded()
        rows = rows.create(
            [
                {
                    "patient_id": patient.id,
                    "slot_id": slot.id,
                    "starts_at": slot.starts_at,
                    "state": "confirmed",
                }
                for slot in slots
            ]
        )
        return slots, rows._unguarded()

    def _count_read(self, filled):
        slots, rows = filled
        seen = 0
        for records, names in (
            (slots, ("display_name", "free", "department_id")),
            (rows, ("display_name", "patient_id", "state", "is_unrecorded")),
        ):
            self.env.flush_all()
            self.env.invalidate_all()
            spec = {name: {} for name in names}
            before = self.env.cr.sql_log_count
            records.with_user(self.ward_a).web_read(spec)
            seen += self.env.cr.sql_log_count - before
        return seen
