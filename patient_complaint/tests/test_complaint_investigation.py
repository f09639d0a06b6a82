# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Team, evidence, hearings and findings of an investigation (C-11 ... C-13, C-22)."""

import base64
import hashlib
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import freeze_time, tagged

from .test_complaint_conflict import ConflictCommon

CONTENT = b"scanned letter"


@tagged("post_install", "-at_install")
class TestComplaintInvestigation(ConflictCommon):
    """`second` runs the case, `investigator` is on its team, `plain` is named."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.named = cls._employee(cls.plain)

    def setUp(self):
        super().setUp()
        self.case = self._named(self.named, severity="high")
        self.case.write({"track": "full", "owner_id": self.second.id})
        category = "patient_complaint.complaint_category_process_waiting"
        self.case.issue_ids.category_id = self.env.ref(category)
        self.case.severity = "high"
        self.case.action_triage()
        self.case.action_start_investigation()

    def _join_team(self, user=None, discipline="medical"):
        members = self.env["complaint.member"].with_user(self.second)
        return members.create(
            {
                "case_id": self.case.id,
                "user_id": (user or self.investigator).id,
                "discipline": discipline,
            }
        )

    def _evidence(self, user=None, **vals):
        rows = self.env["complaint.evidence"].with_user(user or self.second)
        vals = {"case_id": self.case.id, "name": "Nursing record", **vals}
        return rows.create(vals)

    def _hear(self, user=None, **vals):
        rows = self.env["complaint.hearing"].with_user(user or self.second)
        vals = {
            "case_id": self.case.id,
            "employee_id": self.named.id,
            "question": "Where were you at noon?",
            "deadline": fields.Date.today() + timedelta(days=3),
            **vals,
        }
        return rows.create(vals)

    # ------------------------------------------------------------
    # TEAM
    # ------------------------------------------------------------

    def test_a_member_sees_his_case_and_no_other(self):
        other = self._case(self.second)
        mine = self.env["complaint.case"].with_user(self.investigator)
        self.assertFalse(mine.search([]))
        self._join_team()
        self.assertEqual(mine.search([]), self.case)
        self.assertFalse(other.with_user(self.investigator).has_access("read"))
        self.assertTrue(mine.search([]).issue_ids.read(["text"]))

    def test_evidence_opens_with_the_declaration(self):
        evidence = self._evidence()
        member = self._join_team()
        seen = evidence.with_user(self.investigator)
        self.assertFalse(seen.has_access("read"))
        with self.assertRaises(AccessError):
            self._evidence(self.investigator)
        member.with_user(self.investigator).action_clear()
        self.assertTrue(seen.has_access("read"))
        self.assertTrue(seen.custody_ids.read(["event"]))
        self.assertTrue(self._evidence(self.investigator))

    def test_whoever_declares_a_conflict_leaves_the_case(self):
        member = self._join_team().with_user(self.investigator)
        member.action_conflict("He is my cousin")
        self.assertFalse(self.case.with_user(self.investigator).has_access("read"))
        self.assertFalse(member.has_access("read"))
        self.assertEqual(member.sudo().declared, "conflict")
        self.assertIn(self.investigator, self.case.conflict_user_ids)
        with self.assertRaises(ValidationError):
            self._join_team()

    def test_nobody_declares_for_another(self):
        member = self._join_team()
        for method in ("action_clear", "action_conflict"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(member, method)()
        with self.assertRaises(AccessError):
            member.declared = "clear"

    def test_who_cannot_be_a_member(self):
        self._employee(self.investigator, parent_id=self.named.id)
        refused = {
            "below somebody named": self.investigator,
            "named": self.plain,
            "without a role": self.ward_a,
        }
        for name, user in refused.items():
            with self.subTest(name), self.assertRaises(ValidationError):
                self._join_team(user)

    def test_a_member_who_left_stays_on_record(self):
        member = self._join_team()
        member.action_leave()
        self.assertFalse(self.case.with_user(self.investigator).has_access("read"))
        with self.assertRaises(UserError):
            member.with_user(self.second).sudo().unlink()
        self.assertTrue(self._join_team())

    def test_a_member_named_later_loses_everything(self):
        member = self._join_team().with_user(self.investigator)
        member.action_clear()
        evidence = self._evidence().with_user(self.investigator)
        employee = self._employee(self.investigator)
        self.case.issue_ids.employee_ids = [Command.link(employee.id)]
        for row in (member, evidence, evidence.sudo().custody_ids, self.case):
            row = row.with_user(self.investigator)
            with self.subTest(row._name):
                self.assertFalse(row.has_access("read"))

    def test_a_member_writes_findings_and_nothing_else(self):
        issue = self.case.issue_ids.with_user(self.investigator)
        member = self._join_team()
        with self.assertRaises(AccessError):
            issue.finding = "upheld"
        member.with_user(self.investigator).action_clear()
        issue.write({"finding": "upheld", "lesson": "Two at the desk"})
        for vals in ({"harm": "death"}, {"employee_ids": [Command.clear()]}):
            with self.subTest(vals), self.assertRaises(AccessError):
                issue.write(vals)

    # ------------------------------------------------------------
    # EVIDENCE
    # ------------------------------------------------------------

    def test_the_server_hashes_files(self):
        evidence = self._evidence(file=base64.b64encode(CONTENT), file_name="a.txt")
        self.assertEqual(evidence.sha256, hashlib.sha256(CONTENT).hexdigest())
        self.assertEqual(evidence.file_size, len(CONTENT))
        self.assertTrue(evidence.is_intact)
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", evidence._name),
                ("res_id", "=", evidence.id),
                ("res_field", "=", "file"),
            ]
        )
        attachment.raw = b"another letter"
        evidence.invalidate_recordset()
        self.assertFalse(evidence.is_intact)
        for field, value in (("sha256", "0" * 64), ("by_id", self.officer.id)):
            with self.subTest(field), self.assertRaises(AccessError):
                self._evidence(**{field: value})

    def test_evidence_and_custody_are_never_edited(self):
        evidence = self._evidence()
        custody = self.env["complaint.custody"].with_user(self.second)
        vals = {"evidence_id": evidence.id, "event": "handed", "person": "Archive"}
        row = custody.create({**vals, "event": "sealed"})
        self.assertEqual(evidence.custody_ids.mapped("event"), ["taken", "sealed"])
        self.assertIn("Archive", evidence.custody)
        for record, change in ((evidence, {"note": "x"}), (row, {"person": "x"})):
            for user in (self.second, self.officer, self.env.ref("base.user_root")):
                with self.subTest(record=record._name, user=user.login):
                    with self.assertRaises(AccessError):
                        record.with_user(user).write(change)
                    with self.assertRaises(UserError):
                        record.with_user(user).unlink()
        back = fields.Datetime.now() - timedelta(days=9)
        row = custody.create({**vals, "at": back, "by_id": self.officer.id})
        self.assertGreater(row.at, back)
        self.assertEqual(row.by_id, self.second)

    # ------------------------------------------------------------
    # HEARING
    # ------------------------------------------------------------

    def test_the_heard_sees_his_question_and_nothing_of_the_case(self):
        hearing = self._hear()
        question = self.env["complaint.question"].with_user(self.plain).search([])
        self.assertEqual(question.question, "Where were you at noon?")
        self.assertNotIn("complaint.case", self._comodels("complaint.question"))
        self.assertFalse(hearing.with_user(self.plain).has_access("read"))
        for model in ("complaint.case", "complaint.hearing", "complaint.evidence"):
            for method in ("search_read", "search_count"):
                with self.subTest(model=model), self.assertRaises(AccessError):
                    rows = self.env(user=self.plain)[model]
                    call_kw(rows, method, [[]], {})
        answered = question.with_context(tracking_disable=False)
        answered.answer = "In the ward"
        self.assertFalse(hearing.answer)
        answered.action_answer()
        self.assertEqual(hearing.answer, "In the ward")
        self.assertEqual(hearing.state, "answered")
        with self.assertRaises(UserError):
            answered.answer = "At home"
        notes = self.env["mail.message"].with_user(self.plain)
        self.assertFalse(notes.search([("model", "=", "complaint.case")]))

    def _comodels(self, model):
        found = {field.comodel_name for field in self.env[model]._fields.values()}
        return found - {"res.users", "res.company"}

    def test_what_reaches_the_heard_does_not_name_the_case(self):
        hearing = self._hear()
        question = hearing.sudo().question_id
        words = [question.display_name, question.activity_ids.summary or ""]
        words += question.message_ids.mapped("body")
        words += question.message_ids.mapped("subject")
        for text in filter(None, words):
            self.assertNotIn(self.case.name, text)
        self.assertEqual(question.activity_ids.user_id, self.plain)
        self.assertFalse(question.message_partner_ids - self.plain.partner_id)

    def test_only_the_asked_reads_and_answers(self):
        question = self._hear().sudo().question_id
        for user in (self.ward_a, self.second, self.officer, self.investigator):
            seen = question.with_user(user)
            with self.subTest(user=user.login):
                self.assertFalse(seen.has_access("read"))
                with self.assertRaises(AccessError):
                    seen.write({"answer": "forged"})
        mine = question.with_user(self.plain)
        for vals in ({"state": "answered"}, {"question": "x"}, {"user_id": 1}):
            with self.subTest(vals), self.assertRaises(AccessError):
                mine.write(vals)
        with self.assertRaises(AccessError):
            mine.create({"user_id": self.plain.id, "question": "x", "company_id": 1})

    def test_a_withdrawn_question_is_closed(self):
        hearing = self._hear()
        hearing.action_withdraw()
        question = hearing.sudo().question_id.with_user(self.plain)
        with self.assertRaises(UserError):
            question.answer = "late"
        with self.assertRaises(UserError):
            hearing.action_withdraw()

    def test_who_is_heard_without_an_account_is_interviewed(self):
        nobody = self._employee()
        with self.assertRaisesRegex(ValidationError, "interview"):
            self._hear(employee_id=nobody.id)

    def test_the_form_names_whom_no_question_reaches_until_he_was_interviewed(self):
        """Named without an account: asked in person, and that is on record (C-13)."""
        nobody = self._employee()
        case = self.case.with_user(self.second)
        self.assertFalse(case.unheard_note)
        self.case.issue_ids.employee_ids = [Command.link(nobody.id)]
        self.assertTrue(case.unheard_note.startswith(f"{nobody.name}: no account"))
        gap = f"Hearing: {nobody.name} was not heard"
        self.assertIn(gap, case._get_gaps())
        self._evidence(kind="interview", person=f"Dr. {nobody.name}")
        self.assertIn(gap, case._get_gaps())
        self._evidence(kind="interview", employee_id=nobody.id)
        self.assertFalse(case.unheard_note)
        self.assertNotIn(gap, case._get_gaps())

    def test_an_interview_with_a_colleague_of_the_same_name_hears_nobody_else(self):
        """Two nurses called Wang Wei are asked one by one (C-13)."""
        one, other = self._employee(), self._employee()
        one.name = other.name = "王伟"
        self.case.issue_ids.employee_ids = [Command.set((one + other).ids)]
        gap = "Hearing: 王伟 was not heard"
        self.assertEqual(self.case._get_gaps().count(gap), 2)
        self._evidence(kind="interview", employee_id=one.id)
        self.assertEqual(self.case._get_gaps().count(gap), 1)
        self._evidence(kind="interview", employee_id=other.id)
        self.assertNotIn(gap, self.case._get_gaps())

    # ------------------------------------------------------------
    # END OF THE INVESTIGATION
    # ------------------------------------------------------------

    def test_the_policy_says_what_is_missing_until_nothing_is(self):
        self._tell(self.case, "plan", at=fields.Datetime.now())
        nurse = self._office_user("investigator", "nurse")
        clerk = self._office_user("investigator", "clerk")
        team = {"medical": self.investigator, "nursing": nurse, "administrative": clerk}
        issue = self.case.issue_ids
        hearing = self.env["complaint.hearing"]

        def answer():
            question = hearing.search([]).sudo().question_id.with_user(self.plain)
            question.answer = "x"
            question.action_answer()

        cause = self.env.ref("patient_complaint.complaint_cause_person_attitude")
        steps = [
            *(
                lambda who=who, what=what: (
                    self._join_team(who, what).with_user(who).action_clear()
                )
                for what, who in team.items()
            ),
            self._evidence,
            self._hear,
            answer,
            lambda: issue.write({"finding": "upheld"}),
            lambda: issue.write({"cause_ids": [Command.link(cause.id)]}),
        ]
        for step in steps:
            with self.assertRaisesRegex(UserError, "not finished"):
                self.case.action_propose()
            self.assertTrue(self.case.investigation_gaps)
            step()
        issue.lesson = "Knock before you enter"
        self.assertFalse(self.case.investigation_gaps)
        self.case.action_propose()
        self.assertEqual(self.case.state, "resolution")

    def test_what_is_not_upheld_needs_no_lesson(self):
        case = self._ready(self._case(), severity="low")
        case.action_triage()
        case.action_start_investigation()
        case.issue_ids.finding = "not_upheld"
        case.action_propose()
        self.assertEqual(case.state, "resolution")

    def test_the_complainant_hears_how_it_stands(self):
        self._tell(self.case, "plan")
        self.assertNotIn("how it stands", self.case.next_step)
        late = fields.Datetime.now() + timedelta(days=4)
        self.case.invalidate_recordset()
        with freeze_time(late):
            self.assertIn("how it stands", self.case.next_step)

    def test_the_checklist_of_the_investigation_becomes_to_dos(self):
        plan = self.env.ref("patient_complaint.mail_activity_plan_investigation")
        wizards = self.env["mail.activity.schedule"].with_user(self.second)
        wizard = wizards.with_context(
            active_model="complaint.case", active_ids=self.case.ids
        ).create({"plan_id": plan.id, "plan_on_demand_user_id": self.second.id})
        wizard.action_schedule_plan()
        summaries = set(self.case.activity_ids.mapped("summary"))
        self.assertLessEqual(set(plan.template_ids.mapped("summary")), summaries)
