# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What serves every hospital is not changed by the manager of one (D-17)."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import FollowupCase


@tagged("post_install", "-at_install")
class TestSharedConfiguration(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env.ref("patient_followup.followup_attempt_policy_three_bands")
        cls.protocol = cls.env["followup.protocol"].search(
            [("company_id", "=", False), ("state", "=", "draft")], limit=1
        )

    def test_manager_of_one_hospital_changes_no_preset(self):
        shared = [
            self.policy,
            self.policy.band_ids[:1],
            self.protocol,
            self.protocol.step_ids[:1],
        ]
        for model in (
            "followup.exclusion.reason",
            "followup.reason",
            "followup.patient.category",
            "followup.workday.exception",
            "followup.import.profile",
            "followup.import.profile.column",
        ):
            shared.append(self.env[model].search([("company_id", "=", False)], limit=1))
        for record in shared:
            record = record.with_user(self.manager)
            name = "name" if "name" in record._fields else "field_name"
            with self.subTest(model=record._name):
                self.assertTrue(record)
                with self.assertRaisesRegex(AccessError, "every hospital"):
                    record.write({name: record[name]})
                with self.assertRaisesRegex(AccessError, "every hospital"):
                    record.unlink()

    def test_no_way_around(self):
        """Lines, translations, activation, versions, giving own ones to all."""
        policy = self.policy.with_user(self.manager)
        protocol = self.protocol.with_user(self.manager)
        own = self._protocol().with_user(self.manager)
        active = self._protocol(company_id=False)
        step = {"name": "x", "protocol_id": self.protocol.id}
        ways = {
            "translation": lambda: policy.update_field_translations(
                "name", {"en_US": "Mine"}
            ),
            "activate": protocol.action_activate,
            "retire": protocol.action_retire,
            "version": active.with_user(self.manager).action_new_version,
            "line": lambda: protocol.write({"step_ids": [(0, 0, {"name": "x"})]}),
            "step": lambda: protocol.step_ids.create(step),
            "give": lambda: own.write({"company_id": False}),
        }
        for way, call in ways.items():
            with self.subTest(way=way), self.assertRaises(AccessError):
                call()

    def test_manager_duplicates_for_his_hospital(self):
        copy = self.protocol.with_user(self.manager).copy()
        self.assertEqual(copy.company_id, self.company)
        self.assertEqual(copy.step_ids.company_id, self.company)
        copy.name = "Ours"
        copy.action_activate()
        policy = self.env["followup.attempt.policy"].with_user(self.manager)
        policy = policy.create({"name": "Ours", "company_id": False})
        self.assertEqual(policy.company_id, self.company)
        policy.max_attempts = 2

    def test_administrator_and_who_works_for_all_hospitals_may(self):
        self.policy.with_user(self.administrator).name = "Changed"
        companies = self.env["res.company"].search([])
        self.manager.company_ids = [(6, 0, companies.ids)]
        self.policy.with_user(self.manager).name = "Again"
        self.assertEqual(self.policy.name, "Again")

    def test_imported_holidays_are_those_of_the_hospital(self):
        dialog = self.env["followup.workday.import"]
        self.assertEqual(
            dialog.with_user(self.manager).create({}).company_id.id, self.company.id
        )
        self.assertFalse(dialog.with_user(self.administrator).create({}).company_id)

    def test_a_shared_questionnaire_is_changed_by_nobody_of_one_hospital(self):
        survey = self.env.ref("patient_followup.survey_discharge").with_user(
            self.manager
        )
        question = survey.question_ids.filtered("suggested_answer_ids")[:1]
        choice = question.suggested_answer_ids[:1]
        own = survey.create({"title": "Own", "survey_type": "followup"})
        ways = {
            "title": lambda: survey.write({"title": "Mine"}),
            "translation": lambda: survey.update_field_translations(
                "title", {"en_US": "Mine"}
            ),
            "delete": survey.unlink,
            "archive": survey.action_archive,
            "version": survey.action_new_version,
            "retire": survey.action_followup_retire,
            "question": lambda: question.write({"title": "Mine?"}),
            "question's words": lambda: question.update_field_translations(
                "title", {"en_US": "Mine?"}
            ),
            "new question": lambda: question.create(
                {"survey_id": survey.id, "title": "Mine?"}
            ),
            "no question": question.unlink,
            "choice": lambda: choice.write({"value": "Mine"}),
            "choice's words": lambda: choice.update_field_translations(
                "value", {"en_US": "Mine"}
            ),
            "new choice": lambda: choice.create(
                {"question_id": question.id, "value": "Mine"}
            ),
            "no choice": choice.unlink,
            "lines": lambda: survey.write(
                {"question_and_page_ids": [(1, question.id, {"title": "Mine?"})]}
            ),
            "to all": lambda: own.write({"followup_company_id": False}),
        }
        for way, call in ways.items():
            with (
                self.subTest(way=way),
                self.assertRaisesRegex(AccessError, "every hospital"),
                self.env.cr.savepoint(),
            ):
                call()
        self.assertEqual(own.followup_company_id, self.company)

    def test_questionnaire_copied_for_the_hospital_is_its_own(self):
        survey = self.env.ref("patient_followup.survey_discharge").with_user(
            self.manager
        )
        self.assertTrue(survey.followup_is_foreign)
        copy = survey.browse(survey.action_copy_for_hospital()["res_id"])
        self.assertEqual(copy.followup_company_id, self.company)
        self.assertEqual(copy.title, survey.title)
        self.assertFalse(copy.followup_is_foreign)
        self.assertEqual(
            copy.question_ids.mapped("title"), survey.question_ids.mapped("title")
        )
        copy.question_ids[:1].title = "Ours?"
        copy.question_ids[:1].suggested_answer_ids[:1].value = "Ours"
        shared = survey.with_user(self.administrator)
        self.assertFalse(shared.followup_is_foreign)
        shared.question_ids[:1].title = "For all?"

    def test_a_question_does_not_move_to_a_questionnaire_of_another_hospital(self):
        other = self._company("Other Hospital")
        mine, theirs = (
            self.env["survey.survey"].create(
                {
                    "title": company.name,
                    "survey_type": "followup",
                    "followup_company_id": company.id,
                    "question_and_page_ids": [(0, 0, {"title": "Well?"})],
                }
            )
            for company in (self.company, other)
        )
        question = mine.question_ids.with_user(self.manager)
        with self.assertRaises(AccessError):
            question.survey_id = theirs
