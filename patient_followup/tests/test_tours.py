# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import FollowupCase


@tagged("post_install", "-at_install", "patient_followup_http")
class TestTours(FollowupCase, HttpCase):
    """The screens of calling in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A policy that is open at any hour the tests run.
        cls.policy = cls.env["followup.attempt.policy"].create(
            {"name": "Any time", "quiet_from": 0, "quiet_to": 0}
        )
        now = fields.Datetime.now()
        for phone, hours in (("13800000001", 1), ("13800000002", 2)):
            cls._task(
                cls._encounter(cls._patient(phone=phone)),
                date_due=now + timedelta(hours=hours),
                due_day=fields.Date.context_today(
                    cls.env["base"].with_user(cls.ward_a)
                ),
                attempt_policy_id=cls.policy.id,
            )

    def test_claim_call_record_next(self):
        """A nurse takes the next patient, calls, records, and takes the next."""
        self.start_tour("/odoo/follow-up-calls", "followup_call", login="ward_a")
        attempts = self.env["followup.attempt"].search(
            [("user_id", "=", self.ward_a.id)]
        )
        self.assertEqual(set(attempts.mapped("result")), {"no_answer", "reached"})
        done = attempts.task_id.filtered(lambda task: task.state == "done")
        self.assertEqual(done.outcome_note, "Wound dry, no pain")
        self.assertEqual(done.completed_by_id, self.ward_a)

    def test_guided_tour_of_the_caller(self):
        """The steps the guided tour points at exist, and lead to a finished call."""
        self.start_tour(
            "/odoo/follow-up-calls", "followup_caller_to_the_end", login="ward_a"
        )
        self.assertEqual(
            self.env["followup.attempt"].search_count(
                [("user_id", "=", self.ward_a.id)]
            ),
            1,
        )

    def test_guided_tours_of_the_other_roles(self):
        """Every step points at something: doctor, head, inspector, administrator."""
        mine = self.env["followup.task"].search([("user_id", "=", False)], limit=1)
        mine._guarded().write({"user_id": self.ward_a.id})
        for role, user in (
            ("doctor", self.ward_a),
            ("head", self.head_a),
            ("inspector", self.inspector),
            ("administrator", self.administrator),
        ):
            tour = self.env["web_tour.tour"].search([("name", "=", f"followup_{role}")])
            with self.subTest(role=role):
                self.assertTrue(tour.custom, "It starts from the menu only.")
                self.start_tour(tour.url, tour.name, login=user.login)

    def test_guided_tour_starts_from_the_menu(self):
        """A caller who clicks Guided Tour gets the pointer on the first button."""
        self.browser_js(
            "/odoo/follow-up-calls?tour=followup_caller",
            code="console.log('test successful')",
            ready="document.querySelector('.o_tour_pointer') !== null",
            login="ward_a",
        )

    def test_activity_menu_opens_the_board(self):
        """D-15: the clock of the menu bar opens the calls of the user."""
        self.start_tour("/odoo", "followup_activity_menu", login="ward_a")
