# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The hospital's written rules: versions that departments review (C-26)."""

from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import html2plaintext

from ..tools.policy import compare_rules
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
        self.assertFalse(version.sudo().activity_ids)

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

    def test_makers_withdraw_and_nobody_else(self):
        version = self._submitted()
        for user in (self.head_a, self.leader, self.inspector):
            for step in (version.action_withdraw, version.action_ask_again):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    getattr(version.with_user(user), step.__name__)()
        version.with_user(self.officer).action_withdraw()
        self.assertEqual(
            (version.state, version.decided_by_id.id), ("withdrawn", False)
        )
        self.assertFalse(version.sudo().activity_ids)
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

    def test_a_draft_is_for_makers(self):
        version = self._draft()
        for user in (self.ward_a, self.head_a, self.leader, self.inspector):
            with self.subTest(user=user.login):
                self.assertFalse(version.with_user(user).has_access("read"))
        # the maker left: somebody else of the same task goes on with it
        version.with_user(self.administrator).summary = "x"
        self.assertFalse(version.with_user(self.investigator).has_access("write"))
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
            sheets.create({"company_id": self.other_company.id})

    def test_amounts_and_conditions_of_approvals_are_written_out(self):
        """Neither 1e+06 nor a rule for one ward as if it were for all."""
        self.env["complaint.approval.rule"].create(
            {
                "name": "Board",
                "company_id": self.company.id,
                "amount_from": 1234567.5,
                "department_ids": self.department_a.ids,
                "only_dispute": True,
                "approver": "president",
                "minimum": 2,
            }
        )
        rules = self.env["followup.policy.version"]._read_configuration(self.company)
        row = next(row for row in rules[3][1] if row[0] == "Board")
        for words in ("1,234,567.50", "a dispute", self.department_a.name):
            self.assertIn(words, row[1])
        self.assertEqual(row[2], "President · Approvals Needed: 2")

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

    def test_an_overtaken_version_is_not_put_in_force(self):
        """Departments compared it with rules that are gone."""
        first, second = self._agreed(), self._agreed()
        first.with_user(self.leader)._approve("")
        with self.assertRaisesRegex(UserError, "Another version"):
            second.with_user(self.leader)._approve("")
        second.with_user(self.leader)._return("Overtaken")
        version = self._agreed()
        self._change_the_rules()
        self.assertTrue(version.is_outdated and first.is_outdated)
        with self.assertRaisesRegex(UserError, "configuration"):
            version.with_user(self.leader)._approve("")
        draft = self._draft()
        self.assertFalse(draft.is_outdated)

    def _change_the_rules(self):
        kpi = self.env.ref("followup_reports.followup_kpi_coverage")
        vals = {"kpi_id": kpi.id, "value": 97, "company_id": self.company.id}
        return self.env["followup.target"].create(vals)

    def test_only_who_heads_a_department_answers_for_it(self):
        """Neither who works there nor the head above, as long as there is one."""
        self.ward_a.group_ids = [
            (4, self.env.ref("patient_followup.followup_group_department_head").id)
        ]
        above = self._user("above", "department_head")
        top = self.env["hr.department"].create(
            {"name": "All Wards", "company_id": self.company.id}
        )
        self._head(top, above)
        (self.department_a | self.department_b).parent_id = top
        version = self._submitted()
        for user in (self.ward_a, above):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                version.with_user(user).action_agree()
        version.with_user(self.head_a).action_agree()
        self.assertEqual(
            version.review_ids.filtered("answer").department_id, self.department_a
        )
        # nobody heads ward B any more: whoever is above does
        self.department_b.manager_id = False
        version.with_user(self.manager).action_ask_again()
        self.assertEqual(set(self._todos(version)), {"above"})
        version.with_user(above).action_agree()
        self.assertEqual(version.answer_count, 2)

    def test_a_deputy_answers_while_the_head_is_away(self):
        deputy = self._user("deputy", "department_head")
        self.env["followup.delegation"].create(
            {
                "user_id": self.head_b.id,
                "deputy_id": deputy.id,
                "department_ids": self.department_b.ids,
                "company_id": self.company.id,
                "date_from": date.today(),
                "date_to": date.today() + timedelta(days=2),
            }
        )
        version = self._submitted()
        version.with_user(deputy).action_agree()
        answered = version.review_ids.filtered("answer")
        self.assertEqual(answered.answered_by_id, deputy)
        self.assertEqual(set(self._todos(version)), {"head_a"})

    def test_nobody_is_asked_who_could_not_answer(self):
        head = self.env.ref("patient_followup.followup_group_department_head")
        self.head_b.group_ids = [(3, head.id)]
        with self.assertRaisesRegex(UserError, self.department_b.name):
            self._submitted()
        self.head_b.group_ids = [(4, head.id)]
        version = self._draft()
        self.department_b.active = False
        with self.assertRaisesRegex(UserError, self.department_b.name):
            version.with_user(self.manager).action_submit()

    def test_a_closed_department_is_not_waited_for(self):
        version = self._submitted()
        version.with_user(self.head_a).action_agree()
        self.department_b.active = False
        version.with_user(self.leader)._approve("")
        self.assertEqual(version.state, "force")

    def test_a_leader_other_than_the_maker_is_needed(self):
        version = self._draft()
        (self.leader | self.leader_2).active = False
        with self.assertRaisesRegex(UserError, "leader"):
            version.with_user(self.manager).action_submit()

    def test_a_revision_is_asked_for_once(self):
        """C-26: regularly, and when the software does something else by now."""
        versions = self.env["followup.policy.version"]
        with freeze_time("2026-03-03 02:00:00"):
            version = self._agreed()
            version.with_user(self.leader)._approve("")
            versions._cron_ask_revision()
            self.assertFalse(version.activity_ids)
        with freeze_time("2027-03-02 16:30:00"):  # the third of March there
            # a reader's own note does not stand in its way
            note = version.activity_schedule("mail.mail_activity_data_todo")
            versions._cron_ask_revision()
            versions._cron_ask_revision()
            note.unlink()
            self.assertEqual(version.activity_ids.user_id, self.manager)
            self.assertEqual(len(version.activity_ids), 1)
        version.activity_ids.unlink()
        with freeze_time("2026-04-03 02:00:00"):
            self._change_the_rules()
            version.invalidate_recordset()
            draft = self._draft()
            versions._cron_ask_revision()
            self.assertFalse(version.activity_ids, "the next one is on its way")
            draft.unlink()
            self.manager.active = False
            versions._cron_ask_revision()
            asked = version.activity_ids.user_id
            self.assertTrue(asked)
            self.assertNotIn(self.manager, asked)

    def test_one_version_is_printed_at_a_time(self):
        versions = self._submitted() | self._draft()
        with self.assertRaises(UserError):
            self.env["ir.actions.report"].with_user(self.manager)._render_qweb_html(
                "followup_reports.followup_policy_version", versions.ids
            )

    def test_words_of_a_dialog_stay_with_whoever_writes_them(self):
        version = self._agreed()
        words = self.env["followup.policy.decide"].with_user(self.leader)
        dialog = words.create(
            {"version_id": version.id, "step": "return", "reason": "Not a word yet"}
        )
        others = words.with_user(self.head_a)
        self.assertFalse(others.search([]))
        for call in (
            lambda: others.browse(dialog.id).read(["reason"]),
            lambda: others.browse(dialog.id).write({"step": "approve"}),
        ):
            with self.assertRaises(AccessError):
                call()
