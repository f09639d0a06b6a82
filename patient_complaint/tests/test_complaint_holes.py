# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ways around the approvals that a review found; each was open once (I-8, I-9)."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .approval_common import ApprovalCase

OFFICE = "patient_complaint.complaint_group_"


@tagged("post_install", "-at_install")
class TestComplaintApprovalHoles(ApprovalCase):
    # ------------------------------------------------------------
    # WHAT WAS APPROVED
    # ------------------------------------------------------------

    def _approved(self, **vals):
        self._only_rules(("vice_president", {}))
        case = self._submitted(**vals)
        self._turn(case, self.vice).action_approve()
        self.assertEqual(case.resolution_state, "approved")
        return case

    def test_a_remedy_named_by_the_context_voids_the_approval(self):
        case = self._approved()
        remedies = self.env["complaint.remedy"].with_user(self.specialist)
        remedies.with_context(default_resolution_id=case.resolution_id.id).create(
            {"amount": 900000}
        )
        self.assertEqual(case.resolution_state, "draft")
        with self.assertRaises(UserError):
            self._tell(case)

    def test_what_chose_the_tiers_cannot_change_under_them(self):
        """Severity, department, category and dispute decide who has to approve."""
        other = self.env.ref("patient_complaint.complaint_category_cost_charge")
        table = {
            "severity": lambda case: case.write({"severity": "critical"}),
            "department": lambda case: case.write(
                {"department_id": self.department_b.id}
            ),
            "dispute": lambda case: case.write({"is_dispute": True}),
            "category": lambda case: case.issue_ids.write({"category_id": other.id}),
            "issue": lambda case: case.write(
                {"issue_ids": [(0, 0, {"category_id": other.id})]}
            ),
        }
        self._only_rules(("vice_president", {}))
        for name, change in table.items():
            for approved in (False, True):
                case = self._submitted(severity="low")
                if approved:
                    self._turn(case, self.vice).action_approve()
                change(case)
                with self.subTest(name=name, approved=approved):
                    self.assertEqual(case.resolution_state, "draft")
                    self.assertEqual(case.state, "resolution")
                    self.assertFalse(self._turn(case, self.vice))

    def test_what_does_not_choose_tiers_voids_nothing(self):
        case = self._approved()
        case.write({"remedy_sought": "An apology"})
        case.issue_ids.write({"lesson": "More windows"})
        self.assertEqual(case.resolution_state, "approved")

    def test_an_answer_asks_for_the_digest_again(self):
        """Changed in the database after the approval: noticed."""
        case = self._approved()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE complaint_resolution SET explanation = 'x' WHERE case_id = %s",
            (case.id,),
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "not as it was approved"):
            self._tell(case)

    def test_each_extension_is_told_anew(self):
        """I-10: one word to the complainant extends one deadline once."""
        case = self._ready(self._case())
        notice = self._tell(case, "extension")
        rows = self.env["complaint.extension"].with_user(self.officer)
        open_clocks = case.clock_ids.filtered(lambda row: not row.stopped_at)
        clock = open_clocks.filtered(lambda row: not row.is_legal)[:1]
        vals = {
            "case_id": case.id,
            "clock_id": clock.id,
            "reason": "An expert is away",
            "feedback_id": notice.id,
        }
        day = timedelta(days=1)
        rows.create({**vals, "new_deadline": clock.deadline + day})
        with self.assertRaisesRegex(UserError, "told anew"):
            rows.create({**vals, "new_deadline": clock.deadline + day})

    def test_a_serious_case_is_not_answered_on_the_spot(self):
        """C-16: simple matters only; no tier would see it."""
        for severity in ("high", "critical"):
            case = self._ready(self._case(), track="fast", severity=severity)
            with self.subTest(severity=severity), self.assertRaises(UserError):
                case.action_triage()
                self._tell(case)
        case = self._ready(self._case(), track="fast", severity="low")
        case.action_triage()
        case.write({"severity": "high"})
        with self.assertRaises(UserError):
            self._tell(case)

    # ------------------------------------------------------------
    # WHO DECIDES
    # ------------------------------------------------------------

    def _delegate(self, user, deputy, by=None, **vals):
        today = fields.Date.today()
        rows = self.env["followup.delegation"].with_user(by or user)
        return rows.create(
            {
                "user_id": user.id,
                "deputy_id": deputy.id,
                "date_from": today - timedelta(days=1),
                "date_to": today + timedelta(days=2),
                "company_id": self.company.id,
                **vals,
            }
        )

    def test_nobody_makes_himself_the_deputy_of_an_approver(self):
        """A head of a ward of the vice president's, a manager with the role."""
        boss = self._employee(self.vice)
        self.department_a.parent_id = self._department("House", manager_id=boss.id)
        self.manager.group_ids += self.env.ref(OFFICE + "approver")
        self._only_rules(("department_head", {}), ("vice_president", {}))
        case = self._submitted()
        self._delegate(
            self.vice,
            self.head_a,
            self.head_a,
            department_ids=[(6, 0, self.department_a.ids)],
        )
        self._delegate(self.vice, self.manager, self.manager)
        self._turn(case, self.head_a).action_approve()
        for user in (self.head_a, self.manager):
            self.assertFalse(self._turn(case, user), user.login)
        self._turn(case, self.vice).action_approve()

    def test_a_head_arranges_no_deputy_of_his_superior(self):
        boss = self._employee(self.vice)
        self.department_a.parent_id = self._department("House", manager_id=boss.id)
        self._only_rules(("vice_president", {}))
        case = self._submitted()
        ward = [(6, 0, self.department_a.ids)]
        self._delegate(self.vice, self.deputy, self.head_a, department_ids=ward)
        self.assertFalse(self._turn(case, self.deputy))

    def test_a_deputy_swapped_by_another_hand_decides_nothing(self):
        boss = self._employee(self.vice)
        self.department_a.parent_id = self._department("House", manager_id=boss.id)
        self._only_rules(("vice_president", {}))
        case = self._submitted()
        ward = [(6, 0, self.department_a.ids)]
        row = self._delegate(self.vice, self.deputy, self.manager, department_ids=ward)
        self.assertTrue(self._turn(case, self.deputy))
        row.with_user(self.head_a).write({"deputy_id": self.head_a.id})
        self.assertFalse(self._turn(case, self.head_a))

    def test_the_deputy_of_somebody_named_decides_nothing(self):
        self._only_rules(("vice_president", {}))
        case = self._submitted()
        named = self._employee(self.vice)
        self._delegate(self.vice, self.deputy, self.administrator)
        self.assertTrue(self._turn(case, self.deputy))
        case.issue_ids.write({"employee_ids": [(4, named.id)]})
        self.assertFalse(self._turn(case, self.deputy))

    def test_who_has_a_part_in_the_case_chooses_no_deputy(self):
        """An arranger who is named, works below him, or handles the case (I-8)."""
        self._only_rules(("vice_president", {}))
        table = {
            "named": lambda case: case.sudo().issue_ids.write(
                {"employee_ids": [(4, self._employee(self.manager).id)]}
            ),
            "handled": lambda case: case.sudo()._note_handler(self.manager),
            "declared": lambda case: case.sudo()._declare_conflict(self.manager),
        }
        for name, take_part in table.items():
            case = self._submitted()
            row = self._delegate(self.vice, self.deputy, self.manager)
            self.assertTrue(self._turn(case, self.deputy))
            take_part(case)
            case.sudo().approval_ids._guarded()._refresh_turn()
            with self.subTest(name):
                self.assertFalse(self._turn(case, self.deputy))
                # a later, innocent hand washes nothing off
                row.with_user(self.administrator).reason = "Leave"
                self.assertFalse(self._turn(case, self.deputy))
                row.with_user(self.administrator).arranger_ids = False
                self.assertIn(self.manager, row.arranger_ids)
                self.assertFalse(self._turn(case, self.deputy))
            row.unlink()

    def test_a_deputy_is_asked_anew_when_he_decides(self):
        """His days are over, or his role is gone: no cron has to come first."""
        self._only_rules(("vice_president", {}))
        changes = {
            "days": lambda row: self.env.cr.execute(
                "UPDATE followup_delegation SET date_to = date_from WHERE id = %s",
                (row.id,),
            ),
            "role": lambda row: self.deputy.write(
                {"group_ids": [(3, self.env.ref(OFFICE + "approver").id)]}
            ),
        }
        for name, change in changes.items():
            case = self._submitted()
            row = self._delegate(self.vice, self.deputy, self.administrator)
            turn = self._turn(case, self.deputy)
            self.assertTrue(turn)
            self.env.flush_all()
            change(row)
            self.env.invalidate_all()
            with self.subTest(name), self.assertRaises(AccessError):
                turn.action_approve()
            row.unlink()

    def test_who_decides_a_later_tier_stands_in_for_nobody(self):
        self._only_rules(("department_head", {}), ("vice_president", {}))
        case = self._submitted()
        self._delegate(self.head_a, self.vice, self.administrator)
        self.assertFalse(self._turn(case, self.vice))
        self._turn(case, self.head_a).action_approve()
        self._turn(case, self.vice).action_approve()
        self.assertEqual(case.resolution_state, "approved")

    def test_one_voice_counts_once(self):
        """An approver whose deputy decided does not decide a second time."""
        other = self._office_user("approver", "other_vice")
        self.company.complaint_vice_president_ids = self.vice | other
        self._only_rules(("vice_president", {"minimum": 2}))
        case = self._submitted()
        self._delegate(self.vice, self.deputy, self.administrator)
        self._turn(case, self.deputy)[:1].action_approve()
        self.assertFalse(self._turn(case, self.vice))
        self._turn(case, other)[:1].action_approve()
        self.assertEqual(case.resolution_state, "approved")

    def test_who_decided_one_tier_stands_in_for_nobody_in_the_next(self):
        self._only_rules(("department_head", {}), ("vice_president", {}))
        case = self._submitted()
        self._delegate(self.vice, self.head_a, self.administrator)
        self._turn(case, self.head_a).action_approve()
        self.assertFalse(self._turn(case, self.head_a))
        self.assertTrue(self._turn(case, self.vice))

    def test_a_tier_of_two_is_not_left_out_for_a_tier_of_one(self):
        other = self._office_user("approver", "other_vice")
        both = self.vice | other
        self.company.complaint_vice_president_ids = both
        named = {"user_ids": [(6, 0, both.ids)]}
        self._only_rules(("vice_president", {"minimum": 2}), ("user", named))
        case = self._submitted()
        self.assertEqual(
            self._decisions(case),
            [(1, 1, "pending"), (1, 1, "pending"), (1, 2, "waiting")],
        )

    def test_the_strictest_rule_of_a_tier_holds(self):
        other = self._office_user("approver", "other_vice")
        self.company.complaint_vice_president_ids = self.vice | other
        self._only_rules(("vice_president", {"may_bulk": True}))
        self._rule("vice_president", 10, name="Second", minimum=2)
        rows = self._submitted().sudo().approval_ids
        self.assertEqual(len(rows), 2)
        self.assertFalse(any(rows.mapped("may_bulk")))

    def test_who_handled_it_before_does_not_decide(self):
        self._only_rules(("vice_president", {}))
        self.vice.group_ids += self.env.ref(OFFICE + "investigator")
        case = self._proposed(owner_id=self.vice.id)
        case.write({"owner_id": self.officer.id})
        case.action_submit()
        self.assertNotIn(self.vice, case.sudo().approval_ids.approver_ids)

    def test_who_took_evidence_or_asked_does_not_decide(self):
        self._only_rules(("vice_president", {}))
        self.vice.group_ids += self.env.ref(OFFICE + "officer")
        case = self._proposed()
        rows = self.env["complaint.evidence"].with_user(self.vice)
        rows.create({"case_id": case.id, "name": "Record of the queue"})
        case.action_submit()
        self.assertNotIn(self.vice, case.sudo().approval_ids.approver_ids)

    def test_an_office_in_conflict_stops_no_decision(self):
        """Nobody is left to be told: the decision stands all the same."""
        self._only_rules(("vice_president", {}))
        case = self._submitted().sudo()
        self.officer.group_ids = self.env.ref("base.group_user")
        named = self._employee(self.specialist)
        case.issue_ids.write({"employee_ids": [(4, named.id)]})
        self.assertFalse(case.owner_id)
        self._turn(case, self.vice).action_approve()
        self.assertEqual(case.resolution_state, "approved")

    def _employee(self, user):
        return self.env["hr.employee"].create(
            {"name": user.name, "user_id": user.id, "company_id": self.company.id}
        )
