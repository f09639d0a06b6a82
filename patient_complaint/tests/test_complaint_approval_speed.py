# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How few statements submitting, deciding and the board of complaints take."""

from odoo import fields
from odoo.tests import tagged

from ..tools.lists import Lists, read_along, read_lists
from .approval_common import ApprovalCase

TODO = "patient_complaint.mail_activity_type_approval"
# of one request each; submitting finds a head, a vice president and a president
SUBMIT, DECIDE = 21, 8
LISTS = (
    *("approval_ids", "conflict_user_ids", "handled_user_ids", "member_ids"),
    *("issue_ids", "resolution_ids", "approver_user_ids"),
)


@tagged("post_install", "-at_install")
class TestComplaintApprovalSpeed(ApprovalCase):
    def _count(self, action):
        """Return the queries of a request that begins with nothing read."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _approve(self, case, user):
        row = self._turn(case, user)
        return self._count(row.action_approve)

    def test_submitting_and_three_approvals_cost_few_queries(self):
        self._three_tiers()
        warm = self._submitted()
        for user in (self.head_a, self.vice, self.president):
            self._approve(warm, user)
        case = self._proposed()
        spent = [self._count(case.action_submit)]
        for user in (self.head_a, self.vice, self.president):
            spent.append(self._approve(case, user))
        self.assertEqual(case.resolution_state, "approved")
        self.assertLessEqual(spent[0], SUBMIT, spent)
        self.assertLessEqual(max(spent[1:]), DECIDE, spent)

    def test_approving_several_at_once_reads_for_all_together(self):
        self._only_rules(("department_head", {"may_bulk": True}))
        cases = self.env["complaint.case"]
        for _number in range(6):
            cases |= self._submitted()
        one = self._count(self._turn(cases[:1], self.head_a).action_approve)
        rows = self._turn(cases[1:], self.head_a)
        self.assertLessEqual(self._count(rows.action_approve), 3 * one)
        self.assertEqual(set(cases.mapped("resolution_state")), {"approved"})

    def test_lists_read_together_are_those_odoo_reads(self):
        self._three_tiers()
        case = self._submitted().sudo()
        self._turn(case, self.head_a).action_approve()
        self.env.flush_all()
        self.env.invalidate_all()
        expected = {name: case[name].ids for name in LISTS}
        issue = case.issue_ids[0]
        category = issue.category_id
        self.env.invalidate_all()
        read_lists(*((case, name) for name in (*LISTS, "issue_ids.category_id")))
        with self.assertQueryCount(0):
            found = {name: case[name].ids for name in LISTS}
            self.assertEqual(issue.category_id, category)
        self.assertEqual(found, expected)

    def test_absences_are_read_with_the_approvers_they_are_of(self):
        self._three_tiers()
        day = fields.Date.today()
        away = self.env["followup.delegation"].create(
            {
                "user_id": self.vice.id,
                "deputy_id": self.deputy.id,
                "date_from": day,
                "date_to": day,
            }
        )
        rows = self._submitted().sudo().approval_ids
        self.env.flush_all()
        self.env.invalidate_all()
        names = ("approver_ids", "approver_ids.complaint_away_ids")
        read_lists(*((rows, name) for name in names))
        with self.assertQueryCount(0):
            self.assertEqual(rows.approver_ids.complaint_away_ids, away)
            self.assertFalse(self.head_a.sudo().complaint_away_ids)

    def test_rows_are_read_with_what_they_point_to(self):
        self._three_tiers()
        case = self._submitted().sudo()
        case.immediate_action = "Waits to be written"
        rows = case.approval_ids
        self.env["complaint.approval"].invalidate_model()
        found = read_along(rows, [("id", "in", rows.ids)], "case_id", "resolution_id")
        self.assertEqual(found, rows)
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.assertEqual(found.case_id.immediate_action, "Waits to be written")
            self.assertEqual(found.resolution_id.state, "submitted")
        self.assertFalse(read_along(rows, [("id", "=", 0)], "case_id"))

    def test_lists_written_together_are_those_odoo_reads(self):
        self._three_tiers()
        case = self._submitted().sudo()
        row = case.approval_ids[0]
        old = row.turn_user_ids
        lists = Lists(row.env)
        with self.assertQueryCount(1):
            lists.set(row, "turn_user_ids", self.vice | self.quality)
            lists.set(case, "approver_user_ids", old | self.vice)
            lists.set(case, "conflict_user_ids", case.conflict_user_ids)
            lists.store()
        lists.store()  # nothing is left
        self.env.invalidate_all()
        self.assertEqual(row.turn_user_ids, self.vice | self.quality)
        self.assertEqual(case.approver_user_ids, old | self.vice)

    def test_a_to_do_with_a_file_on_it_goes_with_its_file(self):
        self._three_tiers()
        case = self._submitted()
        todo = case.activity_ids.filtered(lambda row: row.user_id == self.head_a)
        file = self.env["ir.attachment"].create(
            {"name": "note", "res_model": "mail.activity", "res_id": todo.id}
        )
        self._turn(case, self.head_a).action_approve()
        self.assertFalse(todo.exists() or file.exists())
        self.assertEqual(case.sudo().activity_ids.user_id, self.vice)

    def test_the_board_takes_few_queries_for_any_number_of_cards(self):
        for number in range(8):
            self._case(description=f"Case {number}")
        cases = self.env["complaint.case"].with_user(self.specialist)
        specification = dict.fromkeys(("next_step", "clock_strip", "is_late"), {})

        def open_board():
            cases.web_read_group(
                domain=[("state", "not in", ("closed", "withdrawn", "not_accepted"))],
                groupby=["state"],
                aggregates=["__count"],
                order="next_deadline ASC, id DESC",
                auto_unfold=True,
                unfold_read_specification=specification,
            )

        open_board()
        few = self._count(open_board)
        for number in range(8):
            self._case(description=f"Other {number}")
        self.assertEqual(self._count(open_board), few)
        self.assertLessEqual(few, 8)
