# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Nobody outside follow-up learns of questionnaires or answers (D-1, D-2)."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .survey_common import FollowupSurveyCase

MODELS = (
    "survey.survey",
    "survey.question",
    "survey.question.answer",
    "survey.user_input",
    "survey.user_input.line",
)
# who reads the answers of a level 1 call of ward A, and of a level 2 call
READERS = {
    "ward_a": (True, False),
    "ward_b": (False, False),
    "head_a": (True, True),
    "centre": (False, True),
    "manager": (True, True),
    "inspector": (True, True),
    "leader": (False, False),
    "auditor": (False, False),
    "administrator": (False, False),
    "plain": (False, False),
}
EDITORS = {"manager", "administrator"}


class FollowupSurveyAccessCase(FollowupSurveyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        export = cls.env.ref("base.group_allow_export")
        cls.survey_manager = new_test_user(
            cls.env,
            "survey_manager",
            groups="base.group_user,survey.group_survey_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.survey_officer = new_test_user(
            cls.env,
            "survey_officer",
            groups="base.group_user,survey.group_survey_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        (cls.survey_manager | cls.survey_officer | cls.manager).group_ids = [
            (4, export.id)
        ]
        cls.plain_survey = cls.env["survey.survey"].create(
            {
                "title": "Canteen",
                "question_and_page_ids": [(0, 0, {"title": "Did you like it?"})],
            }
        )
        cls.second = cls._asked(level="2")
        for task in (cls.task, cls.second):
            task._start_user_input()._followup_save(
                {cls.questions["temperature"].id: 37.5}
            )

    def _rows(self, model):
        """Return the rows of ours of this model, level 1 answers."""
        return {
            "survey.survey": self.survey,
            "survey.question": self.questions["temperature"],
            "survey.question.answer": self.choices["condition", "bad"],
            "survey.user_input": self.task.user_input_id,
            "survey.user_input.line": self.task.user_input_id.user_input_line_ids,
        }[model]

    def _call(self, user, model, method, *args, **kwargs):
        return call_kw(self.env(user=user, context={})[model], method, args, kwargs)


@tagged("post_install", "-at_install")
class TestFollowupSurveyAccess(FollowupSurveyAccessCase):
    def test_survey_officers_and_managers_find_none_of_it(self):
        for user in (self.survey_officer, self.survey_manager):
            for model in MODELS:
                ids = self._rows(model).ids
                domain = [("id", "in", ids)]
                finds = {
                    "search": ("search", domain),
                    "search_read": ("search_read", domain, ["id"]),
                    "search_count": ("search_count", domain),
                    "web_search_read": ("web_search_read", domain, {"id": {}}),
                }
                for path, call in finds.items():
                    with self.subTest(user=user.login, model=model, path=path):
                        found = self._call(user, model, *call)
                        if isinstance(found, dict):
                            found = found["length"]
                        self.assertFalse(found)
                with self.subTest(user=user.login, model=model, path="groups"):
                    groups = self._call(
                        user, model, "formatted_read_group", domain, [], ["__count"]
                    )
                    self.assertFalse(groups[0]["__count"])
                for path, call in {
                    "read": ("read", ids, ["id", "display_name", "create_uid"]),
                    "export": ("export_data", ids, ["id", "display_name"]),
                    "write": ("write", ids, {"write_uid": False}),
                    "unlink": ("unlink", ids),
                    "copy": ("copy", ids),
                }.items():
                    with (
                        self.subTest(user=user.login, model=model, path=path),
                        self.assertRaises(AccessError),
                    ):
                        self._call(user, model, *call)

    def test_survey_managers_find_no_title_by_name(self):
        for user in (self.survey_officer, self.survey_manager):
            for model, name in (
                ("survey.survey", "Test Questions"),
                ("survey.question", "Temperature"),
                ("survey.question.answer", "Bad"),
                ("survey.user_input", "Test Questions"),
            ):
                with self.subTest(user=user.login, model=model):
                    found = dict(self._call(user, model, "name_search", name))
                    self.assertNotIn(self._rows(model).id, found)

    def test_survey_officers_keep_their_own_surveys(self):
        for user in (self.survey_officer, self.survey_manager):
            survey = self.plain_survey.with_user(user)
            survey.title = "Canteen of the staff"
            survey.question_ids.title = "Did you like it today?"
            self.assertTrue(survey.copy())
            answer = survey._create_answer(user=user)
            answer.sudo()._save_lines(survey.question_ids, False)
            self.assertTrue(answer.with_user(user).user_input_line_ids)

    def test_survey_managers_make_no_questionnaire_and_no_invitation(self):
        # survey itself finds first that its maker could not see it
        with self.assertRaises(ValidationError):
            self._call(
                self.survey_manager,
                "survey.survey",
                "create",
                [{"title": "Spy", "survey_type": "followup"}],
            )
        with self.assertRaises(AccessError):
            self._call(
                self.survey_manager,
                "survey.question",
                "create",
                [{"title": "Spy", "survey_id": self.survey.id}],
            )
        with self.assertRaises(AccessError):
            self._call(
                self.survey_manager,
                "survey.invite",
                "create",
                [{"survey_id": self.survey.id}],
            )

    def test_a_caller_who_is_a_survey_manager_too_gains_nothing(self):
        group = self.env.ref("survey.group_survey_manager")
        self.ward_b.group_ids = [(4, group.id)]
        for model in ("survey.user_input", "survey.user_input.line"):
            found = self._call(
                self.ward_b, model, "search", [("id", "in", self._rows(model).ids)]
            )
            self.assertFalse(found)
        for model in ("survey.survey", "survey.question"):
            with self.assertRaises(AccessError):
                self._call(
                    self.ward_b, model, "write", self._rows(model).ids, {"title": "x"}
                )

    def test_who_reads_the_task_reads_its_answers(self):
        for login, expected in READERS.items():
            user = getattr(self, login)
            for task, allowed in zip((self.task, self.second), expected, strict=True):
                for rows in (
                    task.user_input_id,
                    task.user_input_id.user_input_line_ids,
                ):
                    with self.subTest(user=login, level=task.level, model=rows._name):
                        rows = rows.with_user(user)
                        self.assertEqual(rows.has_access("read"), allowed)
                        if allowed:
                            rows.read(["survey_id", "followup_patient_id"])
                        self.assertFalse(rows.has_access("write"))
                        self.assertFalse(rows.has_access("unlink"))

    def test_who_is_given_a_task_of_another_ward_reads_its_answers(self):
        self.assertFalse(
            self.second.user_input_id.with_user(self.ward_b).has_access("read")
        )
        self.second._guarded().user_id = self.ward_b
        self.env.invalidate_all()
        self.assertTrue(
            self.second.user_input_id.with_user(self.ward_b).has_access("read")
        )

    def test_answers_follow_their_task_to_another_ward(self):
        self.task._guarded().department_id = self.department_b
        answers = self.task.user_input_id
        lines = answers.user_input_line_ids
        for rows in (answers, lines):
            self.assertEqual(rows.followup_department_id, self.department_b)
            self.assertTrue(rows.with_user(self.ward_b).has_access("read"))
            self.assertFalse(rows.with_user(self.ward_a).has_access("read"))

    def test_managers_of_other_hospitals_read_nothing(self):
        other = self._company("Other Hospital")
        manager = self._user("other_manager", "centre_manager", other)
        own = self._questionnaire(followup_company_id=self.company.id)
        shared = self._questionnaire(followup_company_id=False)
        env = self.env(user=manager, context={})
        for model in ("survey.user_input", "survey.user_input.line"):
            self.assertFalse(self._rows(model).with_env(env).has_access("read"))
        self.assertTrue(shared.with_env(env).has_access("read"))
        self.assertFalse(own.with_env(env).has_access("read"))
        self.assertFalse(own.question_ids[:1].with_env(env).has_access("read"))

    def test_managers_and_administrators_edit_the_others_read(self):
        draft = self._questionnaire()
        for login in READERS:
            user = getattr(self, login)
            rows = draft.with_user(user)
            with self.subTest(user=login):
                self.assertEqual(rows.has_access("read"), login != "plain")
                self.assertEqual(rows.has_access("write"), login in EDITORS)
                question = draft.question_ids[:1].with_user(user)
                self.assertEqual(question.has_access("write"), login in EDITORS)

    def test_the_type_never_changes(self):
        for user in (self.manager, self.env.user):
            with self.assertRaisesRegex(UserError, "stays one"):
                self.survey.with_user(user).survey_type = "survey"
            with self.assertRaisesRegex(UserError, "no other survey"):
                self.plain_survey.sudo().survey_type = "followup"

    def test_answers_are_made_by_calls_only(self):
        with self.assertRaises(AccessError):
            self.survey.sudo()._create_answer(test_entry=True)
        with self.assertRaises(AccessError):
            self.env["survey.user_input"].sudo().create({"survey_id": self.survey.id})
        answers = self.task.user_input_id.sudo()
        with self.assertRaises(AccessError):
            answers._save_lines(self.questions["temperature"], 40.0)
        with self.assertRaises(AccessError):
            answers._mark_done()

    def test_answers_leave_no_trace_in_the_mail_system(self):
        answers = self.task.user_input_id
        self.assertFalse(answers.message_ids)
        self.assertFalse(answers.message_follower_ids)
        self.assertFalse(answers.partner_id)


@tagged("post_install", "-at_install")
class TestFollowupSurveyRoutes(FollowupSurveyAccessCase, HttpCase):
    """Core's pages refuse questionnaires, whoever asks and with which tokens."""

    def _paths(self):
        survey, answers = self.survey, self.task.user_input_id
        tokens = f"{survey.access_token}/{answers.access_token}"
        query = f"{survey.access_token}?answer_token={answers.access_token}"
        return [
            f"/survey/start/{survey.access_token}",
            f"/survey/start/{query}",
            f"/survey/print/{survey.access_token}",
            f"/survey/print/{query}",
            f"/survey/{tokens}",
            f"/survey/test/{survey.access_token}",
            f"/survey/retry/{tokens}",
            f"/survey/results/{survey.id}",
            f"/survey/results/{survey.id}?answer_token={answers.access_token}",
            f"/survey/{survey.id}/certification_preview",
            f"/survey/{survey.id}/get_certification_preview",
            f"/survey/{survey.id}/get_certification",
            f"/survey/session/manage/{survey.access_token}",
            f"/survey/{survey.access_token}/get_background_image",
            f"/survey/get_question_image/{tokens}/{self._id('condition')}/"
            f"{self.choices['condition', 'bad'].id}",
            "/s/" + (survey.session_code or "0000"),
        ]

    @mute_logger("odoo.http")  # core's own pages say that they refuse
    def test_no_page_shows_a_questionnaire_or_an_answer(self):
        count = self.env["survey.user_input"].search_count([])
        for login in (None, "survey_manager", "manager", "ward_a"):
            self.authenticate(login, login)
            for path in self._paths():
                with self.subTest(user=login, path=path.split("?")[0]):
                    response = self.url_open(path, timeout=30)
                    self.assertLess(response.status_code, 500)
                    self.assertNotIn("Temperature", response.text)
                    self.assertNotIn("Test Questions", response.text)
                    self.assertNotIn("37.5", response.text)
        self.assertEqual(self.env["survey.user_input"].search_count([]), count)

    def test_no_call_answers_a_questionnaire(self):
        survey, answers = self.survey, self.task.user_input_id
        tokens = f"{survey.access_token}/{answers.access_token}"
        question = self._id("temperature")
        before = answers._followup_values()
        for route in ("begin", "next_question", "submit"):
            result = self.make_jsonrpc_request(
                f"/survey/{route}/{tokens}", {str(question): 41}
            )
            with self.subTest(route=route):
                self.assertEqual(result[1]["error"], "survey_wrong")
        self.env.invalidate_all()
        self.assertEqual(answers._followup_values(), before)

    def test_other_surveys_are_served_as_before(self):
        survey = self.plain_survey
        response = self.url_open(f"/survey/start/{survey.access_token}")
        self.assertEqual(response.status_code, 200)
        self.assertIn("Canteen", response.text)
        self.authenticate("survey_manager", "survey_manager")
        response = self.url_open(f"/survey/results/{survey.id}")
        self.assertIn("Canteen", response.text)
