# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The call on one screen (design 8.2; P-3, P-4, P-8, P-9, P-15, X-9, E-14)."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FollowupCase

DIAGNOSIS = "Fracture of the left hip"
OPENING_QUERIES = 30


class CallScreenCase(FollowupCase):
    """A task of ward A with a questionnaire, a relative, and any hour allowed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["followup.attempt.policy"].create(
            {"name": "Any time", "quiet_from": 0, "quiet_to": 0, "min_gap_minutes": 0}
        )
        cls.company.followup_default_policy_id = cls.policy
        cls.survey = cls._survey("General")
        cls.step = cls._protocol([{"survey_id": cls.survey.id}]).step_ids
        cls.patient = cls._patient(birthdate="1956-03-01", name="Zhang Wei")
        cls.daughter = cls.env["followup.patient.contact"].create(
            {
                "patient_id": cls.patient.id,
                "name": "Zhang Li",
                "relation": "child",
                "phone": "13800000009",
            }
        )
        cls.stay = cls._encounter(cls.patient, discharge_diagnosis=DIAGNOSIS)
        cls.task = cls._task(cls.stay, step_id=cls.step.id).with_user(cls.ward_a)
        cls.questions = {row.title: row for row in cls.survey.question_ids}

    @classmethod
    def _survey(cls, title):
        choice = {"question_type": "simple_choice"}
        answers = [
            (0, 0, {"value": "Better", "followup_code": "better"}),
            (0, 0, {"value": "Worse", "followup_code": "worse"}),
        ]
        survey = cls.env["survey.survey"].create(
            {
                "title": title,
                "survey_type": "followup",
                "question_and_page_ids": [
                    (
                        0,
                        0,
                        {
                            **choice,
                            "title": "Condition",
                            "sequence": 1,
                            "followup_metric": "condition",
                            "suggested_answer_ids": answers,
                            "constr_mandatory": True,
                        },
                    ),
                    (
                        0,
                        0,
                        {
                            "title": "Pain",
                            "sequence": 2,
                            "question_type": "numerical_box",
                            "followup_metric": "pain",
                        },
                    ),
                    (
                        0,
                        0,
                        {
                            "title": f"Remarks on {title}",
                            "sequence": 3,
                            "question_type": "text_box",
                        },
                    ),
                ],
            }
        )
        survey.question_ids.suggested_answer_ids.filtered(
            lambda row: row.value == "Worse"
        ).followup_is_red_flag = True
        return survey

    def _choice(self, value, survey=None):
        answers = (survey or self.survey).question_ids.suggested_answer_ids
        return answers.filtered(lambda row: row.value == value).id

    def _identify(self, task=None, **kwargs):
        task = self.task if task is None else task
        return task.confirm_identity(["name", "birthdate"], **kwargs)

    def _call(self, task=None):
        task = self.task if task is None else task
        contact = self.patient.contact_ids.filtered("is_primary")
        task.action_call(contact.id)
        return task


@tagged("post_install", "-at_install")
class TestCallScreen(CallScreenCase):
    # ------------------------------------------------------------
    # WHAT IT SHOWS
    # ------------------------------------------------------------

    def test_it_opens_with_the_same_queries_however_long_the_history(self):
        """P-3: one answer, whether nobody or fifty called before."""
        self._make_history(1)
        self._count_queries()
        self._count_queries()
        few = self._count_queries()
        self._make_history(49)
        self.assertEqual(self._count_queries(), few)
        self.assertLessEqual(few, OPENING_QUERIES)

    def _count_queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.task.get_call_screen(prepare=True)
        return self.env.cr.sql_log_count - before

    def _make_history(self, number):
        tasks = self._tasks([{}] * number, self.stay).with_user(self.ward_a)
        for task in tasks:
            task.log_attempt("reached", direction="in")
            task.action_complete("well")

    def test_health_is_hidden_until_two_details_are_right(self):
        """No diagnosis, no question before it is known who listens."""
        self._call()
        screen = self.task.get_call_screen()
        self.assertNotIn(DIAGNOSIS, str(screen))
        self.assertIsNone(screen["health"])
        self.assertIsNone(screen["form"])
        screen = self._identify()
        self.assertIn(DIAGNOSIS, str(screen))
        self.assertEqual(len(screen["form"]["questions"]), 3)

    def test_the_caller_may_read_before_he_calls(self):
        """P-3: know the patient and the questions, until somebody listens."""
        screen = self.task.get_call_screen(prepare=True)
        self.assertIn(DIAGNOSIS, str(screen["health"]))
        self.assertEqual(len(screen["form"]["questions"]), 3)
        self._call()
        screen = self.task.get_call_screen(prepare=True)
        self.assertIsNone(screen["health"])

    def test_notes_of_ward_and_plan_are_seen_at_once(self):
        """E-14: what the ward asks to mind is read before dialling."""
        self.stay.caller_note = "His wife must not know."
        notes = self.task.get_call_screen()["stay"]["notes"]
        self.assertEqual(notes, ["His wife must not know."])

    def test_no_number_stands_in_full(self):
        """I-3"""
        self.assertNotIn("13800000009", str(self.task.get_call_screen(prepare=True)))

    def test_others_do_not_open_it(self):
        for user in (self.ward_b, self.plain, self.leader):
            with self.assertRaises(AccessError):
                self.task.with_user(user).get_call_screen()
            with self.assertRaises(AccessError):
                self.task.with_user(user).get_call_aids()

    def test_an_inspector_reads_it_and_changes_nothing(self):
        task = self.task.with_user(self.inspector)
        self.assertFalse(task.get_call_screen()["task"]["can_call"])
        for call in (
            lambda: task.save_answers({}),
            lambda: task.save_notes({"outcome_note": "x"}),
            lambda: task.give_advice(text="x"),
            lambda: task.finish_call(),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_the_directory_names_departments_and_the_own_one_first(self):
        """X-9"""
        for department, number in ((self.department_b, "2"), (self.department_a, "1")):
            department.followup_team_ids.hotline = number
        rows = self.task.get_call_aids()["directory"]
        self.assertEqual([row["hotline"] for row in rows], ["1", "2"])

    # ------------------------------------------------------------
    # WHO IS ON THE PHONE
    # ------------------------------------------------------------

    def test_one_detail_is_not_enough_and_unknown_ones_do_not_count(self):
        self._call()
        for items in ([], ["name"], ["name", "shoe_size"], "name"):
            with self.assertRaises(UserError):
                self.task.confirm_identity(items)
        with self.assertRaises(UserError):
            self.task.confirm_identity(["name", "birthdate"], speaker="neighbour")

    def test_how_many_details_is_a_setting_of_the_hospital(self):
        """I-1"""
        self.company.followup_identity_items = 1
        self.task.action_claim()
        self.assertTrue(self.task.confirm_identity(["name"])["identity"]["checked"])

    def test_a_relative_hears_only_what_the_patient_allowed(self):
        self._call()
        screen = self._identify(speaker="relative", contact_id=self.daughter.id)
        self.assertTrue(screen["identity"]["checked"])
        self.assertIsNone(screen["health"])
        with self.assertRaises(AccessError):
            self.task.save_answers({})
        with self.assertRaises(AccessError):
            self.task.finish_call()
        self.daughter.may_receive_medical_info = True
        screen = self._identify(speaker="relative", contact_id=self.daughter.id)
        self.assertIn(DIAGNOSIS, str(screen["health"]))

    def test_a_relative_nobody_knows_hears_nothing(self):
        self._call()
        screen = self._identify(speaker="relative")
        self.assertFalse(screen["identity"]["may_tell"])

    def test_a_relative_of_another_patient_is_refused(self):
        other = self._patient().contact_ids
        self._call()
        with self.assertRaises(UserError):
            self._identify(speaker="relative", contact_id=other.id)

    def test_every_call_asks_anew(self):
        """Another person may take the second call."""
        self._call()
        self._identify()
        self._call()
        self.assertFalse(self.task.get_call_screen()["identity"]["checked"])

    def test_a_colleague_asks_anew(self):
        self._call()
        self._identify()
        task = self.task.with_user(self.head_a)
        task.action_take_over("He is ill")
        self.assertFalse(task.get_call_screen()["identity"]["checked"])

    def test_what_was_asked_stays_with_the_closed_task(self):
        self._call()
        self._identify()
        self.task.save_answers(
            {self.questions["Condition"].id: [self._choice("Better")]}
        )
        self.task.finish_call()
        self.assertEqual(self.task.identity_items, "birthdate,name")
        self.assertEqual(self.task.identity_checked_by_id, self.ward_a)

    def test_clients_do_not_write_who_was_identified(self):
        """D-18"""
        for vals in (
            {"identity_checked_at": fields.Datetime.now()},
            {"identity_items": "name,birthdate"},
            {"call_started_at": fields.Datetime.now()},
            {"participant_ids": [(4, self.ward_b.id)]},
        ):
            with self.assertRaises(AccessError):
                self.task.write(vals)

    # ------------------------------------------------------------
    # SCRIPT
    # ------------------------------------------------------------

    def test_opening_and_closing_come_from_the_step(self):
        """P-4"""
        script = self._script(
            script_opening="{caller} of {department}", script_closing="Bye"
        )
        self.assertEqual(script["opening"], "User ward_a of Ward A")
        self.assertEqual(script["closing"], "Bye")

    def _script(self, **vals):
        step = self._protocol([vals]).step_ids
        task = self._task(self.stay, step_id=step.id).with_user(self.ward_a)
        return task.get_call_screen()["script"]

    def test_a_sensitive_department_is_never_named(self):
        """Whoever picks up must not learn what the patient is treated for."""
        team = self.department_a.followup_team_ids
        team.write({"is_sensitive": True, "neutral_name": "Service centre"})
        script = self._script(script_opening="Here is Ward A about your treatment")
        self.assertTrue(script["neutral"])
        self.assertNotIn("Ward A", script["opening"] + script["closing"])
        self.assertIn("Zhang Wei", script["opening"])
        name = self.department_a._followup_public_name()
        self.assertEqual(name, "Service centre")
        team.neutral_name = False
        self.assertFalse(self.department_a._followup_public_name())
        self.assertEqual(self.department_b._followup_public_name(), "Ward B")

    def test_a_verification_call_is_as_careful_as_the_call_it_checks(self):
        """It has no department of its own: that of the stay counts (V-6)."""
        task = self._task(self.stay, department_id=False)
        self.assertFalse(task.department_id)
        self.assertIn("Ward A", task._get_call_script()["opening"])
        self.department_a.followup_team_ids.is_sensitive = True
        script = task._get_call_script()
        self.assertTrue(script["neutral"])
        self.assertNotIn("Ward A", script["opening"])

    # ------------------------------------------------------------
    # THE CALL
    # ------------------------------------------------------------

    def test_answers_are_saved_as_they_are_typed_and_found_again(self):
        """P-9: a reload shows what was answered, and since when the call lasts."""
        self._call()
        self._identify()
        pain = self.questions["Pain"].id
        result = self.task.save_answers({str(pain): "3"})
        self.assertEqual(result, {"saved": 1, "alerts": [], "errors": {}})
        self.env.invalidate_all()
        screen = self.task.get_call_screen()
        self.assertEqual(screen["form"]["answers"], {str(pain): 3.0})
        self.assertEqual(screen["call"]["direction"], "out")

    def test_an_alarming_answer_is_told_at_once(self):
        """X-2"""
        self._call()
        self._identify()
        question = self.questions["Condition"].id
        result = self.task.save_answers({question: [self._choice("Worse")]})
        self.assertEqual(result["alerts"][0]["question_id"], question)

    def test_no_answer_without_identity(self):
        self._call()
        with self.assertRaises(UserError):
            self.task.save_answers({self.questions["Pain"].id: 1})

    def test_a_question_of_another_form_is_refused_in_words(self):
        self._call()
        self._identify()
        foreign = self._survey("Other").question_ids[0].id
        result = self.task.save_answers({foreign: 1, "nonsense": 2})
        self.assertEqual(set(result["errors"]), {foreign, "nonsense"})
        self.assertEqual(result["saved"], 0)

    def test_finishing_records_the_call_from_first_to_last_second(self):
        self._call()
        started = self.task.call_started_at
        self._identify()
        question = self.questions["Condition"].id
        self.task.save_answers({question: [self._choice("Better")]})
        answer = self.task.finish_call(next_call=False)
        self.assertEqual(answer, {"missing": [], "action": False})
        self.assertEqual(self.task.state, "done")
        self.assertEqual(self.task.attempt_ids.result, "reached")
        self.assertEqual(self.task.attempt_ids.started_at, started)
        self.assertTrue(self.task.attempt_ids.ended_at)
        self.assertEqual(self.task.user_input_id.state, "done")

    def test_a_call_without_one_answer_is_not_finished_by_the_way(self):
        """P-9: whoever asked nothing must say that he finishes all the same."""
        self._call()
        self._identify()
        answer = self.task.finish_call(next_call=False)
        self.assertEqual(answer["missing"], [self.questions["Condition"].id])
        self.assertEqual(self.task.state, "in_progress")
        self.task.finish_call(next_call=False, force=True)
        self.assertEqual(self.task.state, "done")

    def test_what_must_be_asked_is_pointed_at(self):
        self._call()
        self._identify()
        self.task.save_answers({self.questions["Pain"].id: 1})
        answer = self.task.finish_call()
        self.assertEqual(answer["missing"], [self.questions["Condition"].id])
        self.assertEqual(self.task.state, "in_progress")
        self.task.finish_call(force=True)
        self.assertEqual(self.task.state, "done")

    def test_a_relative_who_may_be_told_answers(self):
        self.daughter.may_receive_medical_info = True
        self.task.action_call(self.daughter.id)
        self._identify(speaker="relative", contact_id=self.daughter.id)
        question = self.questions["Condition"].id
        self.task.save_answers({question: [self._choice("Better")]})
        self.task.finish_call(next_call=False)
        self.assertEqual(self.task.attempt_ids.result, "reached_relative")
        self.assertTrue(self.task.proxy)
        answered_by = self.task.sudo().user_input_id.followup_answered_by
        self.assertEqual(answered_by, "relative")

    def test_nobody_answers_and_the_next_patient_comes(self):
        self.policy.min_gap_minutes = 60
        following = self._task().with_user(self.ward_a)
        self._call()
        answer = self.task.hang_up("no_answer")
        self.assertEqual(self.task.state, "waiting")
        self.assertEqual(answer["action"]["params"]["task_id"], following.id)

    def test_after_a_wrong_number_the_screen_stays(self):
        self._call()
        self.assertFalse(self.task.hang_up("wrong_number")["action"])
        self.assertEqual(self.task.state, "in_progress")

    def test_he_rings_himself(self):
        screen = self.task.begin_incoming()
        self.assertEqual(screen["call"]["direction"], "in")
        self._identify()
        self.task.finish_call(next_call=False, force=True)
        self.assertEqual(self.task.attempt_ids.direction, "in")

    def test_a_long_call_keeps_its_patient(self):
        self._call()
        soon = fields.Datetime.now() + timedelta(minutes=1)
        self.task.sudo()._guarded().write({"claimed_until": soon})
        self.task.save_notes({"outcome_note": "well"})
        self.assertGreater(self.task.claimed_until, soon)

    def test_notes_take_what_belongs_to_them_only(self):
        self._call()
        self.task.save_notes(
            {"outcome_note": " well\x00 ", "call_outcome": "recheck", "state": "done"}
        )
        self.assertEqual(self.task.outcome_note, "well")
        self.assertEqual(self.task.state, "in_progress")

    # ------------------------------------------------------------
    # ADVICE
    # ------------------------------------------------------------

    def test_advice_is_recorded_in_the_words_of_the_day(self):
        """Q-4, Q-5, Q-15"""
        template = self.env["followup.advice.template"].create(
            {"name": "Walk", "kind": "rehabilitation", "text": "Walk every day"}
        )
        self._call()
        self._identify()
        self.task.give_advice(template.id)
        screen = self.task.give_advice(template.id)
        template.text = "Walk every second day"
        self.assertEqual(
            [row["text"] for row in screen["health"]["advice"]], ["Walk every day"]
        )
        advice = self.task.advice_ids
        self.assertEqual(advice.text, "Walk every day")
        self.assertEqual(advice.given_by_id, self.ward_a)
        self.task.take_back_advice(advice.id)
        self.assertFalse(self.task.advice_ids)

    def test_advice_of_a_closed_call_stays(self):
        """I-5"""
        self._call()
        self._identify()
        self.task.give_advice(text="Rest", kind="lifestyle")
        self.task.finish_call(next_call=False, force=True)
        advice = self.task.advice_ids
        with self.assertRaises(UserError):
            self.task.take_back_advice(advice.id)
        for user in (self.env.user, self.manager):
            with self.assertRaises(UserError):
                advice.with_user(user).write({"text": "x"})
            with self.assertRaises(UserError):
                advice.with_user(user).unlink()

    def test_texts_fit_ward_and_diagnosis(self):
        self.stay.diagnosis_code = "I10.x00"
        make = self.env["followup.advice.template"].create
        common = {"kind": "diet", "text": "x"}
        make({**common, "name": "Salt", "diagnosis_prefixes": "I10, I11"})
        make({**common, "name": "Sugar", "diagnosis_prefixes": "E11"})
        make({**common, "name": "B", "department_ids": [(4, self.department_b.id)]})
        names = {row["name"] for row in self.task.get_call_aids()["templates"]}
        self.assertIn("Salt", names)
        self.assertFalse({"Sugar", "B"} & names)

    # ------------------------------------------------------------
    # TOGETHER
    # ------------------------------------------------------------

    def test_a_senior_is_invited_without_naming_the_patient(self):
        """P-15, I-3"""
        self._call()
        screen = self.task.invite_senior(self.head_a.id)
        names = [row["name"] for row in screen["task"]["participants"]]
        self.assertEqual(names, ["User head_a"])
        todo = self.env["mail.activity"].search([("user_id", "=", self.head_a.id)])
        self.assertTrue(todo)
        self.assertNotIn("Zhang", f"{todo.summary}{todo.note}")
        for user in (self.ward_b, self.plain):
            with self.assertRaises(UserError):
                self.task.invite_senior(user.id)

    def test_calls_due_together_are_one_call(self):
        """Asked once, counted for both, and the phone rang once."""
        step = self._protocol([{"survey_id": self._survey("Heart").id}]).step_ids
        other = self._task(self.stay, step_id=step.id).with_user(self.ward_a)
        self._call()
        also = self.task.get_call_screen()["also_due"]
        self.assertEqual([row["id"] for row in also], other.ids)
        self.task.join_calls(other.ids)
        screen = self._identify()
        titles = [row["title"] for row in screen["form"]["questions"]]
        self.assertEqual(
            titles, ["Condition", "Pain", "Remarks on General", "Remarks on Heart"]
        )
        questions = {row["title"]: row["id"] for row in screen["form"]["questions"]}
        self.task.save_answers(
            {
                questions["Condition"]: [self._choice("Better")],
                questions["Pain"]: 2,
                questions["Remarks on Heart"]: "steady",
            }
        )
        self.task.finish_call(next_call=False)
        self.assertEqual((self.task + other).mapped("state"), ["done", "done"])
        self.assertEqual(other.attempt_ids.shared_with_id, self.task.attempt_ids)
        values = other.sudo().user_input_id._followup_values()
        self.assertEqual(sorted(map(str, values.values()))[0], "2.0")
        self.assertEqual(len(values), 3)
        calls = self.env["followup.task"]._search_calls(
            self.patient, fields.Datetime.now() - timedelta(1), fields.Datetime.now()
        )
        load = self.env["followup.task"]._make_load(list(calls))
        self.assertEqual(load.count, 1)

    def test_an_unanswered_call_counts_for_both(self):
        other = self._task(self.stay).with_user(self.ward_a)
        self._call()
        self.task.join_calls(other.ids)
        self.task.hang_up("no_answer", next_call=False)
        self.assertEqual((self.task + other).mapped("attempt_count"), [1, 1])
        self.assertEqual((self.task + other).mapped("state"), ["waiting", "waiting"])
        self.assertFalse(other.call_leader_id)

    def test_calls_of_others_do_not_join(self):
        foreign = self._task().with_user(self.ward_a)
        later = self._task(
            self.stay, date_earliest=fields.Datetime.now() + timedelta(days=3)
        )
        self._call()
        for task in (foreign, later):
            with self.assertRaises(UserError):
                self.task.join_calls(task.ids)

    def test_leaving_gives_the_other_call_back(self):
        other = self._task(self.stay).with_user(self.ward_a)
        self._call()
        self.task.join_calls(other.ids)
        self.task.leave_call(other.id)
        self.assertEqual(other.state, "ready")
        self.task.join_calls(other.ids)
        self.task.action_release()
        self.assertEqual(other.state, "ready")
