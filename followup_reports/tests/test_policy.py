# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The hospital's written rules: versions that departments review (C-26)."""

from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import html2plaintext

from ..models.followup_policy_version import compare_rules
from .common import ReportCommon


@tagged("post_install", "-at_install")
class TestPolicy(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader_2 = cls._user("leader_2", "leader")

    def _draft(self, user=None, **vals):
        """Return a draft that both wards review."""
        sheets = self.env["followup.policy.sheet"].with_user(user or self.manager)
        sheet = sheets.with_company(self.company).create({})
        version = self.env["followup.policy.version"].browse(
            sheet.action_make_version()["res_id"]
        )
        both = (self.department_a | self.department_b).ids
        vals = {"summary": "Calls after a day", "department_ids": both, **vals}
        version.with_user(user or self.manager).write(vals)
        return version

    def _submitted(self):
        version = self._draft()
        version.with_user(self.manager).action_submit()
        return version

    def _agreed(self):
        version = self._submitted()
        for head in (self.head_a, self.head_b):
            version.with_user(head).action_agree()
        return version

    def _todos(self, version):
        """Return {login: kind of to-do}."""
        return {
            todo.user_id.login: todo.activity_type_id.name
            for todo in version.sudo().activity_ids
        }

    @freeze_time("2026-03-02 18:00:00")  # the third of March in the hospital
    def test_departments_review_and_a_leader_puts_it_in_force(self):
        """C-26: every change is reviewed by the departments before it holds."""
        version = self._submitted()
        self.assertEqual(set(self._todos(version)), {"head_a", "head_b"})
        version.with_user(self.head_a).action_agree()
        self.assertEqual(set(self._todos(version)), {"head_b"})
        with self.assertRaisesRegex(UserError, self.department_b.name):
            version.with_user(self.leader)._approve("")
        version.with_user(self.head_b).action_agree()
        self.assertIn("leader", self._todos(version))
        version.with_user(self.leader)._approve("")
        self.assertEqual(version.state, "force")
        self.assertEqual(version.valid_from, date(2026, 3, 3))
        self.assertEqual(version.revise_on, date(2027, 3, 3))
        self.assertEqual(version.decided_by_id, self.leader)
        answered = {row.rules_digest for row in version.review_ids}
        self.assertEqual(answered, {version.rules_digest})
        # revised regularly: its maker looks again after a year
        todo = version.sudo().activity_ids
        self.assertEqual(todo.user_id, self.manager)
        self.assertEqual(todo.date_deadline, date(2027, 3, 3))

    def test_a_new_version_replaces_the_old_and_shows_what_changed(self):
        first = self._agreed()
        first.with_user(self.leader)._approve("")
        kpi = self.env.ref("followup_reports.followup_kpi_coverage")
        self.env["followup.target"].create(
            {
                "kpi_id": kpi.id,
                "value": 97,
                "company_id": self.company.id,
                "source_text": "Our own rule 7",
            }
        )
        second = self._agreed()
        self.assertEqual((first.version, second.version), (1, 2))
        self.assertFalse(html2plaintext(first.changes_html or ""))
        changes = html2plaintext(second.changes_html)
        self.assertIn("Our own rule 7", changes)
        self.assertIn("97%", changes)
        self.assertNotIn("Taken out", changes)
        self.assertNotIn("Our own rule 7", html2plaintext(first.rules_html))
        second.with_user(self.leader)._approve("")
        self.assertEqual((first.state, second.state), ("replaced", "force"))
        self.assertFalse(first.sudo().activity_ids)

    def test_rules_that_changed_are_told_row_by_row(self):
        old = [["When", [["A", "1"], ["B", "2"]]], ["Targets", [["C", "3"]]]]
        new = [["When", [["A", "1"], ["B", "4"]]], ["Goals", [["C", "3"]]]]
        found = compare_rules(old, new)
        self.assertEqual(found, [("When", [["B", "2"]], [["B", "4"]])])
        self.assertEqual(compare_rules(new, new), [])
        self.assertEqual(compare_rules(old, new[:1])[1], ("Targets", [["C", "3"]], []))
        self.assertEqual(len(compare_rules([], new)), 2)

    def test_an_objection_needs_words_and_so_does_going_past_it(self):
        version = self._submitted()
        version.with_user(self.head_a).action_agree()
        with self.assertRaises(UserError):
            version.with_user(self.head_b)._answer("object", " \x00 ")
        version.with_user(self.head_b)._answer("object", "Too few callers")
        with self.assertRaises(UserError):
            version.with_user(self.leader)._approve("")
        version.with_user(self.leader)._approve("One more caller from June")
        self.assertEqual(version.state, "force")
        self.assertEqual(version.reason, "One more caller from June")

    def test_a_returned_version_stays_and_a_new_one_is_made(self):
        version = self._agreed()
        with self.assertRaises(UserError):
            version.with_user(self.leader)._return("")
        version.with_user(self.leader)._return("Name the clause")
        self.assertEqual(version.state, "returned")
        self.assertFalse(version.sudo().activity_ids)
        with self.assertRaises(UserError):
            version.with_user(self.leader)._approve("")
        self.assertEqual(self._draft().version, 2)

    def test_its_maker_withdraws_and_nobody_else(self):
        version = self._submitted()
        for user in (self.head_a, self.leader, self.officer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                version.with_user(user).action_withdraw()
        version.with_user(self.manager).action_withdraw()
        self.assertEqual(version.state, "returned")
        with self.assertRaises(AccessError):
            version.with_user(self.head_a).action_agree()

    def test_nobody_decides_what_he_made_or_answers_for_others(self):
        both = self._user("both", "centre_manager")
        both.group_ids = [
            (4, self.env.ref("patient_followup.followup_group_leader").id)
        ]
        version = self._draft(both)
        version.with_user(both).action_submit()
        for head in (self.head_a, self.head_b):
            version.with_user(head).action_agree()
        with self.assertRaises(AccessError):
            version.with_user(both)._approve("")
        for user in (self.manager, self.head_a, self.officer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                version.with_user(user)._approve("")
        # an answer is given once, by the heads of the departments asked
        for user in (self.head_a, self.manager, self.leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                version.with_user(user)._answer("object", "x")

    def test_what_was_submitted_is_neither_changed_nor_deleted(self):
        version = self._draft()
        version.with_user(self.manager).summary = "Calls after two days"
        version.with_user(self.manager).action_submit()
        maker = version.with_user(self.manager)
        for vals in ({"summary": "x"}, {"state": "force"}, {"rules": []}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                maker.write(vals)
            with self.subTest(vals=vals, by="root"), self.assertRaises(UserError):
                version.write(vals)
        for row in (maker, version, version.review_ids[:1]):
            with self.subTest(row=row), self.assertRaises(UserError):
                row.unlink()
        with self.assertRaises(UserError):
            version.action_submit()

    def test_a_draft_is_its_makers(self):
        version = self._draft()
        for user in (self.ward_a, self.head_a, self.leader, self.inspector):
            with self.subTest(user=user.login):
                self.assertFalse(version.with_user(user).has_access("read"))
        self.assertTrue(version.with_user(self.officer).has_access("read"))
        with self.assertRaises(AccessError):
            version.with_user(self.officer).summary = "x"
        version.with_user(self.manager).unlink()
        self.assertFalse(version.exists())

    def test_employees_read_what_is_in_force_only(self):
        version = self._agreed()
        readers = (self.ward_a, self.centre, self.specialist)
        for user in readers:
            with self.subTest(user=user.login):
                self.assertFalse(version.with_user(user).has_access("read"))
        version.with_user(self.leader)._approve("")
        for user in readers:
            with self.subTest(user=user.login):
                shown = version.with_user(user)
                self.assertIn("001", html2plaintext(shown.rules_html))
                with self.assertRaises(AccessError):
                    shown.review_ids.mapped("remark")
        self.assertFalse(version.with_user(self.plain).has_access("read"))

    def test_a_draft_is_submitted_whole(self):
        for vals in ({"summary": "  "}, {"department_ids": False}):
            version = self._draft(**vals)
            with self.subTest(vals=vals), self.assertRaises(UserError):
                version.with_user(self.manager).action_submit()
        self.department_b.manager_id = False
        with self.assertRaisesRegex(UserError, self.department_b.name):
            self._draft().with_user(self.manager).action_submit()
        for months in (0, -1, 61):
            with self.subTest(months=months), self.assertRaises(ValidationError):
                self._draft(revise_after_months=months)

    def test_no_version_is_made_for_a_hospital_one_does_not_work_for(self):
        sheets = self.env["followup.policy.sheet"].with_user(self.manager)
        with self.assertRaises(AccessError):
            sheets.create({"company_id": self.other_company.id}).action_make_version()

    def test_the_form_serves_maker_head_and_leader(self):
        version = self._draft(summary="x")
        with Form(version.with_user(self.manager)) as form:
            form.summary = "Calls after a day"
        version.with_user(self.manager).action_submit()
        words = self.env["followup.policy.decide"]
        for user, step in ((self.head_a, "object"), (self.head_b, "object")):
            opened = words.with_user(user).with_context(
                default_version_id=version.id, default_step=step
            )
            with Form(opened) as form:
                form.reason = "Too early"
            form.record.action_confirm()
        opened = words.with_user(self.leader).with_context(
            default_version_id=version.id, default_step="return"
        )
        with Form(opened) as form:
            form.reason = "As the wards say"
        form.record.action_confirm()
        self.assertEqual(version.state, "returned")

    def test_on_paper_it_says_who_reviewed_it(self):
        version = self._agreed()
        version.with_user(self.leader)._approve("")
        reports = self.env["ir.actions.report"].with_context(lang="en_US")
        html, _kind = reports.with_user(self.ward_a)._render_qweb_html(
            "followup_reports.followup_policy_version", version.ids
        )
        text = html2plaintext(html.decode())
        for word in (self.department_a.name, "Agrees", version.rules_digest, "001L"):
            self.assertIn(word, text)
