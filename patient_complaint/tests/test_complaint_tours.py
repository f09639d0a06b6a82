# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged

from .approval_common import ApprovalCase


@tagged("post_install", "-at_install", "patient_followup_http")
class TestComplaintTours(ApprovalCase, HttpCase):
    """The screens of complaints in a real browser."""

    def _tour(self, name, url="/odoo/complaint-approvals", user=None):
        self.start_tour(url, name, login=(user or self.head_a).login)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        approver = cls.env.ref("patient_complaint.complaint_group_approver")
        cls.head_a.group_ids = [(4, approver.id)]

    def test_a_resolution_is_sent_back_with_questions(self):
        """C-15: the words stand on record and the case goes back."""
        self._three_tiers()
        case = self._submitted()
        self._tour("complaint_approval_return")
        row = case.sudo().approval_ids.sorted("sequence")[:1]
        self.assertEqual(row.decision, "returned")
        self.assertEqual(row.comment, "What did the witness see")
        self.assertEqual(row.decided_by_id, self.head_a)
        self.assertEqual(case.state, "resolution")

    def test_a_resolution_is_rejected(self):
        """C-15: later tiers end with it."""
        self._three_tiers()
        case = self._submitted()
        self._tour("complaint_approval_reject")
        decisions = {row[2] for row in self._decisions(case)}
        self.assertEqual(decisions, {"rejected", "cancelled"})

    def test_simple_ones_are_approved_together(self):
        self._only_rules(("department_head", {"may_bulk": True}))
        cases = self._submitted() | self._submitted()
        self._tour("complaint_approval_bulk")
        self.assertEqual(cases.resolution_id.mapped("state"), ["approved", "approved"])

    def test_the_last_sheet_of_a_box_closes_its_round(self):
        """C-4: a sheet becomes a case without anybody's name."""
        box = self.env["complaint.box"].create(
            {"name": "Entrance", "company_id": self.company.id}
        )
        witness = self.env["hr.employee"].create(
            {"name": "Witness", "company_id": self.company.id}
        )
        rows = self.env["complaint.box.round"].with_user(self.specialist)
        row = rows.with_company(self.company).create(
            {"box_id": box.id, "witness_id": witness.id, "sheet_count": 1}
        )
        url = "/odoo/action-patient_complaint.complaint_box_round_action"
        self._tour("complaint_box_round", url, self.specialist)
        self.assertEqual(row.state, "closed")
        self.assertEqual(row.case_ids.description, "The soup is cold")
        self.assertTrue(row.case_ids.anonymous)

    def test_a_step_of_a_dispute_is_ticked(self):
        case = self._case(is_dispute=True)
        url = f"/odoo/complaints/{case.id}"
        self._tour("complaint_dispute_step", url, self.specialist)
        step = case.dispute_ids[:1]
        self.assertEqual((step.state, step.done_by_id), ("done", self.specialist))
        self.assertEqual(step.note, "Both sides signed")

    def test_rare_steps_stand_behind_more(self):
        case = self._case()
        url = f"/odoo/complaints/{case.id}"
        self._tour("complaint_more_withdraw", url, self.specialist)
        self.assertEqual(case.state, "withdrawn")

    def test_guided_tour_of_the_complaint_officer(self):
        """Board, own cases, approvals, rectification: each step points at something."""
        tour = self.env.ref("patient_complaint.complaint_tour_officer")
        self.start_tour(tour.url, tour.name, login=self.officer.login)
