# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ways around the shield and the page that a review found; each was open once (I-8)."""

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .approval_common import ApprovalCase


@tagged("post_install", "-at_install")
class TestComplaintShieldHoles(ApprovalCase):
    """Ways around the shield that a review found; each was open once (I-8)."""

    def _named(self, case, user):
        employee = self.env["hr.employee"].create(
            {"name": user.name, "user_id": user.id, "company_id": self.company.id}
        )
        case.sudo().issue_ids[:1].write({"employee_ids": [(4, employee.id)]})
        self.env.invalidate_all()
        return employee

    def test_a_to_do_tells_nobody_who_is_named(self):
        """Whoever may not read a case gets the same answer whomever he tries."""
        case = self._ready(self._case(), department_id=self.department_b.id)
        self._named(case, self.ward_b)
        todos = self.env["mail.activity"].with_user(self.ward_a)
        answers = set()
        for user in (self.ward_b, self.ward_a, self.officer):
            with self.assertRaises(AccessError) as caught, self.env.cr.savepoint():
                todos.create(
                    {
                        "res_model_id": self.env["ir.model"]._get_id(case._name),
                        "res_id": case.id,
                        "user_id": user.id,
                        "activity_type_id": self.env.ref(
                            "mail.mail_activity_data_todo"
                        ).id,
                    }
                )
            self.assertNotIn(case.name, str(caught.exception))
            answers.add(type(caught.exception))
        self.assertEqual(len(answers), 1)

    def test_an_issue_stays_with_its_case(self):
        mine = self._ready(self._case())
        other = self._ready(self._case(self.officer).with_user(self.officer))
        self._named(other, self.specialist)
        for vals in ({"case_id": other.id}, {"company_id": self.env.company.id}):
            with self.assertRaises(AccessError):
                mine.with_user(self.specialist).issue_ids.write(vals)
        self.assertEqual(len(other.sudo().issue_ids), 1)

    def test_a_remedy_stays_with_its_case(self):
        case, other = self._proposed(), self._proposed()
        remedies = self.env["complaint.remedy"].with_user(self.specialist)
        remedy = remedies.create({"resolution_id": case.resolution_id.id})
        with self.assertRaises(AccessError):
            remedy.write({"case_id": other.id})
        with self.assertRaises(AccessError):
            remedies.create(
                {"resolution_id": case.resolution_id.id, "case_id": other.id}
            )

    def test_the_dialog_of_duplicates_shows_no_closed_case(self):
        number = {"complainant_phone": "13800000077"}
        first = self._case(self.officer, **number)
        self._ready(first, owner_id=self.officer.id)
        self._named(first, self.specialist)
        second = self._case(**number)
        self.env.invalidate_all()
        dialogs = self.env["complaint.duplicate"].with_user(self.specialist)
        dialog = dialogs.create({"case_id": second.id, "first_id": second.id})
        self.env.invalidate_all()
        self.assertEqual(dialog.read(["similar_ids"])[0]["similar_ids"], [])

    def test_whoever_is_named_in_a_duplicate_is_named_in_the_first(self):
        """It is one matter: naming him in either closes both."""
        first, second = (
            self._ready(
                self._case(self.officer).with_user(self.officer),
                owner_id=self.officer.id,
            )
            for _index in range(2)
        )
        self._named(second, self.specialist)
        self.assertNotIn(self.specialist, first.sudo().conflict_user_ids)
        second.action_link_duplicate(first.id)
        self.assertIn(self.specialist, first.sudo().conflict_user_ids)
        second.action_unlink_duplicate()
        self.assertEqual(first._get_stale_conflicts(), self.specialist)

    def test_a_campaign_counts_no_case_that_is_closed_for_the_reader(self):
        category = "patient_complaint.complaint_category_process_waiting"
        cases = self.env["complaint.case"]
        for _index in range(3):
            cases |= self._case(
                department_id=self.department_a.id,
                issue_ids=[(0, 0, {"category_id": self.env.ref(category).id})],
            )
        campaigns = self.env["complaint.campaign"]
        found = campaigns._find_recurring()
        row = campaigns._propose(
            [one for one in found if one["company_id"] == self.company.id]
        )
        self.assertEqual(row.with_user(self.officer).case_count, 3)
        self._named(cases[0], self.officer)
        self.assertEqual(row.with_user(self.officer).case_count, 2)
        # a head sees a campaign once it runs, never what is only proposed
        self.assertFalse(row.with_user(self.head_a).has_access("read"))
        row._guarded().write({"state": "running"})
        self.assertTrue(row.with_user(self.head_a).has_access("read"))

    def test_a_head_sees_no_return_visit_after_a_complaint(self):
        """The ward complained about neither makes that call nor learns of it."""
        encounter = self._encounter()
        case = self._ready(
            self._case(patient_id=encounter.patient_id.id, encounter_id=encounter.id),
            track="fast",
        )
        case.action_triage()
        self._tell(case)
        case.action_close()
        plan = case.sudo().revisit_plan_id
        self.assertTrue(plan.task_ids)
        for user in (self.head_a, self.ward_a):
            for rows in (plan, plan.task_ids):
                found = rows.with_user(user).search([("id", "in", rows.ids)])
                self.assertFalse(found, (user.login, rows))
        task = plan.task_ids.with_user(self.centre)
        self.assertTrue(task.has_access("write"))

    def test_evidence_named_by_the_context_is_hashed_as_well(self):
        case = self._proposed()
        rows = self.env["complaint.evidence"].with_user(self.specialist)
        row = rows.with_context(default_file="eA==").create(
            {"case_id": case.id, "name": "Recording"}
        )
        self.assertEqual(row.file_size, 1)
        self.assertTrue(row.sha256)

    def test_files_of_the_complainant_are_not_deleted_by_the_office(self):
        case = self._case()
        png = b"\x89PNG\r\n\x1a\n"
        file = case.with_user(SUPERUSER_ID)._keep_case_files(
            [("a.png", "image/png", png)]
        )
        for user in (self.specialist, self.officer):
            with self.assertRaises(AccessError):
                file.with_user(user).unlink()
            for vals in ({"raw": b"x"}, {"res_id": 0}, {"name": "b.png"}):
                with self.assertRaises(AccessError):
                    file.with_user(user).write(vals)
        self.assertEqual(file.raw, png)

    def test_an_anonymous_case_is_neither_rated_nor_reopened_by_its_page(self):
        """Design section 7: open or closed, and messages; nothing more."""
        case = self._ready(self._case(anonymous=True), track="fast")
        case.action_triage()
        self._tell(case)
        page = case.sudo()._as_page("en_US")
        with self.assertRaises(UserError):
            page._page_rate("1", "refused", "No")
        case.action_close()
        with self.assertRaises(UserError):
            page._page_reopen("Again")

    def test_why_a_case_ended_is_emptied_with_its_words(self):
        """Y-1: reasons are typed by hand and name people."""
        self.assertIn("closing_reason", self.env["complaint.case"]._erase_fields)
