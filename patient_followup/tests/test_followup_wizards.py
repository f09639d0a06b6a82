# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FollowupCase


@tagged("post_install", "-at_install")
class TestFollowupWizards(FollowupCase):
    """The dialogs of the call board, by the role that uses them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["followup.attempt.policy"].create(
            {"name": "Any time", "quiet_from": 0, "quiet_to": 0, "min_gap_minutes": 0}
        )
        patient = cls._patient(
            contact_ids=[
                (0, 0, {"phone": "13800000001", "is_primary": True}),
                (0, 0, {"phone": "13900000002", "relation": "child"}),
            ]
        )
        cls.encounter = cls._encounter(patient)
        cls.task = cls._task(cls.encounter, attempt_policy_id=cls.policy.id)
        cls.reason = cls.env["followup.reason"].create(
            {"name": "Wants no calls", "kind": "refused"}
        )

    def _new(self, model, user, **vals):
        return self.env[model].with_user(user).create(vals)

    def _log(self, user=None, **vals):
        vals = {"task_id": self.task.id, **vals}
        return self._new("followup.task.log", user or self.ward_a, **vals)

    # ------------------------------------------------------------
    # RECORD A CALL
    # ------------------------------------------------------------

    def test_dialog_proposes_the_main_number(self):
        wizard = self._log()
        self.assertTrue(wizard.contact_id.is_primary)

    def test_result_is_needed(self):
        with self.assertRaises(UserError):
            self._log().action_save()

    def test_reached_and_complete_in_one_go(self):
        wizard = self._log(result="reached", outcome_note="Well", timed=True)
        action = wizard.action_save_complete()
        self.assertEqual(self.task.state, "done")
        self.assertEqual(self.task.outcome_note, "Well")
        self.assertEqual(action["type"], "ir.actions.client")
        self.assertTrue(self.task.attempt_ids.ended_at)

    def test_wrong_number_offers_the_next_one(self):
        """E-9: the first is marked, the dialog comes back with the second."""
        wizard = self._log(result="wrong_number")
        first = wizard.contact_id
        action = wizard.action_save()
        self.assertEqual(first.validity, "wrong")
        self.assertEqual(action["res_model"], "followup.task.log")
        second = self.task.patient_id.contact_ids - first
        self.assertEqual(action["context"]["default_contact_id"], second.id)

    def test_last_wrong_number_says_that_the_ward_corrects_it(self):
        for contact in self.task.patient_id.contact_ids:
            wizard = self._log(result="wrong_number", contact_id=contact.id)
            action = wizard.action_save()
        self.assertEqual(action["tag"], "display_notification")

    def test_call_back_keeps_its_time(self):
        moment = fields.Datetime.now() + timedelta(hours=3)
        self._log(result="callback", callback_at=moment).action_save()
        self.assertEqual(self.task.state, "waiting")
        self.assertEqual(self.task.callback_at, moment)

    def test_later_entry_keeps_the_time_of_the_call(self):
        moment = fields.Datetime.now() - timedelta(hours=3)
        self._log(result="no_answer", started_at=moment).action_save()
        self.assertEqual(self.task.attempt_ids.started_at, moment)

    def test_duration_in_minutes(self):
        moment = fields.Datetime.now() - timedelta(hours=1)
        self._log(result="reached", started_at=moment, duration_minutes=7).action_save()
        self.assertEqual(self.task.attempt_ids.duration, 420)

    def test_other_ward_records_nothing(self):
        with self.assertRaises(AccessError):
            self._log(user=self.ward_b, result="reached").action_save()

    def test_an_inspector_records_no_call_of_a_ward(self):
        """He has the dialog for his verification calls only."""
        with self.assertRaises(AccessError):
            self._log(user=self.inspector, result="reached").action_save()

    # ------------------------------------------------------------
    # CLOSE AND REOPEN
    # ------------------------------------------------------------

    def _close(self, kind, reason):
        wizard = self._new(
            "followup.task.close",
            self.ward_a,
            task_id=self.task.id,
            kind=kind,
            reason_id=reason.id,
        )
        return wizard.action_confirm()

    def test_refusal_keeps_the_listed_reason(self):
        """P-12: the reason comes from the list."""
        self._close("refused", self.reason)
        self.assertEqual(self.task.state, "refused")
        self.assertEqual(self.task.reason_id, self.reason)

    def test_remark_of_a_closed_call_is_kept(self):
        wizard = self._new(
            "followup.task.close",
            self.ward_a,
            task_id=self.task.id,
            kind="refused",
            reason_id=self.reason.id,
            note="Angry about the bill",
        )
        wizard.action_confirm()
        self.assertIn("Angry about the bill", self.task.outcome_note)

    def test_reopened_call_opens_as_a_new_one(self):
        self._close("refused", self.reason)
        again = self.env["followup.reason"].create(
            {"name": "Changed his mind", "kind": "reopened"}
        )
        action = self._close("reopened", again)
        follower = self.env["followup.task"].browse(action["params"]["task_id"])
        self.assertEqual(follower.reopened_from_id, self.task)
        self.assertEqual(self.task.state, "refused")

    # ------------------------------------------------------------
    # HAND OUT
    # ------------------------------------------------------------

    def _assign(self, tasks, user=None, **vals):
        wizard = self._new(
            "followup.task.assign",
            user or self.head_a,
            task_ids=[(6, 0, tasks.ids)],
            **vals,
        )
        wizard.action_confirm()

    def test_head_shares_calls_evenly(self):
        """P-14: distribution by the head."""
        nurse = self._user("nurse_two", "ward_caller")
        self._join(nurse, self.department_a)
        tasks = self._tasks([{}] * 4)
        self._assign(tasks, user_ids=[(6, 0, (self.ward_a + nurse).ids)])
        shares = tasks.grouped("user_id")
        self.assertEqual({len(share) for share in shares.values()}, {2})

    def test_head_gives_calls_of_the_absent_to_the_deputy(self):
        nurse = self._user("nurse_two", "ward_caller")
        self._join(nurse, self.department_a)
        self.task.with_user(self.head_a)._assign(self.ward_a)
        today = fields.Date.today()
        self.env["followup.delegation"].create(
            {
                "user_id": self.ward_a.id,
                "deputy_id": nurse.id,
                "date_from": today - timedelta(days=1),
                "date_to": today + timedelta(days=1),
                "company_id": self.company.id,
            }
        )
        self._assign(self.task, mode="deputy")
        self.assertEqual(self.task.user_id, nurse)

    def test_head_gives_calls_back_to_the_team(self):
        self.task.with_user(self.head_a)._assign(self.ward_a)
        self._assign(self.task, mode="pool")
        self.assertFalse(self.task.user_id)

    def test_candidates_are_the_people_of_the_team(self):
        wizard = self._new(
            "followup.task.assign", self.head_a, task_ids=[(6, 0, self.task.ids)]
        )
        self.assertIn(self.ward_a, wizard.candidate_ids)
        self.assertNotIn(self.ward_b, wizard.candidate_ids)

    def test_nurse_hands_out_nothing(self):
        with self.assertRaises(AccessError):
            self._assign(self.task, user=self.ward_a, mode="pool")

    # ------------------------------------------------------------
    # WHO IS CALLING BACK
    # ------------------------------------------------------------

    def _find(self, user, number):
        wizard = self._new("followup.task.find", user, number=number)
        return wizard, wizard.action_find()

    def test_full_number_opens_the_call(self):
        wizard, action = self._find(self.ward_a, "13900000002")
        self.assertEqual(wizard.task_ids, self.task)
        self.assertEqual(action["params"]["task_id"], self.task.id)

    def test_search_is_logged(self):
        log = self.env["followup.access.log"]
        before = log.search_count([("action", "=", "search")])
        self._find(self.ward_a, "13900000002")
        self.assertGreater(log.search_count([("action", "=", "search")]), before)

    def test_other_ward_finds_nothing(self):
        wizard, _action = self._find(self.ward_b, "13900000002")
        self.assertFalse(wizard.task_ids)
        self.assertTrue(wizard.searched)

    # ------------------------------------------------------------
    # EXTRA CALL
    # ------------------------------------------------------------

    def _adhoc(self, user, **vals):
        vals = {
            "patient_id": self.encounter.patient_id.id,
            "name": "Ask about the wound",
            **vals,
        }
        return self._new("followup.task.adhoc", user, **vals)

    def test_extra_call_for_myself(self):
        action = self._adhoc(self.ward_a).action_confirm()
        task = self.env["followup.task"].browse(action["params"]["task_id"])
        self.assertEqual(task.kind, "adhoc")
        self.assertEqual(task.user_id, self.ward_a)
        self.assertEqual(task.department_id, self.department_a)

    def test_extra_call_lies_not_in_the_past(self):
        yesterday = fields.Date.today() - timedelta(days=2)
        with self.assertRaises(UserError):
            self._adhoc(self.ward_a, day=yesterday).action_confirm()

    def test_other_ward_plans_nothing(self):
        with self.assertRaises(AccessError):
            self._adhoc(self.ward_b).action_confirm()

    def test_no_extra_call_where_contact_is_forbidden(self):
        self.encounter.patient_id.write(
            {"do_not_contact": True, "do_not_contact_reason": "Asked for peace"}
        )
        with self.assertRaises(UserError):
            self._adhoc(self.ward_a).action_confirm()

    # ------------------------------------------------------------
    # RED FLAG
    # ------------------------------------------------------------

    def test_red_flag_marks_the_task_at_once(self):
        """X-2: before the form is finished."""
        wizard = self._new(
            "followup.task.flag",
            self.ward_a,
            task_id=self.task.id,
            text="Fever since yesterday",
        )
        wizard.action_confirm()
        self.assertTrue(self.task.red_flag)
        self.assertEqual(self.task.concern_ids.text, "Fever since yesterday")


@tagged("post_install", "-at_install")
class TestFollowupUrge(FollowupCase):
    """A-6: the head urges whoever is late, and it is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        past = fields.Datetime.now() - timedelta(days=2)
        cls.late = cls._tasks([{"date_due": past, "user_id": cls.ward_a.id}] * 3)

    def _urge(self, user, tasks=None, **vals):
        tasks = self.late if tasks is None else tasks
        wizard = self.env["followup.urge.send"].with_user(user)
        return wizard.create({"task_ids": [(6, 0, tasks.ids)], **vals}).action_send()

    def test_urging_is_kept_with_its_count(self):
        self._urge(self.head_a, note="By noon please")
        urge = self.env["followup.urge"].search([("user_id", "=", self.ward_a.id)])
        self.assertEqual(urge.task_count, 3)
        self.assertEqual(urge.urged_by_id, self.head_a)
        self.assertEqual(urge.department_id, self.department_a)

    def test_to_do_names_no_patient(self):
        """I-3, D-7: a number and nothing else, without a document."""
        self._urge(self.head_a)
        activity = self.env["mail.activity"].search([("user_id", "=", self.ward_a.id)])
        self.assertEqual(activity.summary, "3 overdue follow-up calls")
        self.assertFalse(activity.res_model)

    def test_calls_of_the_pool_go_to_the_head_nurse(self):
        nurse = self._user("head_nurse", "ward_caller")
        self._join(nurse, self.department_a, "head_nurse")
        self.late._assign(self.env["res.users"])
        self._urge(self.head_a)
        urge = self.env["followup.urge"].search([("user_id", "=", nurse.id)])
        self.assertEqual(urge.task_count, 3)

    def test_calls_of_nobody_must_be_handed_out(self):
        self.late._assign(self.env["res.users"])
        with self.assertRaises(UserError):
            self._urge(self.head_a)

    def test_caller_reads_what_was_addressed_to_him_only(self):
        self._urge(self.head_a)
        urges = self.env["followup.urge"]
        self.assertEqual(urges.with_user(self.ward_a).search_count([]), 1)
        self.assertEqual(urges.with_user(self.ward_b).search_count([]), 0)

    def test_nurse_urges_nobody(self):
        with self.assertRaises(AccessError):
            self.late.with_user(self.ward_a)._urge()

    def test_nobody_writes_an_urging_by_hand(self):
        self._urge(self.head_a)
        urge = self.env["followup.urge"].search([], limit=1).with_user(self.head_a)
        with self.assertRaises(AccessError):
            urge.write({"task_count": 1})
        with self.assertRaises(AccessError):
            urge.unlink()
