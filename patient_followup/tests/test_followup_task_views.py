# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.followup_task import OPEN_STATES
from .common import FollowupCase

BOARD_QUERIES = 10


@tagged("post_install", "-at_install")
class TestFollowupTaskViews(FollowupCase):
    """The call board and the call form (design section 8, D-19)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["followup.attempt.policy"].create(
            {"name": "Any time", "quiet_from": 0, "quiet_to": 0, "min_gap_minutes": 0}
        )
        cls.tasks = cls._tasks([{"attempt_policy_id": cls.policy.id}] * 6)
        cls.task = cls.tasks[0]

    def _as(self, user, record=None):
        return (self.task if record is None else record).with_user(user)

    def _board(self, user, domain=()):
        """Read the board as the client does when it opens."""
        Task = self.env["followup.task"].with_user(user)
        arch = self.env.ref("patient_followup.followup_task_view_kanban")
        names = [
            node.get("name")
            for node in self._parse(arch.arch).iter("field")
            if node.get("name")
        ]
        return Task.with_context(read_group_expand=True).web_read_group(
            [("state", "in", OPEN_STATES)],
            ["state"],
            auto_unfold=True,
            unfold_read_specification={name: {} for name in names},
        )

    @staticmethod
    def _parse(arch):
        from lxml import etree

        return etree.fromstring(arch)

    # ------------------------------------------------------------
    # BOARD
    # ------------------------------------------------------------

    def test_board_has_the_open_columns_and_folds_planned(self):
        """D-19: planned (folded), ready, in progress, waiting, unreachable."""
        groups = self._board(self.ward_a)["groups"]
        self.assertEqual([group["state"] for group in groups], list(OPEN_STATES))
        opened = [group["state"] for group in groups if "__records" in group]
        self.assertEqual(opened, list(OPEN_STATES[1:]))

    def test_board_opens_with_few_queries(self):
        """Speed: at most 10 queries, however many cards."""
        self._as(self.ward_a).log_attempt("no_answer")
        self._as(self.ward_a, self.tasks[1]).action_claim()
        self._board(self.ward_a)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(BOARD_QUERIES):
            self._board(self.ward_a)

    def test_card_shows_masked_name_and_no_number(self):
        """I-3: a glance over the shoulder shows nobody."""
        patient = self.task.patient_id
        patient.name = "Zhang Wei"
        card = self._as(self.ward_a).board_card
        self.assertEqual(card["patient"], patient.name_masked)
        self.assertNotIn("Zhang Wei", str(card))

    def test_card_names_ward_holder_and_groups(self):
        category = self.env["followup.patient.category"].create({"name": "Surgery"})
        self.task.patient_id.category_ids = category
        self._as(self.ward_a).action_claim()
        card = self._as(self.ward_a).board_card
        self.assertEqual(card["department"], "Ward A")
        self.assertEqual(card["holder"], self.ward_a.name)
        self.assertEqual([group["name"] for group in card["categories"]], ["Surgery"])

    def test_dots_show_the_bands_that_count(self):
        """P-2: one dot per band, filled where a call counted."""
        bands = self.env["followup.time.band"].create(
            [
                {"name": "First", "hour_from": 0, "hour_to": 12},
                {"name": "Second", "hour_from": 12, "hour_to": 24},
            ]
        )
        self.policy.write({"max_attempts": 2, "band_ids": [(6, 0, bands.ids)]})
        self._as(self.ward_a).log_attempt("no_answer")
        self._as(self.ward_a).log_attempt("no_answer")
        card = self._as(self.ward_a).board_card
        self.assertEqual([dot["name"] for dot in card["dots"]], ["First", "Second"])
        self.assertEqual(sum(dot["tried"] for dot in card["dots"]), 1)
        self.assertEqual(len(card["calls"]), 2)
        self.assertTrue(card["explanation"])

    def test_wrong_number_is_no_dot(self):
        contact = self.task.patient_id.contact_ids[:1]
        self._as(self.ward_a).log_attempt("wrong_number", contact_id=contact.id)
        self.assertFalse(self._as(self.ward_a).board_card["calls"])

    def test_closed_column_appears_when_asked_for(self):
        self._as(self.ward_a).action_refuse("Does not want it")
        groups = (
            self.env["followup.task"]
            .with_user(self.ward_a)
            .with_context(read_group_expand=True)
            .web_read_group([("id", "in", self.tasks.ids)], ["state"])["groups"]
        )
        self.assertEqual(groups[-1]["state"], "refused")

    # ------------------------------------------------------------
    # CALL FORM
    # ------------------------------------------------------------

    def test_call_reveals_claims_and_logs(self):
        """I-3, I-4: one tap takes the task and writes who saw the number."""
        task = self._as(self.ward_a)
        contact = task.contact_ids[:1]
        log = self.env["followup.access.log"]
        before = log.search_count([("action", "=", "reveal")])
        answer = task.action_call(contact.id)
        self.assertEqual(answer["tel"], f"tel:{answer['phone']}")
        self.assertEqual(task.claimed_by_id, self.ward_a)
        self.assertEqual(log.search_count([("action", "=", "reveal")]), before + 1)

    def test_call_refuses_number_of_another_patient(self):
        other = self.tasks[1].patient_id.contact_ids[:1]
        with self.assertRaises(UserError):
            self._as(self.ward_a).action_call(other.id)

    def test_call_refuses_wrong_number(self):
        contact = self.task.patient_id.contact_ids[:1]
        contact.validity = "wrong"
        with self.assertRaises(UserError):
            self._as(self.ward_a).action_call(contact.id)

    def test_call_refuses_patient_who_must_not_be_contacted(self):
        """I-12: no call to the dead or to who withdrew."""
        contact = self.task.patient_id.contact_ids[:1]
        self.task.patient_id.write(
            {"do_not_contact": True, "do_not_contact_reason": "Asked for peace"}
        )
        with self.assertRaises(UserError):
            self._as(self.ward_a).action_call(contact.id)

    def test_form_shows_other_open_and_earlier_calls(self):
        other = self._task(self.task.encounter_id)
        done = self._task(self.task.encounter_id, attempt_policy_id=self.policy.id)
        done.with_user(self.ward_a).log_attempt("reached")
        done.with_user(self.ward_a).action_complete("Well")
        task = self._as(self.ward_a)
        self.assertEqual(task.other_task_ids, other)
        self.assertEqual(task.earlier_task_ids, done)

    def test_buttons_are_hidden_from_who_may_not_act(self):
        self._as(self.ward_a).action_claim()
        self.assertTrue(self._as(self.ward_a).can_call)
        self.assertFalse(self._as(self.inspector).can_call)

    def test_next_opens_the_form_or_says_when_calls_open(self):
        Task = self.env["followup.task"].with_user(self.ward_a)
        action = Task.action_call_next()
        self.assertEqual(action["tag"], "followup_open_call")
        self.assertIn(action["params"]["task_id"], self.tasks.ids)

    def test_nobody_left_is_said_kindly(self):
        Task = self.env["followup.task"].with_user(self.ward_b)
        action = Task.action_call_next()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("no planned call", action["params"]["message"])

    def test_nobody_left_says_when_the_next_call_opens(self):
        soon = fields.Datetime.now() + timedelta(hours=5)
        self._task(
            department_id=self.department_b.id,
            date_earliest=soon,
            attempt_policy_id=self.policy.id,
        )
        action = self.env["followup.task"].with_user(self.ward_b).action_call_next()
        self.assertIn("opens at", action["params"]["message"])
