# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Home visits: consent, team, findings, route, seal (M-4, M-5)."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext, mute_logger

from .appointment_common import AppointmentCase


@tagged("post_install", "-at_install")
class TestFollowupHomeVisit(AppointmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mate = cls._user("mate", "ward_caller")
        cls._join(cls.mate, cls.department_a, "doctor")
        cls.patient = cls._encounter().patient_id
        cls.patient.address = "8 Example Road"
        cls._agree(cls.patient)

    @classmethod
    def _agree(cls, patient, granted=True, **vals):
        return cls.env["followup.consent"].create(
            {
                "patient_id": patient.id,
                "scope": "home_visit",
                "granted": granted,
                **vals,
            }
        )

    def _visit(self, patient=None, **vals):
        visits = self.env["followup.home.visit"].with_user(self.ward_a)
        return visits.create(
            {
                "patient_id": (patient or self.patient).id,
                "starts_at": fields.Datetime.now(),
                "user_ids": [(6, 0, (self.ward_a + self.mate).ids)],
                "lead_id": self.ward_a.id,
                **vals,
            }
        )

    # ------------------------------------------------------------
    # CONSENT
    # ------------------------------------------------------------

    def test_no_visit_without_recorded_consent(self):
        """M-4."""
        yesterday = fields.Date.today() - timedelta(days=1)
        earlier = yesterday - timedelta(days=5)
        for consent in (
            None,
            {"granted": False},
            {"date": earlier, "expiry_date": yesterday},
        ):
            patient = self._encounter().patient_id
            if consent:
                self._agree(patient, **consent)
            with self.subTest(consent=consent), self.assertRaises(UserError):
                self._visit(patient)

    def test_withdrawn_consent_calls_visits_and_home_appointments_off(self):
        """M-4, I-12: at once, other appointments stay."""
        home, clinic = self._ask(self.patient, kind="home"), self._ask(self.patient)
        visit = self._visit(appointment_id=home.id)
        self.assertEqual(home.state, "confirmed")
        self._agree(self.patient, granted=False)
        self.assertEqual((visit.state, home.state), ("cancelled", "cancelled"))
        self.assertEqual(visit.task_id.state, "cancelled")
        self.assertEqual(clinic.state, "requested")

    def test_consent_is_looked_at_again_on_the_day(self):
        today = fields.Date.today()
        patient = self._encounter().patient_id
        self._agree(patient, expiry_date=today + timedelta(days=1))
        start = fields.Datetime.now() + timedelta(days=3)
        visit = self._visit(patient, starts_at=start)
        with freeze_time(start):
            self.assertFalse(visit.has_consent)
            visit.examination = "Well"
            for step in (visit.action_arrive, visit.action_done):
                with self.assertRaises(UserError):
                    step()
            self.env["followup.home.visit"]._cron_check_consent()
        self.assertEqual(visit.state, "cancelled")
        self.assertTrue(visit.closing_reason)

    def test_death_calls_the_visit_off(self):
        visit = self._visit()
        self.patient.deceased_date = fields.Date.today()
        self.assertEqual(visit.state, "cancelled")

    # ------------------------------------------------------------
    # TEAM
    # ------------------------------------------------------------

    def test_a_team_of_two_with_a_doctor_or_nurse(self):
        """M-5: who and how many is the hospital's setting."""
        clerk = self._user("clerk", "ward_caller")
        other = self._user("other_clerk", "ward_caller")
        for user in (clerk, other):
            self._join(user, self.department_a, "clerk")
        table = (
            (self.ward_a, False),  # alone
            (clerk + other, False),  # nobody who cares for patients
            (self.ward_a + clerk, True),
        )
        for users, fine in table:
            vals = {"user_ids": [(6, 0, users.ids)], "lead_id": users[0].id}
            with self.subTest(users=users.mapped("login")):
                if fine:
                    self.assertEqual(self._visit(**vals).state, "planned")
                else:
                    with self.assertRaises(ValidationError):
                        self._visit(**vals)
        self.company.followup_visit_team_size = 1
        alone = {"user_ids": [(6, 0, self.ward_a.ids)], "lead_id": self.ward_a.id}
        self.assertTrue(self._visit(self._agreed_patient(), **alone))

    def _agreed_patient(self):
        patient = self._encounter().patient_id
        self._agree(patient)
        return patient

    def test_checklist_and_measurements_come_from_the_definitions(self):
        things = self.env["followup.equipment"].search([])
        self.env["followup.equipment"].create(
            {"name": "Only B", "department_ids": [(6, 0, self.department_b.ids)]}
        )
        visit = self._visit()
        self.assertEqual(visit.item_ids.mapped("name"), things.mapped("name"))
        visit.action_pack_all()
        self.assertEqual(visit.packed_count, visit.item_count)
        signs = self.env["followup.vital.sign"].search([])
        self.assertEqual(visit.vital_ids.sign_id, signs)

    def test_the_address_is_for_team_and_ward(self):
        """The centre plans and sees neither name nor address."""
        visit = self._visit()
        table = {
            self.ward_a: "8 Example Road",
            self.mate: "8 Example Road",
            self.head_a: "8 Example Road",
            self.centre: False,
            self.manager: False,
            self.inspector: False,
        }
        for user, address in table.items():
            seen = visit.with_user(user)
            with self.subTest(user=user.login):
                self.assertEqual(seen.address, address)
                self.assertEqual(bool(seen.phone_masked), bool(address))
                full = seen.patient_name == self.patient.name
                self.assertEqual(full, bool(address))

    def test_a_colleague_of_another_ward_sees_the_visits_of_his_team(self):
        visit = self._visit(user_ids=[(6, 0, (self.ward_a + self.ward_b).ids)])
        self.assertEqual(visit.with_user(self.ward_b).address, "8 Example Road")
        visit.user_ids = self.ward_a + self.mate
        self.assertFalse(visit.with_user(self.ward_b).has_access("read"))

    # ------------------------------------------------------------
    # FINDINGS
    # ------------------------------------------------------------

    def _measure(self, visit, **values):
        for name, value in values.items():
            sign = self.env.ref(f"patient_followup.followup_vital_sign_{name}")
            visit.vital_ids.filtered(lambda row, s=sign: row.sign_id == s).value = value

    def test_a_slip_of_the_pen_is_refused(self):
        """M-5: plausible range and unit."""
        visit = self._visit()
        for name, value in (("systolic", 1200), ("temperature", 3.7), ("pulse", -5)):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                self._measure(visit, **{name: value})
        self._measure(visit, systolic=165)
        self.assertTrue(visit.vital_ids.filtered("value").is_unusual)

    def test_the_end_completes_the_follow_up_and_the_appointment(self):
        home = self._ask(self.patient, kind="home")
        visit = self._visit(appointment_id=home.id)
        self.assertEqual(home.starts_at, visit.starts_at)
        with self.assertRaises(UserError):
            visit.action_done()  # nothing written down
        self._measure(visit, systolic=128, diastolic=76)
        visit.write({"examination": "Wound dry", "advice": "Walk daily"})
        visit.action_arrive()
        visit.action_done()
        self.assertEqual((visit.state, home.state), ("done", "done"))
        task = visit.task_id
        self.assertEqual((task.state, task.method), ("done", "home"))
        self.assertEqual(task.completed_by_id, self.ward_a)
        self.assertIn("Wound dry", task.outcome_note)
        self.assertIn("128 mmHg", task.outcome_note)
        self.assertEqual(task.advice_note, "Walk daily")
        self.assertEqual(len(visit.vital_ids), 2)
        self.assertEqual(visit.team_names, "User mate, User ward_a")

    def test_what_was_found_is_sealed(self):
        """I-5: for the superuser too; the chain finds a change in the database."""
        visit = self._visit()
        self._measure(visit, pulse=70)
        visit.examination = "Well"
        visit.action_done()
        visit = visit.sudo()
        with self.assertRaises(UserError):
            visit.examination = "Not well"
        with self.assertRaises(UserError):
            visit._guarded().write({"state": "planned"})
        with self.assertRaises(UserError):
            visit.vital_ids.value = 71
        with self.assertRaises(UserError):
            visit.unlink()
        for rows in (visit, visit.vital_ids):
            self.assertEqual(rows._check_seal(), "intact")
        self.env.cr.execute(
            "UPDATE followup_home_visit SET examination = 'x' WHERE id = %s", [visit.id]
        )
        self.env.cr.execute(
            "UPDATE followup_home_visit_vital SET value = 71 WHERE visit_id = %s",
            [visit.id],
        )
        visit.invalidate_recordset()
        visit.vital_ids.invalidate_recordset()
        for rows in (visit, visit.vital_ids):
            self.assertEqual(rows._check_seal(), "altered")

    def test_nobody_met(self):
        """The follow-up stays open, the patient is called (B-6)."""
        home = self._ask(self.patient, kind="home")
        visit = self._visit(appointment_id=home.id)
        visit.action_not_met("Nobody opened")
        self.assertEqual((visit.state, home.state), ("not_met", "no_show"))
        self.assertTrue(home.no_show_task_id)
        self.assertIn(visit.task_id.state, ("planned", "ready"))
        again = self._visit(task_id=visit.task_id.id)
        self.assertEqual(again.task_id, visit.task_id)

    def test_a_red_flag_from_the_doorstep(self):
        """X-2: doctor and head know at once."""
        visit = self._visit()
        concern = visit.action_red_flag("Cannot stand up")
        self.assertEqual((concern.kind, concern.patient_id), ("red_flag", self.patient))
        self.assertIn(self.head_a, concern.sudo().alerted_user_ids)
        self.assertTrue(visit.task_id.red_flag)

    def test_it_fulfils_the_follow_up_of_a_plan(self):
        stay = self._encounter(self.patient)
        task = self._task(stay, method="home")
        visit = self._visit(task_id=task.id)
        self.assertEqual(visit.task_id, task)
        other = self._task(method="home")
        with self.assertRaises(UserError):
            self._visit(task_id=other.id)

    def test_states_are_guarded(self):
        visit = self._visit()
        for vals in ({"state": "done"}, {"closed_by_id": 1}, {"patient_id": 1}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                visit.write(vals)

    # ------------------------------------------------------------
    # ROUTE
    # ------------------------------------------------------------

    @mute_logger("odoo.addons.base.models.ir_actions_report")
    def test_the_route_on_paper(self):
        """M-5: per day and leader, in the order of the route, numbers masked."""
        near = self._agreed_patient()
        near.address = "2 Sample Lane"
        second = self._visit(sequence=20, area="North")
        first = self._visit(near, sequence=10, area="South", note="Ring twice")
        visits = second + first
        routes = visits._get_route()
        self.assertEqual([row[2].ids for row in routes], [[first.id, second.id]])
        report = self.env["ir.actions.report"].with_user(self.ward_a)
        html = report._render_qweb_html(
            "patient_followup.followup_home_visit_route", visits.ids
        )[0].decode()
        self.assertLess(html.index("2 Sample Lane"), html.index("8 Example Road"))
        self.assertIn("Ring twice", html)
        self.assertIn("****", html)
        for patient in (near, self.patient):
            self.assertNotIn(patient.contact_ids.action_reveal("test")["phone"], html)

    def _sheet(self, visit, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.ward_a)
        name = "patient_followup.followup_home_visit_sheet"
        html = reports.with_context(lang="en_US")._render_qweb_html(name, visit.ids)[0]
        return " ".join(html2plaintext(html.decode()).split())

    def test_one_visit_has_a_sheet_to_fill_in(self):
        """M-4, M-5, F-2: who, consent, team, bag; empty lines before the visit."""
        visit = self._visit(note="Ring twice", area="North")
        words = self._sheet(visit)
        for expected in (
            visit.name,
            self.patient.name,
            "8 Example Road",
            "Ring twice",
            "User mate",
            "Home visits agreed on",
            "Said again at the door",
            visit.item_ids[0].name,
            visit.vital_ids[0].sign_id.name,
            "Patient or relative",
        ):
            with self.subTest(expected):
                self.assertIn(expected, words)
        self.assertNotIn(self.patient.contact_ids.action_reveal("x")["phone"], words)
        log = self.env["followup.access.log"].search(
            [("res_model", "=", visit._name), ("res_id", "=", visit.id)]
        )
        self.assertEqual((log.action, log.user_id), ("print", self.ward_a))

    def test_the_sheet_afterwards_says_what_was_found(self):
        visit = self._visit()
        self._measure(visit, pulse=71)
        visit.write({"examination": "Wound dry", "adherence": "partly"})
        visit.action_done()
        words = self._sheet(visit)
        for expected in ("71", "Wound dry", "Sealed record"):
            self.assertIn(expected, words)

    def test_the_sheet_is_for_the_team_and_the_ward(self):
        """The centre plans, and sees neither name nor address."""
        visit = self._visit()
        for user in (self.centre, self.manager):
            with self.subTest(user.login), self.assertRaises(UserError):
                self._sheet(visit, user)

    def test_the_list_costs_the_same_for_many(self):
        self._count_read(1)  # what is read once per worker
        few = self._count_read(2)
        self.assertEqual(self._count_read(12), few)

    def _count_read(self, count):
        visits = self.env["followup.home.visit"].with_user(self.ward_a)
        for _number in range(count):
            visits |= self._visit(self._agreed_patient())
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        names = ("patient_name", "address", "phone_masked", "has_consent", "item_count")
        visits.web_read({name: {} for name in names})
        return self.env.cr.sql_log_count - before
