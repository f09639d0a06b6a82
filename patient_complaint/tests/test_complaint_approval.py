# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .approval_common import ApprovalCase


@tagged("post_install", "-at_install")
class TestComplaintApproval(ApprovalCase):
    """A resolution climbs its tiers (C-14, C-15, C-17, I-8, I-9)."""

    # ------------------------------------------------------------
    # THE WAY
    # ------------------------------------------------------------

    def test_three_tiers_decide_one_after_the_other(self):
        self._three_tiers()
        case = self._submitted()
        self.assertEqual(case.state, "approval")
        self.assertEqual(
            self._decisions(case),
            [(1, 1, "pending"), (1, 2, "waiting"), (1, 3, "waiting")],
        )
        for user in (self.head_a, self.vice, self.president):
            self._turn(case, user).action_approve()
        self.assertEqual(case.resolution_id.state, "approved")
        self.assertEqual(case.state, "resolution")
        rows = case.approval_ids.sorted("sequence")
        self.assertEqual(rows.decided_by_id, self.head_a | self.vice | self.president)
        self.assertEqual(
            set(rows.mapped("content_hash")), {case.resolution_id.content_hash}
        )
        self.assertEqual(len(rows[0].content_hash), 64)
        self._tell(case, "answer")
        self.assertEqual(case.state, "feedback")

    def test_a_resolution_is_made_by_defaults(self):
        case = self._proposed()
        self.assertEqual(
            (case.resolution_id.version, case.resolution_id.state), (1, "draft")
        )
        self.assertEqual(case.resolution_id.proposer_ids, self.specialist)

    def test_the_full_track_answers_only_what_was_approved(self):
        case = self._proposed()
        with self.assertRaisesRegex(UserError, "has been approved"):
            self._tell(case, "answer")
        with self.assertRaisesRegex(UserError, "has to be approved"):
            case.track = "fast"

    def test_only_whose_turn_it_is_gets_a_neutral_to_do(self):
        self._three_tiers()
        case = self._submitted()
        activities = self.env["mail.activity"].search(
            [("res_model", "=", "complaint.case"), ("res_id", "=", case.id)]
        )
        self.assertEqual(activities.user_id, self.head_a)
        self.assertEqual(activities.summary, "A decision waits for you")
        self.assertFalse(activities.note)
        self._turn(case, self.head_a).action_approve()
        activities = activities.search(
            [("res_model", "=", "complaint.case"), ("res_id", "=", case.id)]
        )
        self.assertEqual(activities.user_id, self.vice)
        self.assertNotIn(self.head_a.partner_id, case.message_partner_ids)

    def test_nobody_decides_out_of_turn_or_twice(self):
        self._three_tiers()
        case = self._submitted()
        rows = case.sudo().approval_ids.sorted("sequence")
        for user in (self.vice, self.president, self.quality, self.specialist):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                rows[0].with_user(user).action_approve()
        self._turn(case, self.head_a).action_approve()
        with self.assertRaisesRegex(UserError, "not open for a decision"):
            rows[0].with_user(self.head_a).action_approve()
        with self.assertRaises(AccessError):
            rows[2].with_user(self.president).action_approve()

    # ------------------------------------------------------------
    # RETURN, REJECT, CHANGE
    # ------------------------------------------------------------

    def test_a_rejection_cancels_the_later_tiers_and_their_reminders(self):
        self._three_tiers()
        case = self._submitted()
        with self.assertRaisesRegex(UserError, "Give a reason"):
            self._turn(case, self.head_a).action_reject(" ")
        self._turn(case, self.head_a).action_reject("Not enough")
        self.assertEqual(
            self._decisions(case),
            [(1, 1, "rejected"), (1, 2, "cancelled"), (1, 3, "cancelled")],
        )
        self.assertEqual(case.resolution_id.state, "rejected")
        self.assertEqual(case.state, "resolution")
        self.assertFalse(case.approval_ids.filtered("wake_at"))
        with self.assertRaisesRegex(UserError, "Write a resolution"):
            case.action_submit()

    def test_rounds_are_numbered_and_never_deleted(self):
        self._three_tiers()
        case = self._submitted()
        self._turn(case, self.head_a).action_approve()
        self._turn(case, self.vice).action_return("Who pays?")
        self.assertEqual(case.resolution_id.state, "draft")
        case.resolution_id.explanation = "The insurer pays"
        self.assertEqual(case.resolution_id.version, 2)
        case.action_submit()
        self.assertEqual(
            self._decisions(case),
            [
                *((1, 1, "cancelled"), (1, 2, "returned"), (1, 3, "cancelled")),
                *((2, 1, "pending"), (2, 2, "waiting"), (2, 3, "waiting")),
            ],
        )
        first = case.approval_ids.filtered(lambda row: row.round == 1)
        self.assertEqual(first.resolution_id.explanation, "The queue was too long")
        self.assertEqual(first.resolution_id.state, "superseded")
        with self.assertRaises(UserError):
            first.sudo().unlink()

    def test_changing_what_was_submitted_voids_its_approvals(self):
        self._three_tiers()
        changes = {
            "text": lambda row: row.write({"explanation": "Another"}),
            "apology": lambda row: row.write({"apology": "Sorry"}),
            "new remedy": lambda row: row.write(
                {"remedy_ids": [(0, 0, {"kind": "refund", "amount": 5})]}
            ),
            "remedy": lambda row: row.remedy_ids.write({"amount": 7}),
            "no remedy": lambda row: row.remedy_ids.unlink(),
            "another": lambda row: self._resolve(row.case_id),
        }
        for name, change in changes.items():
            with self.subTest(change=name):
                case = self._proposed()
                case.resolution_id.remedy_ids = [(0, 0, {"kind": "other"})]
                case.action_submit()
                self._turn(case, self.head_a).action_approve()
                digest = case.resolution_id.content_hash
                change(case.resolution_id)
                self.assertEqual(
                    set(case.approval_ids.mapped("decision")), {"cancelled"}
                )
                self.assertEqual(case.state, "resolution")
                self.assertEqual(case.resolution_id.state, "draft")
                self.assertEqual(case.resolution_id.version, 2)
                kept = case.approval_ids.resolution_id
                self.assertEqual((kept.version, kept._hash()), (1, digest))
                self.assertFalse(case.approver_user_ids - self.head_a)

    def test_an_approved_resolution_changed_is_approved_no_more(self):
        self._only_rules(("department_head", {}))
        case = self._submitted()
        self._turn(case, self.head_a).action_approve()
        case.resolution_id.apology = "Very sorry"
        self.assertEqual(case.resolution_id.state, "draft")
        with self.assertRaisesRegex(UserError, "has been approved"):
            self._tell(case, "answer")

    def test_taking_it_back_and_withdrawing_end_the_round(self):
        self._three_tiers()
        case = self._submitted()
        case.action_recall()
        self.assertEqual(case.state, "resolution")
        case.action_submit()
        case.action_withdraw("Settled")
        self.assertEqual({row[2] for row in self._decisions(case)}, {"cancelled"})
        self.assertFalse(case.activity_ids)

    def test_a_change_in_the_database_is_noticed_at_the_decision(self):
        self._only_rules(("department_head", {}))
        case = self._submitted()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE complaint_resolution SET explanation = 'x' WHERE case_id = %s",
            (case.id,),
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "not as it was submitted"):
            self._turn(case, self.head_a).action_approve()

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def test_a_head_in_conflict_is_passed_over_upwards(self):
        self._only_rules(("department_head", {}))
        top = self._department("Surgery", self.vice)
        self.department_a.parent_id = top
        head = self.department_a.manager_id
        case = self._proposed()
        case.issue_ids.employee_ids = [(4, head.id)]
        case.action_submit()
        row = case.approval_ids
        self.assertEqual(row.approver_ids, self.vice)
        self.assertIn("in conflict", row.note)
        with self.assertRaises(AccessError):
            row.with_user(self.head_a).read(["decision"])

    def test_an_empty_top_goes_to_the_quality_office(self):
        self._only_rules(("department_head", {}))
        self.department_a.manager_id = False
        case = self._submitted()
        self.assertEqual(case.approval_ids.approver_ids, self.quality)

    def test_where_nobody_may_decide_nothing_is_submitted(self):
        self._only_rules(("department_head", {"minimum": 5}))
        case = self._proposed()
        with self.assertRaisesRegex(UserError, "Nobody may decide"):
            case.action_submit()
        self._only_rules()
        with self.assertRaisesRegex(UserError, "No approval rule fits"):
            case.action_submit()

    def test_nobody_decides_what_he_proposed_or_handled(self):
        self._only_rules(("user", {"user_ids": [(6, 0, self.approver.ids)]}))
        self.specialist.group_ids += self.env.ref(
            "patient_complaint.complaint_group_approver"
        )
        rule = self.env["complaint.approval.rule"].search([])
        rule.user_ids = self.approver | self.specialist
        case = self._submitted()
        self.assertEqual(case.approval_ids.approver_ids, self.approver)

    def test_a_conflict_that_comes_later_bars_the_approver(self):
        self._only_rules(("department_head", {}))
        case = self._submitted()
        row = self._turn(case, self.head_a)
        case.issue_ids.sudo().employee_ids = [(4, self.department_a.manager_id.id)]
        with self.assertRaises(AccessError):
            row.action_approve()

    def test_a_tier_may_need_two_persons(self):
        users = self.approver | self.quality
        self._only_rules(("user", {"user_ids": [(6, 0, users.ids)], "minimum": 2}))
        case = self._submitted()
        self.assertEqual(len(case.approval_ids), 2)
        self.assertEqual(len(case.sudo().activity_ids), 2)
        self._turn(case, self.approver)[:1].action_approve()
        self.assertEqual(case.sudo().activity_ids.user_id, self.quality)
        self.assertEqual(case.state, "approval")
        self.assertFalse(self._turn(case, self.approver))
        self._turn(case, self.quality).action_approve()
        self.assertEqual(case.resolution_id.state, "approved")

    def test_who_stands_in_two_tiers_decides_the_later_one(self):
        self._only_rules(("department_head", {}), ("vice_president", {}))
        self.department_a.manager_id = False
        self.company.complaint_quality_user_ids = False
        case = self._submitted()
        self.assertEqual(self._decisions(case), [(1, 1, "skipped"), (1, 2, "pending")])

    def test_a_deputy_decides_while_the_approver_is_away(self):
        self._only_rules(("vice_president", {}))
        case = self._submitted()
        today = fields.Date.today()
        self.env["followup.delegation"].create(
            {
                "user_id": self.vice.id,
                "deputy_id": self.deputy.id,
                "date_from": today - timedelta(days=1),
                "date_to": today + timedelta(days=2),
                "company_id": self.company.id,
            }
        )
        row = self._turn(case, self.deputy)
        self.assertEqual(row.sudo().turn_user_ids, self.vice | self.deputy)
        row.action_approve()
        self.assertEqual(row.decided_by_id, self.deputy)
        self.assertEqual(row.delegate_for_id, self.vice)

    # ------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------

    def test_presets_by_severity_and_amount(self):
        """severity, amount: tiers of the presets."""
        head, office, vice, top = (
            *("Department head", "Functional department"),
            *("Vice president", "President"),
        )
        table = [
            ("low", 0, [head]),
            ("low", 4999, [head]),
            ("low", 5000, [head, vice]),
            ("low", 50000, [head, vice, top]),
            ("medium", 0, [head, office]),
            ("high", 0, [head, office, vice]),
            ("critical", 0, [head, office, vice, top]),
            ("critical", 60000, [head, office, vice, top]),
        ]
        for severity, amount, names in table:
            with self.subTest(severity=severity, amount=amount):
                case = self._proposed()
                case.severity = severity
                case.resolution_id.remedy_ids = [
                    (0, 0, {"kind": "compensation", "amount": amount})
                ]
                resolution = case.resolution_id
                tiers = case._get_tiers(resolution, case._get_rules(resolution))
                self.assertEqual([tier.rule.name for tier in tiers], names)

    def test_small_remedies_may_pass_without_a_tier(self):
        self._only_rules(
            ("department_head", {}),
            (
                "user",
                {
                    "passes": True,
                    "max_severity": "low",
                    "amount_limited": True,
                    "amount_to": 100,
                    "name": "Small",
                },
            ),
        )
        case = self._proposed(severity="low")
        case.resolution_id.remedy_ids = [(0, 0, {"kind": "refund", "amount": 100})]
        self.assertIn("Small", case.approval_preview)
        case.action_submit()
        self.assertEqual(case.resolution_id.state, "approved")
        self.assertEqual(case.resolution_id.passed_by, "Small")
        self.assertFalse(case.approval_ids)
        case.resolution_id.remedy_ids.amount = 101
        case.action_submit()
        self.assertEqual(case.state, "approval")

    def test_scope_of_a_rule_holds_for_what_is_below(self):
        top = self._department("Surgery")
        self.department_a.parent_id = top
        (rule,) = self._only_rules(("president", {"department_ids": [(6, 0, top.ids)]}))
        case = self._proposed()
        self.assertTrue(rule._fits(case, 0))
        rule.department_ids = self.department_b
        self.assertFalse(rule._fits(case, 0))
        rule.department_ids = False
        rule.category_ids = case.issue_ids.category_id.parent_id
        self.assertTrue(rule._fits(case, 0))

    def test_the_form_shows_who_why_and_whether_the_clock_allows_it(self):
        self._three_tiers()
        case = self._proposed()
        for words in ("User head_a", "User vice", "User president", "every resolution"):
            self.assertIn(words, case.approval_preview)
        self.assertNotIn("extend the deadline", case.approval_preview)
        self.env["complaint.approval.rule"].search([]).amount = 30
        case.invalidate_recordset()
        self.assertIn("extend the deadline", case.approval_preview)

    def test_simple_ones_are_approved_together(self):
        (rule,) = self._only_rules(("department_head", {"may_bulk": True}))
        rows = self._turn(self._submitted() | self._submitted(), self.head_a)
        rows.action_approve()
        self.assertEqual(set(rows.mapped("decision")), {"approved"})
        rule.may_bulk = False
        rows = self._turn(self._submitted() | self._submitted(), self.head_a)
        with self.assertRaisesRegex(UserError, "opened and read"):
            rows.action_approve()

    def test_a_dispute_above_the_limit_is_not_settled_directly(self):
        self._only_rules(("department_head", {}))
        case = self._proposed()
        self.company.complaint_direct_limit = 100
        case.is_dispute = True
        case.resolution_id.remedy_ids = [(0, 0, {"kind": "refund", "amount": 101})]
        with self.assertRaisesRegex(UserError, "not settled directly"):
            case.action_submit()
        case.resolution_id.settled_through = "mediation"
        case.action_submit()
        self.assertEqual(case.state, "approval")

    # ------------------------------------------------------------
    # RIGHTS AND REMINDERS
    # ------------------------------------------------------------

    def test_an_approver_reads_what_waits_for_him_or_what_he_decided(self):
        self._three_tiers()
        case = self._submitted()
        for user, sees in ((self.head_a, True), (self.vice, False)):
            with self.subTest(user=user.login):
                self.assertEqual(case.with_user(user).has_access("read"), sees)
                self.assertFalse(case.with_user(user).has_access("write"))
        self._turn(case, self.head_a).action_approve()
        self.assertTrue(case.with_user(self.head_a).has_access("read"))
        self.assertTrue(case.with_user(self.vice).has_access("read"))
        self.assertTrue(case.with_user(self.vice).resolution_ids.has_access("read"))
        self._turn(case, self.vice).action_reject("No")
        self.assertFalse(case.with_user(self.president).has_access("read"))

    def test_reminders_come_in_time_and_tell_the_office_once(self):
        self._only_rules(("department_head", {"amount": 8, "unit": "hours"}))
        case = self._submitted()
        row = case.approval_ids
        notified = self._count_mails(self.head_a)
        with freeze_time(row.remind_at + timedelta(minutes=1)):
            self._remind()
            self._remind()
        self.assertEqual(self._count_mails(self.head_a), notified + 1)
        with freeze_time(row.deadline + timedelta(days=3)):
            self._remind()
            self._remind()
        self.assertEqual(self._count_mails(self.head_a), notified + 2)
        late = case.activity_ids.filtered(lambda row: row.user_id == self.specialist)
        self.assertEqual(late.mapped("summary"), ["An approval is late"])
        self._turn(case, self.head_a).action_approve()
        self.assertFalse(row.wake_at)

    def _remind(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "patient_complaint.complaint_approval_cron_remind"
            ).method_direct_trigger()

    def _count_mails(self, user):
        return self.env["mail.notification"].search_count(
            [("res_partner_id", "=", user.partner_id.id)]
        )

    def test_a_link_opens_the_card_of_whose_turn_it_is(self):
        self._only_rules(("department_head", {}))
        case = self._submitted()
        action = case.with_user(self.head_a)._get_access_action()
        self.assertEqual(
            action["url"], f"/odoo/complaint-decision/{case.approval_ids.id}"
        )
        action = case._get_access_action(access_uid=self.specialist.id)
        self.assertEqual(action["res_model"], "complaint.case")
